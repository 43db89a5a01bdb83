//! The words for what stands in the event log: the console's, to which a test holds them.

use liangnuo_domain::events::{Action, ActorKind, Subject};

use super::Word;
use crate::language::Language;

impl Word for Action {
    fn words(&self) -> (&'static str, &'static str) {
        let found = ACTIONS.iter().find(|(code, ..)| *code == self.code());
        found.map_or((self.code(), self.code()), |(_, chinese, english)| (chinese, english))
    }
}

impl Word for ActorKind {
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Member => ("工作人员", "Staff"),
            Self::Complainant => ("公众", "The public"),
            Self::System => ("系统", "System"),
        }
    }
}

impl Word for Subject {
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Complaints => ("办件", "Case"),
            Self::Accounts => ("账号", "Account"),
            Self::Calendars => ("工作日历", "Working days"),
            Self::Categories => ("分类", "Category"),
            Self::Exports => ("导出", "Export"),
            Self::Imports => ("导入", "Import"),
            Self::LogVerifications => ("日志核验", "Verification of the log"),
            Self::Members => ("成员", "Member"),
            Self::PhoneLookUps => ("按电话查找", "Search by phone"),
            Self::ReplyTemplates => ("模板", "Template"),
            Self::RoleGrants => ("角色", "Role"),
            Self::SavedViews => ("保存的视图", "Saved view"),
            Self::Settings => ("设置", "Settings"),
            Self::Units => ("单位", "Unit"),
            Self::VaultKeys => ("联系方式密钥", "Key of contact data"),
        }
    }
}

