//! For each operation that takes an id or has an effect: who can do it, on what, and with which body. The request of a plan
//! succeeds; that is what gives the refusals their meaning.

use liangnuo_domain::Role;
use serde_json::{Value, json};
use uuid::Uuid;

use super::stage::Need;

/// Who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    School(Role),
    Root(Role),
    Nobody,
}

impl By {
    /// Their log-in; none for the public.
    pub(super) fn login(self) -> Option<String> {
        match self {
            Self::School(role) => Some(role.code().to_owned()),
            Self::Root(role) => Some(format!("root_{}", role.code())),
            Self::Nobody => None,
        }
    }
}

/// What stands in the path, or is named by a receipt code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum On {
    Nothing,
    Case(Need),
    Unit,
    Member,
    Category,
    ClosedCategory,
    Template,
    View,
    Import,
    /// A file on its way: announced, or all of it.
    Upload {
        is_whole: bool,
    },
    /// A case with a file.
    Attached,
    /// A case with a file that whoever does it attached.
    Evidence,
    /// An approved request of whoever does it, about a case with a picture whose original was kept.
    Original,
    /// That a case came in.
    Event,
    /// The role of somebody new.
    Grant,
    /// A session of whoever does it.
    Session,
    /// Somebody new who holds an invitation.
    Invited,
    /// Somebody new who has a second factor.
    Guarded,
    /// A card of a late case, appealed or not.
    Card {
        is_appealed: bool,
    },
    /// A request to open who filed a case: of whoever does it, or else of another inspector; approved or not.
    Opening {
        is_own: bool,
        is_approved: bool,
    },
    /// The sealed log, which was verified before.
    Log,
    /// A year that nobody loaded.
    Year,
    Settings,
}

/// What a request is made of.
#[derive(Clone, Debug)]
pub(super) struct Set {
    /// What stands in the path.
    pub(super) target: Uuid,
    pub(super) version: i64,
    pub(super) receipt: String,
    pub(super) proof: String,
    /// What makes the link of who is invited, and what opens the file.
    pub(super) token: String,
    /// A file that can be attached, or one that is.
    pub(super) file: Uuid,
    /// A second case, where one is needed.
    pub(super) lead: Uuid,
    pub(super) unit: Uuid,
    pub(super) child: Uuid,
    /// Below the target, of a unit that is split.
    pub(super) below: Uuid,
    pub(super) branch: Uuid,
    /// A handler; where a deputy is named or a unit is split, somebody new.
    pub(super) member: Uuid,
    /// Of the whole county.
    pub(super) leader: Uuid,
    pub(super) category: Uuid,
    pub(super) top_category: Uuid,
    /// Unlike any before.
    pub(super) number: u32,
    pub(super) key: Uuid,
}

/// How one operation succeeds.
pub(super) struct Plan {
    pub(super) operation: &'static str,
    pub(super) by: By,
    pub(super) on: On,
    pub(super) query: &'static str,
    pub(super) body: fn(&Set) -> Value,
}

const fn plan(operation: &'static str, by: By, on: On, body: fn(&Set) -> Value) -> Plan {
    Plan {
        operation,
        by,
        on,
        query: "",
        body,
    }
}

fn empty(_: &Set) -> Value {
    json!({})
}

fn reason(_: &Set) -> Value {
    json!({"reason": "理由如下"})
}

fn assigned(set: &Set) -> Value {
    json!({"unit_id": set.unit, "handler_id": set.member})
}

fn reply(_: &Set) -> Value {
    json!({"request": "饭菜偏凉", "facts": "路上太久", "decision": "改走南门", "basis": "合同第七条", "submit": true})
}

const HANDLER: By = By::School(Role::Handler);
const HEAD: By = By::School(Role::UnitHead);
const ADMIN: By = By::Root(Role::Admin);
const SECURITY: By = By::Root(Role::SecurityAdmin);
const INSPECTOR: By = By::Root(Role::Inspector);
const OFFICE: By = By::Root(Role::CampaignOffice);

