//! Identity providers that staff may sign in with. What they have in common is here: a way there, a way back, and who it was
//! that came back. Each kind is an adapter in a file of its own.

mod oidc;
mod wecom;

use std::{sync::OnceLock, time::Duration};

use liangnuo_domain::{
    AccountId, Secret, Timestamp,
    providers::{ProviderKind, flow_ends_at},
};
use liangnuo_persistence::accounts::ProviderSubject;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::problem::{Problem, ProblemCode};

/// How long a provider may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Bytes of an answer, at most. Keys of a provider fit into a few thousand.
const ANSWER_MAX: usize = 512 * 1024;

/// How a provider is reached.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    /// Which kind.
    pub kind: ProviderKind,
    /// Its address: of OpenID Connect the issuer, of WeCom the API.
    pub url: String,
    /// Who we are to it: client id, or the corporation's id.
    pub client_id: String,
    /// The secret that goes with it.
    pub client_secret: Secret,
    /// WeCom's number of the application.
    pub agent_id: String,
    /// What people call it, in Chinese.
    pub name: String,
    /// In English.
    pub name_en: String,
    /// Where it sends people back to.
    pub redirect_uri: String,
}

/// What somebody is on their way to a provider for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Errand {
    /// To sign in.
    SignIn,
    /// To tie this account to who they are there.
    Tie(AccountId),
}

/// Somebody on their way to a provider and back. What the way back must show follows from the id by our keys, so nothing is
/// kept of it here; the browser that began has the flow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flow {
    /// A random number.
    pub id: Uuid,
    /// What for.
    pub errand: Errand,
    /// Since when.
    pub since: Timestamp,
    /// Comes back with them, so that nobody is sent back who was not sent there.
    pub state: String,
    /// Stands in what the provider signs, so that it signs it for this flow.
    pub nonce: String,
    /// Whoever exchanges the code must know it (PKCE).
    pub verifier: String,
}

impl Flow {
    /// When they must be back.
    #[must_use]
    pub fn ends_at(&self) -> Timestamp {
        flow_ends_at(self.since)
    }
}

/// Why a provider did not tell who somebody is.
#[derive(Debug, thiserror::Error)]
pub enum ProviderError {
    /// It can't be reached, or says what it must not.
    #[error("the provider does not answer as it should: {0}")]
    Unavailable(String),
    /// It does not know the code, or what it signed is not for us.
    #[error("the provider's answer is refused: {0}")]
    Refused(String),
}

impl From<ProviderError> for Problem {
    fn from(error: ProviderError) -> Self {
        tracing::warn!(error = %error, "providers.failed");
        match error {
            ProviderError::Unavailable(_) => Self::new(ProblemCode::ProviderUnavailable).after(5),
            ProviderError::Refused(_) => Self::new(ProblemCode::ProviderRefused),
        }
    }
}

#[derive(Debug)]
enum Adapter {
    Oidc(oidc::Oidc),
    Wecom(wecom::Wecom),
}

/// The provider of this deployment.
#[derive(Debug)]
pub struct Provider {
    settings: ProviderSettings,
    adapter: Adapter,
}

impl Provider {
    /// The provider that the settings name; none for [`ProviderKind::None`].
    #[must_use]
    pub fn new(settings: ProviderSettings) -> Option<Self> {
        let adapter = match settings.kind {
            ProviderKind::None => return None,
            ProviderKind::Oidc => Adapter::Oidc(oidc::Oidc::new()),
            ProviderKind::Wecom => Adapter::Wecom(wecom::Wecom::new()),
        };
        Some(Self { settings, adapter })
    }

    /// How it is reached.
    #[must_use]
    pub const fn settings(&self) -> &ProviderSettings {
        &self.settings
    }

    /// By what its people are told apart from another provider's.
    #[must_use]
    pub fn issuer(&self) -> String {
        match self.adapter {
            Adapter::Oidc(_) => self.settings.url.clone(),
            Adapter::Wecom(_) => format!("wecom:{}", self.settings.client_id),
        }
    }

    /// Where a browser goes to begin.
    ///
    /// # Errors
    /// The provider can't be reached.
    pub async fn authorization_url(&self, flow: &Flow) -> Result<String, ProviderError> {
        match &self.adapter {
            Adapter::Oidc(oidc) => oidc.authorization_url(&self.settings, flow).await,
            Adapter::Wecom(wecom) => wecom.authorization_url(&self.settings, flow),
        }
    }

    /// Who came back with a code.
    ///
    /// # Errors
    /// The provider can't be reached, does not know the code, or signs what is not for this flow.
    pub async fn identify(&self, flow: &Flow, code: &str, now: Timestamp) -> Result<ProviderSubject, ProviderError> {
        let subject = match &self.adapter {
            Adapter::Oidc(oidc) => oidc.identify(&self.settings, flow, code, now).await?,
            Adapter::Wecom(wecom) => wecom.identify(&self.settings, code).await?,
        };
        if subject.is_empty() || subject.chars().count() > 255 {
            return Err(ProviderError::Refused("a name of no use".to_owned()));
        }
        Ok(ProviderSubject {
            issuer: self.issuer(),
            subject,
        })
    }
}

/// A client, made with its roots of trust when it is first needed. Whoever is asked is named in the configuration; where they
/// would send us on we don't go.
#[derive(Debug, Default)]
struct Client(OnceLock<reqwest::Client>);

impl Client {
    fn get(&self) -> Result<&reqwest::Client, ProviderError> {
        if let Some(made) = self.0.get() {
            return Ok(made);
        }
        let made = reqwest::Client::builder()
            .timeout(PATIENCE)
            .connect_timeout(PATIENCE)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("liangnuo")
            .build()
            .map_err(|error| ProviderError::Unavailable(error.to_string()))?;
        Ok(self.0.get_or_init(|| made))
    }
}

/// Asks, and reads an answer that is not too long. Gives its status and its body.
async fn ask(request: reqwest::RequestBuilder) -> Result<(u16, Vec<u8>), ProviderError> {
    // Without the address, in which a secret may stand.
    let unavailable = |error: reqwest::Error| ProviderError::Unavailable(error.without_url().to_string());
    let mut response = request.send().await.map_err(unavailable)?;
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(unavailable)? {
        if body.len() + chunk.len() > ANSWER_MAX {
            return Err(ProviderError::Unavailable("the answer is too long".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok((status, body))
}

/// Asks for JSON.
async fn ask_json<T: DeserializeOwned>(request: reqwest::RequestBuilder) -> Result<T, ProviderError> {
    let (status, body) = ask(request).await?;
    if status != 200 {
        return Err(ProviderError::Unavailable(format!("status {status}")));
    }
    serde_json::from_slice(&body).map_err(|error| ProviderError::Unavailable(error.to_string()))
}

/// An address with what is asked.
fn address(base: &str, query: &[(&str, &str)]) -> Result<url::Url, ProviderError> {
    url::Url::parse_with_params(base, query).map_err(|error| ProviderError::Unavailable(format!("no address: {error}")))
}
