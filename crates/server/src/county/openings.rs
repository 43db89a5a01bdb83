//! Requests to see who filed a case, so that their page is not empty: one that waits, one that was read, one that was refused. They
//! go through the same commands as any other; only their times lie in the past.

use liangnuo_domain::{
    AccountId, Actor, Grant, MemberId, RegionId, Role, SessionId, Timestamp, complaints::Kind,
    identity::OpeningCategory,
};
use liangnuo_persistence::{
    PageRequest, Store, StoreError,
    callers::Caller,
    complaints::{CaseFilter, CaseSort},
    idempotency::IdempotencyKey,
    identity::OpeningReason,
};

/// What became of a request, by the second person.
struct Story {
    category: OpeningCategory,
    reason: &'static str,
    hours_ago: i64,
    /// Whether it was approved, and why; none while it waits.
    answer: Option<(bool, &'static str)>,
}

const STORIES: [Story; 3] = [
    Story {
        category: OpeningCategory::Contact,
        reason: "在办件里问了两次都没有回音，退费要核对本人的收款信息。",
        hours_ago: 20,
        answer: None,
    },
    Story {
        category: OpeningCategory::Danger,
        reason: "补充内容里说有人放学后跟着孩子，要马上打电话问清楚。",
        hours_ago: 74,
        answer: Some((true, "涉及人身安全，同意。")),
    },
    Story {
        category: OpeningCategory::Other,
        reason: "想当面听一听意见。",
        hours_ago: 122,
        answer: Some((false, "可以在办件里给投诉人留言，不需要知道是谁。")),
    },
];

/// Days that a case is old before somebody asks.
const OLD: i64 = 8;

/// Writes them about the newest open cases that have contact data, as far as there are any.
///
/// # Errors
/// When the database does not answer.
pub async fn load(
    store: &Store,
    region: RegionId,
    [first, second]: [MemberId; 2],
    now: Timestamp,
) -> Result<(), StoreError> {
    let inspector = |member| {
        Caller::new(Actor {
            region,
            member,
            account: AccountId(member.0),
            session: SessionId(member.0),
            home_unit: region,
            branch: None,
            grants: vec![Grant::own(Role::Inspector, region)],
            stands_for: Vec::new(),
        })
    };
    let (first, second) = (inspector(first), inspector(second));
    let filter = CaseFilter {
        is_anonymous: Some(false),
        kinds: vec![Kind::Grievance],
        received_to: Some(now.plus_seconds(-OLD * 86_400).day()),
        ..CaseFilter::default()
    };
    let request = PageRequest::first(50);
    let page = store
        .list_cases(&first, filter, CaseSort::NewestFirst, &request, now)
        .await?;
    let cases = page.items.iter().filter(|case| !case.state.is_ended());
    for (story, case) in STORIES.iter().zip(cases) {
        let at = now.plus_seconds(-story.hours_ago * 3_600);
        // Whoever tries the first inspector's account finds one to answer.
        let (asker, other) = match story.answer {
            None => (&second, &first),
            Some(_) => (&first, &second),
        };
        let why = OpeningReason {
            category: story.category,
            reason: story.reason.to_owned(),
        };
        let key = IdempotencyKey::new(asker.actor.member.to_string(), case.id.0, "ask_identity", &[]);
        let (asked, _) = store.ask_identity(asker.clone(), case.id, why, key, at).await?;
        let Some((is_approved, why)) = story.answer else {
            continue;
        };
        let (id, answered_at) = (asked.opening.id, at.plus_seconds(1_500));
        let answer = (is_approved, why.to_owned());
        let answered = store
            .answer_opening(other.clone(), id, asked.opening.version, answer, answered_at)
            .await?;
        if is_approved {
            let read_at = answered_at.plus_seconds(300);
            store
                .read_identity(asker.clone(), id, answered.opening.version, read_at)
                .await?;
        }
    }
    Ok(())
}
