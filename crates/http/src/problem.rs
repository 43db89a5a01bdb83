//! Every failure as one body: RFC 9457 problem details with a stable code. The only place that knows both what can go
//! wrong inside and which HTTP status it becomes.

use std::fmt;

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use liangnuo_domain::{Invalid, Refusal, error::Message};
use liangnuo_persistence::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

use crate::language::Language;

macro_rules! problem_codes {
    ($($variant:ident = $code:literal, $status:literal, $zh:literal, $en:literal, $help_zh:literal, $help_en:literal;)+) => {
        /// Why a request failed. The codes are stable; clients switch on them and translate them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum ProblemCode { $($variant),+ }

        impl ProblemCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The HTTP status.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }

            /// A short title.
            #[must_use]
            pub const fn title(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::Chinese) => $zh, (Self::$variant, Language::English) => $en,)+
                }
            }

            /// What happened and what to do about it.
            #[must_use]
            pub const fn help(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$variant, Language::Chinese) => $help_zh, (Self::$variant, Language::English) => $help_en,)+
                }
            }
        }
    };
}

problem_codes! {
    MalformedBody = "malformed_body", 400, "请求内容无法读取", "The body can't be read",
        "请求内容不是完整的 JSON。", "The body is not well-formed JSON.";
    MalformedQuery = "malformed_query", 400, "查询条件无法读取", "The query can't be read",
        "查询条件里有不认识的名称或值。", "The query holds a name or value that is not known.";
    MalformedPath = "malformed_path", 400, "地址无法读取", "The path can't be read",
        "地址中的编号格式不对。", "An id in the path is not a UUID.";
    MalformedHeader = "malformed_header", 400, "请求头无法读取", "A header can't be read",
        "某个请求头的格式不对。", "A header does not have the form that is asked for.";
    BadCursor = "bad_cursor", 400, "翻页位置无效", "The cursor is not valid here",
        "翻页位置不属于这个列表，请从第一页开始。", "The cursor does not belong to this list. Begin with the first page.";
    IdempotencyKeyMissing = "idempotency_key_missing", 400, "缺少 Idempotency-Key", "Idempotency-Key is missing",
        "新建内容的请求要带 Idempotency-Key 请求头（UUID），重发时用同一个。",
        "A request that creates something carries an Idempotency-Key header (a UUID); a repeat carries the same one.";
    Unauthenticated = "unauthenticated", 401, "请先登录", "Sign in first",
        "这个操作要登录后才能做。", "This needs a signed-in member.";
    WrongCredentials = "wrong_credentials", 401, "账号或密码不对", "Wrong login or password",
        "请核对账号和密码后再试。", "Check the login and the password and try again.";
    SecondFactorNeeded = "second_factor_needed", 401, "还要输入验证码", "A code is needed, too",
        "密码对了。请在五分钟内输入验证器上的6位验证码，或一个恢复码。",
        "The password is right. Enter the code that your authenticator shows, or a recovery code, within five minutes.";
    ProviderRefused = "provider_refused", 401, "统一身份认证没有通过", "The identity provider's answer is not taken",
        "请从头再登录一次。", "Begin once more.";
    ProviderAccountUnknown = "provider_account_unknown", 401, "这个统一身份还没有绑定账号", "No account is tied to this identity",
        "请先用密码登录，再在“我的账号”里绑定。", "Sign in with your password first, and tie your account under My account.";
    ProviderUnavailable = "provider_unavailable", 503, "统一身份认证暂时连不上", "The identity provider can't be reached",
        "请稍后再试，或用密码登录。", "Try again in a moment, or sign in with your password.";
    TicketEnded = "ticket_ended", 401, "请重新输入密码", "Begin signing in again",
        "输入密码已超过五分钟，或密码已经改了。", "The password was entered more than five minutes ago, or was changed since.";
    SessionEnded = "session_ended", 401, "登录已失效", "The session has ended",
        "请重新登录；已写的内容请先留好。", "Sign in again; keep what you have written.";
    Forbidden = "forbidden", 403, "没有这项权限", "Not permitted",
        "您的角色不能做这一步。", "Your role does not permit this.";
    PasswordChangeNeeded = "password_change_needed", 403, "请先换一个密码", "Choose another password first",
        "您的密码到期了，或不再够长。换好以后才能做别的。", "Your password has come to its end, or is no longer long enough. Nothing else can be done before it is changed.";
    SecondFactorMissing = "second_factor_missing", 403, "请先设置两步验证", "Set up a second factor first",
        "您的角色必须用两步验证。设置好以后才能做别的。", "Your role needs a second factor. Nothing else can be done before it is set up.";
    ConfirmationNeeded = "confirmation_needed", 403, "请再确认一次是您本人", "Confirm that it is you",
        "这一步要求15分钟内确认过身份。", "This step needs a confirmation that is no older than 15 minutes.";
    NotFound = "not_found", 404, "找不到", "Not found",
        "没有这项内容，或您看不到它。", "There is no such thing, or you may not see it.";
    MethodNotAllowed = "method_not_allowed", 405, "不支持这种请求方式", "Method not allowed",
        "这个地址不支持这种请求方式。", "This address does not take this method.";
    RequestTimeout = "request_timeout", 408, "请求内容没有及时传完", "The body took too long to arrive",
        "网络太慢或中断了，请再试一次；没有保存任何内容。", "The network is slow or broke off. Send it again; nothing was saved.";
    ExportTooLarge = "export_too_large", 422, "行数太多，一个工作簿放不下", "Too many rows for a workbook",
        "请先筛选，或选 CSV 格式。", "Narrow the list down first, or choose CSV.";
    WrongState = "wrong_state", 409, "当前状态不能做这一步", "Not possible in this state",
        "请刷新后按最新情况处理。", "Reload and go on from the state that it is in now.";
    OwnWork = "own_work", 409, "不能审批自己经手的内容", "Nobody approves their own work",
        "请由另一位同事处理。", "Ask a colleague to do it.";
    OwnRoles = "own_roles", 409, "不能办理自己的角色", "Nobody changes their own roles",
        "请由另一位安全管理员办理。", "Ask another security administrator to do it.";
    OwnAccount = "own_account", 409, "不能办理自己的账号", "Nobody looks after their own account",
        "请另一位安全管理员办理；修改自己的密码在“我的账号”。",
        "Ask another security administrator; your own password is changed under \"My account\".";
    AlreadyGranted = "already_granted", 409, "已有这一角色", "The role is held there already",
        "这位成员在这个单位的这段时间里已有这一角色。", "The member holds this role at this unit in that time already.";
    RolesApart = "roles_apart", 409, "两种角色不能由同一人担任", "These roles are kept apart",
        "办件、系统管理和审计三类角色要由不同的人担任。",
        "Work on cases, the keeping of the system and its audit are done by different people.";
    LastSecurityAdmin = "last_security_admin", 409, "不能没有安全管理员", "A county needs a security administrator",
        "请先授予另一位能登录的成员，再终止这一位。", "Appoint another one who can sign in first.";
    NotReady = "not_ready", 409, "还不能做这一步", "Not ready yet",
        "请先完成前面的步骤。", "Something else must be done first.";
    Taken = "taken", 409, "已被占用", "Already taken",
        "这个名称或编号已经有了，请换一个。", "This name or number is taken already. Choose another one.";
    BootstrapClosed = "bootstrap_closed", 409, "首次设置已完成或链接已失效", "The set-up link is used or expired",
        "请在服务器上重新生成设置链接。", "Make a new link on the server.";
    LinkClosed = "link_closed", 409, "这个链接已不能用", "The link is used, expired or taken back",
        "它可能用过了、过期了，或被收回。请找安全管理员重新要一个。",
        "It may have been used, taken back or run out. Ask a security administrator for another one.";
    UploadOffset = "upload_offset", 409, "文件应从别处接着传", "The file goes on elsewhere",
        "请从 `offset` 处接着传；传完的部分没有丢。", "Go on at `offset`; what was sent before is not lost.";
    StaleVersion = "stale_version", 412, "内容已被他人更新", "Changed by somebody else",
        "您看到的不是最新版本。请先取得最新内容，再保存您的修改。",
        "What you see is not the latest version. Fetch it, then save your change again.";
    PayloadTooLarge = "payload_too_large", 413, "内容太大", "Too large",
        "请减小内容或文件后再试。", "Send less, or a smaller file.";
    UnsupportedMediaType = "unsupported_media_type", 415, "不支持这种格式", "Unsupported media type",
        "请按接口说明的格式发送。", "Send the media type that the operation documents.";
    InvalidField = "invalid_field", 422, "有内容需要修改", "Some fields need to be corrected",
        "请按提示修改后再提交；已写的内容没有丢。", "Correct the fields that are named; nothing was lost or saved.";
    WrongCode = "wrong_code", 422, "验证码不对", "Wrong code",
        "请输入验证器上现在显示的6位数；每个验证码、每个恢复码只能用一次。",
        "Enter the six digits that are shown now. Each code, and each recovery code, is good once.";
    IdempotencyKeyReused = "idempotency_key_reused", 422, "Idempotency-Key 已用于别的请求", "Idempotency-Key was used before",
        "这个 Idempotency-Key 已用于另一个请求，请换一个新的。", "This key belongs to another request. Use a new one.";
    ChallengeFailed = "challenge_failed", 422, "验证没有通过", "The proof of work failed",
        "验证已过期或已用过，请重新取一个再提交；已写的内容没有丢。",
        "It expired or was spent. Fetch a new challenge and send again; nothing was lost.";
    IfMatchMissing = "if_match_missing", 428, "缺少 If-Match", "If-Match is missing",
        "修改已有内容要带 If-Match 请求头，值为读取时得到的 ETag。",
        "A change of an existing thing carries an If-Match header with the ETag that was read.";
    RateLimited = "rate_limited", 429, "请求太频繁", "Too many requests",
        "请稍候再试；已写的内容没有丢。", "Wait a little and try again; nothing was lost.";
    Internal = "internal", 500, "服务器出错了", "The server failed",
        "我们已记录这个错误。请稍后再试；如仍不行，请把请求编号告诉管理员。",
        "The error was logged. Try again later; if it stays, tell the administrator the request id.";
    Busy = "busy", 503, "服务器正忙", "The server is busy",
        "请稍候再试；没有保存任何内容。", "Try again in a moment; nothing was saved.";
}

