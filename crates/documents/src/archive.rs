//! What a workbook unpacks to, found out before anything parses it.
//!
//! An XLSX file is a ZIP archive, and a few kilobytes of one can unpack to gigabytes. Sizes in its directory may lie,
//! so each entry is unpacked once, in memory and counted, before the parser gets the file.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::read::{
    MAX_RATIO, MAX_UNPACKED_BYTES, ReadError,
    TooLarge::{Entries, Ratio, UnpackedBytes},
};

/// Most entries of an archive; a workbook of Excel has about ten and a few for each sheet and picture.
pub(crate) const MAX_ENTRIES: usize = 2_000;

/// Below this size no ratio is a threat, and short, regular files pack very well.
const RATIO_MATTERS_FROM: u64 = 1_000_000;

/// Checks that the archive can be unpacked within the limits.
pub(crate) fn check(bytes: &[u8]) -> Result<(), ReadError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    if archive.len() > MAX_ENTRIES {
        return Err(ReadError::TooLarge(Entries));
    }
    // An OpenDocument sheet, a text document, any other archive.
    if !archive
        .file_names()
        .flatten()
        .any(|name| name.to_ascii_lowercase().ends_with("workbook.xml"))
    {
        return Err(ReadError::Unsupported);
    }
    check_declared(&mut archive, bytes.len())?;
    let mut left = MAX_UNPACKED_BYTES;
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(unreadable)?;
        let is_strings = entry
            .name()
            .map_err(unreadable)?
            .to_ascii_lowercase()
            .ends_with("sharedstrings.xml");
        let unpacked = if is_strings {
            let mut content = Vec::new();
            let read = entry.by_ref().take(left + 1).read_to_end(&mut content);
            read.map_err(|_broken| ReadError::Unreadable)?;
            check_shared_strings(&content)?;
            u64::try_from(content.len()).unwrap_or(u64::MAX)
        } else {
            let counted = std::io::copy(&mut entry.by_ref().take(left + 1), &mut std::io::sink());
            counted.map_err(|_broken| ReadError::Unreadable)?
        };
        left = left.checked_sub(unpacked).ok_or(ReadError::TooLarge(UnpackedBytes))?;
        check_ratio(MAX_UNPACKED_BYTES - left, bytes.len())?;
    }
    Ok(())
}

/// The sizes that the directory declares: refuses an honest bomb without unpacking a byte.
pub(crate) fn check_declared(archive: &mut ZipArchive<Cursor<&[u8]>>, packed: usize) -> Result<(), ReadError> {
    let mut declared = 0_u64;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(unreadable)?;
        if entry.encrypted() {
            return Err(ReadError::Encrypted);
        }
        declared = declared.saturating_add(entry.size());
    }
    if declared > MAX_UNPACKED_BYTES {
        return Err(ReadError::TooLarge(UnpackedBytes));
    }
    check_ratio(declared, packed)
}

pub(crate) fn check_ratio(unpacked: u64, packed: usize) -> Result<(), ReadError> {
    let packed = u64::try_from(packed).unwrap_or(u64::MAX);
    if unpacked > RATIO_MATTERS_FROM && unpacked / MAX_RATIO > packed {
        return Err(ReadError::TooLarge(Ratio));
    }
    Ok(())
}

/// Refuses a table of shared strings that claims more strings than its bytes can hold. calamine reserves memory by
/// that claim, and an allocation that fails ends the whole process; no error could be returned any more. UTF-16, in
/// which the claim would not be found, is refused too: no program that writes workbooks uses it.
fn check_shared_strings(content: &[u8]) -> Result<(), ReadError> {
    const CLAIM: &[u8] = b"uniqueCount";
    /// Bytes of `<si/>`.
    const SHORTEST: usize = 5;
    if content.contains(&0) {
        return Err(ReadError::Unreadable);
    }
    let starts = content
        .windows(CLAIM.len())
        .enumerate()
        .filter(|(_, window)| *window == CLAIM);
    for (start, _) in starts {
        let after = content.get(start + CLAIM.len()..).unwrap_or_default();
        let digits: String = after
            .iter()
            .skip_while(|byte| !byte.is_ascii_digit() && **byte != b'>')
            .take_while(|byte| byte.is_ascii_digit())
            .map(|byte| char::from(*byte))
            .collect();
        if !digits.is_empty()
            && digits
                .parse::<usize>()
                .map_or(true, |claimed| claimed > content.len() / SHORTEST)
        {
            return Err(ReadError::Unreadable);
        }
    }
    Ok(())
}

pub(crate) fn unreadable(error: ZipError) -> ReadError {
    if matches!(
        error,
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword
    ) {
        return ReadError::Encrypted;
    }
    ReadError::Unreadable
}