/// What happened, in the order of the list of everything that is logged.
const ACTIONS: [(&str, &str, &str); 111] = [
    ("accounts.created", "开通账号", "Opened an account"),
    ("accounts.password_changed", "修改密码", "Changed the password"),
    ("accounts.session_ended", "退出一处登录", "Ended a session"),
    (
        "accounts.other_sessions_ended",
        "退出其他所有登录",
        "Ended all other sessions",
    ),
    ("accounts.link_issued", "发出账号链接", "Issued a link into an account"),
    (
        "accounts.link_revoked",
        "收回账号链接",
        "Took back a link into an account",
    ),
    (
        "accounts.password_reset",
        "凭链接重设密码",
        "Reset the password by a link",
    ),
    (
        "accounts.second_factor_enrolled",
        "设置两步验证",
        "Set up a second factor",
    ),
    (
        "accounts.second_factor_turned_off",
        "关闭两步验证",
        "Turned the second factor off",
    ),
    (
        "accounts.second_factor_removed",
        "解除别人的两步验证",
        "Removed somebody's second factor",
    ),
    (
        "accounts.recovery_codes_made",
        "重新生成恢复码",
        "Made new recovery codes",
    ),
    (
        "accounts.recovery_code_used",
        "用恢复码证明身份",
        "Used a recovery code",
    ),
    (
        "accounts.provider_tied",
        "绑定统一身份",
        "Tied the account to an identity provider",
    ),
    (
        "accounts.provider_untied",
        "解除统一身份绑定",
        "Untied the account from the identity provider",
    ),
    ("calendars.loaded", "载入工作日历", "Loaded working days"),
    (
        "calendars.amended",
        "随次年通知修改十二月",
        "Changed December by the next year's notice",
    ),
    ("categories.created", "新增分类", "Added a category"),
    ("categories.edited", "修改分类", "Changed a category"),
    ("categories.closed", "停用分类", "Closed a category"),
    ("categories.reopened", "恢复分类", "Reopened a category"),
    ("complaints.received", "提交诉求", "Filed a case"),
    ("complaints.imported", "从台账导入", "Imported from a ledger"),
    ("complaints.amended", "按台账更新", "Updated from a ledger"),
    ("complaints.accepted", "受理", "Accepted"),
    ("complaints.not_accepted", "不予受理", "Not accepted"),
    ("complaints.assigned", "交办", "Assigned"),
    ("complaints.drafted", "存答复稿", "Saved a draft"),
    ("complaints.submitted", "答复送审", "Submitted the answer"),
    ("complaints.approved", "批准答复", "Approved the answer"),
    ("complaints.returned", "退回答复", "Returned the answer"),
    ("complaints.replied", "发出答复", "Sent the answer"),
    ("complaints.messaged", "给投诉人留言", "Wrote to the complainant"),
    ("complaints.added", "补充内容", "Added something"),
    ("complaints.rated", "评价答复", "Rated the answer"),
    ("complaints.concluded", "办结", "Concluded"),
    ("complaints.withdrawn", "撤回诉求", "Withdrew the case"),
    ("complaints.referred", "转送其他机关", "Referred elsewhere"),
    ("complaints.merged", "并入另一件", "Merged into another case"),
    ("complaints.unmerged", "撤销合并", "Undid the merger"),
    ("complaints.classified", "修改种类和分类", "Changed kind and category"),
    ("complaints.objected", "提出异议", "Objected to the dispatch"),
    (
        "complaints.held",
        "请投诉人补充，期限暂停",
        "Asked the complainant, clock held",
    ),
    ("complaints.resumed", "期限恢复", "Clock runs again"),
    ("complaints.extension_asked", "申请延期", "Asked for more time"),
    ("complaints.extended", "批准延期", "Gave more time"),
    ("complaints.extension_refused", "不同意延期", "Refused more time"),
    ("complaints.noted", "记录办理进展", "Noted progress"),
    (
        "complaints.longer_hold_asked",
        "申请延长等待",
        "Asked for a longer wait",
    ),
    (
        "complaints.longer_hold_granted",
        "批准延长等待",
        "Granted a longer wait",
    ),
    (
        "complaints.longer_hold_refused",
        "不同意延长等待",
        "Refused a longer wait",
    ),
    ("complaints.supervised", "督办", "Put under supervision"),
    ("complaints.reported", "报告督办进展", "Reported to the supervisor"),
    (
        "complaints.report_missed",
        "催要督办报告",
        "Asked for the missing report",
    ),
    ("complaints.supervision_lifted", "解除督办", "Lifted the supervision"),
    (
        "complaints.supervision_ended",
        "督办随办件结束",
        "Supervision ended with the case",
    ),
    ("complaints.emergency_marked", "标为紧急", "Marked as emergency"),
    ("complaints.redo_asked", "要求重办", "Asked to have it done again"),
    ("complaints.reminded", "催办", "Reminded"),
    ("complaints.card_appealed", "对亮牌提出申诉", "Appealed a card"),
    ("complaints.card_upheld", "维持亮牌", "Upheld a card"),
    ("complaints.card_lifted", "撤销亮牌", "Lifted a card"),
    ("complaints.notice_issued", "决定内部通报", "Issued a circular notice"),
    ("complaints.notice_dropped", "决定不通报", "Dropped a circular notice"),
    ("complaints.due_moved", "调整办理期限", "Moved the due date"),
    (
        "complaints.due_bound",
        "随并入件调整期限",
        "Changed the due date with a merged case",
    ),
    ("complaints.accused_named", "指明被举报人", "Named the accused"),
    ("complaints.read", "查阅办件", "Read the case"),
    (
        "complaints.identity_asked",
        "申请查看投诉人身份",
        "Asked to see who filed it",
    ),
    (
        "complaints.identity_approved",
        "同意查看投诉人身份",
        "Agreed to show who filed it",
    ),
    (
        "complaints.identity_refused",
        "不同意查看投诉人身份",
        "Refused to show who filed it",
    ),
    (
        "complaints.identity_withdrawn",
        "撤回查看身份的申请",
        "Took back a request to see who filed it",
    ),
    ("complaints.identity_read", "查看了投诉人身份", "Saw who filed it"),
    ("complaints.identity_held", "保留联系方式", "Keep contact data"),
    (
        "complaints.identity_released",
        "不再保留联系方式",
        "Stop keeping contact data",
    ),
    (
        "complaints.identity_erased",
        "联系方式到期清除",
        "Contact data erased in time",
    ),
    (
        "complaints.originals_erased",
        "照片原件到期清除",
        "Originals of pictures erased in time",
    ),
    ("complaints.attached", "附上文件", "Attached files"),
    ("complaints.attachment_removed", "移除附件", "Removed an attachment"),
    ("complaints.attachment_read", "查看附件", "Read an attachment"),
    (
        "complaints.attachment_refused",
        "附件不能接收，已清除",
        "An attachment could not be taken and is erased",
    ),
    (
        "complaints.attachment_infected",
        "附件有病毒，已清除",
        "An attachment had a virus and is erased",
    ),
    ("exports.begun", "开始导出", "Began an export"),
    ("exports.made", "导出", "Export"),
    ("imports.requested", "提交导入", "Handed in a file to import"),
    ("imports.finished", "导入结束", "Import ended"),
    (
        "log_verifications.requested",
        "要求核验日志",
        "Asked for a verification of the log",
    ),
    (
        "log_verifications.finished",
        "日志核验结束",
        "Verification of the log ended",
    ),
    ("members.created", "新增成员", "Added a member"),
    ("members.edited", "修改成员信息", "Changed a member's record"),
    ("members.moved", "调动成员", "Moved a member"),
    (
        "members.card_changed",
        "改变身份公开",
        "Changed what the public is shown of a member",
    ),
    ("members.handed_over", "交接工作", "Handed over a member's work"),
    ("members.closed", "办理离任", "Closed a member's record"),
    ("phone_look_ups.made", "按电话查找办件", "Looked for cases by phone"),
    ("reply_templates.created", "新增模板", "Added a template"),
    ("reply_templates.edited", "修改模板", "Changed a template"),
    ("reply_templates.closed", "停用模板", "Closed a template"),
    ("role_grants.granted", "授予角色", "Granted a role"),
    ("role_grants.deputised", "指定代理人", "Named a deputy"),
    ("role_grants.ended", "收回角色", "Ended a role"),
    ("saved_views.saved", "保存视图", "Saved a view"),
    ("saved_views.deleted", "删除视图", "Deleted a view"),
    ("settings.changed", "修改设置", "Changed settings"),
    ("units.created", "新增单位", "Added a unit"),
    ("units.edited", "修改单位信息", "Changed a unit's record"),
    ("units.moved", "改变上级单位", "Moved a unit"),
    ("units.merged", "并入其他单位", "Merged a unit into another one"),
    ("units.split", "拆分单位", "Split up a unit"),
    ("units.closed", "撤销单位", "Closed a unit"),
    ("vault_keys.made", "生成联系方式密钥", "Made a key for contact data"),
    (
        "vault_keys.retired",
        "停用联系方式旧密钥",
        "Retired a key of contact data",
    ),
];

