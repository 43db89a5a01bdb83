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
        /// 转送其他机关
        Refer = "refer",
        /// 并入重复件
        Merge = "merge",
        /// 撤销合并
        Unmerge = "unmerge",
        /// 改分类
        Classify = "classify",
        /// 交办
        Assign = "assign",
        /// 对交办提出异议
        Object = "object",
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
        /// 与主件一并答复
        ReplyAlong = "reply_along",
        /// 给投诉人留言
        Message = "message",
        /// 请投诉人补充，期限暂停
        Wait = "wait",
        /// 不再等待
        Resume = "resume",
        /// 申请延期
        AskExtension = "ask_extension",
        /// 批准延期
        Extend = "extend",
        /// 不同意延期
        RefuseExtension = "refuse_extension",
        /// 申请延长等待
        AskLongerHold = "ask_longer_hold",
        /// 批准延长等待
        GrantLongerHold = "grant_longer_hold",
        /// 不同意延长等待
        RefuseLongerHold = "refuse_longer_hold",
        /// 记录办理进展
        Note = "note",
        /// 附上文件
        Attach = "attach",
        /// 督办
        Supervise = "supervise",
        /// 向督办人报告进展
        Report = "report",
        /// 解除督办
        LiftSupervision = "lift_supervision",
        /// 标为紧急
        MarkEmergency = "mark_emergency",
        /// 投诉人补充
        Add = "add",
        /// 投诉人评价
        Rate = "rate",
        /// 投诉人不满意，要求重办
        Redo = "redo",
        /// 办结
        Conclude = "conclude",
        /// 撤回
        Withdraw = "withdraw",
        /// 指明被举报人
        NameAccused = "name_accused",
    }
}

/// From which state which verb leads where. Together with [`STAYS`] this is the whole state machine: the steps follow it,
/// the tests walk it, the diagram is drawn from it.
pub const TRANSITIONS: &[(State, Verb, State)] = {
    use State::{
        Accepted, Assigned, Concluded, Duplicate, InHandling, NotAccepted, Objected, Received, Redoing, Referred,
        Replied, ReplyDrafted, Waiting, Withdrawn,
    };
    use Verb::{
        Accept, Add, Approve, Assign, Conclude, Draft, Merge, NameAccused, NotAccept, Object, Rate, Redo, Refer, Reply,
        ReplyAlong, Resume, Return, Submit, Unmerge, Wait, Withdraw,
    };
    &[
        (Received, Accept, Accepted),
        (Received, NotAccept, NotAccepted),
        (Received, Refer, Referred),
        (Received, Merge, Duplicate),
        // What names the wrong unit lands there without anybody's dispatch.
        (Received, Object, Objected),
        (Received, Withdraw, Withdrawn),
        (Accepted, Refer, Referred),
        (Accepted, Merge, Duplicate),
        (Accepted, Assign, Assigned),
        (Accepted, Object, Objected),
        (Accepted, Draft, InHandling),
        (Accepted, Submit, ReplyDrafted),
        (Accepted, Wait, Waiting),
        (Accepted, Conclude, Concluded),
        (Accepted, Withdraw, Withdrawn),
        (Assigned, Assign, Assigned),
        (Assigned, Object, Objected),
        (Assigned, Merge, Duplicate),
        (Assigned, Draft, InHandling),
        (Assigned, Submit, ReplyDrafted),
        (Assigned, Wait, Waiting),
        (Assigned, Withdraw, Withdrawn),
        (Objected, Assign, Assigned),
        (Objected, NotAccept, NotAccepted),
        (Objected, Refer, Referred),
        (Objected, Withdraw, Withdrawn),
        (InHandling, Assign, Assigned),
        (InHandling, Object, Objected),
        (InHandling, Merge, Duplicate),
        (InHandling, Draft, InHandling),
        (InHandling, Submit, ReplyDrafted),
        (InHandling, Wait, Waiting),
        (InHandling, Withdraw, Withdrawn),
        (Waiting, Add, InHandling),
        (Waiting, Resume, InHandling),
        (Waiting, Withdraw, Withdrawn),
        (ReplyDrafted, Draft, InHandling),
        (ReplyDrafted, Submit, ReplyDrafted),
        (ReplyDrafted, Approve, ReplyDrafted),
        (ReplyDrafted, Return, InHandling),
        (ReplyDrafted, Reply, Replied),
        (ReplyDrafted, Withdraw, Withdrawn),
        (Duplicate, Unmerge, Accepted),
        // Accusations are answered by inspectors, not with somebody else's case.
        (Duplicate, NameAccused, Accepted),
        (Duplicate, ReplyAlong, Replied),
        (Duplicate, Withdraw, Withdrawn),
        (Replied, Rate, Concluded),
        (Replied, Rate, Replied),
        (Replied, Redo, Redoing),
        (Replied, Conclude, Concluded),
        (Redoing, Assign, Redoing),
        (Redoing, Draft, InHandling),
        (Redoing, Submit, ReplyDrafted),
        (Redoing, Wait, Waiting),
        (Concluded, Rate, Concluded),
        // Whoever closed it, and why: while an answer can be rated, who is not satisfied has one redo.
        (Concluded, Redo, Redoing),
    ]
};

