//! Multipart forms with a file, read with caps and without unknown fields. The file goes to disk as it comes.

use std::{collections::BTreeMap, fs::File, time::Duration};

use actix_multipart::{Field, Multipart};
use actix_web::{HttpRequest, http::header::CONTENT_TYPE, web};
use futures_util::StreamExt as _;
use liangnuo_documents::MAX_FILE_BYTES;
use liangnuo_domain::text;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt as _;
use utoipa::ToSchema;

use crate::{
    extract::{in_time, is_like_a_field},
    problem::{Problem, ProblemCode},
};

/// Bytes of a field that is not the file.
const TEXT_LIMIT: usize = 64 * 1024;

/// How long a form may take to arrive as a whole, and how long nothing of it may come: a large file over a slow line is
/// welcome, a connection that only stays open is not.
const FORM_TIME: Duration = Duration::from_secs(900);
const SILENCE: Duration = Duration::from_secs(30);

/// Bytes that are written to disk at once.
const WRITTEN_AT_ONCE: usize = 256 * 1024;

/// A ledger to be looked at.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "documents the form; the fields are read off the stream")]
pub struct InspectForm {
    /// XLSX of 20 MB at most, or CSV of 200 MB at most in UTF-8 or GB 18030.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
}

/// A ledger to be imported.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "documents the form; the fields are read off the stream")]
pub struct ImportForm {
    /// XLSX of 20 MB at most, or CSV of 200 MB at most in UTF-8 or GB 18030.
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

/// A list of units or members to be imported.
#[derive(Debug, Deserialize, ToSchema)]
#[expect(dead_code, reason = "documents the form; the fields are read off the stream")]
pub struct ImportListForm {
    /// XLSX of 20 MB at most, or CSV of 200 MB at most in UTF-8 or GB 18030.
    #[schema(value_type = String, format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
    /// `true`: go through the rows and write nothing.
    dry_run: Option<bool>,
    /// JSON object from heading to field; guessed from the headings if left out. Of units `code`, `name`, `name_en`, `kind`,
    /// `parent`, `head`, `hotline`, `address`, `opening_hours`, `closed_on`; of members `staff_number`, `name`, `name_en`,
    /// `unit`, `post`, `post_en`, `branch`, `is_party_member`, `closed_on`.
    mapping: Option<String>,
}

/// A file that came with a form: on disk, without a name there, so that nothing of it stays.
#[derive(Debug)]
pub struct Upload {
    /// Its name, for people.
    pub name: String,
    /// From its start.
    pub content: File,
    bytes: usize,
    digest: Vec<u8>,
}

/// What a form held.
#[derive(Debug, Default)]
pub struct ReadForm {
    texts: BTreeMap<String, String>,
    file: Option<Upload>,
}

impl ReadForm {
    /// Reads a form with these fields.
    ///
    /// # Errors
    /// Not a form, too large, too slow, an unknown or repeated field.
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
        in_time(FORM_TIME, async {
            while let Some(part) = in_time(SILENCE, async { Ok(stream.next().await) }).await? {
                form.take(part.map_err(|_broken| malformed())?, fields).await?;
            }
            Ok(())
        })
        .await?;
        Ok(form)
    }

    async fn take(&mut self, mut part: Field, fields: &[&str]) -> Result<(), Problem> {
        let disposition = part.content_disposition();
        let name = disposition.and_then(|it| it.get_name()).unwrap_or_default().to_owned();
        if !fields.contains(&name.as_str()) {
            return Err(Problem::field(
                if is_like_a_field(&name) {
                    format!("/{name}")
                } else {
                    String::new()
                },
                "unexpected",
                "没有这一项。",
                "There is no such field.",
            ));
        }
        let is_repeated = if name == "file" {
            let file_name = disposition.and_then(|it| it.get_filename()).unwrap_or("ledger.xlsx");
            let file_name = clean_file_name(file_name);
            self.file.replace(upload(file_name, &mut part).await?).is_some()
        } else {
            let mut bytes = Vec::new();
            while let Some(chunk) = chunk(&mut part).await? {
                if bytes.len() + chunk.len() > TEXT_LIMIT {
                    return Err(Problem::new(ProblemCode::PayloadTooLarge));
                }
                bytes.extend_from_slice(&chunk);
            }
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
        if let Some(file) = &self.file {
            hash.update(&file.digest);
        }
        hash.finalize().to_vec()
    }

    /// The file, once.
    ///
    /// # Errors
    /// A form without one.
    pub fn file(&mut self) -> Result<Upload, Problem> {
        self.file
            .take()
            .filter(|file| file.bytes > 0)
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

/// The next bytes of a part.
async fn chunk(part: &mut Field) -> Result<Option<web::Bytes>, Problem> {
    let next = in_time(SILENCE, async { Ok(part.next().await) }).await?;
    next.transpose().map_err(|_broken| malformed())
}

async fn upload(name: String, part: &mut Field) -> Result<Upload, Problem> {
    let unwritten = |error: std::io::Error| {
        tracing::error!(error = %error, "imports.upload");
        Problem::new(ProblemCode::Internal)
    };
    let file = tempfile::tempfile().map_err(unwritten)?;
    let mut file = tokio::io::BufWriter::with_capacity(WRITTEN_AT_ONCE, tokio::fs::File::from_std(file));
    let (mut bytes, mut hash) = (0, Sha256::new());
    while let Some(chunk) = chunk(part).await? {
        bytes += chunk.len();
        if bytes > MAX_FILE_BYTES {
            return Err(Problem::new(ProblemCode::PayloadTooLarge));
        }
        hash.update(&chunk);
        file.write_all(&chunk).await.map_err(unwritten)?;
    }
    file.flush().await.map_err(unwritten)?;
    let mut content = file.into_inner().into_std().await;
    std::io::Seek::rewind(&mut content).map_err(unwritten)?;
    Ok(Upload {
        name,
        content,
        bytes,
        digest: hash.finalize().to_vec(),
    })
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
