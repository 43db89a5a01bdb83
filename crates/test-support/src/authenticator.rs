//! An authenticator app, as the members of the test county who have a second factor carry one.

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use liangnuo_domain::{Timestamp, second_factor::step_at};
use liangnuo_http::second_factor::code_at;
use liangnuo_persistence::second_factor::Seed;
use serde_json::json;

use crate::{TestApp, api::Call};

/// A telephone that shows codes.
#[derive(Clone, Debug)]
pub struct Authenticator(Seed);

impl Authenticator {
    /// One that was given a seed as it is typed.
    ///
    /// # Panics
    /// When it is no base32.
    #[must_use]
    pub fn of(base32: &str) -> Self {
        let (mut held, mut bits, mut bytes) = (0_u32, 0_u32, Vec::new());
        for letter in base32.bytes() {
            let five = match letter {
                b'A'..=b'Z' => letter - b'A',
                b'2'..=b'7' => letter - b'2' + 26,
                other => panic!("{other} is no base32"),
            };
            held = (held << 5) | u32::from(five);
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                bytes.push(u8::try_from((held >> bits) & 255).unwrap());
                held &= (1 << bits) - 1;
            }
        }
        Self(Seed(bytes))
    }

    /// What it holds, as bytes.
    #[must_use]
    pub fn seed(&self) -> &[u8] {
        &self.0.0
    }

    /// What it shows.
    #[must_use]
    pub fn shows(&self, now: Timestamp) -> String {
        format!("{:06}", code_at(&self.0, step_at(now)))
    }

    /// Six digits that it does not show, nor did or will for minutes.
    #[must_use]
    pub fn never_shows(&self, now: Timestamp) -> String {
        let near: Vec<u32> = (-9..=9).map(|off| code_at(&self.0, step_at(now) + off)).collect();
        let other = (0..).find(|code| !near.contains(code)).unwrap();
        format!("{other:06}")
    }
}

impl<S, B> TestApp<S>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    /// Sets a second factor up for whoever holds the token; gives the telephone and the recovery codes.
    pub async fn enrol(&self, token: &str) -> (Authenticator, Vec<String>) {
        let post = |path: &str, body| self.send(Call::new("POST", path).bearer(token).json(&body));
        let begun = post("/me/second-factor/begin", json!({})).await.ok(200);
        let phone = Authenticator::of(begun["seed"].as_str().unwrap());
        let body = json!({"code": phone.shows(self.clock.now())});
        let enrolled = post("/me/second-factor/enrol", body).await.ok(200);
        let codes = enrolled["recovery_codes"].as_array().unwrap().iter();
        (phone, codes.map(|code| code.as_str().unwrap().to_owned()).collect())
    }
}
