//! A whole county at once: the demo county, and whatever else is set up from nothing. The cases go through the same
//! rules as any other; only their times and actors lie in the past.

use liangnuo_domain::{
    ComplaintId, MemberId, MessageId, RegionId, ReplyId, Role, Timestamp, UnitId,
    clocks::Rules,
    complaints::{self, Complaint, Contact, Filing, ReplyParts, Step},
    error::Refusal,
    members::Member,
    templates::TemplateFields,
    units::Unit,
};
use sea_orm::{EntityTrait, QuerySelect};

use crate::{
    accounts::{self, NewAccount},
    complaints::save,
    db::Store,
    entity,
    error::StoreError,
    ids::Ids,
    members, numbers,
    tx::{By, Tx},
    units,
};

/// A county to be written.
#[derive(Clone, Debug)]
pub struct NewCounty {
    /// The root unit's id.
    pub region: RegionId,
    /// Parents before children, the root first.
    pub units: Vec<Unit>,
    /// Their members.
    pub members: Vec<Member>,
    /// Who holds which role where.
    pub grants: Vec<(MemberId, Role, UnitId)>,
    /// Who signs in.
    pub accounts: Vec<NewAccount>,
    /// The cases with what happened to them.
    pub cases: Vec<PastCase>,
    /// Texts that its desk has ready.
    pub templates: Vec<TemplateFields>,
    /// Since when people and roles are there: before the first case.
    pub since: Timestamp,
}

/// A case with what happened to it.
#[derive(Clone, Debug)]
pub struct PastCase {
    /// What was filed.
    pub filing: Filing,
    /// By whom, if they said.
    pub contact: Option<Contact>,
    /// When.
    pub received_at: Timestamp,
    /// What happened since, in order.
    pub steps: Vec<PastStep>,
}

/// Something that happened to a case.
#[derive(Clone, Debug)]
pub struct PastStep {
    /// When.
    pub at: Timestamp,
    /// By whom; none for the complainant.
    pub by: Option<MemberId>,
    /// What.
    pub what: PastVerb,
}

/// What happened to a case.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the verbs of the domain with their arguments")]
pub enum PastVerb {
    Accept,
    NotAccept {
        reason: String,
        where_to_go: Option<String>,
    },
    Assign {
        unit: UnitId,
        handler: Option<MemberId>,
    },
    Draft {
        parts: ReplyParts,
        submit: bool,
    },
    Approve {
        send: bool,
    },
    Message(String),
    Add(String),
    Rate {
        level: i16,
        comment: Option<String>,
    },
    Conclude(Option<String>),
    Withdraw(Option<String>),
}

impl Store {
    /// Whether nothing was set up yet.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(entity::units::Entity::find().limit(1).one(self.read()).await?.is_none())
    }

    /// Writes a county in one transaction, beside others that may be there.
    ///
    /// # Errors
    /// [`StoreError::BootstrapClosed`] if this county is there already; a step that the rules refuse.
    pub async fn load_county(&self, county: NewCounty, now: Timestamp) -> Result<(), StoreError> {
        let region = county.region;
        let root = entity::units::Entity::find_by_id((region.0, region.0));
        if root.one(self.read()).await?.is_some() {
            return Err(StoreError::BootstrapClosed);
        }
        let numbers = numbers::take_all(self, region, county.cases.iter().map(|case| case.received_at.year())).await?;
        let rules = self.rules(region).await?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::System, now).await?;
            units::insert_many(&mut tx, &county.units, county.since).await?;
            members::insert_many(&mut tx, &county.members, county.since).await?;
            accounts::grant_many(&mut tx, region, &county.grants, county.since).await?;
            accounts::insert_many(&mut tx, region, county.accounts).await?;
            crate::categories::seed(&tx, region).await?;
            crate::templates::insert_many(&tx, region, county.templates).await?;
            for (case, number) in county.cases.into_iter().zip(numbers) {
                write_case(&mut tx, &rules, region, case, number).await?;
            }
            tx.commit().await
        })
        .await
    }
}

async fn write_case(
    tx: &mut Tx,
    rules: &Rules,
    region: RegionId,
    case: PastCase,
    number: String,
) -> Result<(), StoreError> {
    let desk = case.filing.about.unwrap_or(region);
    let id = ComplaintId(tx.ids().v4());
    let filed = complaints::file(case.filing, id, region, desk, number, case.received_at);
    let beside = save::Beside {
        receipt_hash: tx.ids().bytes::<32>().to_vec(),
        contact: case.contact,
        author_hash: None,
    };
    save::insert_past(tx, rules, &filed, beside, case.received_at).await?;
    let mut current = filed.next;
    for step in case.steps {
        let by = step.by.map_or(By::Complainant, By::Member);
        let done = take(&current, &step, rules, tx.ids())?;
        save::update(tx, rules, &current, &done, Some((step.at, by))).await?;
        let version = current.version + 1;
        current = Complaint { version, ..done.next };
    }
    Ok(())
}

fn take(case: &Complaint, step: &PastStep, rules: &Rules, ids: &Ids) -> Result<Step, Refusal> {
    let at = step.at;
    // Only complainants act without a member behind them, and their verbs do not ask for one.
    let by = step.by.unwrap_or(MemberId(case.id.0));
    match step.what.clone() {
        PastVerb::Accept => complaints::accept(case, at),
        PastVerb::NotAccept { reason, where_to_go } => {
            complaints::not_accept(case, &reason, where_to_go.as_deref(), at)
        }
        PastVerb::Assign { unit, handler } => complaints::assign(case, unit, handler, None, at),
        PastVerb::Draft { parts, submit } => complaints::draft_reply(case, parts, submit, by, at),
        PastVerb::Approve { send: false } => complaints::approve(case, by, at),
        PastVerb::Approve { send: true } => {
            let approved = complaints::approve(case, by, at)?;
            let mut sent = complaints::send_reply(&approved.next, ReplyId(ids.v4()), at)?;
            sent.events.splice(0..0, approved.events);
            Ok(sent)
        }
        PastVerb::Message(body) => complaints::message(case, &body, MessageId(ids.v4()), by, at),
        PastVerb::Add(body) => complaints::add(case, &body, MessageId(ids.v4()), at),
        PastVerb::Rate { level, comment } => complaints::rate(case, level, comment.as_deref(), rules, at),
        PastVerb::Conclude(reason) => complaints::conclude(case, reason.as_deref(), at),
        PastVerb::Withdraw(reason) => complaints::withdraw(case, reason.as_deref(), false, at),
    }
}
