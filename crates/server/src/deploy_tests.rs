//! Docker can't run everywhere; that its files name real keys, ports, paths and targets can be checked anywhere.

use std::{collections::BTreeSet, path::Path};

use serde_norway::Value;

use crate::config::Config;

const COMPOSE: &str = include_str!("../../../docker-compose.yml");
const DOCKERFILE: &str = include_str!("../../../Dockerfile");
const NGINX: &str = include_str!("../../../deploy/nginx.conf");

fn top() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn keys() -> BTreeSet<String> {
    toml::Table::try_from(Config::default())
        .unwrap()
        .keys()
        .map(|key| format!("LIANGNUO_{}", key.to_ascii_uppercase()))
        .collect()
}

fn service<'a>(compose: &'a Value, name: &str) -> &'a Value {
    &compose["services"][name]
}

fn text<'a>(value: &'a Value, what: &str) -> &'a str {
    value.as_str().unwrap_or_else(|| panic!("{what} is not a text"))
}

#[test]
fn compose_sets_keys_that_exist() {
    let compose: Value = serde_norway::from_str(COMPOSE).unwrap();
    let environment = service(&compose, "api")["environment"].as_mapping().unwrap();
    assert!(!environment.is_empty());
    for key in environment.keys() {
        assert!(
            keys().contains(text(key, "a key")),
            "{key:?} is no key of the configuration"
        );
    }
    let proxies = text(&environment["LIANGNUO_TRUSTED_PROXIES"], "the proxies");
    let address = text(
        &service(&compose, "web")["networks"]["default"]["ipv4_address"],
        "nginx's address",
    );
    assert!(
        proxies.contains(address),
        "the server believes another proxy than the one that stands before it"
    );
}

#[test]
fn the_services_find_each_other() {
    let compose: Value = serde_norway::from_str(COMPOSE).unwrap();
    let environment = &service(&compose, "api")["environment"];
    let url = text(&environment["LIANGNUO_DATABASE_URL"], "the URL");
    let host = url.rsplit('@').next().unwrap().split('/').next().unwrap();
    assert!(
        service(&compose, host)["image"]
            .as_str()
            .unwrap()
            .starts_with("postgres:"),
        "{host}"
    );
    let port = text(&environment["LIANGNUO_LISTEN"], "the port")
        .rsplit(':')
        .next()
        .unwrap();
    assert!(NGINX.contains(&format!("proxy_pass http://api:{port};")));
    assert!(DOCKERFILE.contains(&format!("EXPOSE {port}\n")));
    assert!(DOCKERFILE.contains(&format!("http://127.0.0.1:{port}/healthz")));
    for name in ["api", "web"] {
        let target = text(&service(&compose, name)["build"]["target"], "a target");
        assert!(DOCKERFILE.contains(&format!(" AS {target}\n")), "{target}");
    }
    let volume = service(&compose, "api")["volumes"][0]
        .as_str()
        .unwrap()
        .split(':')
        .nth(1)
        .unwrap();
    assert_eq!(volume, text(&environment["LIANGNUO_DATA_DIR"], "the data directory"));
}

#[test]
fn the_image_sets_keys_that_exist_and_copies_what_is_there() {
    let set: Vec<&str> = DOCKERFILE
        .split_whitespace()
        .filter_map(|word| word.strip_prefix("LIANGNUO_"))
        .filter_map(|word| word.split('=').next())
        .collect();
    assert!(!set.is_empty());
    for key in set {
        assert!(keys().contains(&format!("LIANGNUO_{key}")), "{key}");
    }
    for line in DOCKERFILE
        .lines()
        .filter(|line| line.starts_with("COPY ") && !line.contains("--from="))
    {
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        for source in &words[..words.len() - 1] {
            assert!(top().join(source).exists(), "{source} is copied and not there");
        }
    }
}

#[test]
fn nginx_hands_over_what_the_server_serves() {
    for path in ["api/", "docs", "openapi", "healthz", "readyz"] {
        assert!(NGINX.contains(path), "{path}");
    }
    let headers: [&str; 3] = ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"];
    for header in headers {
        assert!(NGINX.contains(&format!("add_header {header} ")), "{header}");
    }
}
