//! People from nothing: the demo county with its accounts, and the link for the first administrator.

use std::{collections::HashMap, io::IsTerminal as _};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use liangnuo_domain::{
    CategoryId, MemberId, Role, RoleGrantId, Secret, Timestamp, UnitId,
    complaints::{Channel, Contact, Filing, Kind},
    members::{Member, MemberFields, PublicCard},
    role_grants::{self, Place, RoleGrant, StandIn, Term},
    units::{Unit, UnitFields, UnitKind},
};
use liangnuo_http::{clock::Clock, keys::Keys, passwords::Passwords};
use liangnuo_persistence::{
    Store, StoreError,
    accounts::NewAccount,
    county::{NewCounty, PastCase, PastStep, PastVerb},
};
use serde::Serialize;

use crate::{
    Failure,
    config::Config,
    county::{CASES, Cases, County, CountyComplaint, DAYS, What, county, openings, templates::templates},
    serve,
};

/// The demo county is the same on every machine.
const SEED: u64 = 20_111_123;

/// An account of the demo county.
#[derive(Debug, Serialize)]
struct DemoAccount {
    role: &'static str,
    login: &'static str,
    password: String,
}

/// Cases that are made, played and written at once: few enough to be light, many enough to be quick.
const CHUNK: usize = 2_000;

/// How much of the demo county is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Amount {
    /// How many times the usual number of cases.
    pub scale: u32,
    /// The number of cases, whatever the scale.
    pub cases: Option<usize>,
}

impl Amount {
    fn cases(self) -> usize {
        let scale = usize::try_from(self.scale).unwrap_or(usize::MAX);
        self.cases.unwrap_or(CASES.saturating_mul(scale))
    }
}

/// Loads the demo county into an empty database and prints its accounts with new passwords.
///
/// # Errors
/// A database that is not empty.
pub async fn demo(config: &Config, as_json: bool, amount: Amount) -> Result<(), Failure> {
    let store = serve::open(config).await?;
    if !store.is_empty().await? {
        return Err(Failure::Refused(
            "the database is not empty; the demo county is loaded into an empty one only".to_owned(),
        ));
    }
    let now = Clock::system().now();
    let made = county(SEED, now.local(), amount.cases());
    let mut accounts = Vec::new();
    let mut hashes = Vec::new();
    let passwords = Passwords::new();
    for account in &made.accounts {
        let password = BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 12]>());
        let hash = passwords.hash(password.clone()).await;
        hashes.push(hash.map_err(|problem| Failure::Refused(problem.to_string()))?);
        accounts.push(DemoAccount {
            role: account.role,
            login: account.login,
            password,
        });
    }
    // People and roles are there before the first case.
    let since = now.plus_seconds(-(DAYS + 40) * 86_400);
    let ids = Ids {
        units: made.units.iter().map(|_| UnitId(store.ids().v7(since))).collect(),
        members: made.members.iter().map(|_| MemberId(store.ids().v7(since))).collect(),
        grants: made.grants.iter().map(|_| RoleGrantId(store.ids().v7(since))).collect(),
        categories: HashMap::new(),
    };
    let inspectors = made.accounts.iter().filter(|account| account.role == "inspector");
    let inspectors = inspectors
        .map(|account| ids.member(account.member))
        .collect::<Result<Vec<_>, _>>()?;
    let region = ids.unit(0)?;
    let (people, cases) = convert(made, hashes, &ids, since)?;
    store.load_county(people, now).await?;
    load_cases(&store, ids, cases, (amount.cases(), now)).await?;
    if let [first, second] = inspectors[..] {
        openings::load(&store, region, [first, second], now).await?;
    }
    store.rebuild_sums(now).await?;
    while store.seal_events(now).await? > 0 {}
    store.analyze().await?;
    store.close().await?;
    print_accounts(&accounts, as_json)
}

async fn load_cases(
    store: &Store,
    mut ids: Ids,
    mut cases: Cases,
    (count, now): (usize, Timestamp),
) -> Result<(), Failure> {
    let region = ids.unit(0)?;
    ids.categories = store.category_paths(region).await?;
    let mut progress = Progress::begin(count);
    loop {
        let chunk = cases.by_ref().take(CHUNK);
        let chunk = chunk.map(|case| past_case(case, &ids)).collect::<Result<Vec<_>, _>>()?;
        if chunk.is_empty() {
            progress.end();
            return Ok(());
        }
        let made = chunk.len();
        store.load_past(region, chunk, now).await?;
        progress.add(made);
    }
}

/// What a person at the terminal sees of a long load, on the standard error.
struct Progress {
    done: usize,
    of: usize,
    is_shown: bool,
}