/// One field at fault.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// RFC 6901 pointer into the body, or the name of a parameter.
    #[schema(example = "/title")]
    pub pointer: String,
    /// Stable code.
    #[schema(example = "too_long")]
    pub code: String,
    /// What to do, in the language asked for.
    pub detail: String,
}

/// Problem details by RFC 9457.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// A URI reference that names the kind of problem.
    #[serde(rename = "type")]
    #[schema(example = "/docs/problems#invalid_field")]
    pub kind: String,
    /// A short title, in the language asked for.
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: i32,
    /// The stable code.
    pub code: ProblemCode,
    /// What happened and what to do, in the language asked for.
    pub detail: String,
    /// Names the request in the server's log.
    pub request_id: String,
    /// The fields at fault; empty where no field is.
    pub errors: Vec<ProblemField>,
    /// With `second_factor_needed` alone: what `POST /auth/second-factor` takes beside the code, good for five minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub ticket: Option<String>,
    /// With `upload_offset` alone: how many bytes of the file are here, and where the next piece begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub offset: Option<i64>,
}

/// A failure on its way out. The language is put in at the boundary, where the request is known.
#[derive(Debug)]
pub struct Problem(Box<Parts>);

/// What a problem is made of; boxed, since every handler's result carries one.
#[derive(Clone, Debug)]
struct Parts {
    code: ProblemCode,
    detail: Option<Message>,
    fields: Vec<(String, String, Message)>,
    retry_after: Option<u64>,
    allow: Option<String>,
    cause: Option<String>,
    ticket: Option<String>,
    offset: Option<i64>,
}

