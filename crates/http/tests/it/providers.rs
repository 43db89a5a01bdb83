//! Signing in by an identity provider: what a provider that lies, or whoever stands in its place, gets. That a real one is
//! understood, the browser tests show.

use std::sync::{Arc, Mutex};

use actix_web::{HttpRequest, HttpResponse, HttpServer, web};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use liangnuo_domain::{Secret, providers::ProviderKind};
use liangnuo_http::{HttpSettings, providers::ProviderSettings};
use liangnuo_test_support::api::{Call, PASSWORD, test_app_with};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::second_factor::text;

const CLIENT: &str = "liangnuo & co";
const SECRET: &str = "a secret: with a colon";

/// A provider that says what a test tells it to.
#[derive(Clone)]
struct Liar {
    url: String,
    key: Arc<rcgen::KeyPair>,
    says: Arc<Mutex<Says>>,
}

#[derive(Clone, Default)]
struct Says {
    token: Option<String>,
    issuer: Option<String>,
    status: u16,
    kid: String,
    asked: Vec<Vec<(String, String)>>,
    authorization: Vec<String>,
    keys_read: usize,
}

impl Liar {
    async fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let liar = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            key: Arc::new(rcgen::KeyPair::generate().unwrap()),
            says: Arc::new(Mutex::new(Says {
                status: 200,
                kid: "first".to_owned(),
                ..Says::default()
            })),
        };
        let served = liar.clone();
        let server = HttpServer::new(move || {
            actix_web::App::new()
                .app_data(web::Data::new(served.clone()))
                .route("/.well-known/openid-configuration", web::get().to(metadata))
                .route("/keys", web::get().to(keys))
                .route("/token", web::post().to(token))
                .route("/cgi-bin/gettoken", web::get().to(wecom_token))
                .route("/cgi-bin/auth/getuserinfo", web::get().to(wecom_who))
        })
        .workers(1)
        .disable_signals()
        .listen(listener)
        .unwrap();
        actix_web::rt::spawn(server.run());
        liar
    }

    fn settings(&self) -> HttpSettings {
        HttpSettings {
            has_limits: false,
            provider: Some(ProviderSettings {
                kind: ProviderKind::Oidc,
                url: self.url.clone(),
                client_id: CLIENT.to_owned(),
                client_secret: Secret::new(SECRET.to_owned()),
                agent_id: String::new(),
                name: "统一身份认证".to_owned(),
                name_en: "single sign-on".to_owned(),
                redirect_uri: "https://jy.example/console/sign-in/provider".to_owned(),
            }),
            ..HttpSettings::default()
        }
    }

    fn signs(&self, claims: &Value) -> String {
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some(self.says.lock().unwrap().kid.clone());
        let key = EncodingKey::from_ec_pem(self.key.serialize_pem().as_bytes()).unwrap();
        jsonwebtoken::encode(&header, claims, &key).unwrap()
    }
}

async fn metadata(liar: web::Data<Liar>) -> HttpResponse {
    let issuer = liar
        .says
        .lock()
        .unwrap()
        .issuer
        .clone()
        .unwrap_or_else(|| liar.url.clone());
    HttpResponse::Ok().json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{}/authorize?prompt=login", liar.url),
        "token_endpoint": format!("{}/token", liar.url),
        "jwks_uri": format!("{}/keys", liar.url),
    }))
}

async fn keys(liar: web::Data<Liar>) -> HttpResponse {
    let mut says = liar.says.lock().unwrap();
    says.keys_read += 1;
    let point = liar.key.public_key_raw();
    let part = |range: std::ops::Range<usize>| BASE64_URL_SAFE_NO_PAD.encode(&point[range]);
    HttpResponse::Ok().json(json!({"keys": [
        {"kty": "EC", "crv": "P-256", "kid": says.kid, "use": "sig", "alg": "ES256", "x": part(1..33), "y": part(33..65)},
        {"kty": "oct", "kid": "shared", "k": BASE64_URL_SAFE_NO_PAD.encode(SECRET)},
    ]}))
}

