//! How often somebody may try. Addresses are kept in memory only, for as long as they are counted, and never logged.

use std::{
    future::{Ready, ready},
    net::{IpAddr, Ipv6Addr, SocketAddr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use actix_web::{
    FromRequest, HttpMessage as _, HttpRequest,
    dev::Payload,
    http::header::{HeaderMap, HeaderName, HeaderValue},
    web::Data,
};
use governor::{
    Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DashMapStateStore,
};
use liangnuo_domain::{AccountId, MemberId};

use crate::{
    devices::{self, KnownDevice},
    problem::{Problem, ProblemCode},
    state::AppState,
};

type Keyed = RateLimiter<String, DashMapStateStore<String>, DefaultClock, StateInformationMiddleware>;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Signing in, by address: 10 a minute.
    LogIn,
    /// Signing in, by account and address, or by account and known device: 5 at once, then one in 40 seconds.
    Account,
    /// Signing in, by account, from wherever it is not known: 10 at once, then one a minute, so that at most 20 guesses in ten
    /// minutes reach the hash, from however many addresses they come. Known devices are not counted here: whoever knows a login
    /// can't lock its owner out.
    Elsewhere,
    /// Codes of a second factor, by account, after the password: 5 at once, then one in two minutes, so that six digits stay
    /// out of reach for years. By account alone, since the password is known by then; recovery codes are counted apart, so
    /// that its owner still gets in while somebody guesses.
    Code,
    /// Going on with a session or ending it, by address: 120 a minute, since a whole school may share one.
    Session,
    /// Looking up a receipt code, by address: 10 a minute.
    Receipt,
    /// Filing, by address: 5 an hour. The proof of work bounds the rest.
    Filing,
    /// Announcing files, by address, of the staff by member: as many as five filings can have, and so many an hour.
    Upload,
    /// Taking down what others say, by member: a mailbox full of letters, then one in ten seconds.
    Registering,
    /// Proofs from the sealed log, by address: 60 at once, then one a second.
    Proof,
}

impl Limit {
    const ALL: [Self; 10] = [
        Self::LogIn,
        Self::Account,
        Self::Elsewhere,
        Self::Code,
        Self::Session,
        Self::Receipt,
        Self::Filing,
        Self::Upload,
        Self::Registering,
        Self::Proof,
    ];

    /// Its name in the headers.
    const fn name(self) -> &'static str {
        match self {
            Self::LogIn => "log_in",
            Self::Account => "account",
            Self::Elsewhere => "elsewhere",
            Self::Code => "code",
            Self::Session => "session",
            Self::Receipt => "receipt",
            Self::Filing => "filing",
            Self::Upload => "upload",
            Self::Registering => "registering",
            Self::Proof => "proof",
        }
    }

    fn quota(self) -> Quota {
        match self {
            Self::LogIn | Self::Receipt => quota(10, Duration::from_secs(6)),
            Self::Account => quota(5, Duration::from_secs(40)),
            Self::Elsewhere => quota(10, Duration::from_secs(60)),
            Self::Code => quota(5, Duration::from_secs(120)),
            Self::Session => quota(120, Duration::from_millis(500)),
            Self::Filing => quota(5, Duration::from_secs(720)),
            Self::Upload => quota(50, Duration::from_secs(72)),
            Self::Registering => quota(60, Duration::from_secs(10)),
            Self::Proof => quota(60, Duration::from_secs(1)),
        }
    }
}

/// The counters.
#[derive(Clone, Debug)]
pub struct Limits {
    counters: Option<Arc<Counters>>,
    trusted_proxies: Arc<Vec<IpAddr>>,
}

#[derive(Debug)]
struct Counters {
    by_limit: Vec<(Limit, Keyed)>,
}

/// Where a request stands with its limit, for the headers of its answer.
#[derive(Clone, Copy, Debug)]
struct Standing {
    limit: Limit,
    remaining: u32,
    wait: Option<u64>,
}

fn quota(burst: u32, one_in: Duration) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(one_in)
        .unwrap_or(Quota::per_minute(burst))
        .allow_burst(burst)
}

fn keyed(quota: Quota) -> Keyed {
    RateLimiter::keyed(quota).with_middleware()
}

impl Limits {
    /// On or off, and whose `X-Forwarded-For` is believed.
    #[must_use]
    pub fn new(is_on: bool, trusted_proxies: Vec<IpAddr>) -> Self {
        let counters = is_on.then(|| {
            Arc::new(Counters {
                by_limit: Limit::ALL
                    .into_iter()
                    .map(|limit| (limit, keyed(limit.quota())))
                    .collect(),
            })
        });
        // A socket that takes both families shows an IPv4 peer as ::ffff:a.b.c.d.
        let trusted_proxies = trusted_proxies.iter().map(IpAddr::to_canonical).collect();
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
        match self.count(limit, who) {
            Some(Standing { wait: Some(wait), .. }) => Err(Problem::new(ProblemCode::RateLimited).after(wait)),
            Some(_) | None => Ok(()),
        }
    }

