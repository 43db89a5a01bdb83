//! The states of a complaint, the verbs that move it, and the one table that says which verb leads where.

use std::fmt::Write as _;

use crate::codes::codes;

codes! {
    /// What a complainant wants.
    Kind {
        /// 投诉: something went wrong and should be put right.
        Grievance = "grievance",
        /// 举报: an accusation; goes to the root's inspectors only.
        Report = "report",
        /// 建议.
        Suggestion = "suggestion",
        /// 咨询.
        Inquiry = "inquiry",
        /// 表扬.
        Praise = "praise",
    }
}

codes! {
    /// How a complaint came in.
    Channel {
        /// The public web pages.
        Web = "web",
        /// A mobile client.
        Mobile = "mobile",
        /// By telephone, typed in by a clerk.
        Phone = "phone",
        /// At the counter.
        Counter = "counter",
        /// On paper, in the mailbox.
        Mailbox = "mailbox",
        /// By e-mail.
        Email = "email",
        /// From a ledger.
        Import = "import",
        /// By another program.
        Api = "api",
    }
}

codes! {
    /// Where a complaint stands. The codes are kept names; some belong to steps that are not offered yet.
    State {
        /// 已收到
        Received = "received",
        /// 已受理
        Accepted = "accepted",
        /// 不予受理
        NotAccepted = "not_accepted",
        /// 已转办
        Referred = "referred",
        /// 密件
        Sealed = "sealed",
        /// 重复件
        Duplicate = "duplicate",
        /// 已交办
        Assigned = "assigned",
        /// 有异议
        Objected = "objected",
        /// 办理中
        InHandling = "in_handling",
        /// 等待投诉人补充
        Waiting = "waiting",
        /// 答复待批
        ReplyDrafted = "reply_drafted",
        /// 已答复
        Replied = "replied",
        /// 重办中
        Redoing = "redoing",
        /// 已办结
        Concluded = "concluded",
        /// 已申请复查
        ReviewRequested = "review_requested",
        /// 已复查
        Reviewed = "reviewed",
        /// 已申请复核
        RereviewRequested = "rereview_requested",
        /// 终结
        Final = "final",
        /// 已撤回
        Withdrawn = "withdrawn",
    }
}

codes! {
    /// What can be done with a complaint.
    Verb {
        /// 受理
        Accept = "accept",
        /// 不予受理
        NotAccept = "not_accept",
        /// 交办
        Assign = "assign",
        /// 存答复稿
        Draft = "draft",
        /// 送审
        Submit = "submit",
        /// 批准答复
        Approve = "approve",
        /// 退回修改
        Return = "return",
        /// 发出答复
        Reply = "reply",
        /// 给投诉人留言
        Message = "message",
        /// 投诉人补充
        Add = "add",
        /// 投诉人评价
        Rate = "rate",
        /// 办结
        Conclude = "conclude",
        /// 撤回
        Withdraw = "withdraw",
        /// 指明被举报人
        NameAccused = "name_accused",
    }
}

/// From which state which verb leads where. The steps follow it, the tests walk it, the diagram is drawn from it.
pub const TRANSITIONS: &[(State, Verb, State)] = {
    use State::{Accepted, Assigned, Concluded, InHandling, NotAccepted, Received, Replied, ReplyDrafted, Withdrawn};
    use Verb::{
        Accept, Add, Approve, Assign, Conclude, Draft, Message, NameAccused, NotAccept, Rate, Reply, Return, Submit,
        Withdraw,
    };
    &[
        (Received, Accept, Accepted),
        (Received, NotAccept, NotAccepted),
        (Received, Withdraw, Withdrawn),
        (Received, Add, Received),
        (Received, Message, Received),
        (Received, NameAccused, Received),
        (Accepted, Assign, Assigned),
        (Accepted, Draft, InHandling),
        (Accepted, Submit, ReplyDrafted),
        (Accepted, Conclude, Concluded),
        (Accepted, Withdraw, Withdrawn),
        (Accepted, Add, Accepted),
        (Accepted, Message, Accepted),
        (Accepted, NameAccused, Accepted),
        (Assigned, Assign, Assigned),
        (Assigned, Draft, InHandling),
        (Assigned, Submit, ReplyDrafted),
        (Assigned, Withdraw, Withdrawn),
        (Assigned, Add, Assigned),
        (Assigned, Message, Assigned),
        (Assigned, NameAccused, Assigned),
        (InHandling, Assign, Assigned),
        (InHandling, Draft, InHandling),
        (InHandling, Submit, ReplyDrafted),
        (InHandling, Withdraw, Withdrawn),
        (InHandling, Add, InHandling),
        (InHandling, Message, InHandling),
        (InHandling, NameAccused, InHandling),
        (ReplyDrafted, Draft, InHandling),
        (ReplyDrafted, Submit, ReplyDrafted),
        (ReplyDrafted, Approve, ReplyDrafted),
        (ReplyDrafted, Return, InHandling),
        (ReplyDrafted, Reply, Replied),
        (ReplyDrafted, Withdraw, Withdrawn),
        (ReplyDrafted, Add, ReplyDrafted),
        (ReplyDrafted, Message, ReplyDrafted),
        (ReplyDrafted, NameAccused, ReplyDrafted),
        (Replied, Rate, Concluded),
        (Replied, Rate, Replied),
        (Replied, Conclude, Concluded),
        (Replied, Add, Replied),
        (Replied, Message, Replied),
        (Replied, NameAccused, Replied),
        (Concluded, Rate, Concluded),
    ]
};

impl State {
    /// The states from which `verb` leads on.
    #[must_use]
    pub fn before(verb: Verb) -> Vec<Self> {
        let mut states: Vec<Self> = TRANSITIONS
            .iter()
            .filter(|(_, known, _)| *known == verb)
            .map(|(from, _, _)| *from)
            .collect();
        states.dedup();
        states
    }

    /// Whether `verb` leads on from here.
    #[must_use]
    pub fn takes(self, verb: Verb) -> bool {
        TRANSITIONS
            .iter()
            .any(|(from, known, _)| *from == self && *known == verb)
    }

    /// Whether the work is over: no clock runs any more.
    #[must_use]
    pub const fn is_ended(self) -> bool {
        match self {
            Self::NotAccepted | Self::Referred | Self::Duplicate | Self::Concluded | Self::Final | Self::Withdrawn => {
                true
            }
            Self::Received
            | Self::Accepted
            | Self::Sealed
            | Self::Assigned
            | Self::Objected
            | Self::InHandling
            | Self::Waiting
            | Self::ReplyDrafted
            | Self::Replied
            | Self::Redoing
            | Self::ReviewRequested
            | Self::Reviewed
            | Self::RereviewRequested => false,
        }
    }

    /// Whether a clock runs: the case waits for the staff, not for the complainant.
    #[must_use]
    pub const fn is_clocked(self) -> bool {
        !self.is_ended() && !matches!(self, Self::Replied | Self::Waiting)
    }
}

/// The state machine as a Mermaid diagram, for the documentation.
#[must_use]
pub fn diagram() -> String {
    let mut out = String::from("stateDiagram-v2\n    [*] --> received: file\n");
    for (from, verb, to) in TRANSITIONS {
        if from != to {
            let _ = writeln!(out, "    {} --> {}: {}", from.code(), to.code(), verb.code());
        }
    }
    for state in State::ALL {
        if state.is_ended() && TRANSITIONS.iter().any(|(_, _, to)| to == state) {
            let _ = writeln!(out, "    {} --> [*]", state.code());
        }
    }
    out
}
