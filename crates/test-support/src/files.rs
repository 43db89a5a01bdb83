//! Files as people send them, made here: pictures with what cameras write into them, documents.

use std::io::{Cursor, Read as _, Write as _};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// A picture of a size: stripes, so that it is no single colour.
#[must_use]
pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let drawn = RgbImage::from_fn(width, height, |x, y| {
        let shade = |n: u32| u8::try_from(n % 256).unwrap_or_default();
        Rgb([shade(x * 3), shade(y * 5), if x < width / 2 { 220 } else { 40 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(drawn).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// What stands in the head of [`photo`]: a place, a person, a device.
pub const PLACE: &str = "GPS-31.2304N-121.4737E";

/// A JPEG as a telephone makes it: lying on its side, with a text in its head.
#[must_use]
pub fn photo(width: u32, height: u32) -> Vec<u8> {
    photo_saying(width, height, &[(0x010E, PLACE)])
}

/// As [`photo`], with texts of one's own under the tags of EXIF, smallest first.
#[must_use]
pub fn photo_saying(width: u32, height: u32, texts: &[(u16, &str)]) -> Vec<u8> {
    let jpeg = picture(width, height, ImageFormat::Jpeg);
    let turned = (0x0112_u16, 3_u16, 1_u32, 6_u32);
    let count = u32::try_from(texts.len() + 1).unwrap();
    // The texts stand behind the table: its count, twelve bytes for each line, and where the next table is.
    let (mut lines, mut behind, mut at) = (vec![turned], Vec::new(), 8 + 2 + count * 12 + 4);
    for (tag, text) in texts {
        let ended = format!("{text}\0");
        let length = u32::try_from(ended.len()).unwrap();
        lines.push((*tag, 2, length, at));
        at += length;
        behind.extend(ended.into_bytes());
    }
    lines.sort_unstable();
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    exif.extend(u16::try_from(count).unwrap().to_le_bytes());
    for (tag, kind, length, value) in lines {
        exif.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        exif.extend([length.to_le_bytes(), value.to_le_bytes()].concat());
    }
    exif.extend([0; 4]);
    exif.extend(behind);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}

/// A PDF of one empty page.
#[must_use]
pub fn pdf() -> Vec<u8> {
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
      3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
        .to_vec()
}

/// An archive of these entries.
#[must_use]
pub fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// The entries of an archive, unpacked.
#[must_use]
pub fn entries(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(archive)).unwrap();
    (0..archive.len())
        .map(|nth| {
            let mut entry = archive.by_index(nth).unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            (entry.name().unwrap().into_owned(), content)
        })
        .collect()
}

/// A text of Word that says nothing.
#[must_use]
pub fn docx() -> Vec<u8> {
    archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", b"<document/>"),
    ])
}
