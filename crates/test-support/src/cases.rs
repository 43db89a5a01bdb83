//! Cases that went any way they can go, the same each time.

use liangnuo_domain::{
    MemberId, Role,
    complaints::{Channel, Filing, Kind, ReplyParts},
};
use liangnuo_persistence::county::{PastCase, PastStep, PastVerb};

use crate::{NOW, TestCounty, county::past};

/// Numbers that look like chance and are the same each time.
#[derive(Clone, Debug)]
pub struct Chance(pub u64);

impl Chance {
    /// One of so many numbers, from nothing on.
    ///
    /// # Panics
    /// Of no numbers.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    /// One of these.
    ///
    /// # Panics
    /// Of none.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(u64::try_from(of.len()).unwrap())).unwrap()]
    }
}

/// The parts of a reply.
fn parts() -> ReplyParts {
    ReplyParts {
        request: "您反映饭菜偏凉。".to_owned(),
        facts: "经查，保温柜坏了。".to_owned(),
        decision: "已经修好。".to_owned(),
        basis: "学校食堂管理办法第九条。".to_owned(),
    }
}

/// A case with what happened to it: any way it can go.
///
/// # Panics
/// When the rules refuse what it made up.
#[must_use]
pub fn any_case(county: &TestCounty, chance: &mut Chance) -> PastCase {
    let kind = chance.pick(&[
        Kind::Grievance,
        Kind::Grievance,
        Kind::Suggestion,
        Kind::Inquiry,
        Kind::Report,
    ]);
    let channel = chance.pick(&[Channel::Web, Channel::Phone, Channel::Mailbox]);
    let about = chance.pick(&[None, Some(county.own), Some(county.child), Some(county.sibling)]);
    let is_anonymous = chance.below(2) == 0;
    let filing = Filing::parse(
        kind,
        channel,
        "食堂饭菜偏凉",
        "孩子吃到的饭菜是凉的。",
        about,
        None,
        is_anonymous,
    )
    .unwrap();
    let mut when = NOW.plus_seconds(-i64::try_from(chance.below(1_000 * 86_400)).unwrap() - 9_000);
    let received_at = when;
    let office = county.root_member(Role::CampaignOffice);
    let inspector = county.root_member(Role::Inspector);
    let is_report = kind == Kind::Report;
    let (clerk, head) = if is_report {
        (inspector, county.root_member(Role::Leader))
    } else {
        (office, county.root_member(Role::UnitHead))
    };
    let handler = if is_report {
        inspector
    } else {
        county.root_member(Role::Handler)
    };
    let unit = about.unwrap_or(county.root);
    let mut steps = Vec::new();
    let mut step = |by: Option<MemberId>, what: PastVerb, chance: &mut Chance| {
        when = when
            .plus_seconds(i64::try_from(chance.below(14 * 86_400)).unwrap())
            .min(NOW.plus_seconds(-1));
        steps.push(PastStep { at: when, by, what });
    };
    let how_far = chance.below(9);
    if how_far == 1 {
        let reason = "不属于教育部门的职责范围。".to_owned();
        step(
            Some(clerk),
            PastVerb::NotAccept {
                reason,
                where_to_go: Some("县市场监督管理局".to_owned()),
            },
            chance,
        );
    } else if how_far > 1 {
        step(Some(clerk), PastVerb::Accept, chance);
        if !is_report && how_far > 2 {
            step(
                Some(office),
                PastVerb::Assign {
                    unit,
                    handler: Some(handler),
                },
                chance,
            );
            if how_far == 3 {
                step(None, PastVerb::Withdraw(None), chance);
            } else if how_far > 4 {
                step(
                    Some(handler),
                    PastVerb::Draft {
                        parts: parts(),
                        submit: true,
                    },
                    chance,
                );
                step(Some(head), PastVerb::Approve { send: true }, chance);
                if how_far > 5 {
                    let level = i16::try_from(1 + chance.below(5)).unwrap();
                    step(None, PastVerb::Rate { level, comment: None }, chance);
                }
            }
        }
    }
    past(filing, received_at, steps)
}
