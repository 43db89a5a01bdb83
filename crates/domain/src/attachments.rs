//! Files that somebody attaches to something: what may be taken, where one stands, what it is called.

use crate::{
    codes::codes,
    error::Invalid,
    ids::{AttachmentId, RegionId},
    text,
};

/// Most bytes of a file.
pub const FILE_MAX: u64 = 5 * 1024 * 1024;

/// Most bytes of one piece of a file on its way.
pub const PIECE_MAX: usize = 1024 * 1024;

/// Most files of one thing.
pub const FILES_MAX: usize = 10;

/// Most bytes of all files of one thing.
pub const TOTAL_MAX: u64 = 50 * 1024 * 1024;

/// Seconds after which a file that belongs to nothing is erased.
pub const UNBOUND_SECONDS: i64 = 86_400;

/// Most bytes of files that belong to nothing: what strangers can fill a disk with.
pub const UNBOUND_MAX: u64 = 2 * 1024 * 1024 * 1024;

/// Most characters of a name.
const NAME_MAX: usize = 120;

codes! {
    /// What a file is for whoever looks at it.
    AttachmentKind {
        /// Something to look at.
        Image = "image",
        /// Something to open.
        Document = "document",
    }
}

codes! {
    /// What a file is by its content; what its name or its sender says of that is never asked.
    Media {
        /// A picture, made anew.
        Jpeg = "image/jpeg",
        /// A picture, made anew.
        Png = "image/png",
        /// A PDF, as it came.
        Pdf = "application/pdf",
        /// A text of Word, as it came.
        Docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        /// A workbook of Excel, as it came.
        Xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
}

impl Media {
    /// Whether it is looked at or opened.
    #[must_use]
    pub const fn kind(self) -> AttachmentKind {
        match self {
            Self::Jpeg | Self::Png => AttachmentKind::Image,
            Self::Pdf | Self::Docx | Self::Xlsx => AttachmentKind::Document,
        }
    }

    /// How the name of such a file ends.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Pdf => "pdf",
            Self::Docx => "docx",
            Self::Xlsx => "xlsx",
        }
    }
}

codes! {
    /// Where a file stands.
    AttachmentState {
        /// Pieces of it are still on their way.
        Receiving = "receiving",
        /// It is here whole, and will be looked at.
        Processing = "processing",
        /// It could be taken, and waits for the scanner.
        Quarantined = "quarantined",
        /// It can be read.
        Ready = "ready",
        /// It can't be taken; nothing of it is kept.
        Refused = "refused",
        /// The scanner found something in it; nothing of it is kept.
        Infected = "infected",
    }
}

impl AttachmentState {
    /// Whether a file in this state can be attached to something.
    #[must_use]
    pub const fn can_be_bound(self) -> bool {
        matches!(self, Self::Processing | Self::Quarantined | Self::Ready)
    }
}

codes! {
    /// Why a file can't be taken.
    FileRefusal {
        /// It is none of what is taken.
        Kind = "attachment_kind",
        /// A picture in a form that browsers can't show.
        Heic = "attachment_heic",
        /// It can't be read: cut off, or not what it begins as.
        Broken = "attachment_broken",
        /// A picture with too many pixels.
        Pixels = "attachment_pixels",
        /// A document that runs programs.
        Macros = "attachment_macros",
        /// A document that unpacks to too much.
        Unpacks = "attachment_unpacks",
        /// A document with a password.
        Encrypted = "attachment_encrypted",
    }
}

codes! {
    /// Who attached a file.
    AttachedBy {
        /// Who filed the case.
        Complainant = "complainant",
        /// A member.
        Staff = "staff",
    }
}

/// Which file of which county.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileId {
    /// The county.
    pub region: RegionId,
    /// The file.
    pub id: AttachmentId,
}

/// Checks the size that a file is announced with.
///
/// # Errors
/// An empty file, or one that is too large.
pub fn check_size(size: i64) -> Result<u64, Invalid> {
    let size = u64::try_from(size).unwrap_or(0);
    if size == 0 {
        return Err(Invalid::one(
            "/size",
            "required",
            "这个文件是空的。",
            "This file is empty.",
        ));
    }
    if size > FILE_MAX {
        let most = FILE_MAX / 1024 / 1024;
        return Err(Invalid::one(
            "/size",
            "too_large",
            format!("每个文件最多 {most} MB。照片可以先压缩，或改发截图。"),
            format!("A file has {most} MB at most. Make the picture smaller, or send a screenshot of it."),
        ));
    }
    Ok(size)
}

