use std::io::{Cursor, Write as _};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage, RgbaImage};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::*;

fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let drawn = RgbImage::from_fn(width, height, |x, y| {
        let shade = |n: u32| u8::try_from(n % 256).unwrap();
        Rgb([shade(x * 7), shade(y * 5), if x < width / 2 { 250 } else { 5 }])
    });
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(drawn).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG with an EXIF head: orientation 6 (lying on its right side) and a description.
fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let text = b"SECRET-PLACE\0";
    let mut exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0".to_vec();
    exif.extend([0x0E, 0x01, 2, 0, 13, 0, 0, 0, 38, 0, 0, 0]);
    exif.extend([0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]);
    exif.extend([0, 0, 0, 0]);
    exif.extend(text);
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &exif, &jpeg[2..]].concat()
}

fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in entries {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const CONTENTS: (&str, &[u8]) = ("[Content_Types].xml", b"<Types/>");

fn holds(content: &[u8], text: &[u8]) -> bool {
    content.windows(text.len()).any(|window| window == text)
}

#[test]
fn a_photograph_is_turned_upright_and_says_nothing_of_itself() {
    let photo = with_exif(&picture(60, 40, ImageFormat::Jpeg));
    assert!(holds(&photo, b"SECRET-PLACE"));
    let kept = check_file(photo).unwrap();
    assert_eq!((kept.kind, kept.size), (FileKind::Jpeg, Some((40, 60))));
    assert!(!holds(&kept.content, b"SECRET") && !holds(&kept.content, b"Exif"));
}

#[test]
fn what_hangs_behind_the_end_is_gone() {
    for (format, kind) in [
        (ImageFormat::Jpeg, FileKind::Jpeg),
        (ImageFormat::Png, FileKind::Png),
        (ImageFormat::WebP, FileKind::Jpeg),
    ] {
        let tail = [picture(30, 20, format), b"<script>alert(1)</script>".to_vec()].concat();
        let kept = check_file(tail).unwrap();
        assert_eq!(kept.kind, kind, "{format:?}");
        assert!(!holds(&kept.content, b"script"), "{format:?}");
    }
}

#[test]
fn a_picture_one_can_look_through_stays_so() {
    let mut bytes = Cursor::new(Vec::new());
    let glass = DynamicImage::ImageRgba8(RgbaImage::from_pixel(9, 9, image::Rgba([1, 2, 3, 100])));
    glass.write_to(&mut bytes, ImageFormat::WebP).unwrap();
    let kept = check_file(bytes.into_inner()).unwrap();
    assert_eq!(kept.kind, FileKind::Png);
    let seen = image::load_from_memory(&kept.content).unwrap().into_rgba8();
    assert_eq!(seen.get_pixel(4, 4).0, [1, 2, 3, 100]);
}

#[test]
fn a_picture_that_breaks_off_is_refused() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP] {
        let whole = picture(200, 150, format);
        for cut in [whole.len() / 4, whole.len() / 2, whole.len() - 40] {
            let refused = check_file(whole[..cut].to_vec());
            assert_eq!(
                refused,
                Err(FileProblem::Broken),
                "{format:?} at {cut} of {}",
                whole.len()
            );
        }
    }
    // With a small whole picture inside its head.
    let inner = picture(10, 10, ImageFormat::Jpeg);
    let outer = picture(200, 150, ImageFormat::Jpeg);
    let length = u16::try_from(inner.len() + 2).unwrap().to_be_bytes();
    let head = [&outer[..2], &[0xFF, 0xE1], &length, &inner, &outer[2..]].concat();
    assert!(check_file(head.clone()).is_ok());
    assert_eq!(check_file(head[..head.len() - 60].to_vec()), Err(FileProblem::Broken));
}

/// A PNG that claims to be of this size and has nothing else.
fn claims(width: u32, height: u32) -> Vec<u8> {
    let mut png = picture(4, 4, ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&png[12..29]).to_be_bytes();
    png[29..33].copy_from_slice(&sum);
    png
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 {
                0xEDB8_8320 ^ (sum >> 1)
            } else {
                sum >> 1
            }
        })
    })
}

#[test]
fn a_flood_of_pixels_is_refused_before_it_is_decoded() {
    for (width, height) in [(60_000, 60_000), (8_000, 5_001), (30_001, 1), (u32::MAX >> 1, 1)] {
        assert_eq!(
            check_file(claims(width, height)),
            Err(FileProblem::Pixels),
            "{width}x{height}"
        );
    }
    assert_eq!(check_file(claims(8_000, 5_000)), Err(FileProblem::Broken));
}

#[test]
fn what_is_not_taken_is_refused_whatever_it_is_called() {
    for content in [
        &b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"[..],
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a=1;alert(1)",
        b"#!/bin/sh\n",
        b"MZ\x90\0\x03",
        b"\x7fELF\x02\x01\x01",
        b"plain text",
        b"",
        b"<script>/*%PDF-1.4 %%EOF*/</script>",
        b"From: <x>\r\nContent-Type: multipart/related\r\n",
        b"Rar!\x1a\x07\x00",
    ] {
        assert_eq!(
            check_file(content.to_vec()),
            Err(FileProblem::Kind),
            "{}",
            String::from_utf8_lossy(content)
        );
    }
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    assert_eq!(check_file(heic), Err(FileProblem::Heic));
    assert_eq!(check_file(archive(&[("a.txt", b"x")])), Err(FileProblem::Kind));
    assert_eq!(check_file(b"PK\x03\x04 and nothing".to_vec()), Err(FileProblem::Broken));
}

#[test]
fn documents_stay_as_they_are() {
    let pdf = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n".to_vec();
    assert_eq!(check_file(pdf.clone()).unwrap().content, pdf);
    assert_eq!(check_file(pdf[..30].to_vec()), Err(FileProblem::Broken));
    for (part, kind) in [
        ("word/document.xml", FileKind::Docx),
        ("xl/workbook.xml", FileKind::Xlsx),
    ] {
        let file = archive(&[CONTENTS, (part, b"<x/>")]);
        let kept = check_file(file.clone()).unwrap();
        assert_eq!((kept.kind, kept.content), (kind, file));
    }
}

#[test]
fn documents_that_run_programs_unpack_to_too_much_or_climb_out_are_refused() {
    let word: (&str, &[u8]) = ("word/document.xml", b"<x/>");
    let contents: (&str, &[u8]) = (
        "[Content_Types].xml",
        b"<Override ContentType='application/vnd.ms-word.document.macroEnabled.main+xml'/>",
    );
    assert_eq!(check_file(archive(&[contents, word])), Err(FileProblem::Macros));
    for part in [
        "word/vbaProject.bin",
        "xl/activeX/activeX1.bin",
        "word/embeddings/oleObject1.bin",
    ] {
        assert_eq!(
            check_file(archive(&[CONTENTS, word, (part, b"x")])),
            Err(FileProblem::Macros),
            "{part}"
        );
    }
    for name in ["../../etc/cron.d/x", "/etc/x", "word\\..\\x"] {
        assert_eq!(
            check_file(archive(&[CONTENTS, word, (name, b"x")])),
            Err(FileProblem::Kind),
            "{name}"
        );
    }
    let zeros = vec![0; 20_000_000];
    let bomb = archive(&[CONTENTS, word, ("word/media/a.bin", &zeros)]);
    assert!(bomb.len() < 100_000);
    assert_eq!(check_file(bomb), Err(FileProblem::Unpacks));
}
