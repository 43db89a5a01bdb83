//! Pictures, decoded within bounds and written anew: of their file nothing remains but what can be seen. Where it was taken, by
//! which camera, by whom, a smaller picture from before it was cut, and whatever was hung on behind the end are gone.

use std::io::Cursor;

use image::{
    ColorType, DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    metadata::Orientation,
};

use super::{CheckedFile, FileKind, FileProblem, MAX_PIXELS};

/// Most memory of a decoder.
const MAX_DECODER_BYTES: u64 = 200 * 1024 * 1024;

/// Sides longer than that are no photograph, however few pixels there are.
const MAX_SIDE: u32 = 30_000;

/// At this one nobody sees a difference, and small print stays readable.
const JPEG_QUALITY: u8 = 88;

pub(super) fn remake(content: &[u8], format: ImageFormat) -> Result<CheckedFile, FileProblem> {
    if format == ImageFormat::Jpeg && !is_whole_jpeg(content) {
        return Err(FileProblem::Broken);
    }
    let mut reader = ImageReader::with_format(Cursor::new(content), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    // Before anything is decoded.
    if u64::from(width) * u64::from(height) > MAX_PIXELS || decoder.total_bytes() > MAX_DECODER_BYTES {
        return Err(FileProblem::Pixels);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    picture.apply_orientation(orientation);
    write(eight_bits(picture), format)
}

/// Sixteen bits a colour are for printers.
fn eight_bits(picture: DynamicImage) -> DynamicImage {
    match picture.color() {
        ColorType::L16 => DynamicImage::ImageLuma8(picture.into_luma8()),
        ColorType::La16 => DynamicImage::ImageLumaA8(picture.into_luma_alpha8()),
        ColorType::Rgb16 | ColorType::Rgb32F => DynamicImage::ImageRgb8(picture.into_rgb8()),
        ColorType::Rgba16 | ColorType::Rgba32F => DynamicImage::ImageRgba8(picture.into_rgba8()),
        _ => picture,
    }
}

/// What was drawn stays a drawing; what was photographed becomes a JPEG, unless one can look through it.
fn write(picture: DynamicImage, from: ImageFormat) -> Result<CheckedFile, FileProblem> {
    let mut content = Vec::new();
    let is_jpeg = from != ImageFormat::Png && !picture.color().has_alpha();
    let written = if is_jpeg {
        picture.write_with_encoder(JpegEncoder::new_with_quality(&mut content, JPEG_QUALITY))
    } else {
        picture.write_to(Cursor::new(&mut content), ImageFormat::Png)
    };
    written.map_err(unreadable)?;
    Ok(CheckedFile {
        kind: if is_jpeg { FileKind::Jpeg } else { FileKind::Png },
        size: Some((picture.width(), picture.height())),
        content,
    })
}

/// Whether an end follows on the picture itself. The decoder fills what is missing with grey; the small pictures inside the head
/// of a photograph have ends of their own, so the head is passed over first.
fn is_whole_jpeg(content: &[u8]) -> bool {
    const SCAN: u8 = 0xDA;
    let mut rest = content.get(2..).unwrap_or_default();
    loop {
        // A marker may be preceded by any number of filling bytes.
        while let [0xFF, 0xFF, ..] = rest {
            rest = rest.get(1..).unwrap_or_default();
        }
        match rest {
            [0xFF, SCAN, after @ ..] => return after.windows(2).any(|window| window == [0xFF, 0xD9]),
            [0xFF, _, high, low, ..] => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                let Some(next) = rest.get(2 + length.max(2)..) else {
                    return false;
                };
                rest = next;
            }
            _ => return false,
        }
    }
}

fn unreadable(error: ImageError) -> FileProblem {
    match error {
        ImageError::Limits(_) => FileProblem::Pixels,
        _ => FileProblem::Broken,
    }
}
