//! How much memory a picture may take while it is made anew: the worker does one at a time, so this is what a server needs beside
//! everything else. A process of its own (as the runner gives each test) and Linux, which tells the peak and begins it anew.

#![cfg(target_os = "linux")]

use std::{fs, io::Cursor};

use image::{DynamicImage, ImageEncoder as _, ImageFormat, codecs::png::PngEncoder};
use liangnuo_documents::attachment::{FileProblem, check_file};

/// What the operations manual promises.
const MOST_MB: u64 = 448;

fn status(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    let kilobytes = line.split_whitespace().nth(1).unwrap();
    kilobytes.parse::<u64>().unwrap() / 1024
}

fn png(picture: &DynamicImage) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).unwrap();
    file.into_inner()
}

/// The largest picture that is taken: 40 million pixels that one can look through, lying on its side. Some kilobytes as a file.
fn largest() -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let mut encoder = PngEncoder::new(&mut file);
    let on_its_side = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    encoder.set_exif_metadata(on_its_side.to_vec()).unwrap();
    DynamicImage::new_rgba8(8_000, 5_000)
        .write_with_encoder(encoder)
        .unwrap();
    file.into_inner()
}

#[test]
fn no_picture_takes_more_memory_than_is_promised() {
    let files = [
        ("largest", largest()),
        // As many pixels, twice the memory.
        ("deep", png(&DynamicImage::new_rgba16(8_000, 5_000))),
    ];
    for (name, file) in files {
        assert!(file.len() < 5 * 1024 * 1024, "{name} is no bomb: {} bytes", file.len());
        // Begins the peak anew.
        fs::write("/proc/self/clear_refs", "5").unwrap();
        let before = status("VmRSS");
        let outcome = check_file(file);
        let took = status("VmHWM").saturating_sub(before);
        println!("{name}: {took} MB");
        assert!(took <= MOST_MB, "{name} took {took} MB");
        match name {
            "largest" => assert_eq!(outcome.unwrap().size, Some((5_000, 8_000)), "turned upright"),
            _ => assert_eq!(outcome, Err(FileProblem::Pixels), "{name}"),
        }
    }
}
