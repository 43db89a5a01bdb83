//! A unit's public page as a QR code, for doors, desks and posters.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{self, ContentDisposition, DispositionType, HeaderName, HeaderValue},
    web,
};
use liangnuo_domain::UnitId;
use qrcode::{Color, EcLevel, QrCode, render::svg};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::tracking::region;
use crate::{
    answer::file_named,
    problem::{Problem, ProblemCode},
    state::AppState,
};

/// Pixels on a side. Below the least the modules of an address of usual length are smaller than a pixel.
const SIZES: std::ops::RangeInclusive<u32> = 64..=2048;

/// White modules around the code: ISO/IEC 18004 wants four.
const QUIET: usize = 4;

/// What the picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum QrFormat {
    /// Lines, sharp at any size.
    Svg,
    /// Pixels.
    Png,
}

impl QrFormat {
    const fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }
}

/// How the code is drawn.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UnitQrQuery {
    /// What the picture is; `svg` if left out.
    #[param(inline)]
    pub format: Option<QrFormat>,
    /// Pixels on a side.
    #[param(minimum = 64, maximum = 2048, default = 512)]
    pub size: Option<u32>,
}

/// Get a unit's QR code
///
/// The address of its public page, drawn. The file has the unit's name. Permissions: none.
#[utoipa::path(
    tag = "public",
    params(("unit_id" = Uuid, Path, description = "The unit"), UnitQrQuery),
    responses((
        status = 200,
        description = "The picture",
        content((String = "image/svg+xml"), (Vec<u8> = "image/png")),
    )),
)]
#[get("/public/units/{unit_id}/qr")]
pub async fn get_public_unit_qr(
    id: web::Path<Uuid>,
    query: web::Query<UnitQrQuery>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let format = query.format.unwrap_or(QrFormat::Svg);
    let size = query.size.unwrap_or(512);
    if !SIZES.contains(&size) {
        return Err(Problem::new(ProblemCode::MalformedQuery)
            .with_detail("size 应在 64 到 2048 之间。", "size must be between 64 and 2048."));
    }
    let unit = state.store.public_unit(region(&state).await?, UnitId(*id)).await?.unit;
    let address = format!("{}/units/{}", origin(&request, &state), unit.id);
    let picture = draw(&address, format, size).ok_or_else(|| Problem::new(ProblemCode::Internal))?;
    Ok(HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header(named(&unit.fields.name, format))
        // The address never changes, the name seldom.
        .insert_header((header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=3600")))
        .insert_header((
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("same-origin"),
        ))
        .body(picture))
}

/// How people reach us: as it is set up, else as whoever asks does.
fn origin(request: &HttpRequest, state: &AppState) -> String {
    state.settings.origin.clone().unwrap_or_else(|| {
        let connection = request.connection_info();
        format!("{}://{}", connection.scheme(), connection.host())
    })
}

fn named(unit: &str, format: QrFormat) -> ContentDisposition {
    let extension = format.extension();
    file_named(
        DispositionType::Inline,
        format!("unit-qr.{extension}"),
        format!("{unit}-二维码.{extension}"),
    )
}

/// The code with a quiet zone; a quarter of it may be worn off before it can't be read.
fn draw(address: &str, format: QrFormat, size: u32) -> Option<Vec<u8>> {
    let code = QrCode::with_error_correction_level(address, EcLevel::Q).ok()?;
    match format {
        QrFormat::Svg => {
            let picture = code.render::<svg::Color<'_>>().min_dimensions(size, size).build();
            Some(picture.into_bytes())
        }
        QrFormat::Png => pixels(&code, size),
    }
}

/// A picture of exactly this size. Each module has as many whole pixels as there is room for; the rest is white.
fn pixels(code: &QrCode, size: u32) -> Option<Vec<u8>> {
    let (modules, side) = (code.width(), usize::try_from(size).ok()?);
    let scale = (side / (modules + 2 * QUIET)).max(1);
    let margin = side.saturating_sub(modules * scale) / 2;
    let colors = code.to_colors();
    let is_dark = |x: usize, y: usize| {
        let at = |pixel: usize| pixel.checked_sub(margin).map(|inside| inside / scale);
        let (Some(column), Some(row)) = (at(x), at(y)) else {
            return false;
        };
        column < modules && colors.get(row * modules + column) == Some(&Color::Dark)
    };
    let pixels: Vec<u8> = (0..side * side)
        .map(|at| if is_dark(at % side, at / side) { 0 } else { 255 })
        .collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, size, size);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&pixels).ok()?;
    writer.finish().ok()?;
    Some(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADDRESS: &str = "https://jy.example.gov.cn/units/019a2b3c-4d5e-7f60-8192-a3b4c5d6e7f8";

    /// What a reader of QR codes finds in a picture.
    fn read(file: &[u8]) -> (u32, String) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let size = reader.next_frame(&mut pixels).unwrap().width;
        let side = usize::try_from(size).unwrap();
        let mut seen = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| pixels[y * side + x]);
        let (_, text) = seen.detect_grids().first().unwrap().decode().unwrap();
        (size, text)
    }

    #[test]
    fn another_reader_finds_the_address() {
        for size in [*SIZES.start(), 200, 512, *SIZES.end()] {
            let file = draw(ADDRESS, QrFormat::Png, size).unwrap();
            assert_eq!(read(&file), (size, ADDRESS.to_owned()));
        }
    }

    #[test]
    fn lines_are_no_smaller_than_asked_for() {
        let picture = String::from_utf8(draw(ADDRESS, QrFormat::Svg, 300).unwrap()).unwrap();
        let width = picture.split("width=\"").nth(1).unwrap().split('"').next().unwrap();
        assert!(width.parse::<u32>().unwrap() >= 300, "{width}");
        assert!(picture.contains("<path"));
    }
}