/// What a line of an event's detail is about. Settings go by their codes.
const FACTS: [(&str, &str, &str); 47] = [
    ("rolls_forward", "期限在休息日时顺延", "An end on a day off moves on"),
    ("state", "状态", "State"),
    ("kind", "种类", "Kind"),
    ("channel", "渠道", "Channel"),
    ("unit", "单位", "Unit"),
    ("units", "单位", "Unit"),
    ("parent", "上级", "Under"),
    ("handler", "承办人", "Handler"),
    ("member", "成员", "Member"),
    ("members", "被举报的人", "People accused"),
    ("reason", "理由", "Reason"),
    ("reason_category", "原因", "Reason"),
    ("opening", "申请编号", "Request"),
    ("note", "说明", "Notes"),
    ("into", "并入", "Merged into"),
    ("category", "分类", "Category"),
    ("until", "最迟等到", "Held until"),
    ("due_on", "期限", "Time"),
    ("clock", "时限", "Time limit"),
    ("days", "天数", "Days"),
    ("rung", "催办", "Reminder"),
    ("level", "评价", "Rating"),
    ("objection_upheld", "异议成立", "Objection upheld"),
    ("fields", "改了", "Changed"),
    ("role", "角色", "Role"),
    ("year", "年份", "Year"),
    ("name", "名称", "Name"),
    ("position", "排序", "Position"),
    ("purpose", "用途", "Purpose"),
    ("dry_run", "只是试运行", "Trial run only"),
    ("of", "内容", "What"),
    ("format", "格式", "Format"),
    ("filters", "筛选条件", "Filters"),
    ("cases_at_least", "件数不少于", "Cases, at least"),
    ("rows_at_least", "行数不少于", "Rows, at least"),
    ("created_at_least", "新增不少于", "New, at least"),
    ("updated_at_least", "更新不少于", "Updated, at least"),
    ("failed_at_least", "读不了的不少于", "Unreadable, at least"),
    ("faults", "不符之处", "Faults"),
    ("files", "文件数", "Files"),
    ("file_kind", "文件种类", "Kind of file"),
    ("refusal", "原因", "Reason"),
    ("is_public", "亮身份", "Public card"),
    ("shows_party", "亮党员身份", "Show as a party member"),
    ("successors", "承接单位", "Successors"),
    ("moved_units", "转去的下级单位数", "Units that moved"),
    ("moved_members", "转去的成员数", "Members who moved"),
];

