//! The operations of the OpenAPI document with everything in them that takes an id.

use serde_json::Value;

/// Where a request holds an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Input {
    Path(String),
    Query(String),
    Header(String),
    /// As an RFC 6901 pointer with `*` for each item of an array.
    Body(String),
}

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Case,
    Unit,
    Branch,
    Member,
    Category,
    Card,
    Opening,
    Template,
    View,
    Import,
    /// A file on its way, with the token of another one.
    Upload,
    /// A file of a case.
    Attachment,
    /// An entry of the log.
    Event,
    Grant,
    Session,
    /// A client's own key for one request.
    Key,
}

impl Input {
    fn name(&self) -> &str {
        match self {
            Self::Path(name) | Self::Query(name) | Self::Header(name) => name,
            Self::Body(pointer) => pointer.rsplit('/').find(|part| *part != "*").unwrap(),
        }
    }

    /// What it names. An id of a new name is a decision to be made here.
    pub(super) fn kind(&self, operation: &str) -> Kind {
        match self.name() {
            // Of all things, cases are those that may be hidden.
            "complaint_id" | "lead_id" | "subject_id" => Kind::Case,
            "id" if *self == Self::Body("/complaints/*/id".to_owned()) => Kind::Case,
            "id" if *self == Self::Body("/uploads/*/id".to_owned()) => Kind::Upload,
            "upload_id" => Kind::Upload,
            "attachment_id" => Kind::Attachment,
            "parent_id" if operation.ends_with("_category") => Kind::Category,
            "unit_id" | "unit_ids" | "parent_id" | "into_unit_id" | "to_unit_id" | "successor_ids" => Kind::Unit,
            "branch_id" => Kind::Branch,
            "member_id" | "member_ids" | "to_member_id" | "handler_id" | "supervisor_id" | "actor_id"
            | "acting_for_id" => Kind::Member,
            "event_id" => Kind::Event,
            "category_id" => Kind::Category,
            "card_id" => Kind::Card,
            "identity_opening_id" => Kind::Opening,
            "template_id" => Kind::Template,
            "view_id" => Kind::View,
            "import_id" => Kind::Import,
            "role_grant_id" => Kind::Grant,
            "session_id" => Kind::Session,
            "Idempotency-Key" => Kind::Key,
            other => panic!("{operation}: say in the proofs what \"{other}\" names"),
        }
    }
}

/// An operation.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) inputs: Vec<Input>,
    /// Changes want the version that was read.
    pub(super) has_version: bool,
    /// Creations want a key.
    pub(super) has_key: bool,
}

/// Every operation of the document.
pub(super) fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(liangnuo_http::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            found.push(read(&document, id, method, path, operation));
        }
    }
    found
}

fn read(document: &Value, id: &str, method: &str, path: &str, operation: &Value) -> Operation {
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let has = |name: &str| parameters.iter().any(|parameter| parameter["name"] == name);
    let mut inputs = Vec::new();
    for parameter in &parameters {
        let name = parameter["name"].as_str().unwrap();
        let mut pointers = Vec::new();
        ids(document, &parameter["schema"], name, &mut Vec::new(), &mut pointers);
        if pointers.is_empty() {
            continue;
        }
        inputs.push(match parameter["in"].as_str().unwrap() {
            "path" => Input::Path(name.to_owned()),
            "query" => Input::Query(name.to_owned()),
            _ => Input::Header(name.to_owned()),
        });
    }
    for content in operation["requestBody"]["content"]
        .as_object()
        .into_iter()
        .flat_map(|kinds| kinds.values())
    {
        let mut pointers = Vec::new();
        ids(document, &content["schema"], "", &mut Vec::new(), &mut pointers);
        inputs.extend(pointers.into_iter().map(Input::Body));
    }
    Operation {
        id: id.to_owned(),
        method: method.to_uppercase(),
        path: path.to_owned(),
        has_version: has("If-Match"),
        has_key: has("Idempotency-Key"),
        inputs,
    }
}

/// Collects the pointers of everything below a schema that is an id: by its format, or by its name where the format says
/// less.
fn ids(document: &Value, schema: &Value, at: &str, seen: &mut Vec<String>, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        if seen.iter().any(|known| known == reference) {
            return;
        }
        seen.push(reference.to_owned());
        let target = document.pointer(reference.trim_start_matches('#')).unwrap();
        ids(document, target, at, seen, found);
        seen.pop();
        return;
    }
    let name = at.rsplit('/').find(|part| *part != "*").unwrap_or_default();
    let is_named_so = name == "id" || name.ends_with("_id") || name.ends_with("_ids");
    let is_text = schema["type"] == "string"
        || schema["type"]
            .as_array()
            .is_some_and(|kinds| kinds.contains(&"string".into()));
    if is_text && (schema["format"] == "uuid" || is_named_so) && !found.iter().any(|known| known == at) {
        found.push(at.to_owned());
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        for one in schema[several].as_array().into_iter().flatten() {
            ids(document, one, at, seen, found);
        }
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        ids(document, property, &format!("{at}/{name}"), seen, found);
    }
    for below in ["items", "additionalProperties"] {
        if schema[below].is_object() {
            ids(document, &schema[below], &format!("{at}/*"), seen, found);
        }
    }
}

#[test]
fn ids_are_found_wherever_a_request_holds_them() {
    let all = operations();
    let inputs = |id: &str| &all.iter().find(|operation| operation.id == id).unwrap().inputs;
    let body = |pointer: &str| Input::Body(pointer.to_owned());
    assert!(inputs("assign_complaints").contains(&body("/complaints/*/id")));
    assert!(inputs("name_accused").contains(&body("/member_ids/*")));
    assert!(inputs("update_member").contains(&body("/branch_id")));
    assert!(inputs("list_complaints").contains(&Input::Query("handler_id".to_owned())));
    assert!(inputs("get_import").contains(&Input::Path("import_id".to_owned())));
    assert!(inputs("save_view").contains(&Input::Header("Idempotency-Key".to_owned())));
}
