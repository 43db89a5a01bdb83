//! The document that clients are generated from keeps the rules that make generated clients good.

use std::collections::BTreeSet;

use liangnuo_http::{docs, openapi, problem};
use serde_json::Value;

fn document() -> Value {
    serde_json::to_value(openapi()).unwrap()
}

/// Path, method, operation.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                found.push((path.clone(), method.clone(), operation.clone()));
            }
        }
    }
    found
}

fn is_snake_case(name: &str) -> bool {
    name.chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Calls `see` with every object in the document.
fn walk(value: &Value, at: &str, see: &mut impl FnMut(&str, &serde_json::Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            see(at, map);
            for (key, inner) in map {
                walk(inner, &format!("{at}/{key}"), see);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                walk(inner, &format!("{at}/{index}"), see);
            }
        }
        _ => {}
    }
}

#[test]
fn the_committed_files_are_what_the_routes_say() {
    let json = serde_json::to_string_pretty(&document()).unwrap() + "\n";
    assert!(
        json == include_str!("../../../../openapi/openapi.json"),
        "run script/generate: openapi.json differs"
    );
    assert_eq!(
        docs::operations(&openapi()),
        include_str!("../../../../openapi/operations.txt")
    );
    assert_eq!(problem::registry(), include_str!("../../../../openapi/problems.md"));
}

#[test]
fn the_head_is_complete() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["info"]["title"].as_str().unwrap().is_ascii());
    assert_eq!(document["info"]["license"]["identifier"], "Apache-2.0");
    assert!(!document["servers"].as_array().unwrap().is_empty());
}

#[test]
fn every_operation_is_named_tagged_and_described() {
    let document = document();
    let mut ids = BTreeSet::new();
    for (path, method, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap().to_owned();
        assert!(is_snake_case(&id), "{id}");
        assert!(ids.insert(id.clone()), "{id} stands twice");
        assert_eq!(operation["tags"].as_array().unwrap().len(), 1, "{id}");
        assert!(
            !operation["summary"].as_str().unwrap_or_default().is_empty(),
            "{id} has no summary"
        );
        let description = operation["description"].as_str().unwrap_or_default();
        assert!(
            description.contains("Permissions:"),
            "{method} {path} does not say who may"
        );
        for (status, response) in operation["responses"].as_object().unwrap() {
            assert!(
                !response["description"].as_str().unwrap_or_default().is_empty(),
                "{id} {status}"
            );
        }
        for wanted in ["4XX", "5XX"] {
            let schema = &operation["responses"][wanted]["content"]["application/problem+json"]["schema"]["$ref"];
            assert_eq!(schema, "#/components/schemas/Problem", "{id} {wanted}");
        }
    }
}

#[test]
fn names_are_ascii_snake_case_and_no_schema_has_a_name_that_languages_own() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    let owned = [
        "Unit", "Error", "Data", "Date", "Response", "Object", "Type", "Result", "List", "Map", "Set",
    ];
    for name in schemas.keys() {
        assert!(!owned.contains(&name.as_str()), "{name}");
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "{name}");
    }
    walk(&document["components"]["schemas"], "", &mut |at, map| {
        if let Some(properties) = map.get("properties").and_then(Value::as_object) {
            for name in properties.keys() {
                assert!(is_snake_case(name), "{at}: {name}");
            }
        }
        for value in map
            .get("enum")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            // Orders ("-received_at") and menu gates ("units.edit") have a sign of their own.
            assert!(
                is_snake_case(value.trim_start_matches('-').replace('.', "_").as_str()),
                "{at}: {value}"
            );
        }
    });
}

#[test]
fn no_construct_that_generated_clients_trip_over() {
    let document = document();
    walk(&document, "", &mut |at, map| {
        assert!(!map.contains_key("prefixItems"), "{at}: a tuple");
        assert!(!map.contains_key("const"), "{at}: a constant");
        if map.get("type") == Some(&Value::String("integer".into())) {
            let format = map.get("format").and_then(Value::as_str).unwrap_or_default();
            assert!(["int32", "int64"].contains(&format), "{at}: an integer without a size");
        }
        if let Some(kinds) = map.get("type").and_then(Value::as_array) {
            let solid = kinds.iter().filter(|kind| *kind != "null").count();
            assert_eq!(solid, 1, "{at}: several types");
        }
    });
}

#[test]
fn staff_changes_ask_for_the_version_and_creations_for_a_key() {
    let document = document();
    let has = |operation: &Value, name: &str| {
        operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .any(|parameter| parameter["name"] == name)
    };
    for (path, method, operation) in operations(&document) {
        let is_staff = !path.contains("/public/") && !path.contains("/auth/") && !path.contains("/me");
        if method != "get" && is_staff && path.contains("{") {
            assert!(has(&operation, "If-Match"), "{method} {path}");
        }
        let creates = operation["responses"].get("201").is_some() || operation["responses"].get("202").is_some();
        // Setting up the first county is guarded by its one-time link.
        if method == "post" && creates && !path.ends_with("/auth/bootstrap") {
            assert!(has(&operation, "Idempotency-Key"), "{method} {path}");
        }
        if path.contains("/public/") {
            assert!(
                ["get", "post"].contains(&method.as_str()),
                "mini-programs know GET and POST only: {path}"
            );
        }
    }
}

#[test]
fn every_list_is_a_named_page_and_every_body_refuses_unknown_fields() {
    let document = document();
    let schemas = document["components"]["schemas"].as_object().unwrap();
    for (name, schema) in schemas.iter().filter(|(name, _)| name.ends_with("Page")) {
        for field in ["items", "next_cursor", "total"] {
            assert!(schema["properties"].get(field).is_some(), "{name} has no {field}");
        }
    }
    for (path, method, operation) in operations(&document) {
        let Some(body) = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str() else {
            continue;
        };
        let name = body.rsplit('/').next().unwrap();
        assert_eq!(schemas[name]["additionalProperties"], false, "{method} {path}: {name}");
    }
}

#[test]
fn the_kept_contract_stands() {
    let document = document();
    let kept = [
        ("/api/v1/imports/complaints", "post", "import_complaints"),
        ("/api/v1/imports/{import_id}", "get", "get_import"),
        ("/api/v1/public/complaints", "post", "file_complaint"),
        ("/api/v1/public/complaints/track", "post", "track_complaint"),
        ("/api/v1/statistics/complaints", "get", "complaint_statistics"),
        (
            "/api/v1/public/statistics/complaints",
            "get",
            "public_complaint_statistics",
        ),
        ("/api/v1/auth/login", "post", "log_in"),
        ("/api/v1/public/challenge", "get", "get_challenge"),
        ("/api/v1/complaints", "get", "list_complaints"),
    ];
    for (path, method, id) in kept {
        assert_eq!(document["paths"][path][method]["operationId"], id, "{method} {path}");
    }
    let list = &document["paths"]["/api/v1/complaints"]["get"]["parameters"];
    let names: BTreeSet<&str> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|parameter| parameter["name"].as_str().unwrap())
        .collect();
    for name in [
        "q",
        "state",
        "phase",
        "channel",
        "kind",
        "unit_id",
        "category_id",
        "received_from",
        "received_to",
        "due_before",
        "sort",
        "limit",
        "cursor",
        "count",
    ] {
        assert!(names.contains(name), "list_complaints has no {name}");
    }
}