impl Problem {
    /// A problem of this kind.
    #[must_use]
    pub fn new(code: ProblemCode) -> Self {
        let (detail, retry_after, allow, cause) = (None, None, None, None);
        Self(Box::new(Parts {
            code,
            detail,
            fields: Vec::new(),
            retry_after,
            allow,
            cause,
            ticket: None,
            offset: None,
        }))
    }

    /// With words of its own.
    #[must_use]
    pub fn with_detail(mut self, zh: impl Into<String>, en: impl Into<String>) -> Self {
        self.0.detail = Some(Message::new(zh, en));
        self
    }

    /// A field of the body at fault.
    #[must_use]
    pub fn field(pointer: impl Into<String>, code: &str, zh: impl Into<String>, en: impl Into<String>) -> Self {
        let mut problem = Self::new(ProblemCode::InvalidField);
        problem
            .0
            .fields
            .push((pointer.into(), code.to_owned(), Message::new(zh, en)));
        problem
    }

    /// With what the second step of a log-in is made by.
    #[must_use]
    pub fn with_ticket(mut self, ticket: String) -> Self {
        self.0.ticket = Some(ticket);
        self
    }

    /// To be tried again after so many seconds.
    #[must_use]
    pub fn after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// With the methods that the path takes, for 405.
    #[must_use]
    pub fn allowing(mut self, methods: String) -> Self {
        self.0.allow = Some(methods);
        self
    }