impl Progress {
    fn begin(of: usize) -> Self {
        let is_shown = of > 5 * CHUNK && std::io::stderr().is_terminal();
        Self { done: 0, of, is_shown }
    }

    #[expect(clippy::print_stderr, reason = "for the person who waits")]
    fn add(&mut self, made: usize) {
        self.done = (self.done + made).min(self.of);
        if self.is_shown {
            eprint!("\r{} / {} 件 / cases", self.done, self.of);
        }
    }

    #[expect(clippy::print_stderr, reason = "for the person who waits")]
    fn end(&self) {
        if self.is_shown {
            eprintln!();
        }
    }
}

#[expect(clippy::print_stdout, reason = "what the command is for")]
fn print_accounts(accounts: &[DemoAccount], as_json: bool) -> Result<(), Failure> {
    if as_json {
        println!("{}", serde_json::to_string(accounts).map_err(std::io::Error::other)?);
        return Ok(());
    }
    println!("清河县演示账号 / accounts of the demo county");
    println!("{:<16} {:<12} password", "role", "login");
    for account in accounts {
        println!("{:<16} {:<12} {}", account.role, account.login, account.password);
    }
    Ok(())
}

fn impossible(what: &str) -> Failure {
    Failure::Refused(format!("the demo county is wrong: {what}"))
}

/// The ids behind the places in the lists.
struct Ids {
    grants: Vec<RoleGrantId>,
    units: Vec<UnitId>,
    members: Vec<MemberId>,
    /// By path.
    categories: HashMap<String, CategoryId>,
}

impl Ids {
    fn unit(&self, at: usize) -> Result<UnitId, Failure> {
        self.units.get(at).copied().ok_or_else(|| impossible("a unit"))
    }

    fn member(&self, at: usize) -> Result<MemberId, Failure> {
        self.members.get(at).copied().ok_or_else(|| impossible("a member"))
    }
}

/// The code of the demo county's root; the others count on from it.
const FIRST_CODE: usize = 900_000;

fn convert(made: County, hashes: Vec<String>, ids: &Ids, since: Timestamp) -> Result<(NewCounty, Cases), Failure> {
    let region = ids.unit(0)?;
    let mut units = Vec::with_capacity(made.units.len());
    for (at, unit) in made.units.into_iter().enumerate() {
        units.push(Unit {
            id: ids.unit(at)?,
            region,
            parent: unit.parent.map(|parent| ids.unit(parent)).transpose()?,
            kind: UnitKind::from_code(unit.kind).ok_or_else(|| impossible(unit.kind))?,
            fields: UnitFields {
                code: Some(format!("{}", FIRST_CODE + at)),
                name: unit.name,
                name_en: Some(unit.name_en),
                reading: None,
                head: unit.head,
                hotline: unit.hotline,
                address: unit.address,
                opening_hours: unit.opening_hours,
            },
            closed_at: None,
            version: 1,
        });
    }
    let mut members = Vec::with_capacity(made.members.len());
    for (at, member) in made.members.into_iter().enumerate() {
        members.push(Member {
            id: ids.member(at)?,
            region,
            unit: ids.unit(member.unit)?,
            fields: MemberFields {
                staff_number: Some(format!("T{:05}", at + 1)),
                name: member.name,
                name_en: Some(member.name_en),
                reading: None,
                post: Some(member.post),
                post_en: Some(member.post_en),
                branch: member.branch.map(|branch| ids.unit(branch)).transpose()?,
                is_party_member: member.is_party_member,
            },
            card: PublicCard::default(),
            closed_at: None,
            version: 1,
        });
    }
    let mut grants = Vec::with_capacity(made.grants.len());
    for grant in made.grants {
        let role = Role::from_code(grant.role).ok_or_else(|| impossible(grant.role))?;
        let stood_in_for = grant.deputy_for.and_then(|at| grants.get(at));
        let deputy_for = stood_in_for.map(|holder: &RoleGrant| StandIn {
            grant: holder.id,
            holder: holder.member,
        });
        let (first_day, last_day) = grant.days;
        let place = Place {
            region,
            unit: ids.unit(grant.unit)?,
            role,
        };
        let id = ids
            .grants
            .get(grants.len())
            .copied()
            .ok_or_else(|| impossible("a grant"))?;
        grants.push(RoleGrant {
            term: Term {
                from: first_day.map_or(since, Timestamp::start_of),
                to: last_day.and_then(|day| day.succ_opt()).map(Timestamp::start_of),
            },
            reason: grant.given.map(|(reason, _)| reason.to_owned()),
            granted_by: grant.given.map(|(_, by)| ids.member(by)).transpose()?,
            deputy_for,
            ..role_grants::first(id, ids.member(grant.member)?, place, since)
        });
    }
    let mut accounts = Vec::with_capacity(made.accounts.len());
    for (account, password_hash) in made.accounts.into_iter().zip(hashes) {
        let member = ids.member(account.member)?;
        accounts.push(NewAccount {
            member,
            login: account.login.to_owned(),
            password_hash,
            // Whoever tries the product out shall not need a telephone for it. Real accounts are made by links alone.
            is_exempt: true,
        });
    }
    let county = NewCounty {
        region,
        units,
        members,
        grants,
        accounts,
        cases: Vec::new(),
        templates: templates(region),
        since,
    };
    Ok((county, made.complaints))
}