/// A name for people: no path, no control character or mark that turns text around, not too long. It names nothing on any disk.
#[must_use]
pub fn file_name(raw: &str) -> String {
    let clean = text::clean(raw, false);
    let last = clean.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|c| !matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{061C}'))
        .collect();
    let kept = kept.trim().trim_start_matches('.').trim();
    let (stem, end) = match kept.rsplit_once('.') {
        Some((stem, end)) if !stem.is_empty() && end.chars().count() <= 10 => (stem, Some(end)),
        _ => (kept, None),
    };
    let room = NAME_MAX - end.map_or(0, |end| end.chars().count() + 1);
    let stem: String = stem.chars().take(room).collect();
    match end {
        _ if stem.is_empty() => "附件".to_owned(),
        Some(end) => format!("{stem}.{end}"),
        None => stem,
    }
}

/// What a file is called where it is saved: by what it is, whatever it said of itself.
#[must_use]
pub fn saved_name(name: &str, media: Media) -> String {
    let end = media.extension();
    let stem = match name.rsplit_once('.') {
        Some((stem, given)) if !stem.is_empty() && given.chars().count() <= 10 => {
            let is_same = given.eq_ignore_ascii_case(end) || (end == "jpg" && given.eq_ignore_ascii_case("jpeg"));
            if is_same {
                return name.to_owned();
            }
            stem
        }
        _ => name,
    };
    format!("{stem}.{end}")
}

/// The refusal of files that can't be attached: unknown, not whole, refused, or attached to something else.
#[must_use]
pub fn not_there(nth: usize) -> Invalid {
    Invalid::one(
        format!("/uploads/{nth}"),
        "unknown_upload",
        "这个文件没有传完、不能接收，或已过期。请移除后重新选择。",
        "This file was not sent to its end, can't be taken, or has expired. Remove it and choose it again.",
    )
}

/// The refusal of a request that attaches nothing.
#[must_use]
pub fn nothing_to_attach() -> Invalid {
    Invalid::one("/uploads", "required", "请先选择文件。", "Choose a file first.")
}

/// Checks how many files, and how many bytes, whoever attaches them would have in one thing: a complainant who fills it leaves
/// the staff room for theirs.
///
/// # Errors
/// Too many of either.
pub fn check_total(files: usize, bytes: u64) -> Result<(), Invalid> {
    if files <= FILES_MAX && bytes <= TOTAL_MAX {
        return Ok(());
    }
    let most = TOTAL_MAX / 1024 / 1024;
    Err(Invalid::one(
        "/uploads",
        "too_many",
        format!("一件最多 {FILES_MAX} 个文件，共 {most} MB。"),
        format!("A case has {FILES_MAX} files of {most} MB in all at most."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_path_and_turns_nothing_around() {
        for (raw, name) in [
            ("照片.jpg", "照片.jpg"),
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\a.png", "a.png"),
            ("a\r\nSet-Cookie: x=1.jpg", "aSet-Cookie: x=1.jpg"),
            ("\u{202E}gpj.exe", "gpj.exe"),
            ("a\u{200B}\u{200F}b.pdf", "ab.pdf"),
            (".htaccess", "htaccess"),
            ("", "附件"),
            ("///", "附件"),
            ("\u{0}\u{1}", "附件"),
        ] {
            let read = file_name(raw);
            assert_eq!(read.replace(' ', ""), name.replace(' ', ""), "{raw:?}");
        }
        let long = file_name(&format!("{}.jpeg", "长".repeat(300)));
        assert_eq!(long.chars().count(), NAME_MAX);
        assert!(long.ends_with(".jpeg"));
        assert_eq!(file_name(&"x".repeat(300)).chars().count(), NAME_MAX);
    }

    #[test]
    fn a_file_is_saved_as_what_it_is() {
        assert_eq!(saved_name("a.JPEG", Media::Jpeg), "a.JPEG");
        assert_eq!(saved_name("a.webp", Media::Jpeg), "a.jpg");
        assert_eq!(saved_name("a.html", Media::Pdf), "a.pdf");
        assert_eq!(saved_name("附件", Media::Docx), "附件.docx");
        assert_eq!(
            saved_name("12.11.2026 Elternbrief", Media::Pdf),
            "12.11.2026 Elternbrief.pdf"
        );
    }

    #[test]
    fn sizes_and_numbers_have_bounds() {
        assert!(check_size(1).is_ok() && check_size(5 * 1024 * 1024).is_ok());
        assert_eq!(check_size(5 * 1024 * 1024 + 1).unwrap_err().0[0].code, "too_large");
        assert!(check_size(0).is_err() && check_size(-1).is_err());
        assert!(check_total(10, TOTAL_MAX).is_ok());
        assert!(check_total(11, 11).is_err() && check_total(2, TOTAL_MAX + 1).is_err());
    }

    #[test]
    fn what_is_not_whole_or_was_refused_is_not_attached() {
        let bound: Vec<_> = AttachmentState::ALL
            .iter()
            .filter(|state| state.can_be_bound())
            .collect();
        assert_eq!(bound.len(), 3);
        assert!(!AttachmentState::Receiving.can_be_bound() && !AttachmentState::Infected.can_be_bound());
    }
}
