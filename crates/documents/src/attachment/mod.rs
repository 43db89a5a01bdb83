//! What a file that somebody attaches is, by its content, and what of it is kept: a picture is made anew from what can be seen,
//! a document stays as it is once it was looked into. Whatever is not on the list is refused.

mod office;
mod picture;

/// Most pixels of a picture.
pub const MAX_PIXELS: u64 = 40_000_000;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A picture.
    Jpeg,
    /// A picture.
    Png,
    /// A document.
    Pdf,
    /// A document.
    Docx,
    /// A workbook.
    Xlsx,
}

/// A file that can be taken, as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct CheckedFile {
    /// What it is.
    pub kind: FileKind,
    /// What is kept.
    pub content: Vec<u8>,
    /// Width and height of a picture.
    pub size: Option<(u32, u32)>,
}

impl std::fmt::Debug for CheckedFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("CheckedFile")
            .field(&self.kind)
            .field(&self.size)
            .finish()
    }
}

/// Why a file can't be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// It is nothing that is taken.
    #[error("not a kind of file that is taken")]
    Kind,
    /// A picture in a form that browsers can't show.
    #[error("a picture in HEIC")]
    Heic,
    /// It can't be read to its end.
    #[error("broken")]
    Broken,
    /// Too many pixels.
    #[error("too many pixels")]
    Pixels,
    /// It runs programs.
    #[error("runs programs")]
    Macros,
    /// It unpacks to too much.
    #[error("unpacks to too much")]
    Unpacks,
    /// It has a password.
    #[error("has a password")]
    Encrypted,
}

/// Looks at a file and makes what is kept of it. Takes its time and, for a picture, some hundred megabytes: a few at a time.
///
/// # Errors
/// Why it can't be taken.
pub fn check_file(content: Vec<u8>) -> Result<CheckedFile, FileProblem> {
    if content.starts_with(b"PK") {
        let kind = office::check(&content)?;
        return Ok(CheckedFile {
            kind,
            content,
            size: None,
        });
    }
    match infer::get(&content).map(|kind| kind.mime_type()) {
        Some("image/jpeg") => picture::remake(&content, image::ImageFormat::Jpeg),
        Some("image/png") => picture::remake(&content, image::ImageFormat::Png),
        Some("image/webp") => picture::remake(&content, image::ImageFormat::WebP),
        Some("image/heif" | "image/heic" | "image/avif") => Err(FileProblem::Heic),
        Some("application/pdf") => check_pdf(content),
        // What Office wrote before 2007, and what it locks with a password now, is the same kind of container.
        Some("application/msword" | "application/vnd.ms-excel" | "application/x-ole-storage") => Err(locked(&content)),
        _ => Err(FileProblem::Kind),
    }
}

/// A document with a password, or one of an old program.
fn locked(content: &[u8]) -> FileProblem {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if content.windows(name.len()).any(|window| window == name) {
        FileProblem::Encrypted
    } else {
        FileProblem::Kind
    }
}

/// It begins as one and has an end; what lies between is for the program that opens it, which is no browser of ours.
fn check_pdf(content: Vec<u8>) -> Result<CheckedFile, FileProblem> {
    const START: &[u8] = b"%PDF-";
    const END: &[u8] = b"%%EOF";
    if !content.starts_with(START) {
        return Err(FileProblem::Kind);
    }
    if !content.windows(END.len()).any(|window| window == END) {
        return Err(FileProblem::Broken);
    }
    let kind = FileKind::Pdf;
    Ok(CheckedFile {
        kind,
        content,
        size: None,
    })
}

#[cfg(test)]
mod tests;
