//! What a column of a ledger can hold.

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The ledger's own number of the complaint.
    ExternalRef,
    /// Who wrote it; empty when anonymous.
    Author,
    /// The subject.
    Title,
    /// When it came in.
    ReceivedAt,
    /// What was written.
    Body,
    /// What was answered.
    Reply,
    /// When it was answered.
    RepliedAt,
    /// Grievance, report, suggestion, inquiry, praise: in the ledger's words.
    Kind,
    /// The subject area, in the ledger's words.
    Category,
    /// The office or school it concerns, in the ledger's words.
    Unit,
}

impl Field {
    /// All fields, in the order of a ledger's columns.
    pub const ALL: [Self; 10] = [
        Self::ExternalRef,
        Self::Author,
        Self::Title,
        Self::ReceivedAt,
        Self::Body,
        Self::Reply,
        Self::RepliedAt,
        Self::Kind,
        Self::Category,
        Self::Unit,
    ];

    /// The fields without which no row can be read.
    pub const REQUIRED: [Self; 4] = [Self::ExternalRef, Self::Title, Self::ReceivedAt, Self::Body];

    /// The code that the API uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ExternalRef => "external_ref",
            Self::Author => "author",
            Self::Title => "title",
            Self::ReceivedAt => "received_at",
            Self::Body => "body",
            Self::Reply => "reply",
            Self::RepliedAt => "replied_at",
            Self::Kind => "kind",
            Self::Category => "category",
            Self::Unit => "unit",
        }
    }

    /// The field of a code of the API.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == code)
    }

    /// Whether a row without it can't be taken.
    #[must_use]
    pub fn is_required(self) -> bool {
        Self::REQUIRED.contains(&self)
    }

    /// The most characters a value may have; `None` for times.
    #[must_use]
    pub const fn limit(self) -> Option<usize> {
        match self {
            Self::ExternalRef => Some(MAX_EXTERNAL_REF),
            Self::Author => Some(MAX_AUTHOR),
            Self::Title => Some(MAX_TITLE),
            Self::Body => Some(MAX_BODY),
            Self::Reply => Some(MAX_REPLY),
            Self::Kind | Self::Category | Self::Unit => Some(MAX_NAME),
            Self::ReceivedAt | Self::RepliedAt => None,
        }
    }

    /// The heading of the template.
    #[must_use]
    pub const fn heading(self) -> &'static str {
        match self {
            Self::ExternalRef => "留言编号",
            Self::Author => "留言用户",
            Self::Title => "留言主题",
            Self::ReceivedAt => "留言时间",
            Self::Body => "留言详情",
            Self::Reply => "答复意见",
            Self::RepliedAt => "答复时间",
            Self::Kind => "留言类型",
            Self::Category => "分类",
            Self::Unit => "承办单位",
        }
    }
}

/// Most characters of a title.
pub const MAX_TITLE: usize = 200;
/// Most characters of a complaint's text.
pub const MAX_BODY: usize = 50_000;
/// Most characters of a reply.
pub const MAX_REPLY: usize = 50_000;
/// Most characters of the ledger's own number.
pub const MAX_EXTERNAL_REF: usize = 64;
/// Most characters of an author.
pub const MAX_AUTHOR: usize = 100;
/// Most characters of a kind, a category, a unit.
pub const MAX_NAME: usize = 100;
