//! OpenID Connect: the code flow with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 1.0, 3.1).
//!
//! The way there and the exchange are two requests; what has to be right is the check of the ID token, which is the library's
//! that checks our own tokens. The ready-made client for Rust brings an RSA implementation with a known timing leak along
//! (RUSTSEC-2023-0071) and a second set of cryptography, so it is not used.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{Jwk, JwkSet, PublicKeyUse},
};
use liangnuo_domain::Timestamp;
use moka::future::Cache;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use super::{Client, Flow, ProviderError, ProviderSettings, address, ask, ask_json};

/// How long what a provider publishes of itself is believed.
const PUBLISHED: Duration = Duration::from_secs(3_600);

/// Seconds by which clocks may differ.
const LEEWAY: i64 = 60;

/// What an ID token may be signed with. Nothing with a shared secret: our client secret is no key.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDSA,
];

/// What a provider publishes of itself.
#[derive(Debug, Deserialize)]
struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default = "basic")]
    token_endpoint_auth_methods_supported: Vec<String>,
}

/// What it is if a provider does not say (OpenID Connect Discovery 1.0, 3).
fn basic() -> Vec<String> {
    vec!["client_secret_basic".to_owned()]
}

#[derive(Debug)]
struct Published {
    metadata: Metadata,
    keys: JwkSet,
}

#[derive(Debug, Deserialize)]
struct Tokens {
    id_token: String,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

#[derive(Debug, Deserialize)]
struct Claims {
    sub: String,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    iat: i64,
    aud: Audience,
    #[serde(default)]
    azp: Option<String>,
    #[serde(default)]
    nonce: Option<String>,
}

/// The adapter.
#[derive(Debug)]
pub(super) struct Oidc {
    client: Client,
    published: Cache<(), Arc<Published>>,
}

impl Oidc {
    pub(super) fn new() -> Self {
        Self {
            client: Client::default(),
            published: Cache::builder().max_capacity(1).time_to_live(PUBLISHED).build(),
        }
    }

