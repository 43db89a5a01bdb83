//! How often somebody may try. Addresses are kept in memory only, for as long as they are counted, and never logged.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use actix_web::{HttpRequest, web::Data};
use governor::{Quota, RateLimiter, clock::Clock as _, clock::DefaultClock, state::keyed::DashMapStateStore};

use crate::{
    problem::{Problem, ProblemCode},
    state::AppState,
};

type Keyed = RateLimiter<String, DashMapStateStore<String>, DefaultClock>;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Signing in, by address: 10 a minute.
    LogIn,
    /// Signing in, by account: bursts of 5, then one in thirty seconds (20 in ten minutes reach the hash).
    Account,
    /// Looking up a receipt code, by address: 10 a minute.
    Receipt,
    /// Filing, by address: 5 an hour. The proof of work bounds the rest.
    Filing,
}

/// The counters.
#[derive(Clone, Debug)]
pub struct Limits {
    counters: Option<Arc<Counters>>,
    trusted_proxies: Arc<Vec<IpAddr>>,
}

#[derive(Debug)]
struct Counters {
    log_in: Keyed,
    account: Keyed,
    receipt: Keyed,
    filing: Keyed,
}

fn quota(burst: u32, one_in: Duration) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(one_in)
        .unwrap_or(Quota::per_minute(burst))
        .allow_burst(burst)
}

impl Limits {
    /// On or off, and whose `X-Forwarded-For` is believed.
    #[must_use]
    pub fn new(is_on: bool, trusted_proxies: Vec<IpAddr>) -> Self {
        let counters = is_on.then(|| {
            Arc::new(Counters {
                log_in: RateLimiter::keyed(quota(10, Duration::from_secs(6))),
                account: RateLimiter::keyed(quota(5, Duration::from_secs(30))),
                receipt: RateLimiter::keyed(quota(10, Duration::from_secs(6))),
                filing: RateLimiter::keyed(quota(5, Duration::from_secs(720))),
            })
        });
        Self {
            counters,
            trusted_proxies: Arc::new(trusted_proxies),
        }
    }

    /// Counts one try of `who`.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn check(&self, limit: Limit, who: &str) -> Result<(), Problem> {
        let Some(counters) = &self.counters else { return Ok(()) };
        let counter = match limit {
            Limit::LogIn => &counters.log_in,
            Limit::Account => &counters.account,
            Limit::Receipt => &counters.receipt,
            Limit::Filing => &counters.filing,
        };
        counter.check_key(&who.to_owned()).map_err(|not_until| {
            let wait = not_until.wait_time_from(DefaultClock::default().now());
            Problem::new(ProblemCode::RateLimited).after(wait.as_secs() + 1)
        })
    }

    /// Forgets who has not been seen for a while.
    pub fn shrink(&self) {
        if let Some(counters) = &self.counters {
            counters.log_in.retain_recent();
            counters.account.retain_recent();
            counters.receipt.retain_recent();
            counters.filing.retain_recent();
        }
    }

    /// Counts one try of the request's address.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn check_address(&self, limit: Limit, request: &HttpRequest) -> Result<(), Problem> {
        match self.address(request) {
            Some(address) => self.check(limit, &address),
            None => Ok(()),
        }
    }

    /// The client's address: the peer's, or what a trusted proxy says it is. IPv6 by its /64, since a household has one.
    fn address(&self, request: &HttpRequest) -> Option<String> {
        let peer = request.peer_addr()?.ip();
        let client = if self.trusted_proxies.contains(&peer) {
            let forwarded = request
                .headers()
                .get("x-forwarded-for")
                .and_then(|value| value.to_str().ok());
            // The last entry that is not one of our proxies: what stands before it may be invented.
            forwarded
                .into_iter()
                .flat_map(|list| list.split(',').rev())
                .filter_map(|entry| entry.trim().parse().ok())
                .find(|address| !self.trusted_proxies.contains(address))
                .unwrap_or(peer)
        } else {
            peer
        };
        Some(match client {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).to_string(),
        })
    }
}

/// Counts one try of the request's address.
///
/// # Errors
/// 429 with the seconds to wait.
pub fn check(state: &Data<AppState>, limit: Limit, request: &HttpRequest) -> Result<(), Problem> {
    state.limits.check_address(limit, request)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_eleventh_try_waits() {
        let limits = Limits::new(true, Vec::new());
        for _ in 0..10 {
            limits.check(Limit::Receipt, "a").unwrap();
        }
        let problem = limits.check(Limit::Receipt, "a").unwrap_err();
        assert_eq!(problem.code(), ProblemCode::RateLimited);
        assert!(problem.retry_after().is_some_and(|seconds| seconds <= 7));
        limits.check(Limit::Receipt, "b").unwrap();
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let request = |peer: &str| {
            TestRequest::default()
                .peer_addr(peer.parse().unwrap())
                .insert_header(("X-Forwarded-For", "1.1.1.1, 2.2.2.2, 10.0.0.1"))
                .to_http_request()
        };
        let limits = Limits::new(true, vec![proxy]);
        assert_eq!(limits.address(&request("10.0.0.1:9")).unwrap(), "2.2.2.2");
        assert_eq!(limits.address(&request("3.3.3.3:9")).unwrap(), "3.3.3.3");
        assert_eq!(
            limits.address(&request("[2001:db8:1:2:3:4:5:6]:9")).unwrap(),
            "2001:db8:1:2::"
        );
    }
}
