//! What cameras and editors write into pictures, by the tool that knows most of it: none of it comes through.

use std::{path::Path, process::Command};

use image::ImageFormat;
use liangnuo_domain::Role;
use liangnuo_test_support::{api::test_app, files::picture};

/// What tells where, when, with what and by whom.
const TAGS: [&str; 13] = [
    "-GPSLatitude=31.2304",
    "-GPSLatitudeRef=N",
    "-GPSLongitude=121.4737",
    "-GPSLongitudeRef=E",
    "-GPSAltitude=12",
    "-DateTimeOriginal=2026:11:20 08:15:00",
    "-Make=Marked",
    "-Model=Marked-9",
    "-SerialNumber=SN-MARKED-1",
    "-Artist=Marked Author",
    "-Copyright=Marked Copyright",
    "-XMP:Creator=Marked Creator",
    "-ImageDescription=Marked Description",
];

/// More than one of these is another way of saying it, which not every format has.
const MORE: [&str; 6] = [
    "-IPTC:By-line=Marked Byline",
    "-XMP:Location=Marked Location",
    "-Comment=Marked Comment",
    "-XMP:SerialNumber=SN-MARKED-2",
    "-MakerNoteUnknownText=Marked",
    "-OwnerName=Marked Owner",
];

fn exiftool(arguments: &[&str], file: &Path) -> String {
    let output = Command::new("exiftool").args(arguments).arg(file).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Whether anything is told but the shape of the picture and what the tool says of the file itself.
fn tells(listed: &str) -> Vec<&str> {
    const SHAPE: [&str; 6] = ["[File]", "[ExifTool]", "[System]", "[Composite]", "[JFIF]", "[PNG]"];
    let is_shape = |line: &str| SHAPE.iter().any(|group| line.starts_with(group));
    listed
        .lines()
        .filter(|line| !is_shape(line) || line.contains("Marked") || line.contains("GPS") || line.contains("Comment"))
        .collect()
}

#[actix_web::test]
async fn nothing_that_a_camera_wrote_comes_through() {
    let app = test_app().await;
    let folder = tempfile::tempdir().unwrap();
    let formats = [
        (ImageFormat::Jpeg, "jpg"),
        (ImageFormat::Png, "png"),
        (ImageFormat::WebP, "webp"),
    ];
    let mut sent = 0;
    let mut uploads = Vec::new();
    for nth in 0..54_u32 {
        let (format, end) = formats[usize::try_from(nth).unwrap() % formats.len()];
        let path = folder.path().join(format!("{nth}.{end}"));
        std::fs::write(&path, picture(40 + nth, 30, format)).unwrap();
        let more = MORE[usize::try_from(nth).unwrap() % MORE.len()];
        let orientation = format!("-Orientation#={}", 1 + nth % 8);
        let mut arguments: Vec<&str> = vec!["-q", "-q", "-overwrite_original", &orientation];
        arguments.extend(TAGS);
        exiftool(&arguments, &path);
        // What a format has no place for is no sample of it.
        exiftool(&["-q", "-q", "-overwrite_original", more], &path);
        let before = exiftool(&["-a", "-G0", "-s"], &path);
        assert!(
            before.contains("GPSLatitude") && before.contains("SN-MARKED"),
            "{end}: {before}"
        );
        let marked = std::fs::read(&path).unwrap();
        uploads.push(app.ready_upload(&format!("{nth}.{end}"), &marked).await);
        sent += 1;
    }
    for (nth, uploads) in uploads.chunks(10).enumerate() {
        app.file_with("grievance", Some(app.county.own.0), uploads)
            .await
            .ok(201);
        assert!(nth < 6);
    }
    let handler = app.token(Role::Handler).await;
    let cases = app.get_as(&handler, "/complaints").await.ok(200);
    let mut read = 0;
    for case in cases["items"].as_array().unwrap() {
        let list = format!("/complaints/{}/attachments", case["id"].as_str().unwrap());
        for file in app.get_as(&handler, &list).await.ok(200)["items"].as_array().unwrap() {
            let content = app
                .get_as(&handler, &format!("{list}/{}/content", file["id"].as_str().unwrap()))
                .await;
            let path = folder.path().join("read");
            std::fs::write(&path, &content.bytes).unwrap();
            let listed = exiftool(&["-a", "-u", "-G0", "-s", "-ee"], &path);
            assert!(tells(&listed).is_empty(), "{}: {:?}", file["name"], tells(&listed));
            for mark in ["Marked", "SN-MARKED", "GPS"] {
                assert!(!super::holds(&content.bytes, mark), "{}: {mark}", file["name"]);
            }
            read += 1;
        }
    }
    assert_eq!((sent, read), (54, 54));
}