    pub(super) async fn authorization_url(
        &self,
        settings: &ProviderSettings,
        flow: &Flow,
    ) -> Result<String, ProviderError> {
        let published = self.published(settings).await?;
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(flow.verifier.as_bytes()));
        let query = [
            ("response_type", "code"),
            ("client_id", &settings.client_id),
            ("redirect_uri", &settings.redirect_uri),
            ("scope", "openid"),
            ("state", &flow.state),
            ("nonce", &flow.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        Ok(address(&published.metadata.authorization_endpoint, &query)?.into())
    }

    pub(super) async fn identify(
        &self,
        settings: &ProviderSettings,
        flow: &Flow,
        code: &str,
        now: Timestamp,
    ) -> Result<String, ProviderError> {
        let published = self.published(settings).await?;
        let token = self.exchange(settings, &published.metadata, flow, code).await?;
        let key = match key_of(&token, &published.keys) {
            Some(key) => key,
            // Keys change; whoever signs with one that we have not seen has just changed it.
            None => {
                self.published.invalidate(&()).await;
                let anew = self.published(settings).await?;
                key_of(&token, &anew.keys).ok_or_else(|| refused("no such key"))?
            }
        };
        check(&token, &key, settings, flow, now)
    }

    async fn published(&self, settings: &ProviderSettings) -> Result<Arc<Published>, ProviderError> {
        if let Some(known) = self.published.get(&()).await {
            return Ok(known);
        }
        let base = settings.url.trim_end_matches('/');
        let metadata: Metadata = ask_json(
            self.client
                .get()?
                .get(format!("{base}/.well-known/openid-configuration")),
        )
        .await?;
        // Whoever answers for another one could have our people sign in as theirs.
        if metadata.issuer != settings.url {
            return Err(ProviderError::Unavailable(format!(
                "it calls itself {} and not {}",
                metadata.issuer, settings.url
            )));
        }
        let keys = ask_json(self.client.get()?.get(&metadata.jwks_uri)).await?;
        let published = Arc::new(Published { metadata, keys });
        self.published.insert((), Arc::clone(&published)).await;
        Ok(published)
    }

    /// Exchanges the code for the ID token.
    async fn exchange(
        &self,
        settings: &ProviderSettings,
        metadata: &Metadata,
        flow: &Flow,
        code: &str,
    ) -> Result<String, ProviderError> {
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &settings.redirect_uri),
            ("code_verifier", &flow.verifier),
        ];
        let (id, secret) = (settings.client_id.as_str(), settings.client_secret.reveal());
        let methods = &metadata.token_endpoint_auth_methods_supported;
        let takes_basic = methods.iter().any(|method| method == "client_secret_basic");
        let mut request = self.client.get()?.post(&metadata.token_endpoint);
        if !secret.is_empty() && takes_basic {
            // RFC 6749, 2.3.1: both are encoded as in a form before they are joined.
            request = request.basic_auth(encoded(id), Some(encoded(secret)));
        } else {
            form.push(("client_id", id));
            if !secret.is_empty() {
                form.push(("client_secret", secret));
            }
        }
        let (status, body) = ask(request.form(&form)).await?;
        match status {
            200 => serde_json::from_slice::<Tokens>(&body)
                .map(|tokens| tokens.id_token)
                .map_err(|error| ProviderError::Unavailable(error.to_string())),
            400..=499 => Err(refused(format!("the code is not taken: status {status}"))),
            _ => Err(ProviderError::Unavailable(format!("status {status}"))),
        }
    }
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn refused(why: impl Into<String>) -> ProviderError {
    ProviderError::Refused(why.into())
}

/// The key that a token says it is signed with: the one it names, or the only one.
fn key_of(token: &str, keys: &JwkSet) -> Option<Jwk> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    let signs = |key: &&Jwk| {
        !matches!(
            key.common.public_key_use,
            Some(PublicKeyUse::Encryption | PublicKeyUse::Other(_))
        )
    };
    match header.kid {
        Some(kid) => keys.find(&kid).filter(signs).cloned(),
        None => {
            let mut all = keys.keys.iter().filter(signs);
            all.next().filter(|_| all.next().is_none()).cloned()
        }
    }
}

/// Checks an ID token (OpenID Connect Core 1.0, 3.1.3.7), and gives whom it speaks of.
fn check(
    token: &str,
    key: &Jwk,
    settings: &ProviderSettings,
    flow: &Flow,
    now: Timestamp,
) -> Result<String, ProviderError> {
    let header = jsonwebtoken::decode_header(token).map_err(|error| refused(error.to_string()))?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(refused(format!("signed with {:?}", header.alg)));
    }
    let decoding = DecodingKey::from_jwk(key).map_err(|error| refused(error.to_string()))?;
    let mut rules = Validation::new(header.alg);
    rules.set_audience(&[&settings.client_id]);
    rules.set_issuer(&[&settings.url]);
    rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    // The times are compared with our own clock below.
    rules.validate_exp = false;
    rules.validate_nbf = false;
    let claims = jsonwebtoken::decode::<Claims>(token, &decoding, &rules)
        .map_err(|error| refused(error.to_string()))?
        .claims;
    let seconds = now.micros() / 1_000_000;
    if claims.exp + LEEWAY <= seconds {
        return Err(refused("it has run out"));
    }
    if claims.iat > seconds + LEEWAY || claims.nbf.is_some_and(|from| from > seconds + LEEWAY) {
        return Err(refused("it is not good yet"));
    }
    let has_others = matches!(&claims.aud, Audience::Many(many) if many.len() > 1);
    let is_ours = claims.azp.as_ref().is_none_or(|party| *party == settings.client_id);
    if !is_ours || (has_others && claims.azp.is_none()) {
        return Err(refused("it was made for somebody else"));
    }
    if let Audience::One(one) = &claims.aud
        && *one != settings.client_id
    {
        return Err(refused("it was made for somebody else"));
    }
    if claims.nonce.as_deref() != Some(flow.nonce.as_str()) {
        return Err(refused("it was made for another log-in"));
    }
    Ok(claims.sub)
}
