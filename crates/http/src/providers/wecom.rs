//! 企业微信 (WeCom): the page with the QR code for applications of a corporation's own, and two requests of its API. It signs
//! nothing; that the answer is true rests on TLS to its API.

use std::time::Duration;

use liangnuo_domain::Secret;
use moka::future::Cache;
use serde::Deserialize;

use super::{Client, Flow, ProviderError, ProviderSettings, address, ask_json};

/// Where the log-in page is, and the API unless the configuration names another address.
const PAGE: &str = "https://login.work.weixin.qq.com/wwlogin/sso/login";
const API: &str = "https://qyapi.weixin.qq.com";

/// How long a token of the API is used: it is good for two hours, and asking for one at each log-in is forbidden.
const TOKEN_USED: Duration = Duration::from_secs(5_400);

/// What the API says of a token that is over before its time.
const TOKEN_OVER: [i64; 3] = [40_001, 40_014, 42_001];

#[derive(Deserialize)]
struct Token {
    errcode: i64,
    #[serde(default)]
    access_token: String,
}

#[derive(Deserialize)]
struct Who {
    errcode: i64,
    /// Of a member of the corporation; others have none.
    #[serde(default, alias = "UserId")]
    userid: String,
}

/// The adapter.
#[derive(Debug)]
pub(super) struct Wecom {
    client: Client,
    token: Cache<(), Secret>,
}

impl Wecom {
    pub(super) fn new() -> Self {
        Self {
            client: Client::default(),
            token: Cache::builder().max_capacity(1).time_to_live(TOKEN_USED).build(),
        }
    }

    pub(super) fn authorization_url(&self, settings: &ProviderSettings, flow: &Flow) -> Result<String, ProviderError> {
        let query = [
            ("login_type", "CorpApp"),
            ("appid", settings.client_id.as_str()),
            ("agentid", &settings.agent_id),
            ("redirect_uri", &settings.redirect_uri),
            ("state", &flow.state),
        ];
        Ok(address(PAGE, &query)?.into())
    }

    pub(super) async fn identify(&self, settings: &ProviderSettings, code: &str) -> Result<String, ProviderError> {
        let mut who = self.who(settings, code).await?;
        if TOKEN_OVER.contains(&who.errcode) {
            self.token.invalidate(&()).await;
            who = self.who(settings, code).await?;
        }
        match who.errcode {
            0 if !who.userid.is_empty() => Ok(who.userid),
            0 => Err(ProviderError::Refused("no member of the corporation".to_owned())),
            other => Err(ProviderError::Refused(format!("errcode {other}"))),
        }
    }

    async fn who(&self, settings: &ProviderSettings, code: &str) -> Result<Who, ProviderError> {
        let token = self.token(settings).await?;
        let query = [("access_token", token.reveal()), ("code", code)];
        let url = address(&format!("{}/cgi-bin/auth/getuserinfo", api(settings)), &query)?;
        ask_json(self.client.get()?.get(url)).await
    }

    async fn token(&self, settings: &ProviderSettings) -> Result<Secret, ProviderError> {
        if let Some(known) = self.token.get(&()).await {
            return Ok(known);
        }
        let query = [
            ("corpid", settings.client_id.as_str()),
            ("corpsecret", settings.client_secret.reveal()),
        ];
        let url = address(&format!("{}/cgi-bin/gettoken", api(settings)), &query)?;
        let token: Token = ask_json(self.client.get()?.get(url)).await?;
        if token.errcode != 0 {
            return Err(ProviderError::Unavailable(format!("errcode {}", token.errcode)));
        }
        let token = Secret::new(token.access_token);
        self.token.insert((), token.clone()).await;
        Ok(token)
    }
}

fn api(settings: &ProviderSettings) -> &str {
    if settings.url.is_empty() {
        API
    } else {
        settings.url.trim_end_matches('/')
    }
}
