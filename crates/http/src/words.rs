//! The words for codes in what the server writes itself, such as tables that go out: the same as the console's.

mod events;

pub(crate) use events::fact_word;

use liangnuo_domain::{
    clocks::Phase,
    complaints::{Channel, Kind, State},
};

use crate::language::Language;

/// A code that has a word in both languages.
pub(crate) trait Word {
    /// Chinese and English.
    fn words(&self) -> (&'static str, &'static str);

    /// The word in a language.
    fn word(&self, language: Language) -> &'static str {
        let (chinese, english) = self.words();
        match language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }
}

impl Word for Kind {
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Grievance => ("投诉", "Grievance"),
            Self::Report => ("举报", "Report"),
            Self::Suggestion => ("建议", "Suggestion"),
            Self::Inquiry => ("咨询", "Inquiry"),
            Self::Praise => ("表扬", "Praise"),
        }
    }
}

impl Word for Channel {
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Web => ("网上", "Web"),
            Self::Mobile => ("手机应用", "Mobile app"),
            Self::Phone => ("电话", "Phone"),
            Self::Counter => ("窗口", "Counter"),
            Self::Mailbox => ("信箱", "Mailbox"),
            Self::Email => ("邮件", "E-mail"),
            Self::Import => ("导入", "Import"),
            Self::Api => ("接口", "API"),
        }
    }
}

impl Word for Phase {
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::OnTime => ("未到期", "On time"),
            Self::DueSoon => ("快到期", "Due soon"),
            Self::Overdue => ("已超期", "Late"),
            Self::LongOverdue => ("超期30天以上", "Over 30 days late"),
            Self::None => ("不计时", "No clock"),
        }
    }
}

impl Word for State {
    fn words(&self) -> (&'static str, &'static str) {
        match self {
            Self::Received => ("待受理", "To screen"),
            Self::Accepted => ("已受理", "Accepted"),
            Self::NotAccepted => ("不予受理", "Not accepted"),
            Self::Referred => ("已转出", "Referred"),
            Self::Sealed => ("密件", "Sealed"),
            Self::Duplicate => ("重复件", "Duplicate"),
            Self::Assigned => ("已交办", "Assigned"),
            Self::Objected => ("有异议", "Objected"),
            Self::InHandling => ("办理中", "In hand"),
            Self::Waiting => ("等投诉人补充", "Waiting"),
            Self::ReplyDrafted => ("答复待批", "To approve"),
            Self::Replied => ("已答复", "Replied"),
            Self::Redoing => ("重办中", "Being redone"),
            Self::Concluded => ("已办结", "Concluded"),
            Self::ReviewRequested => ("已申请复查", "Review asked"),
            Self::Reviewed => ("已复查", "Reviewed"),
            Self::RereviewRequested => ("已申请复核", "Re-review asked"),
            Self::Final => ("终结", "Final"),
            Self::Withdrawn => ("已撤回", "Withdrawn"),
        }
    }
}
