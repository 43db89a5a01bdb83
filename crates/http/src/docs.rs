//! The OpenAPI document: what is collected from the routes, with what holds for every operation added once.

use actix_web::{HttpResponse, http::header};
use utoipa::{
    Modify, OpenApi, PartialSchema,
    openapi::{
        ContactBuilder, Content, HeaderBuilder, License, Ref, RefOr, Response, ResponseBuilder, Server,
        path::Operation,
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use crate::{
    language::Language,
    problem::{ProblemBody, ProblemCode},
};

/// What is not collected from routes.
#[derive(OpenApi)]
#[openapi(
    components(schemas(ProblemBody)),
    modifiers(&Bearer),
    tags(
        (name = "accounts", description = "Accounts of members, and links into them. 账号与邀请。"),
        (name = "attachments", description = "Files attached to complaints. 附件。"),
        (name = "auth", description = "Signing in and out. 登录与退出。"),
        (name = "cards", description = "Cards for late cases. 黄牌红牌。"),
        (name = "categories", description = "Categories of complaints. 诉求分类。"),
        (name = "complaints", description = "Complaints as the staff handle them. 诉求办理。"),
        (name = "events", description = "The log of everything that happened. 事件日志。"),
        (name = "identity-openings", description = "Opening who filed a case, by two people. 查看投诉人身份。"),
        (name = "imports", description = "Ledgers and lists of units and members taken in. 导入台账、单位和成员。"),
        (name = "me", description = "The signed-in member. 本人。"),
        (name = "members", description = "Members of units. 成员。"),
        (name = "public", description = "What the public may do and see, without credentials. 面向公众。"),
        (name = "role-grants", description = "Who holds which role where, and who stands in for whom. 角色与代理。"),
        (name = "second-factor", description = "Second factor and confirmation. 两步验证。"),
        (name = "sessions", description = "Where the signed-in member is signed in. 本人的登录。"),
        (name = "statistics", description = "Figures. 统计。"),
        (name = "system", description = "How the program runs. 运行情况。"),
        (name = "units", description = "Units: bureau, offices, schools, kindergartens, branches, windows. 单位。"),
    )
)]
pub struct ApiDoc;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut OpenApiDocument) {
        document.info.title = "Liangnuo API".to_owned();
        document.info.version = env!("CARGO_PKG_VERSION").to_owned();
        document.info.description = Some(
            "Service standards, complaints and their answers of a county's education system. Errors are RFC 9457 \
             problems with a stable `code`. 县域教育服务质量平台接口。"
                .to_owned(),
        );
        let mut license = License::new("Apache-2.0");
        license.identifier = Some("Apache-2.0".to_owned());
        document.info.license = Some(license);
        document.info.contact = Some(ContactBuilder::new().name(Some("Liangnuo")).build());
        document.servers = Some(vec![Server::new("/")]);
        let components = document.components.get_or_insert_with(Default::default);
        components.add_security_scheme(
            "bearer",
            SecurityScheme::Http(
                HttpBuilder::new()
                    .scheme(HttpAuthScheme::Bearer)
                    .bearer_format("JWT")
                    .build(),
            ),
        );
    }
}

type OpenApiDocument = utoipa::openapi::OpenApi;

/// Puts in what every operation has: the problem body on every failure, and no credentials unless it says so.
pub fn complete(document: &mut OpenApiDocument) {
    let problem: Response = ResponseBuilder::new()
        .description("A problem (RFC 9457); see `code`.")
        .content(
            "application/problem+json",
            Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem")))),
        )
        .build();
    for item in document.paths.paths.values_mut() {
        for operation in [
            &mut item.get,
            &mut item.post,
            &mut item.put,
            &mut item.patch,
            &mut item.delete,
        ]
        .into_iter()
        .flatten()
        {
            add_problems(operation, &problem);
            add_next(operation);
        }
    }
    // Nothing refers to it by a Rust path, so say that it is there.
    let _ = ProblemBody::schema();
}

/// Lists say in a header, too, where they go on.
fn add_next(operation: &mut Operation) {
    let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200") else {
        return;
    };
    let is_page = answer.content.values().any(|content| match content {
        RefOr::T(content) => {
            matches!(&content.schema, Some(RefOr::Ref(schema)) if schema.ref_location.ends_with("Page"))
        }
        RefOr::Ref(_) => false,
    });
    if is_page {
        let link = HeaderBuilder::new()
            .description(Some("The next page, `rel=\"next\"` (RFC 8288); absent on the last."))
            .build();
        answer.headers.insert("Link".to_owned(), RefOr::T(link));
    }
}

fn add_problems(operation: &mut Operation, problem: &Response) {
    for status in ["4XX", "5XX"] {
        operation
            .responses
            .responses
            .entry(status.to_owned())
            .or_insert_with(|| RefOr::T(problem.clone()));
    }
    if operation.security.is_none() {
        operation.security = Some(vec![SecurityRequirement::default()]);
    }
}

/// Leads from `/docs`, as people type it, to the pages.
pub async fn to_docs() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, "/docs/"))
        .finish()
}

/// The page that the `type` of every problem leads to: a paragraph for each code, with the code as its anchor.
pub async fn problems() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_LANGUAGE, "en, zh-CN"))
        .body(problems_page())
}

fn problems_page() -> String {
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Problem codes / 错误代码</title></head>\n\
         <body>\n<h1>Problem codes / 错误代码</h1>\n",
    );
    for code in ProblemCode::ALL {
        page.push_str(&format!(
            "<h2 id=\"{0}\"><code>{0}</code> ({1})</h2>\n",
            code.code(),
            code.status()
        ));
        for language in [Language::English, Language::Chinese] {
            page.push_str(&format!(
                "<p lang=\"{}\"><b>{}</b><br>{}</p>\n",
                language.tag(),
                escaped(code.title(language)),
                escaped(code.help(language))
            ));
        }
    }
    page + "</body></html>\n"
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A line an operation: tag, operation id, method, path. For people who look for something.
#[must_use]
pub fn operations(document: &OpenApiDocument) -> String {
    let mut lines = Vec::new();
    for (path, item) in &document.paths.paths {
        for (method, operation) in [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PUT", &item.put),
            ("PATCH", &item.patch),
            ("DELETE", &item.delete),
        ] {
            if let Some(operation) = operation {
                let tag = operation
                    .tags
                    .as_ref()
                    .and_then(|tags| tags.first())
                    .cloned()
                    .unwrap_or_default();
                let id = operation.operation_id.clone().unwrap_or_default();
                lines.push(format!("{tag:<12} {id:<32} {method:<6} {path}"));
            }
        }
    }
    lines.sort();
    lines.join("\n") + "\n"
}
