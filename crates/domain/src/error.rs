//! Why the domain says no. Nothing here knows of HTTP; the codes are stable and travel to clients unchanged.

use std::fmt;

use crate::{actor::Role, role_grants::word};

/// One field that can't be taken, with a JSON pointer to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// RFC 6901 pointer into the request body, such as `/contact/phone`.
    pub pointer: String,
    /// Stable code, such as `too_long`.
    pub code: &'static str,
    /// What a person can do about it, in Chinese and English.
    pub detail: Message,
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

impl Message {
    /// A sentence in both languages.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            zh: zh.into(),
            en: en.into(),
        }
    }
}

/// A well-formed request whose fields can't be taken: all that is wrong at once, never one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invalid(pub Vec<FieldError>);

impl Invalid {
    /// A single field at fault.
    pub fn one(pointer: impl Into<String>, code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self(vec![FieldError {
            pointer: pointer.into(),
            code,
            detail: Message::new(zh, en),
        }])
    }

    /// Takes over what another check found.
    pub fn take<T>(&mut self, result: Result<T, Invalid>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(mut more) => {
                self.0.append(&mut more.0);
                None
            }
        }
    }

    /// `Ok` if nothing was found.
    ///
    /// # Errors
    /// Everything that was found.
    pub fn finish(self) -> Result<(), Invalid> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

/// A rule of the domain refuses; the thing stays as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The thing is in a state from which this step does not lead.
    WrongState {
        /// The state it is in.
        is: &'static str,
        /// The states from which the step would be possible.
        wanted: Vec<&'static str>,
    },
    /// Nobody approves, checks or strikes off their own work.
    OwnWork,
    /// Nobody gives a role to themselves, or takes one away from themselves.
    OwnRoles,
    /// Nobody gets a link into their own account, nor looks after it.
    OwnAccount,
    /// The member has the role there at that time already.
    AlreadyGranted {
        /// Which.
        role: Role,
    },
    /// Two roles that must not come together in one person.
    RolesApart {
        /// What the member holds.
        held: Role,
        /// What they were to get.
        wanted: Role,
    },
    /// A county must never be without a security administrator.
    LastSecurityAdmin,
    /// Something else must be done first.
    NotReady(Message),
    /// A field can't be taken.
    Invalid(Invalid),
}

impl Refusal {
    /// The stable code that clients see.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongState { .. } => "wrong_state",
            Self::OwnWork => "own_work",
            Self::OwnRoles => "own_roles",
            Self::OwnAccount => "own_account",
            Self::AlreadyGranted { .. } => "already_granted",
            Self::RolesApart { .. } => "roles_apart",
            Self::LastSecurityAdmin => "last_security_admin",
            Self::NotReady(_) => "not_ready",
            Self::Invalid(_) => "invalid_field",
        }
    }

    /// What happened and what to do, in both languages.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::WrongState { is, .. } => Message::new(
                format!("当前状态（{is}）不能做这一步。请刷新后按最新情况处理。"),
                format!("This step is not possible in the state \"{is}\". Reload and go on from there."),
            ),
            Self::OwnWork => Message::new(
                "不能审批自己经手的内容，请由另一位同事处理。",
                "Nobody approves their own work. Ask a colleague to do it.",
            ),
            Self::OwnRoles => Message::new(
                "不能给自己授予或终止角色，请由另一位安全管理员办理。",
                "Nobody gives a role to themselves or takes one from themselves. Ask another security administrator.",
            ),
            Self::OwnAccount => Message::new(
                "不能办理自己的账号。自己的密码在“我的账号”里修改；忘了密码，请另一位安全管理员办理。",
                "Nobody looks after their own account. Change your password under \"My account\", or ask another security administrator.",
            ),
            Self::AlreadyGranted { role } => {
                let Message { zh, en } = word(*role);
                Message::new(
                    format!("这位成员在这个单位的这段时间里已有“{zh}”角色。"),
                    format!("The member is {en} at this unit in that time already."),
                )
            }
            Self::RolesApart { held, wanted } => {
                let (held, wanted) = (word(*held), word(*wanted));
                Message::new(
                    format!("“{}”和“{}”不能由同一人同时担任。", held.zh, wanted.zh),
                    format!("Nobody is {} and {} at the same time.", held.en, wanted.en),
                )
            }
            Self::LastSecurityAdmin => Message::new(
                "这是全县最后一位能登录的安全管理员。请先授予另一位，再终止。",
                "This is the county's last security administrator who can sign in. Appoint another one first.",
            ),
            Self::NotReady(message) => message.clone(),
            Self::Invalid(_) => Message::new("有内容需要修改。", "Some fields need to be corrected."),
        }
    }
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        Self::Invalid(invalid)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl std::error::Error for Refusal {}