    /// Seconds after which trying again makes sense.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        self.0.retry_after
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> ProblemCode {
        self.0.code
    }

    /// The cause inside with its sources, for the log and never for a client.
    #[must_use]
    pub fn cause_text(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// The same problem once more: actix lends its errors and does not give them back.
    #[must_use]
    pub fn again(&self) -> Self {
        Self(self.0.clone())
    }

    /// The body in a language.
    #[must_use]
    pub fn body(&self, language: Language, request_id: &str) -> ProblemBody {
        let say = |message: &Message| match language {
            Language::Chinese => message.zh.clone(),
            Language::English => message.en.clone(),
        };
        ProblemBody {
            kind: format!("/docs/problems#{}", self.0.code.code()),
            title: self.0.code.title(language).to_owned(),
            status: i32::from(self.0.code.status()),
            code: self.0.code,
            detail: self
                .0
                .detail
                .as_ref()
                .map_or_else(|| self.0.code.help(language).to_owned(), say),
            request_id: request_id.to_owned(),
            errors: self
                .0
                .fields
                .iter()
                .map(|(pointer, code, detail)| ProblemField {
                    pointer: pointer.clone(),
                    code: code.clone(),
                    detail: say(detail),
                })
                .collect(),
            ticket: self.0.ticket.clone(),
            offset: self.0.offset,
        }
    }

    /// What happened in one sentence: of the first field at fault, if there is one.
    #[must_use]
    pub fn explained(&self, language: Language) -> String {
        let ProblemBody { detail, errors, .. } = self.body(language, "");
        errors.into_iter().next().map_or(detail, |field| field.detail)
    }

    /// The whole response in a language.
    #[must_use]
    pub fn response(&self, language: Language, request_id: &str) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        response
            .content_type("application/problem+json")
            .insert_header(("Content-Language", language.tag()))
            .insert_header(("Cache-Control", "no-store"));
        if let Some(seconds) = self.0.retry_after {
            response.insert_header(("Retry-After", seconds.to_string()));
        }
        if let Some(allow) = &self.0.allow {
            response.insert_header(("Allow", allow.clone()));
        }
        if self.0.code.status() == 401 {
            response.insert_header(("WWW-Authenticate", "Bearer"));
        }
        if self.0.code == ProblemCode::RequestTimeout {
            // The rest of the body is still on its way: no other request can follow on this connection.
            response.force_close();
        }
        response.body(serde_json::to_string(&self.body(language, request_id)).unwrap_or_default())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code.code())
    }
}

impl std::error::Error for Problem {}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    // Rendered again at the boundary with the request's language and id; see `telemetry`.
    fn error_response(&self) -> HttpResponse {
        self.response(Language::Chinese, "")
    }
}

