//! What a column of a file can hold: of a ledger, of a list of units or of members.

/// What the rows of a file are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Complaints.
    Ledger,
    /// Units of the tree.
    Units,
    /// Members of units.
    Members,
}

impl Form {
    /// All fields, in the order of a file's columns.
    #[must_use]
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Ledger => &LEDGER,
            Self::Units => &UNITS,
            Self::Members => &MEMBERS,
        }
    }

    /// The fields that a file must have a column for.
    #[must_use]
    pub const fn required(self) -> &'static [Field] {
        match self {
            Self::Ledger => &[Field::ExternalRef, Field::Title, Field::ReceivedAt, Field::Body],
            Self::Units => &[Field::UnitName],
            Self::Members => &[Field::MemberName],
        }
    }

    /// The field of a code of the API.
    #[must_use]
    pub fn parse(self, code: &str) -> Option<Field> {
        self.fields().iter().copied().find(|field| field.as_str() == code)
    }
}

const LEDGER: [Field; 10] = [
    Field::ExternalRef,
    Field::Author,
    Field::Title,
    Field::ReceivedAt,
    Field::Body,
    Field::Reply,
    Field::RepliedAt,
    Field::Kind,
    Field::Category,
    Field::Unit,
];

const UNITS: [Field; 10] = [
    Field::UnitCode,
    Field::UnitName,
    Field::UnitNameEn,
    Field::UnitKind,
    Field::Parent,
    Field::Head,
    Field::Hotline,
    Field::Address,
    Field::OpeningHours,
    Field::ClosedOn,
];

const MEMBERS: [Field; 9] = [
    Field::StaffNumber,
    Field::MemberName,
    Field::MemberNameEn,
    Field::Home,
    Field::Post,
    Field::PostEn,
    Field::Branch,
    Field::IsPartyMember,
    Field::ClosedOn,
];

macro_rules! fields {
    ($($(#[$doc:meta])* $field:ident = $code:literal, $limit:expr, $zh:literal, $en:literal;)+) => {
        /// What a column holds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field { $($(#[$doc])* $field),+ }

        impl Field {
            /// The code that the API uses; unique within a form.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$field => $code),+ }
            }

            /// The most characters that a value of a ledger may have; `None` for times, and where the rules of what the row
            /// is about say it.
            #[must_use]
            pub const fn limit(self) -> Option<usize> {
                match self { $(Self::$field => $limit),+ }
            }

            /// The heading in Chinese: that of the template and of what goes out.
            #[must_use]
            pub const fn heading(self) -> &'static str {
                match self { $(Self::$field => $zh),+ }
            }

            /// The heading in English.
            #[must_use]
            pub const fn heading_en(self) -> &'static str {
                match self { $(Self::$field => $en),+ }
            }
        }
    };
}

fields! {
    /// The ledger's own number of the complaint.
    ExternalRef = "external_ref", Some(MAX_EXTERNAL_REF), "留言编号", "Complaint number";
    /// Who wrote it; empty when anonymous.
    Author = "author", Some(MAX_AUTHOR), "留言用户", "Author";
    /// The subject.
    Title = "title", Some(MAX_TITLE), "留言主题", "Title";
    /// When it came in.
    ReceivedAt = "received_at", None, "留言时间", "Received at";
    /// What was written.
    Body = "body", Some(MAX_BODY), "留言详情", "Body";
    /// What was answered.
    Reply = "reply", Some(MAX_REPLY), "答复意见", "Reply";
    /// When it was answered.
    RepliedAt = "replied_at", None, "答复时间", "Replied at";
    /// Grievance, report, suggestion, inquiry, praise: in the ledger's words.
    Kind = "kind", Some(MAX_NAME), "留言类型", "Kind";
    /// The subject area, in the ledger's words.
    Category = "category", Some(MAX_NAME), "分类", "Category";
    /// The office or school it concerns, in the ledger's words.
    Unit = "unit", Some(MAX_NAME), "承办单位", "Unit";
    /// The unit's code.
    UnitCode = "code", None, "单位编码", "Unit code";
    /// The unit's name in Chinese.
    UnitName = "name", None, "单位名称", "Unit name";
    /// The unit's name in English.
    UnitNameEn = "name_en", None, "英文名称", "English name";
    /// What the unit is.
    UnitKind = "kind", None, "类型", "Unit kind";
    /// The unit above.
    Parent = "parent", None, "上级单位", "Unit above";
    /// The unit's head.
    Head = "head", None, "负责人", "Head";
    /// The unit's telephone number.
    Hotline = "hotline", None, "电话", "Telephone";
    /// The unit's address.
    Address = "address", None, "地址", "Address";
    /// When the unit is open.
    OpeningHours = "opening_hours", None, "办公时间", "Opening hours";
    /// The member's number.
    StaffNumber = "staff_number", None, "工号", "Staff number";
    /// The member's name in Chinese.
    MemberName = "name", None, "姓名", "Name";
    /// The member's name in Latin letters.
    MemberNameEn = "name_en", None, "英文名", "Name in English";
    /// The member's unit.
    Home = "unit", None, "单位", "Unit";
    /// The member's post in Chinese.
    Post = "post", None, "职务", "Post";
    /// The member's post in English.
    PostEn = "post_en", None, "英文职务", "Post in English";
    /// The member's party branch.
    Branch = "branch", None, "党支部", "Party branch";
    /// Whether the member belongs to the party.
    IsPartyMember = "is_party_member", None, "是否党员", "Party member";
    /// Since when the unit or member is no longer: such a row is refused.
    ClosedOn = "closed_on", None, "撤销日期", "Closed on";
}

impl Field {
    /// Whether a row of a ledger without it can't be taken.
    #[must_use]
    pub fn is_required(self) -> bool {
        Form::Ledger.required().contains(&self)
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
