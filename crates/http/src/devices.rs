//! Devices on which somebody has signed in before. Guesses from elsewhere may use up an account's tries, but never those of
//! a device that its owner is known on: nobody is locked out by whoever knows their login.
//!
//! A device is known by a token that it gets at log-in and the server keeps nowhere: whose account, a random id, since when,
//! and a signature. It opens nothing; all that it gives is a counter of its own.

use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration},
    http::header::HeaderMap,
};
use liangnuo_domain::{AccountId, Timestamp};

use crate::{keys::Keys, state::AppState};

/// A device is known for so many days after it was last signed in on.
pub const KNOWN_DAYS: i64 = 180;

/// Where a client that keeps no cookies shows its token.
pub const HEADER: &str = "x-liangnuo-device";

/// Computers that many members share have a cookie for each; more than these are not looked at.
const LOOKED_AT: usize = 40;

/// A device on which somebody has signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownDevice {
    /// Who.
    pub account: AccountId,
    /// The device, by a random number of ours.
    pub id: [u8; 16],
    /// When.
    pub since: Timestamp,
}

impl KnownDevice {
    /// A device that nobody knows yet.
    #[must_use]
    pub fn new(account: AccountId, now: Timestamp) -> Self {
        Self {
            account,
            id: rand::random(),
            since: now,
        }
    }

    /// Whether it is still known.
    #[must_use]
    pub fn is_known(&self, now: Timestamp) -> bool {
        now < self.since.plus_seconds(KNOWN_DAYS * 86_400)
    }
}

fn prefix(state: &AppState) -> &'static str {
    // `__Secure-` and not `__Host-`: the latter would send the cookie with every request.
    if state.settings.is_secure {
        "__Secure-liangnuo-device-"
    } else {
        "liangnuo-device-"
    }
}

/// The devices that a request says it comes from: by the cookies of a browser, or by the header of an app.
pub fn presented(request: &HttpRequest, state: &AppState) -> Vec<KnownDevice> {
    let now = state.clock.now();
    let known = |token: &str| state.keys.device(token).filter(|device| device.is_known(now));
    let cookies = request.cookies();
    let in_cookies = cookies
        .iter()
        .flat_map(|cookies| cookies.iter())
        .filter(|cookie| cookie.name().starts_with(prefix(state)))
        .filter_map(|cookie| known(cookie.value()));
    in_header(request.headers())
        .and_then(known)
        .into_iter()
        .chain(in_cookies)
        .take(LOOKED_AT)
        .collect()
}

fn in_header(headers: &HeaderMap) -> Option<&str> {
    headers.get(HEADER)?.to_str().ok()
}

/// The token of the device on which an account has just been signed in to: the same device as before, if it was known.
pub fn remember(request: &HttpRequest, state: &AppState, account: AccountId) -> String {
    let now = state.clock.now();
    let before = presented(request, state)
        .into_iter()
        .find(|device| device.account == account);
    let device = KnownDevice {
        since: now,
        ..before.unwrap_or_else(|| KnownDevice::new(account, now))
    };
    state.keys.device_token(&device)
}

/// The cookie that holds such a token. Each account has one of its own, since computers are shared.
pub fn cookie(state: &AppState, account: AccountId, token: String) -> Cookie<'static> {
    let name = format!("{}{}", prefix(state), Keys::short_name(account));
    Cookie::build(name, token)
        .path("/api/v1/auth")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(state.settings.is_secure)
        .max_age(Duration::days(KNOWN_DAYS))
        .finish()
}
