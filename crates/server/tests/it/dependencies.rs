//! Which crate uses what. A new direct dependency is a decision: it gets its line here, with the crate that may use it.

use std::{collections::BTreeSet, path::Path};

const ALLOWED: &[(&str, &[&str])] = &[
    (
        "domain",
        &["base64", "chrono", "pinyin", "serde", "serde_json", "sha2", "uuid"],
    ),
    (
        "documents",
        &[
            "calamine",
            "chrono",
            "csv",
            "encoding_rs",
            "image",
            "infer",
            "rust_xlsxwriter",
            "thiserror",
            "zip",
        ],
    ),
    (
        "persistence",
        &[
            "async-trait",
            "aws-lc-rs",
            "base64",
            "chacha20poly1305",
            "futures-util",
            "liangnuo-domain",
            "object_store",
            "rand",
            "sea-orm",
            "sea-orm-migration",
            "serde",
            "serde_json",
            "sha2",
            "thiserror",
            "tokio",
            "uuid",
        ],
    ),
    (
        "http",
        &[
            "actix-files",
            "actix-multipart",
            "actix-web",
            "altcha-lib-rs",
            "argon2",
            "aws-lc-rs",
            "base64",
            "chrono",
            "clamav-client",
            "flate2",
            "futures-util",
            "governor",
            "hkdf",
            "hmac",
            "jsonwebtoken",
            "liangnuo-documents",
            "liangnuo-domain",
            "liangnuo-persistence",
            "moka",
            "png",
            "qrcode",
            "rand",
            "reqwest",
            "serde",
            "serde_json",
            "serde_path_to_error",
            "sha2",
            "tempfile",
            "thiserror",
            "tokio",
            "tracing",
            "url",
            "utoipa",
            "utoipa-actix-web",
            "utoipa-swagger-ui",
            "uuid",
            "zxcvbn",
        ],
    ),
    (
        "server",
        &[
            "actix-web",
            "base64",
            "chrono",
            "clap",
            "figment",
            "liangnuo-domain",
            "liangnuo-http",
            "liangnuo-persistence",
            "rand",
            "rustls",
            "serde",
            "serde_json",
            "thiserror",
            "tokio",
            "toml",
            "tracing",
            "tracing-subscriber",
            "uuid",
        ],
    ),
];

#[test]
fn direct_dependencies_are_the_written_ones() {
    for (name, allowed) in ALLOWED {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(name)
            .join("Cargo.toml");
        let manifest: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
        let used: BTreeSet<&str> = manifest["dependencies"]
            .as_table()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let allowed: BTreeSet<&str> = allowed.iter().copied().collect();
        let unused: Vec<_> = allowed.difference(&used).collect();
        let new: Vec<_> = used.difference(&allowed).collect();
        assert!(
            new.is_empty() && unused.is_empty(),
            "{name}: new {new:?}, no longer used {unused:?}"
        );
    }
}
