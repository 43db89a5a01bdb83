//! Multipart forms with a file, read with caps and without unknown fields.

use std::collections::BTreeMap;

use actix_multipart::Multipart;
use actix_web::{HttpRequest, http::header::CONTENT_TYPE, web};
use futures_util::StreamExt as _;
use liangnuo_documents::MAX_FILE_BYTES;
use liangnuo_domain::text;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::problem::{Problem, ProblemCode};

/// Bytes of a field that is not the file.
const TEXT_LIMIT: usize = 64 * 1024;

/// A ledger to be looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "documents the form; the fields are read off the stream")]
pub struct InspectForm {
    /// XLSX, or CSV in UTF-8 or GB 18030; 20 MB at most.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
}

/// A ledger to be imported.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "documents the form; the fields are read off the stream")]
pub struct ImportForm {
    /// XLSX, or CSV in UTF-8 or GB 18030; 20 MB at most.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// `true`: go through the rows and write nothing.
    dry_run: Option<bool>,
    /// `true`: the rows are a hotline's orders, whose clock runs on those that are not answered yet.
    is_order: Option<bool>,
    /// JSON object from heading to field (`external_ref`, `author`, `title`, `received_at`, `body`, `reply`,
    /// `replied_at`, `kind`, `category`, `unit`); guessed from the headings if left out.
    mapping: Option<String>,
    /// Names the ledger: rows are unique within it. The desk's own if left out.
    #[schema(max_length = 100)]
    source: Option<String>,
}

/// What a form held.
#[derive(Debug, Default)]
pub struct ReadForm {
    texts: BTreeMap<String, String>,
    file: Option<(String, Vec<u8>)>,
}

impl ReadForm {
    /// Reads a form with these fields.
    ///
    /// # Errors
    /// Not a form, too large, an unknown or repeated field.
    pub async fn read(request: &HttpRequest, payload: web::Payload, fields: &[&str]) -> Result<Self, Problem> {
        let is_form = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/form-data"));
        if !is_form {
            return Err(Problem::new(ProblemCode::UnsupportedMediaType));
        }
        let mut form = Self::default();
        let mut stream = Multipart::new(request.headers(), payload);
        while let Some(part) = stream.next().await {
            let mut part = part.map_err(|_broken| malformed())?;
            let disposition = part.content_disposition();
            let name = disposition.and_then(|it| it.get_name()).unwrap_or_default().to_owned();
            let file_name = disposition
                .and_then(|it| it.get_filename())
                .unwrap_or("ledger.xlsx")
                .to_owned();
            if !fields.contains(&name.as_str()) {
                return Err(Problem::field(
                    format!("/{name}"),
                    "unexpected",
                    "没有这一项。",
                    "There is no such field.",
                ));
            }
            let limit = if name == "file" { MAX_FILE_BYTES } else { TEXT_LIMIT };
            let mut bytes = Vec::new();
            while let Some(chunk) = part.next().await {
                let chunk = chunk.map_err(|_broken| malformed())?;
                if bytes.len() + chunk.len() > limit {
                    return Err(Problem::new(ProblemCode::PayloadTooLarge));
                }
                bytes.extend_from_slice(&chunk);
            }
            form.keep(name, file_name, bytes)?;
        }
        Ok(form)
    }

    fn keep(&mut self, name: String, file_name: String, bytes: Vec<u8>) -> Result<(), Problem> {
        let is_repeated = if name == "file" {
            self.file.replace((clean_file_name(&file_name), bytes)).is_some()
        } else {
            let text = String::from_utf8(bytes).map_err(|_not_text| malformed())?;
            self.texts.insert(name.clone(), text).is_some()
        };
        if is_repeated {
            return Err(Problem::field(
                format!("/{name}"),
                "repeated",
                "这一项出现了两次。",
                "This field stands twice.",
            ));
        }
        Ok(())
    }

    /// SHA-256 of all fields, for idempotency: the boundary of the form differs each time.
    #[must_use]
    pub fn digest(&self) -> Vec<u8> {
        let mut hash = Sha256::new();
        for (name, text) in &self.texts {
            hash.update(name);
            hash.update([0]);
            hash.update(text);
            hash.update([0]);
        }
        if let Some((_, bytes)) = &self.file {
            hash.update(bytes);
        }
        hash.finalize().to_vec()
    }

    /// The file with its name.
    ///
    /// # Errors
    /// A form without one.
    pub fn file(&self) -> Result<(String, Vec<u8>), Problem> {
        self.file
            .clone()
            .filter(|(_, bytes)| !bytes.is_empty())
            .ok_or_else(|| Problem::field("/file", "required", "请选择一个文件。", "Choose a file."))
    }

    /// A text field, if it is there.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.texts.get(name).cloned()
    }

    /// A field that is `true` or `false`; false if left out.
    ///
    /// # Errors
    /// Anything else.
    pub fn switch(&self, name: &str) -> Result<bool, Problem> {
        match self.texts.get(name).map(|text| text.trim()) {
            None | Some("" | "false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Problem::field(
                format!("/{name}"),
                "unexpected",
                "应是 true 或 false。",
                "This is true or false.",
            )),
        }
    }

    /// The ledger's name.
    ///
    /// # Errors
    /// One that is too long.
    pub fn source(&self) -> Result<String, Problem> {
        let typed = self.texts.get("source").map(String::as_str);
        let source = text::parse_optional("/source", typed, text::line(1, 100))?;
        Ok(source.unwrap_or_else(|| "desk".to_owned()))
    }
}

fn malformed() -> Problem {
    Problem::new(ProblemCode::MalformedBody)
        .with_detail("上传的表单不完整。", "The form that was sent is not complete.")
}

/// A name for people: no path, no control characters, not too long.
fn clean_file_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = text::clean(last, false).chars().take(150).collect();
    if clean.is_empty() {
        "ledger.xlsx".to_owned()
    } else {
        clean
    }
}
