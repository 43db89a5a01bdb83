//! Proof of work in ALTCHA's v1 form: a little work for a browser, much for somebody who floods.

use altcha_lib_rs::{ChallengeOptions, Payload, create_challenge, verify_solution};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use liangnuo_domain::Timestamp;
use liangnuo_persistence::complaints::Proof;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    keys::Keys,
    problem::{Problem, ProblemCode},
};

/// Seconds in which a challenge can be solved.
const LIFETIME: i64 = 1_800;

/// A challenge: find `number` up to `maxnumber` so that SHA-256(salt + number) is `challenge`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Challenge {
    /// Always `SHA-256`.
    #[schema(example = "SHA-256")]
    pub algorithm: String,
    /// The hash to find, in hex.
    pub challenge: String,
    /// What stands before the number; it also says when the challenge expires.
    pub salt: String,
    /// Proves that we made it.
    pub signature: String,
    /// The largest number to try.
    #[schema(minimum = 1)]
    pub maxnumber: i64,
}

/// Makes challenges and checks solutions.
#[derive(Clone, Debug)]
pub struct Challenges {
    key: String,
    difficulty: u64,
}

impl Challenges {
    /// With a largest number to try: the work grows with it.
    #[must_use]
    pub fn new(keys: &Keys, difficulty: u64) -> Self {
        Self {
            key: keys.challenge_key(),
            difficulty,
        }
    }

    /// A new challenge.
    ///
    /// # Errors
    /// Internal, if the library fails.
    pub fn make(&self, now: Timestamp) -> Result<Challenge, Problem> {
        let made = create_challenge(ChallengeOptions {
            algorithm: None,
            max_number: Some(self.difficulty),
            salt_length: None,
            hmac_key: &self.key,
            salt: None,
            number: None,
            expires: Some(now.plus_seconds(LIFETIME).utc()),
            params: None,
        })
        .map_err(|_failed| Problem::new(ProblemCode::Internal))?;
        Ok(Challenge {
            algorithm: "SHA-256".to_owned(),
            challenge: made.challenge,
            salt: made.salt,
            signature: made.signature,
            maxnumber: i64::try_from(made.maxnumber).unwrap_or(i64::MAX),
        })
    }

    /// The proof in a solution, to be spent in the transaction of what it was made for; `None` if it proves nothing.
    #[must_use]
    pub fn proof(&self, solution: &str, now: Timestamp) -> Option<Proof> {
        let json = BASE64_STANDARD.decode(solution.trim()).ok()?;
        let payload: Payload = serde_json::from_slice(&json).ok()?;
        // The library ends its parameters with "&", so that no digit of the number can be read as part of the expiry.
        let (_, params) = payload.salt.strip_suffix('&')?.split_once('?')?;
        let seconds: i64 = params
            .split('&')
            .find_map(|pair| pair.strip_prefix("expires="))?
            .parse()
            .ok()?;
        let expires_at = Timestamp::from_micros(seconds.checked_mul(1_000_000)?);
        if expires_at <= now || expires_at > now.plus_seconds(LIFETIME) {
            return None;
        }
        // Our clock decides on expiry, so the library need not ask the operating system's.
        verify_solution(&payload, &self.key, false).ok()?;
        Some(Proof {
            challenge: payload.challenge,
            expires_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use altcha_lib_rs::solve_challenge;

    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_763_870_400_000_000);

    fn solve(challenge: &Challenge) -> String {
        let most = u64::try_from(challenge.maxnumber).unwrap();
        let number = solve_challenge(&challenge.challenge, &challenge.salt, None, Some(most), 0).unwrap();
        let json = serde_json::json!({
            "algorithm": "SHA-256", "challenge": challenge.challenge, "number": number,
            "salt": challenge.salt, "signature": challenge.signature,
        });
        BASE64_STANDARD.encode(json.to_string())
    }

    #[test]
    fn a_solution_counts_in_its_time_and_only_if_we_made_the_challenge() {
        let challenges = Challenges::new(&Keys::new([7; 32]), 100);
        let solution = solve(&challenges.make(NOW).unwrap());
        assert!(challenges.proof(&solution, NOW).is_some());
        assert!(challenges.proof(&solution, NOW.plus_seconds(LIFETIME + 1)).is_none());
        assert!(
            Challenges::new(&Keys::new([8; 32]), 100)
                .proof(&solution, NOW)
                .is_none()
        );
        for garbage in ["", "e30=", "not base64", &BASE64_STANDARD.encode("{\"salt\":1}")] {
            assert!(challenges.proof(garbage, NOW).is_none());
        }
    }
}