/// Every plan.
pub(super) fn plans() -> Vec<Plan> {
    [
        cases(),
        pace(),
        cards(),
        dispatch(),
        identity(),
        catalogue(),
        people(),
        accounts(),
        public(),
        reads(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn cases() -> Vec<Plan> {
    use Need::{Accepted, Approved, Assigned, Merged, Received, Submitted};
    let on = On::Case;
    vec![
        plan("register_complaint", HANDLER, On::Nothing, |set| {
            json!({
                "kind": "grievance", "channel": "phone", "title": "食堂饭菜偏凉", "body": format!("来电（{}）。", set.number),
                "unit_id": set.unit, "category_id": set.category,
            })
        }),
        plan("accept_complaint", HANDLER, on(Received), empty),
        plan("not_accept_complaint", HANDLER, on(Received), reason),
        plan(
            "refer_complaint",
            HANDLER,
            on(Received),
            |_| json!({"reason": "不归我们管", "where_to_go": "县卫健局"}),
        ),
        plan("unmerge_complaint", HANDLER, on(Merged), empty),
        plan(
            "classify_complaint",
            HANDLER,
            on(Received),
            |set| json!({"kind": "inquiry", "category_id": set.category}),
        ),
        plan("object_to_dispatch", HANDLER, on(Assigned), reason),
        plan("draft_complaint_reply", HANDLER, on(Accepted), reply),
        plan("approve_complaint_reply", HEAD, on(Submitted), empty),
        plan("return_complaint_reply", HEAD, on(Submitted), reason),
        plan("reply_complaint", HANDLER, on(Approved), empty),
    ]
}

/// What holds a case up or hurries it.
fn pace() -> Vec<Plan> {
    use Need::{Accepted, ExtensionAsked, LongerHoldAsked, Praised, Supervised, Waiting};
    let on = On::Case;
    vec![
        plan("resume_complaint", HANDLER, on(Waiting), empty),
        plan(
            "ask_complaint_extension",
            HANDLER,
            on(Accepted),
            |_| json!({"days": 10, "reason": "要等检测结果"}),
        ),
        plan("extend_complaint", HEAD, on(ExtensionAsked), empty),
        plan("refuse_complaint_extension", HEAD, on(ExtensionAsked), reason),
        plan(
            "ask_longer_hold",
            HANDLER,
            on(Accepted),
            |_| json!({"days": 5, "reason": "投诉人住院"}),
        ),
        plan("grant_longer_hold", HEAD, on(LongerHoldAsked), empty),
        plan("refuse_longer_hold", HEAD, on(LongerHoldAsked), reason),
        plan(
            "note_complaint_progress",
            HANDLER,
            on(Accepted),
            |_| json!({"note": "已到现场查看"}),
        ),
        plan("supervise_complaint", By::Root(Role::Leader), on(Accepted), reason),
        plan(
            "report_complaint_progress",
            HANDLER,
            on(Supervised),
            |_| json!({"report": "已约家长见面"}),
        ),
        plan(
            "lift_complaint_supervision",
            By::Root(Role::Leader),
            on(Supervised),
            reason,
        ),
        plan("mark_complaint_emergency", HANDLER, on(Accepted), reason),
        plan("conclude_complaint", HANDLER, on(Praised), empty),
        plan("withdraw_complaint", HANDLER, on(Accepted), reason),
        plan(
            "message_complainant",
            HANDLER,
            on(Accepted),
            |_| json!({"body": "请问是哪一天？"}),
        ),
        plan(
            "hold_complaint",
            HANDLER,
            on(Accepted),
            |_| json!({"body": "请问是哪一天？", "days": 3}),
        ),
    ]
}

/// What is given when a case is late.
fn cards() -> Vec<Plan> {
    vec![
        plan("list_cards", HEAD, On::Nothing, empty),
        plan("count_cards", HEAD, On::Nothing, empty),
        plan("appeal_card", HEAD, On::Card { is_appealed: false }, reason),
        plan(
            "decide_card",
            By::Root(Role::Leader),
            On::Card { is_appealed: true },
            |_| json!({"outcome": "lift", "reason": "当天停电"}),
        ),
    ]
}

fn dispatch() -> Vec<Plan> {
    use Need::{Accepted, Received};
    vec![
        plan("assign_complaint", HEAD, On::Case(Accepted), assigned),
        plan(
            "assign_complaints",
            HEAD,
            On::Case(Accepted),
            |set| json!({"complaints": [{"id": set.target, "version": set.version}], "unit_id": set.unit, "handler_id": set.member}),
        ),
        plan(
            "merge_complaint",
            HANDLER,
            On::Case(Received),
            |set| json!({"lead_id": set.lead}),
        ),
        plan(
            "name_accused",
            By::Root(Role::Inspector),
            On::Case(Received),
            |set| json!({"member_ids": [set.member], "unit_ids": [set.child]}),
        ),
        plan(
            "read_notices",
            HANDLER,
            On::Case(Received),
            |set| json!({"until": "2026-11-24T00:00:00Z", "complaint_id": set.target}),
        ),
    ]
}

/// Who filed a case.
fn identity() -> Vec<Plan> {
    let own = |is_approved| On::Opening {
        is_own: true,
        is_approved,
    };
    let other = On::Opening {
        is_own: false,
        is_approved: false,
    };
    vec![
        plan(
            "ask_identity",
            INSPECTOR,
            On::Case(Need::Received),
            |set| json!({"complaint_id": set.target, "category": "danger", "reason": "孩子没有回家"}),
        ),
        plan(
            "find_complaints_by_phone",
            OFFICE,
            On::Nothing,
            |_| json!({"phone": "19900007777", "reason": "来电人没有回执码"}),
        ),
        plan("hold_identity", INSPECTOR, On::Case(Need::Received), reason),
        plan("release_identity", INSPECTOR, On::Case(Need::Held), reason),
        plan("list_identity_openings", INSPECTOR, On::Nothing, empty),
        plan("get_identity_opening", INSPECTOR, other, empty),
        plan("approve_identity_opening", INSPECTOR, other, reason),
        plan("refuse_identity_opening", INSPECTOR, other, reason),
        plan("withdraw_identity_opening", INSPECTOR, own(false), empty),
        plan("read_identity", INSPECTOR, own(true), empty),
        plan("read_original", INSPECTOR, On::Original, empty),
    ]
}

fn catalogue() -> Vec<Plan> {
    let year = |set: &Set| json!({"days": [{"day": format!("{}-01-01", 2027 + set.number % 60), "is_worked": false}]});
    vec![
        plan(
            "create_category",
            ADMIN,
            On::Nothing,
            |set| json!({"name": format!("分类{}", set.number), "parent_id": set.top_category}),
        ),
        plan("update_category", ADMIN, On::Category, |_| json!({"position": 7})),
        plan("close_category", ADMIN, On::Category, empty),
        plan("reopen_category", ADMIN, On::ClosedCategory, empty),
        plan("create_reply_template", HEAD, On::Nothing, |set| {
            json!({
                "unit_id": set.unit, "purpose": "question", "name": format!("询问{}", set.number), "body": "请问是哪一天？",
                "category_id": set.category,
            })
        }),
        plan(
            "update_reply_template",
            HEAD,
            On::Template,
            |set| json!({"category_id": set.category}),
        ),
        plan("close_reply_template", HEAD, On::Template, empty),
        plan(
            "save_view",
            HANDLER,
            On::Nothing,
            |set| json!({"name": format!("视图{}", set.number), "query": "phase=overdue"}),
        ),
        plan("delete_saved_view", HANDLER, On::View, |_| Value::Null),
        plan(
            "update_settings",
            ADMIN,
            On::Settings,
            |set| json!({"hold_days": 5 + set.version % 2, "duty": [{"member_id": set.leader}]}),
        ),
        plan("load_calendar", ADMIN, On::Year, year),
        // The body is a form, written by `Stage::call`.
        plan("import_complaints", OFFICE, On::Nothing, empty),
        plan("import_units", By::Root(Role::Admin), On::Nothing, empty),
        plan("import_members", By::Root(Role::Admin), On::Nothing, empty),
    ]
}

fn people() -> Vec<Plan> {
    vec![
        plan(
            "create_unit",
            ADMIN,
            On::Nothing,
            |set| json!({"parent_id": set.unit, "kind": "office", "name": format!("科室{}", set.number)}),
        ),
        plan("update_unit", ADMIN, On::Unit, |_| json!({"head": "张三"})),
        plan("move_unit", ADMIN, On::Unit, |set| json!({"parent_id": set.child})),
        plan(
            "merge_unit",
            ADMIN,
            On::Unit,
            |set| json!({"into_unit_id": set.child, "reason": "布局调整"}),
        ),
        plan("split_unit", ADMIN, On::Unit, |set| {
            json!({
                "successor_ids": [set.child, set.unit],
                "units": [{"unit_id": set.below, "to_unit_id": set.unit}],
                "members": [{"member_id": set.member, "to_unit_id": set.unit}],
                "reason": "布局调整",
            })
        }),
        plan("close_unit", ADMIN, On::Unit, reason),
        plan(
            "create_member",
            ADMIN,
            On::Nothing,
            |set| json!({"unit_id": set.unit, "name": format!("成员{}", set.number), "branch_id": set.branch, "is_party_member": true}),
        ),
        plan(
            "update_member",
            ADMIN,
            On::Member,
            |set| json!({"branch_id": set.branch, "is_party_member": true}),
        ),
        plan("move_member", ADMIN, On::Member, |set| json!({"unit_id": set.child})),
        plan(
            "show_member",
            HEAD,
            On::Member,
            |_| json!({"is_public": true, "shows_party": false}),
        ),
        plan(
            "hand_over_member",
            ADMIN,
            On::Member,
            |set| json!({"to_member_id": set.member, "reason": "调离", "closes_record": true}),
        ),
        plan("close_member", ADMIN, On::Member, reason),
        plan(
            "grant_role",
            SECURITY,
            On::Member,
            |set| json!({"member_id": set.target, "role": "handler", "unit_id": set.unit, "reason": "岗位调整"}),
        ),
        plan("end_role_grant", SECURITY, On::Grant, reason),
        plan(
            "name_deputy",
            SECURITY,
            On::Grant,
            |set| json!({"member_id": set.member, "ends_on": "2026-12-01", "reason": "外出培训"}),
        ),
    ]
}

fn accounts() -> Vec<Plan> {
    vec![
        plan("get_account", SECURITY, On::Member, empty),
        plan("issue_account_link", SECURITY, On::Member, empty),
        plan("revoke_account_link", SECURITY, On::Invited, empty),
        plan(
            "redeem_account_link",
            By::Nobody,
            On::Invited,
            |set| json!({"token": set.token, "login": format!("login{}", set.number), "password": "桥头第2家铺子，后面的老井"}),
        ),
        plan("remove_second_factor", SECURITY, On::Guarded, empty),
        plan(
            "dismiss_account_notices",
            HANDLER,
            On::Nothing,
            |_| json!({"until": "2026-11-23T07:30:00Z"}),
        ),
        plan("end_session", HANDLER, On::Session, empty),
        plan("end_other_sessions", HANDLER, On::Session, empty),
    ]
}

fn public() -> Vec<Plan> {
    use Need::{Accepted, Replied};
    let nobody = By::Nobody;
    vec![
        plan("file_complaint", nobody, On::Nothing, |set| {
            json!({
                "kind": "grievance", "title": "食堂饭菜偏凉", "body": format!("又是凉的（{}）。", set.number),
                "unit_id": set.unit, "category_id": set.category, "altcha": set.proof,
                "uploads": [{"id": set.file, "token": set.token}],
            })
        }),
        plan("add_to_complaint", nobody, On::Case(Accepted), |set| {
            json!({
                "receipt_code": set.receipt, "body": "是周二。", "altcha": set.proof,
                "uploads": [{"id": set.file, "token": set.token}],
            })
        }),
        plan(
            "begin_upload",
            nobody,
            On::Nothing,
            |set| json!({"name": format!("{}.pdf", set.number), "size": 100, "altcha": set.proof}),
        ),
        plan("get_upload", nobody, On::Upload { is_whole: false }, empty),
        // The body is a piece, written by `Stage::call`.
        plan("send_upload_piece", nobody, On::Upload { is_whole: false }, empty),
        plan("discard_upload", nobody, On::Upload { is_whole: true }, empty),
        plan(
            "rate_complaint",
            nobody,
            On::Case(Replied),
            |set| json!({"receipt_code": set.receipt, "level": 4, "altcha": set.proof}),
        ),
        plan(
            "redo_complaint",
            nobody,
            On::Case(Replied),
            |set| json!({"receipt_code": set.receipt, "reason": "没有说到点子上", "altcha": set.proof}),
        ),
        plan(
            "withdraw_own_complaint",
            nobody,
            On::Case(Accepted),
            |set| json!({"receipt_code": set.receipt, "reason": "已经好了", "altcha": set.proof}),
        ),
        plan(
            "begin_staff_upload",
            HANDLER,
            On::Nothing,
            |set| json!({"name": format!("{}.pdf", set.number), "size": 100}),
        ),
        plan(
            "attach_to_complaint",
            HANDLER,
            On::Case(Accepted),
            |set| json!({"uploads": [{"id": set.file, "token": set.token}]}),
        ),
        plan(
            "remove_attachment",
            HANDLER,
            On::Evidence,
            |_| json!({"reason": "附错了文件"}),
        ),
        plan("get_public_unit", nobody, On::Unit, empty),
        plan("get_public_unit_qr", nobody, On::Unit, empty),
        plan("list_public_unit_members", nobody, On::Unit, empty),
        plan("list_public_units", nobody, On::Nothing, empty),
    ]
}

fn reads() -> Vec<Plan> {
    let received = On::Case(Need::Received);
    vec![
        plan("get_complaint", HANDLER, received, empty),
        plan("list_complaint_templates", HANDLER, received, empty),
        plan("get_system_state", ADMIN, On::Nothing, empty),
        plan("list_attachments", HANDLER, On::Attached, empty),
        plan("get_attachment_content", HANDLER, On::Attached, empty),
        plan("list_similar_complaints", HANDLER, received, empty),
        Plan {
            query: "unit_id={unit}",
            ..plan("list_assignees", HEAD, received, empty)
        },
        plan("list_complaints", HANDLER, On::Nothing, empty),
        Plan {
            query: "format=csv",
            ..plan("export_complaints", HANDLER, On::Nothing, empty)
        },
        plan("complaint_statistics", HEAD, On::Nothing, empty),
        Plan {
            query: "format=csv",
            ..plan("export_complaint_statistics", HEAD, On::Nothing, empty)
        },
        plan("get_unit", HANDLER, On::Unit, empty),
        plan("list_units", HANDLER, On::Nothing, empty),
        Plan {
            query: "format=csv",
            ..plan("export_units", HANDLER, On::Nothing, empty)
        },
        plan("get_member", ADMIN, On::Member, empty),
        plan("get_member_holdings", ADMIN, On::Member, empty),
        plan("list_members", ADMIN, On::Nothing, empty),
        Plan {
            query: "format=csv",
            ..plan("export_members", ADMIN, On::Nothing, empty)
        },
        plan("list_events", By::School(Role::Inspector), On::Nothing, empty),
        Plan {
            query: "format=csv",
            ..plan("export_events", By::School(Role::Inspector), On::Nothing, empty)
        },
        plan("get_event", By::School(Role::Inspector), On::Event, empty),
        plan("verify_log", By::School(Role::Inspector), On::Log, empty),
        plan("get_role_grant", SECURITY, On::Grant, empty),
        plan("list_role_grants", SECURITY, On::Nothing, empty),
        plan("get_import", OFFICE, On::Import, empty),
        plan("download_import_errors", OFFICE, On::Import, empty),
    ]
}
