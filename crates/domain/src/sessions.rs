//! Sessions: on what kind of device one was begun, so that its owner knows it again in a list.

use crate::{actor::Role, codes::codes, time::Timestamp};

/// How long a session lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// Seconds until it ends if it is not gone on with.
    pub idle_seconds: i64,
    /// Seconds until it ends in any case.
    pub absolute_seconds: i64,
}

/// The roles whose sessions are short: they change who may do what, or read how everybody did.
pub const SHORT_SESSIONS: &[Role] = &[Role::Admin, Role::SecurityAdmin, Role::AuditAdmin];

impl Lifetime {
    /// Of somebody with these roles.
    #[must_use]
    pub fn of(roles: impl IntoIterator<Item = Role>) -> Self {
        let is_short = roles.into_iter().any(|role| SHORT_SESSIONS.contains(&role));
        if is_short {
            Self {
                idle_seconds: 900,
                absolute_seconds: 28_800,
            }
        } else {
            Self {
                idle_seconds: 1_800,
                absolute_seconds: 43_200,
            }
        }
    }

    /// When a session ends if it is not gone on with after `now`.
    #[must_use]
    pub fn ends_at(self, begun_at: Timestamp, now: Timestamp) -> Timestamp {
        let latest = begun_at.plus_seconds(self.absolute_seconds);
        now.plus_seconds(self.idle_seconds).min(latest)
    }
}

codes! {
    /// The program that a session was begun with, as far as it tells.
    Browser {
        /// Chrome, or one of the many that are made of it and say that they are.
        Chrome = "chrome",
        /// Edge.
        Edge = "edge",
        /// Firefox.
        Firefox = "firefox",
        /// Safari.
        Safari = "safari",
        /// The browser inside WeChat.
        Wechat = "wechat",
        /// The browser inside WeCom.
        Wecom = "wecom",
        /// The browser inside DingTalk.
        Dingtalk = "dingtalk",
        /// Anything else, such as an app.
        Other = "other",
    }
}

codes! {
    /// The system that the program runs on, as far as it tells.
    System {
        /// Windows.
        Windows = "windows",
        /// macOS.
        Macos = "macos",
        /// Linux.
        Linux = "linux",
        /// Android.
        Android = "android",
        /// HarmonyOS.
        Harmony = "harmony",
        /// iOS and iPadOS.
        Ios = "ios",
        /// Anything else.
        Other = "other",
    }
}

/// On what a session was begun. Two codes, and nothing else of what a browser tells of itself: versions and models would
/// make a person's computer known again elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Device {
    /// The program.
    pub browser: Browser,
    /// The system below it.
    pub system: System,
}

/// Words of a user agent and what they mean. The first that is found counts: nearly every program also names those it
/// wants to be taken for.
const BROWSERS: [(&str, Browser); 11] = [
    ("wxwork", Browser::Wecom),
    ("micromessenger", Browser::Wechat),
    ("dingtalk", Browser::Dingtalk),
    ("edg/", Browser::Edge),
    ("edga/", Browser::Edge),
    ("edgios/", Browser::Edge),
    ("firefox/", Browser::Firefox),
    ("fxios/", Browser::Firefox),
    ("chrome/", Browser::Chrome),
    ("crios/", Browser::Chrome),
    ("safari/", Browser::Safari),
];

const SYSTEMS: [(&str, System); 9] = [
    ("harmony", System::Harmony),
    ("android", System::Android),
    ("iphone", System::Ios),
    ("ipad", System::Ios),
    ("windows", System::Windows),
    ("macintosh", System::Macos),
    ("mac os x", System::Macos),
    ("x11", System::Linux),
    ("linux", System::Linux),
];

impl Device {
    /// One that tells nothing of itself.
    pub const UNKNOWN: Self = Self {
        browser: Browser::Other,
        system: System::Other,
    };

    /// What the header `User-Agent` tells.
    #[must_use]
    pub fn of(user_agent: &str) -> Self {
        let told = user_agent.to_ascii_lowercase();
        let browser = BROWSERS.iter().find(|(word, _)| told.contains(word));
        let system = SYSTEMS.iter().find(|(word, _)| told.contains(word));
        Self {
            browser: browser.map_or(Browser::Other, |(_, browser)| *browser),
            system: system.map_or(System::Other, |(_, system)| *system),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_administrators_session_is_short() {
        let begun = Timestamp::from_micros(0);
        let clerk = Lifetime::of([Role::Member, Role::Handler]);
        let admin = Lifetime::of([Role::Member, Role::AuditAdmin]);
        assert_eq!(clerk.ends_at(begun, begun), begun.plus_seconds(1_800));
        assert_eq!(admin.ends_at(begun, begun), begun.plus_seconds(900));
        let late = begun.plus_seconds(28_500);
        assert_eq!(clerk.ends_at(begun, late), late.plus_seconds(1_800));
        assert_eq!(admin.ends_at(begun, late), begun.plus_seconds(28_800));
    }

    #[test]
    fn a_device_is_what_it_is_and_not_what_it_wants_to_be_taken_for() {
        let webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15";
        for (user_agent, browser, system) in [
            (
                format!("Mozilla/5.0 (Windows NT 10.0; Win64; x64) {webkit} Chrome/140.0.0.0 Safari/537.36"),
                Browser::Chrome,
                System::Windows,
            ),
            (
                format!("Mozilla/5.0 (Windows NT 10.0) {webkit} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0"),
                Browser::Edge,
                System::Windows,
            ),
            (
                format!("Mozilla/5.0 (Linux; Android 15) {webkit} Chrome/140 Mobile Safari/537.36 MicroMessenger/8.0"),
                Browser::Wechat,
                System::Android,
            ),
            (
                format!("{phone} (KHTML, like Gecko) Mobile/15E148 wxwork/4.1.30 MicroMessenger/7.0.1"),
                Browser::Wecom,
                System::Ios,
            ),
            (
                format!("{phone} Version/19.0 Mobile/15E148 Safari/604.1"),
                Browser::Safari,
                System::Ios,
            ),
            (
                format!("Mozilla/5.0 (Phone; OpenHarmony 5.0) {webkit} Chrome/132 Mobile Safari/537.36 ArkWeb/6"),
                Browser::Chrome,
                System::Harmony,
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0".to_owned(),
                Browser::Firefox,
                System::Macos,
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0".to_owned(),
                Browser::Firefox,
                System::Linux,
            ),
            ("curl/8.9".to_owned(), Browser::Other, System::Other),
        ] {
            assert_eq!(Device::of(&user_agent), Device { browser, system }, "{user_agent}");
        }
        assert_eq!(Device::of(""), Device::UNKNOWN);
    }
}