    fn count(&self, limit: Limit, who: &str) -> Option<Standing> {
        let counters = self.counters.as_ref()?;
        let (_, counter) = counters.by_limit.iter().find(|(known, _)| *known == limit)?;
        Some(match counter.check_key(&who.to_owned()) {
            Ok(snapshot) => Standing {
                limit,
                remaining: snapshot.remaining_burst_capacity(),
                wait: None,
            },
            Err(not_until) => Standing {
                limit,
                remaining: 0,
                wait: Some(not_until.wait_time_from(DefaultClock::default().now()).as_secs() + 1),
            },
        })
    }

    /// Counts one try, and notes for the answer's headers where the request stands with its limit.
    fn check_noted(&self, limit: Limit, who: &str, request: &HttpRequest) -> Result<(), Problem> {
        let Some(standing) = self.count(limit, who) else {
            return Ok(());
        };
        // Of several limits the one with the least left is of use to the client.
        let least = request
            .extensions()
            .get::<Standing>()
            .is_none_or(|noted| standing.wait.is_some() || standing.remaining < noted.remaining);
        if least {
            request.extensions_mut().insert(standing);
        }
        match standing.wait {
            Some(wait) => Err(Problem::new(ProblemCode::RateLimited).after(wait)),
            None => Ok(()),
        }
    }

    /// Forgets who has not been seen for a while.
    pub fn shrink(&self) {
        if let Some(counters) = &self.counters {
            for (_, counter) in &counters.by_limit {
                counter.retain_recent();
            }
        }
    }

    /// Counts one try of the request's address.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn check_address(&self, limit: Limit, request: &HttpRequest) -> Result<(), Problem> {
        match self.address(request) {
            Some(address) => self.check_noted(limit, &address, request),
            None => Ok(()),
        }
    }

    /// Counts one guess at an account: of the device, where the owner is known on it, else of the request's address and of
    /// everywhere else together.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn check_account(
        &self,
        login: &str,
        known: Option<&KnownDevice>,
        request: &HttpRequest,
    ) -> Result<(), Problem> {
        if let Some(device) = known {
            let device = u128::from_be_bytes(device.id);
            return self.check_noted(Limit::Account, &format!("device {device:032x}"), request);
        }
        let address = self.address(request).unwrap_or_default();
        self.check_noted(Limit::Account, &format!("{address}\n{login}"), request)?;
        self.check_noted(Limit::Elsewhere, login, request)
    }

    /// Counts one try at signing in: by whom a known device belongs to, else by address, since a whole school may share one. By
    /// the account and not by the device, of which anybody can have as many as they sign in.
    fn check_log_in(&self, state: &AppState, request: &HttpRequest) -> Result<(), Problem> {
        match devices::presented(request, state).first() {
            Some(device) => self.check_noted(Limit::LogIn, &format!("account {}", device.account), request),
            None => self.check_address(Limit::LogIn, request),
        }
    }

    /// Counts one try of a signed-in member.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn check_member(&self, limit: Limit, member: MemberId, request: &HttpRequest) -> Result<(), Problem> {
        self.check_noted(limit, &member.to_string(), request)
    }

    /// Counts one guess at the codes of an account, or at its recovery codes.
    ///
    /// # Errors
    /// 429 with the seconds to wait.
    pub fn check_code(&self, account: AccountId, is_recovery: bool, request: &HttpRequest) -> Result<(), Problem> {
        let kind = if is_recovery { "recovery" } else { "code" };
        self.check_noted(Limit::Code, &format!("{account}\n{kind}"), request)
    }

    /// The client's address: the peer's, or what a trusted proxy says it is. IPv6 by its /64, since a household has one.
    fn address(&self, request: &HttpRequest) -> Option<String> {
        let peer = request.peer_addr()?.ip().to_canonical();
        Some(match self.client(peer, request.headers()) {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).to_string(),
        })
    }

    /// Follows `X-Forwarded-For` back from the peer, from one of our proxies to the next, to the first address that is
    /// none: what stands before it may be invented. The trace ends at an entry that is no address.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        // Each proxy may append to the header or add one of its own: the lines are one list.
        let lines: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .map(|value| value.to_str().unwrap_or_default())
            .collect();
        let mut entries = lines.iter().rev().flat_map(|line| line.rsplit(','));
        let mut client = peer;
        while self.trusted_proxies.contains(&client) {
            let Some(before) = entries.next().and_then(address_in) else {
                break;
            };
            client = before;
        }
        client
    }
}

/// The address of an entry; some proxies put the port beside it.
fn address_in(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let socket = || entry.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    let address = entry.parse::<IpAddr>().ok().or_else(socket)?;
    Some(address.to_canonical())
}