fn past_case(case: CountyComplaint, ids: &Ids) -> Result<PastCase, Failure> {
    let category = case
        .category
        .map(|path| ids.categories.get(path).copied().ok_or_else(|| impossible(path)))
        .transpose()?;
    let filing = Filing::parse(
        Kind::from_code(case.kind).ok_or_else(|| impossible(case.kind))?,
        Channel::from_code(case.channel).ok_or_else(|| impossible(case.channel))?,
        &case.title,
        &case.body,
        case.about.map(|unit| ids.unit(unit)).transpose()?,
        category,
        case.contact.is_none(),
    )
    .map_err(|_invalid| impossible("a text"))?;
    let mut steps = Vec::with_capacity(case.steps.len());
    for step in case.steps {
        let by = step.by.map(|member| ids.member(member)).transpose()?;
        steps.push(PastStep {
            at: Timestamp::from_local(step.at),
            by,
            what: past_verb(step.what, ids)?,
        });
    }
    Ok(PastCase {
        filing,
        contact: case.contact.map(|(name, phone)| Contact {
            name: Secret::new(name),
            phone: phone.map(Secret::new),
            email: None,
            guardian: None,
        }),
        received_at: Timestamp::from_local(case.received_at),
        steps,
    })
}

fn past_verb(what: What, ids: &Ids) -> Result<PastVerb, Failure> {
    Ok(match what {
        What::Assign { unit, handler } => PastVerb::Assign {
            unit: ids.unit(unit)?,
            handler: Some(ids.member(handler)?),
        },
        What::Redo { reason, not_by } => PastVerb::Redo {
            reason,
            not_by: Some(ids.member(not_by)?),
        },
        What::Lead(other) => PastVerb::Lead(Box::new(past_case(*other, ids)?)),
        What::Plain(verb) => verb,
    })
}

/// How long the link for the first administrator is good.
const BOOTSTRAP_SECONDS: i64 = 900;

/// Prints a one-time link for the first administrator.
///
/// # Errors
/// Once there is an account.
#[expect(clippy::print_stdout, reason = "what the command is for")]
pub async fn bootstrap(config: &Config) -> Result<(), Failure> {
    let store = serve::open(config).await?;
    let token = Keys::random_token();
    let now = Clock::system().now();
    store
        .keep_bootstrap_token(Keys::token_hash(&token), now.plus_seconds(BOOTSTRAP_SECONDS), now)
        .await?;
    store.close().await?;
    println!("首次设置链接，15 分钟内有效，只能用一次 / set-up link, good for 15 minutes and one use:");
    println!("{}/console/bootstrap#token={token}", config.address());
    Ok(())
}

/// Takes the second factor of a login away, and says so.
///
/// # Errors
/// An unknown login; one that has none.
#[expect(clippy::print_stdout, reason = "the word to the person at the terminal")]
pub async fn remove_second_factor(config: &Config, login: &str) -> Result<(), Failure> {
    let store = serve::open(config).await?;
    let done = store.remove_second_factor_at_server(login, Clock::system().now()).await;
    store.close().await?;
    match done {
        Err(StoreError::NotFound) => Err(Failure::Refused(format!("there is no account {login}"))),
        Err(StoreError::Refused(_)) => Err(Failure::Refused(format!("{login} has no second factor"))),
        other => Ok(other?),
    }?;
    println!("已解除 {login} 的两步验证 / the second factor of {login} is removed");
    Ok(())
}

/// Builds the sums that the statistics read anew from the cases, and says how many there are.
///
/// # Errors
/// When the database does not answer; the sums then stay as they were.
#[expect(clippy::print_stdout, reason = "what the command is for")]
pub async fn rebuild_statistics(config: &Config) -> Result<(), Failure> {
    let store = serve::open(config).await?;
    let counted = store.rebuild_sums(Clock::system().now()).await?;
    store.close().await?;
    println!("统计已按 {counted} 件重新汇总 / statistics built anew from {counted} cases");
    Ok(())
}