/// What a line of an event's detail is about, in words; the code of what has none.
pub(crate) fn fact_word(name: &str, language: Language) -> &str {
    let found = FACTS.iter().find(|(code, ..)| *code == name);
    found.map_or(name, |(_, chinese, english)| match language {
        Language::Chinese => chinese,
        Language::English => english,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    const CONSOLE: &str = include_str!("../../../../frontend/src/console/events/words.ts");
    const ENGLISH: &str = include_str!("../../../../frontend/src/locales/console/en.po");

    type Context = Option<&'static str>;

    /// The Chinese word of a code in the console's words, and the context by which it is translated.
    fn chinese(of: &str, code: &str) -> Option<(Context, &'static str)> {
        let (_, words) = CONSOLE.split_once(&format!("export const {of}:"))?;
        let words = words.split_once("};")?.0;
        let said = words.lines().find_map(|line| {
            let line = line.trim().trim_start_matches('"');
            let rest = line.strip_prefix(code)?.trim_start_matches('"');
            rest.strip_prefix(": msg")
        })?;
        match said.strip_prefix("({ message: \"") {
            Some(said) => {
                let (said, rest) = said.split_once("\", context: \"")?;
                Some((Some(rest.split_once('"')?.0), said))
            }
            None => Some((None, said.strip_prefix('`')?.split_once('`')?.0)),
        }
    }

    /// English by context and Chinese.
    fn english() -> HashMap<(Context, &'static str), &'static str> {
        let quoted = |block: &'static str, name: &str| {
            let line = block.lines().find_map(|line| line.strip_prefix(name));
            line.map(|line| line.trim().trim_matches('"'))
        };
        ENGLISH
            .split("\n\n")
            .filter_map(|block| {
                let said = (quoted(block, "msgctxt "), quoted(block, "msgid ")?);
                Some((said, quoted(block, "msgstr ")?))
            })
            .collect()
    }

    #[test]
    fn a_file_says_what_the_console_says() {
        let english = english();
        let actions = Action::ALL.iter().map(|it| ("actionWords", it.code(), it.words()));
        let subjects = Subject::ALL.iter().map(|it| ("subjectWords", it.code(), it.words()));
        let actors = ActorKind::ALL.iter().map(|it| ("actorWords", it.code(), it.words()));
        let facts = FACTS
            .iter()
            .map(|(code, chinese, english)| ("factWords", *code, (*chinese, *english)));
        for (of, code, words) in actions.chain(subjects).chain(actors).chain(facts) {
            let said = chinese(of, code);
            let said = said.and_then(|said| Some((said.1, *english.get(&said)?)));
            assert_eq!(Some(words), said, "{code}");
        }
    }

    #[test]
    fn every_fact_that_the_console_names_has_its_word_in_a_file() {
        let (_, words) = CONSOLE.split_once("export const factWords:").unwrap();
        let words = words.split_once("};").unwrap().0;
        let named = words
            .lines()
            .filter_map(|line| Some(line.trim().split_once(": msg")?.0));
        let missing: Vec<&str> = named
            .filter(|name| *name != "rolls_forward" && fact_word(name, Language::English) == *name)
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