impl From<Invalid> for Problem {
    fn from(invalid: Invalid) -> Self {
        let mut problem = Self::new(ProblemCode::InvalidField);
        problem.0.fields = invalid
            .0
            .into_iter()
            .map(|field| (field.pointer, field.code.to_owned(), field.detail))
            .collect();
        problem
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let message = refusal.message();
        let mut problem = match refusal {
            Refusal::Invalid(invalid) => return invalid.into(),
            Refusal::WrongState { .. } => Self::new(ProblemCode::WrongState),
            Refusal::OwnWork => Self::new(ProblemCode::OwnWork),
            Refusal::OwnAccount => Self::new(ProblemCode::OwnAccount),
            Refusal::OwnRoles => Self::new(ProblemCode::OwnRoles),
            Refusal::AlreadyGranted { .. } => Self::new(ProblemCode::AlreadyGranted),
            Refusal::RolesApart { .. } => Self::new(ProblemCode::RolesApart),
            Refusal::LastSecurityAdmin => Self::new(ProblemCode::LastSecurityAdmin),
            Refusal::NotReady(_) => Self::new(ProblemCode::NotReady),
        };
        problem.0.detail = Some(message);
        problem
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        let code = match error {
            StoreError::Refused(refusal) => return refusal.into(),
            StoreError::Taken { pointer } => {
                let mut problem = Self::new(ProblemCode::Taken);
                let say = |language| ProblemCode::Taken.help(language);
                let detail = Message::new(say(Language::Chinese), say(Language::English));
                problem.0.fields.push((pointer.to_owned(), "taken".to_owned(), detail));
                return problem;
            }
            StoreError::Offset { is } => {
                let mut problem = Self::new(ProblemCode::UploadOffset);
                problem.0.offset = Some(is);
                return problem;
            }
            StoreError::TooOften { seconds } => {
                return Self::new(ProblemCode::RateLimited).after(seconds).with_detail(
                    "今天的次数已用完，明天可以再来。",
                    "This was done as often today as it may be. Come back tomorrow.",
                );
            }
            StoreError::NotFound => ProblemCode::NotFound,
            StoreError::Forbidden => ProblemCode::Forbidden,
            StoreError::Stale { .. } => ProblemCode::StaleVersion,
            StoreError::KeyReused => ProblemCode::IdempotencyKeyReused,
            StoreError::BadCursor => ProblemCode::BadCursor,
            StoreError::ChallengeSpent => ProblemCode::ChallengeFailed,
            StoreError::BootstrapClosed => ProblemCode::BootstrapClosed,
            StoreError::LinkClosed => ProblemCode::LinkClosed,
            StoreError::CodeUsed => ProblemCode::WrongCode,
            StoreError::CodeNeeded => ProblemCode::SecondFactorNeeded,
            StoreError::SessionEnded => ProblemCode::SessionEnded,
            StoreError::Busy(_) | StoreError::Objects(_) => ProblemCode::Busy,
            StoreError::Inconsistent { .. } | StoreError::Vault(_) | StoreError::Bug(_) | StoreError::Db(_) => {
                ProblemCode::Internal
            }
        };
        let mut problem = Self::new(code);
        if code == ProblemCode::Busy {
            problem.0.retry_after = Some(1);
        }
        problem.0.cause = Some(chain(&error));
        problem
    }
}

/// An error with all its sources in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        source = inner.source();
    }
    text
}

/// The registry of codes, as a page.
#[must_use]
pub fn registry() -> String {
    let mut out = String::from(
        "# Problem codes\n\nGenerated by `liangnuo openapi`. Every failure is an `application/problem+json` body with one \
         of these codes.\n\n| code | status | meaning | 说明 |\n| --- | --- | --- | --- |\n",
    );
    for code in ProblemCode::ALL {
        out.push_str(&format!(
            "| `{}` | {} | {}. {} | {}。{} |\n",
            code.code(),
            code.status(),
            code.title(Language::English),
            code.help(Language::English),
            code.title(Language::Chinese),
            code.help(Language::Chinese),
        ));
    }
    out
}