async fn token(liar: web::Data<Liar>, request: HttpRequest, form: web::Form<Vec<(String, String)>>) -> HttpResponse {
    let mut says = liar.says.lock().unwrap();
    says.asked.push(form.into_inner());
    let header = request.headers().get("authorization");
    says.authorization.push(
        header
            .map(|value| value.to_str().unwrap().to_owned())
            .unwrap_or_default(),
    );
    let status = actix_web::http::StatusCode::from_u16(says.status).unwrap();
    HttpResponse::build(status).json(json!({"id_token": says.token, "access_token": "x", "token_type": "Bearer"}))
}

/// What stands in the address that a browser is sent to.
fn asked(begun: &Value) -> std::collections::BTreeMap<String, String> {
    let url = url::Url::parse(&text(begun, "authorization_url")).unwrap();
    url.query_pairs().into_owned().collect()
}

fn back(begun: &Value) -> Value {
    json!({"flow": begun["flow"], "state": asked(begun)["state"], "code": "a code"})
}

fn claims(liar: &Liar, begun: &Value, now: i64) -> Value {
    json!({"iss": liar.url, "aud": CLIENT, "sub": "0042", "iat": now, "exp": now + 300, "nonce": asked(begun)["nonce"]})
}

macro_rules! seconds {
    ($app:ident) => {
        $app.clock.now().micros() / 1_000_000
    };
}

#[actix_web::test]
async fn an_account_is_tied_by_its_owner_and_opened_by_who_it_is_tied_to() {
    let liar = Liar::start().await;
    let app = test_app_with(|_| Vec::new(), liar.settings()).await;
    let options = app.get("/auth/options").await.ok(200);
    assert_eq!(
        options["provider"],
        json!({"name": "统一身份认证", "name_en": "single sign-on"})
    );
    let says = |claims: &Value| liar.says.lock().unwrap().token = Some(liar.signs(claims));

    // Nobody is tied yet.
    let begun = app.post("/auth/provider/begin", json!({})).await.ok(200);
    let sent = asked(&begun);
    assert_eq!(
        (
            sent["response_type"].as_str(),
            sent["scope"].as_str(),
            sent["client_id"].as_str()
        ),
        ("code", "openid", CLIENT)
    );
    assert_eq!(sent["prompt"], "login", "what stands in the address already stays");
    says(&claims(&liar, &begun, seconds!(app)));
    app.post("/auth/provider/complete", back(&begun))
        .await
        .refused(401, "provider_account_unknown");
    // Whoever exchanged the code knew what its challenge was made of, and the secret.
    let (form, authorization) = {
        let heard = liar.says.lock().unwrap();
        (
            heard.asked.last().unwrap().clone(),
            heard.authorization.last().unwrap().clone(),
        )
    };
    let value = |name: &str| form.iter().find(|(key, _)| key == name).unwrap().1.clone();
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(value("code_verifier").as_bytes()));
    assert_eq!(sent["code_challenge"], challenge);
    assert_eq!(
        (value("grant_type"), value("code")),
        ("authorization_code".into(), "a code".into())
    );
    let basic = base64::prelude::BASE64_STANDARD.encode("liangnuo+%26+co:a+secret%3A+with+a+colon");
    assert_eq!(authorization, format!("Basic {basic}"));

    let handler = text(
        &app.post("/auth/login", json!({"login": "handler", "password": PASSWORD}))
            .await
            .ok(200),
        "access_token",
    );
    let post = |token: &str, path: &str, body: &Value| app.send(Call::new("POST", path).bearer(token).json(body));
    let begun = post(&handler, "/me/provider/begin", &json!({})).await.ok(200);
    says(&claims(&liar, &begun, seconds!(app)));
    // What was begun to tie is no log-in, and of one account no tie of another.
    app.post("/auth/provider/complete", back(&begun))
        .await
        .refused(401, "provider_refused");
    let head = app.token(liangnuo_domain::Role::UnitHead).await;
    post(&head, "/me/provider/complete", &back(&begun))
        .await
        .refused(401, "provider_refused");
    post(&handler, "/me/provider/complete", &back(&begun)).await.ok(204);
    let tie = app.get_as(&handler, "/me/provider").await.ok(200);
    assert_eq!(text(&tie, "tied_at"), "2026-11-23T07:30:00Z");
    // One account for one identity, and one identity for one account.
    post(&handler, "/me/provider/complete", &back(&begun))
        .await
        .refused(409, "not_ready");
    let other = post(&head, "/me/provider/begin", &json!({})).await.ok(200);
    says(&claims(&liar, &other, seconds!(app)));
    post(&head, "/me/provider/complete", &back(&other))
        .await
        .refused(409, "taken");

    let begun = app.post("/auth/provider/begin", json!({})).await.ok(200);
    says(&claims(&liar, &begun, seconds!(app)));
    let grant = app.post("/auth/provider/complete", back(&begun)).await.ok(200);
    let me = app.get_as(&text(&grant, "access_token"), "/me").await.ok(200);
    assert_eq!(text(&me, "login"), "handler");

    post(&handler, "/me/provider/untie", &json!({})).await.ok(204);
    post(&handler, "/me/provider/untie", &json!({}))
        .await
        .refused(409, "wrong_state");
    app.post("/auth/provider/complete", back(&begun))
        .await
        .refused(401, "provider_account_unknown");
    let log = "SELECT action FROM events WHERE action LIKE 'accounts.provider%' ORDER BY at, position";
    assert_eq!(
        app.db.texts(log).await,
        ["accounts.provider_tied", "accounts.provider_untied"]
    );
}

