//! Documents of Office: archives, of which every entry is unpacked once and counted, and which must be what they say.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::{FileKind, FileProblem};
use crate::{
    archive::{MAX_ENTRIES, check_declared, check_ratio, unreadable},
    read::{MAX_UNPACKED_BYTES, ReadError},
};

/// What the table of contents says of a document that runs programs.
const RUNS: [&[u8]; 2] = [b"macroEnabled", b"vbaProject"];

/// Parts that run programs, or hold them.
const PARTS: [&str; 5] = ["vbaproject", "vbadata", "activex", "oleobject", "xl/macrosheets"];

pub(super) fn check(content: &[u8]) -> Result<FileKind, FileProblem> {
    let mut archive = ZipArchive::new(Cursor::new(content)).map_err(|error| refused(unreadable(error)))?;
    if archive.len() > MAX_ENTRIES {
        return Err(FileProblem::Unpacks);
    }
    check_declared(&mut archive, content.len()).map_err(refused)?;
    let (mut has_contents, mut kind) = (false, None);
    let mut left = MAX_UNPACKED_BYTES;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|error| refused(unreadable(error)))?;
        let name = entry
            .name()
            .map_err(|error| refused(unreadable(error)))?
            .to_ascii_lowercase();
        // Some program will unpack it somewhere.
        if name.starts_with('/') || name.contains('\\') || name.split('/').any(|part| part == "..") {
            return Err(FileProblem::Kind);
        }
        if PARTS.iter().any(|part| name.contains(part)) {
            return Err(FileProblem::Macros);
        }
        let unpacked = if name == "[content_types].xml" {
            has_contents = true;
            check_contents(&mut entry, left)?
        } else {
            let counted = std::io::copy(&mut entry.by_ref().take(left + 1), &mut std::io::sink());
            counted.map_err(|_broken| FileProblem::Broken)?
        };
        match name.as_str() {
            "word/document.xml" => kind = Some(FileKind::Docx),
            "xl/workbook.xml" => kind = Some(FileKind::Xlsx),
            _ => {}
        }
        left = left.checked_sub(unpacked).ok_or(FileProblem::Unpacks)?;
        check_ratio(MAX_UNPACKED_BYTES - left, content.len()).map_err(refused)?;
    }
    kind.filter(|_| has_contents).ok_or(FileProblem::Kind)
}

fn check_contents(entry: &mut impl std::io::Read, left: u64) -> Result<u64, FileProblem> {
    let mut contents = Vec::new();
    let read = entry.take(left + 1).read_to_end(&mut contents);
    read.map_err(|_broken| FileProblem::Broken)?;
    // In UTF-16 the words would not be found; no program that writes documents uses it there.
    if contents.contains(&0) {
        return Err(FileProblem::Kind);
    }
    let runs = |word: &[u8]| {
        contents
            .windows(word.len())
            .any(|window| window.eq_ignore_ascii_case(word))
    };
    if RUNS.iter().any(|word| runs(word)) {
        return Err(FileProblem::Macros);
    }
    Ok(u64::try_from(contents.len()).unwrap_or(u64::MAX))
}

fn refused(error: ReadError) -> FileProblem {
    match error {
        ReadError::TooLarge(_) => FileProblem::Unpacks,
        ReadError::Encrypted => FileProblem::Encrypted,
        _ => FileProblem::Broken,
    }
}
