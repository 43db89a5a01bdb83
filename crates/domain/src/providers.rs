//! Identity providers: where an authority keeps its staff's log-ins already, an account can be opened by them, too.

use crate::{
    codes::codes,
    error::{Message, Refusal},
    time::Timestamp,
};

codes! {
    /// What kind of provider staff may sign in with, beside their password.
    ProviderKind {
        /// None.
        None = "none",
        /// One that speaks OpenID Connect.
        Oidc = "oidc",
        /// 企业微信: WeCom, whose log-in is a protocol of its own.
        Wecom = "wecom",
    }
}

/// Seconds between the way to the provider and the way back: long enough for a second factor there.
const FLOW_SECONDS: i64 = 600;

/// When somebody who left for the provider must be back.
#[must_use]
pub fn flow_ends_at(since: Timestamp) -> Timestamp {
    since.plus_seconds(FLOW_SECONDS)
}

/// Undoes the tie between an account and the provider.
///
/// # Errors
/// Where there is none.
pub fn untie(is_tied: bool) -> Result<(), Refusal> {
    if is_tied {
        return Ok(());
    }
    Err(Refusal::WrongState {
        is: "untied",
        wanted: vec!["tied"],
    })
}

/// Ties an account to somebody at the provider.
///
/// # Errors
/// Where it is tied to somebody already.
pub fn tie(is_tied: bool) -> Result<(), Refusal> {
    if !is_tied {
        return Ok(());
    }
    Err(Refusal::NotReady(Message::new(
        "您的账号已经绑定了一个统一身份，先解除再绑定别的。",
        "Your account is tied to an identity already. Undo that first.",
    )))
}