/// The verbs that leave the state as it is, and in which states they can be done.
pub const STAYS: &[(Verb, &[State])] = {
    use State::{
        Accepted, Assigned, Duplicate, InHandling, Objected, Received, Redoing, Replied, ReplyDrafted, Waiting,
    };
    const WORKED_ON: &[State] = &[Accepted, Assigned, Objected, InHandling, Waiting, ReplyDrafted, Redoing];
    const OPEN: &[State] = &[
        Received,
        Accepted,
        Assigned,
        Objected,
        InHandling,
        Waiting,
        ReplyDrafted,
        Redoing,
        Duplicate,
        Replied,
    ];
    &[
        // While the clock is held, what the complainant adds starts it again: a transition.
        (
            Verb::Add,
            &[
                Received,
                Accepted,
                Assigned,
                Objected,
                InHandling,
                ReplyDrafted,
                Redoing,
                Duplicate,
                Replied,
            ],
        ),
        (Verb::Message, OPEN),
        (
            Verb::NameAccused,
            &[
                Received,
                Accepted,
                Assigned,
                Objected,
                InHandling,
                Waiting,
                ReplyDrafted,
                Redoing,
                Replied,
            ],
        ),
        (Verb::Classify, OPEN),
        (Verb::Note, OPEN),
        (Verb::Attach, OPEN),
        // From the first state on: else a case that nobody takes is out of reach.
        (
            Verb::Supervise,
            &[
                Received,
                Accepted,
                Assigned,
                Objected,
                InHandling,
                Waiting,
                ReplyDrafted,
                Redoing,
            ],
        ),
        (Verb::Report, OPEN),
        (Verb::LiftSupervision, OPEN),
        (
            Verb::MarkEmergency,
            &[
                Received,
                Accepted,
                Assigned,
                Objected,
                InHandling,
                Waiting,
                ReplyDrafted,
                Redoing,
            ],
        ),
        (Verb::AskExtension, WORKED_ON),
        (Verb::Extend, WORKED_ON),
        (Verb::RefuseExtension, WORKED_ON),
        (Verb::AskLongerHold, WORKED_ON),
        (Verb::GrantLongerHold, WORKED_ON),
        (Verb::RefuseLongerHold, WORKED_ON),
    ]
};

/// Every state with every verb that can be done in it, and where it leads.
pub fn transitions() -> impl Iterator<Item = (State, Verb, State)> {
    let stays = STAYS
        .iter()
        .flat_map(|(verb, states)| states.iter().map(move |state| (*state, *verb, *state)));
    TRANSITIONS.iter().copied().chain(stays)
}

impl State {
    /// The states from which `verb` leads on.
    #[must_use]
    pub fn before(verb: Verb) -> Vec<Self> {
        let mut states: Vec<Self> = transitions()
            .filter(|(_, known, _)| *known == verb)
            .map(|(from, _, _)| from)
            .collect();
        states.dedup();
        states
    }

    /// Whether `verb` leads on from here.
    #[must_use]
    pub fn takes(self, verb: Verb) -> bool {
        transitions().any(|(from, known, _)| from == self && known == verb)
    }

    /// Whether the work is over: no clock runs any more.
    #[must_use]
    pub const fn is_ended(self) -> bool {
        match self {
            Self::NotAccepted | Self::Referred | Self::Concluded | Self::Final | Self::Withdrawn => true,
            Self::Received
            | Self::Accepted
            | Self::Sealed
            | Self::Duplicate
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

    /// Whether a clock runs: the case is not answered yet. While the complainant is asked it is held, and its end moves;
    /// a duplicate is answered with the case that leads it.
    #[must_use]
    pub const fn is_clocked(self) -> bool {
        !self.is_ended() && !matches!(self, Self::Replied | Self::Duplicate)
    }

    /// Whether there is a date by which the complainant is to have an answer: a duplicate keeps its own, though the work is
    /// done in the case that leads it.
    #[must_use]
    pub const fn has_dates(self) -> bool {
        self.is_clocked() || matches!(self, Self::Duplicate)
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