/// Tells a client of a limited operation where it stands, by draft-ietf-httpapi-ratelimit-headers-10.
pub(crate) fn set_headers(request: &HttpRequest, headers: &mut HeaderMap) {
    let Some(standing) = request.extensions().get::<Standing>().copied() else {
        return;
    };
    let (name, quota) = (standing.limit.name(), standing.limit.quota());
    let burst = quota.burst_size().get();
    let window = (quota.replenish_interval() * burst).as_secs();
    let wait = standing.wait.map(|seconds| format!(";t={seconds}")).unwrap_or_default();
    for (header, value) in [
        ("ratelimit-policy", format!("\"{name}\";q={burst};w={window}")),
        ("ratelimit", format!("\"{name}\";r={}{wait}", standing.remaining)),
    ] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(header), value);
        }
    }
}

/// Declares arguments of handlers that count one try of the request's address. They stand before the body, so that who
/// is over the limit is turned away before the body is read.
macro_rules! counted {
    ($($(#[$doc:meta])* $name:ident = $limit:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl FromRequest for $name {
            type Error = Problem;
            type Future = Ready<Result<Self, Problem>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                ready(match request.app_data::<Data<AppState>>() {
                    Some(state) => state.limits.check_address(Limit::$limit, request).map(|()| Self),
                    None => Err(Problem::new(ProblemCode::Internal)),
                })
            }
        }
    )+};
}

counted! {
    /// One proof from the sealed log.
    CountedProof = Proof;
    /// One try at going on with a session.
    CountedSession = Session;
    /// One try at a receipt code.
    CountedReceipt = Receipt;
    /// One filing.
    CountedFiling = Filing;
    /// One file that is announced.
    CountedUpload = Upload;
}

/// One try at signing in. It stands before the body as the others do.
#[derive(Clone, Copy, Debug)]
pub struct CountedLogIn;

impl FromRequest for CountedLogIn {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match request.app_data::<Data<AppState>>() {
            Some(state) => state.limits.check_log_in(state, request).map(|()| Self),
            None => Err(Problem::new(ProblemCode::Internal)),
        })
    }
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
    fn a_thousand_guesses_in_ten_minutes_become_twenty() {
        // With a clock of its own, so that ten minutes pass at once.
        let clock = governor::clock::FakeRelativeClock::default();
        let counter = |limit: Limit| RateLimiter::dashmap_with_clock(limit.quota(), clock.clone());
        let (by_address, elsewhere) = (counter(Limit::Account), counter(Limit::Elsewhere));
        for addresses in [1, 100] {
            let login = format!("zhoumin {addresses}");
            let mut reached = 0;
            for guess in 0..1_000 {
                let from = format!("{}\n{login}", guess % addresses);
                if by_address.check_key(&from).is_ok() && elsewhere.check_key(&login).is_ok() {
                    reached += 1;
                }
                clock.advance(Duration::from_millis(600));
            }
            assert!((10..=20).contains(&reached), "{reached} of {addresses} addresses");
        }
    }

    #[test]
    fn a_known_device_has_tries_of_its_own() {
        let limits = Limits::new(true, Vec::new());
        let request = TestRequest::default()
            .peer_addr("1.1.1.1:9".parse().unwrap())
            .to_http_request();
        let device = KnownDevice::new(
            AccountId(uuid::Uuid::from_u128(1)),
            liangnuo_domain::Timestamp::from_micros(0),
        );
        for _ in 0..5 {
            limits.check_account("zhoumin", None, &request).unwrap();
        }
        assert!(limits.check_account("zhoumin", None, &request).is_err());
        for _ in 0..5 {
            limits.check_account("zhoumin", Some(&device), &request).unwrap();
        }
        assert!(limits.check_account("zhoumin", Some(&device), &request).is_err());
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

    #[test]
    fn an_address_has_one_form_and_the_trace_ends_where_it_breaks() {
        let limits = Limits::new(
            true,
            vec!["10.0.0.1".parse().unwrap(), "::ffff:10.0.0.2".parse().unwrap()],
        );
        let address = |peer: &str, forwarded: &[&str]| {
            let mut request = TestRequest::default().peer_addr(peer.parse().unwrap());
            for line in forwarded {
                request = request.append_header(("X-Forwarded-For", *line));
            }
            limits.address(&request.to_http_request()).unwrap()
        };
        let (proxy, mapped) = ("10.0.0.1:9", "[::ffff:10.0.0.1]:9");
        assert_eq!(address("[::ffff:3.3.3.3]:9", &[]), "3.3.3.3");
        assert_eq!(address(mapped, &["2.2.2.2"]), "2.2.2.2");
        assert_eq!(address(proxy, &["::ffff:2.2.2.2"]), "2.2.2.2");
        assert_eq!(address(proxy, &["2.2.2.2:4711"]), "2.2.2.2");
        // What the client itself wrote stands in the first line.
        assert_eq!(address(proxy, &["1.1.1.1", "2.2.2.2", "10.0.0.2"]), "2.2.2.2");
        assert_eq!(address(proxy, &["1.1.1.1, nonsense, 10.0.0.2"]), "10.0.0.2");
        assert_eq!(address(proxy, &[]), "10.0.0.1");
    }
}