#[actix_web::test]
async fn a_second_factor_is_asked_for_all_the_same_and_a_reset_unties() {
    let liar = Liar::start().await;
    let app = test_app_with(|_| Vec::new(), liar.settings()).await;
    let member = crate::second_factor::newcomer(&app).await;
    let token = crate::second_factor::signed_in(&app, crate::second_factor::NEW).await;
    let (phone, _) = app.enrol(&token).await;
    let post = |token: &str, path: &str, body: Value| app.send(Call::new("POST", path).bearer(token).json(&body));
    let begun = post(&token, "/me/provider/begin", json!({})).await.ok(200);
    liar.says.lock().unwrap().token = Some(liar.signs(&claims(&liar, &begun, seconds!(app))));
    post(&token, "/me/provider/complete", back(&begun)).await.ok(204);
    app.clock.advance_seconds(60);
    let begun = app.post("/auth/provider/begin", json!({})).await.ok(200);
    liar.says.lock().unwrap().token = Some(liar.signs(&claims(&liar, &begun, seconds!(app))));
    let asked = app.post("/auth/provider/complete", back(&begun)).await;
    let ticket = text(&asked.refused(401, "second_factor_needed"), "ticket");
    crate::second_factor::log_in_with_code(&app, &ticket, &phone.shows(app.clock.now()))
        .await
        .ok(200);
    let security = app.root_token(liangnuo_domain::Role::SecurityAdmin).await;
    let path = format!("/members/{member}/account/link");
    let link = app
        .send(
            Call::new("POST", &path)
                .bearer(&security)
                .key(app.uuid())
                .json(&json!({})),
        )
        .await
        .ok(201);
    let body = json!({"token": link["token"], "password": "渡口边第3棵槐树，春天开花"});
    app.post("/auth/account-links/redeem", body).await.ok(204);
    app.post("/auth/provider/complete", back(&begun))
        .await
        .refused(401, "provider_account_unknown");
}

#[actix_web::test]
async fn what_was_not_signed_for_this_log_in_opens_nothing() {
    let liar = Liar::start().await;
    let app = test_app_with(|_| Vec::new(), liar.settings()).await;
    let begun = app.post("/auth/provider/begin", json!({})).await.ok(200);
    let now = seconds!(app);
    let good = claims(&liar, &begun, now);
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        liar.signs(&claims)
    };
    let without = |name: &str| {
        let mut claims = good.clone();
        claims.as_object_mut().unwrap().remove(name);
        liar.signs(&claims)
    };
    let parts = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<_>>();
    let body = parts(&liar.signs(&good))[1].clone();
    let head = |head: Value| BASE64_URL_SAFE_NO_PAD.encode(head.to_string());
    let shared = {
        let mut header = Header::new(Algorithm::HS256);
        header.kid = Some("shared".to_owned());
        jsonwebtoken::encode(&header, &good, &EncodingKey::from_secret(SECRET.as_bytes())).unwrap()
    };
    let foreign = {
        let other = rcgen::KeyPair::generate().unwrap();
        let mut header = Header::new(Algorithm::ES256);
        header.kid = Some("first".to_owned());
        let key = EncodingKey::from_ec_pem(other.serialize_pem().as_bytes()).unwrap();
        jsonwebtoken::encode(&header, &good, &key).unwrap()
    };
    let lies = [
        ("another nonce", with("nonce", json!("another"))),
        ("no nonce", without("nonce")),
        ("another issuer", with("iss", json!("https://evil.example"))),
        ("no issuer", without("iss")),
        ("another client", with("aud", json!("another"))),
        ("us among others, for nobody", with("aud", json!([CLIENT, "another"]))),
        ("made for another party", with("azp", json!("another"))),
        ("over", with("exp", json!(now - 61))),
        ("over, as a text", with("exp", json!((now + 300).to_string()))),
        ("no end", without("exp")),
        ("of tomorrow", with("iat", json!(now + 86_400))),
        ("not good yet", with("nbf", json!(now + 86_400))),
        ("nobody", without("sub")),
        ("an empty name", with("sub", json!(""))),
        ("a name without end", with("sub", json!("x".repeat(256)))),
        (
            "not signed",
            format!("{}.{body}.", head(json!({"alg": "none", "kid": "first"}))),
        ),
        ("signed with our secret", shared),
        ("signed by somebody else", foreign),
        ("no token", "a.b.c".to_owned()),
    ];
    for (lie, token) in lies {
        liar.says.lock().unwrap().token = Some(token);
        let answer = app.post("/auth/provider/complete", back(&begun)).await;
        assert_eq!(
            (answer.status.as_u16(), answer.code()),
            (401, "provider_refused"),
            "{lie}"
        );
    }
    // A code that is not taken, an answer that is none, and a flow that is another's, changed, or over.
    let complete = |body: Value| app.post("/auth/provider/complete", body);
    liar.says.lock().unwrap().status = 400;
    complete(back(&begun)).await.refused(401, "provider_refused");
    liar.says.lock().unwrap().status = 500;
    complete(back(&begun)).await.refused(503, "provider_unavailable");
    liar.says.lock().unwrap().status = 200;
    liar.says.lock().unwrap().token = Some(liar.signs(&good));
    let other = app.post("/auth/provider/begin", json!({})).await.ok(200);
    let mut mixed = back(&begun);
    mixed["state"] = back(&other)["state"].clone();
    complete(mixed).await.refused(401, "provider_refused");
    let mut forged = back(&begun);
    let flow = text(&begun, "flow");
    let first = if flow.starts_with('A') { "B" } else { "A" };
    forged["flow"] = json!(format!("{first}{}", &flow[1..]));
    complete(forged).await.refused(401, "provider_refused");
    // All of them were refused for their own reason: the true one is known to be nobody's.
    complete(back(&begun)).await.refused(401, "provider_account_unknown");
    app.clock.advance_seconds(600);
    complete(back(&begun)).await.refused(401, "provider_refused");
}

#[actix_web::test]
async fn keys_that_change_are_read_again_and_a_false_issuer_is_not_believed() {
    let liar = Liar::start().await;
    let app = test_app_with(|_| Vec::new(), liar.settings()).await;
    let begun = app.post("/auth/provider/begin", json!({})).await.ok(200);
    liar.says.lock().unwrap().kid = "second".to_owned();
    liar.says.lock().unwrap().token = Some(liar.signs(&claims(&liar, &begun, seconds!(app))));
    app.post("/auth/provider/complete", back(&begun))
        .await
        .refused(401, "provider_account_unknown");
    assert_eq!(liar.says.lock().unwrap().keys_read, 2);

    let other = Liar::start().await;
    other.says.lock().unwrap().issuer = Some("https://evil.example".to_owned());
    let app = test_app_with(|_| Vec::new(), other.settings()).await;
    let answer = app.post("/auth/provider/begin", json!({})).await;
    assert_eq!(answer.header("retry-after"), "5");
    answer.refused(503, "provider_unavailable");
}

#[actix_web::test]
async fn a_hundred_at_once_tie_one_account_and_untie_it_once() {
    let liar = Liar::start().await;
    let app = test_app_with(|_| Vec::new(), liar.settings()).await;
    let token = app.token(liangnuo_domain::Role::Handler).await;
    let post = |path: &str, body: Value| app.send(Call::new("POST", path).bearer(&token).json(&body));
    let begun = post("/me/provider/begin", json!({})).await.ok(200);
    liar.says.lock().unwrap().token = Some(liar.signs(&claims(&liar, &begun, seconds!(app))));
    let tied = (0..100).map(|_| post("/me/provider/complete", back(&begun)));
    let statuses: Vec<u16> = futures_util::future::join_all(tied)
        .await
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1);
    assert!(
        statuses.iter().all(|status| matches!(status, 204 | 409 | 503)),
        "{statuses:?}"
    );
    let untied = (0..100).map(|_| post("/me/provider/untie", json!({})));
    let statuses: Vec<u16> = futures_util::future::join_all(untied)
        .await
        .iter()
        .map(|answer| answer.status.as_u16())
        .collect();
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1);
    let log = "SELECT count(*) FROM events WHERE action LIKE 'accounts.provider%'";
    assert_eq!(app.db.number(log).await, 2);
}

#[actix_web::test]
async fn without_a_provider_there_is_nothing_of_it() {
    let app = liangnuo_test_support::api::test_app().await;
    assert_eq!(app.get("/auth/options").await.ok(200)["provider"], Value::Null);
    app.post("/auth/provider/begin", json!({}))
        .await
        .refused(404, "not_found");
    let token = app.token(liangnuo_domain::Role::Handler).await;
    app.get_as(&token, "/me/provider").await.refused(404, "not_found");
}

/// WeCom's API as its documentation describes it; the real one can't be reached from a test.
async fn wecom_token(liar: web::Data<Liar>, query: web::Query<Value>) -> HttpResponse {
    let mut says = liar.says.lock().unwrap();
    says.keys_read += 1;
    if query["corpid"] != "corp" || query["corpsecret"] != SECRET {
        return HttpResponse::Ok().json(json!({"errcode": 40001, "errmsg": "invalid credential"}));
    }
    HttpResponse::Ok()
        .json(json!({"errcode": 0, "access_token": format!("token {}", says.keys_read), "expires_in": 7200}))
}

async fn wecom_who(liar: web::Data<Liar>, query: web::Query<Value>) -> HttpResponse {
    let says = liar.says.lock().unwrap();
    // The first token is over before its time.
    if query["access_token"] == "token 1" {
        return HttpResponse::Ok().json(json!({"errcode": 42001, "errmsg": "access_token expired"}));
    }
    HttpResponse::Ok().json(match query["code"].as_str() {
        Some("member") if says.keys_read == 2 => json!({"errcode": 0, "errmsg": "ok", "userid": "zhoumin"}),
        Some("guest") => json!({"errcode": 0, "errmsg": "ok", "openid": "o-1"}),
        _ => json!({"errcode": 40029, "errmsg": "invalid code"}),
    })
}

#[actix_web::test]
async fn wecom_is_an_adapter_like_any_other() {
    let liar = Liar::start().await;
    let mut settings = liar.settings();
    settings.provider = settings.provider.map(|provider| ProviderSettings {
        kind: ProviderKind::Wecom,
        client_id: "corp".to_owned(),
        agent_id: "1000002".to_owned(),
        ..provider
    });
    let app = test_app_with(|_| Vec::new(), settings).await;
    let begun = app.post("/auth/provider/begin", json!({})).await.ok(200);
    let sent = asked(&begun);
    assert_eq!(
        (
            sent["login_type"].as_str(),
            sent["appid"].as_str(),
            sent["agentid"].as_str()
        ),
        ("CorpApp", "corp", "1000002")
    );
    let with = |begun: &Value, code: &str| {
        let mut back = back(begun);
        back["code"] = json!(code);
        back
    };
    let complete = |code: &str| app.post("/auth/provider/complete", with(&begun, code));
    complete("guest").await.refused(401, "provider_refused");
    complete("another").await.refused(401, "provider_refused");
    complete("member").await.refused(401, "provider_account_unknown");
    let token = app.token(liangnuo_domain::Role::Handler).await;
    let post = |path: &str, body: Value| app.send(Call::new("POST", path).bearer(&token).json(&body));
    let tying = post("/me/provider/begin", json!({})).await.ok(200);
    post("/me/provider/complete", with(&tying, "member")).await.ok(204);
    complete("member").await.ok(200);
}
