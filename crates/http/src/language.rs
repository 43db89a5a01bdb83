//! The language of an answer.

use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use liangnuo_domain::error::Message;

/// Chinese unless English is preferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// zh-CN
    Chinese,
    /// en
    English,
}

impl Language {
    /// The language tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// The sentence in this language.
    #[must_use]
    pub fn pick(self, message: Message) -> String {
        match self {
            Self::Chinese => message.zh,
            Self::English => message.en,
        }
    }

    /// The first of the two languages that an `Accept-Language` header prefers.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let Some(wanted) = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) else {
            return Self::Chinese;
        };
        let mut best = (Self::Chinese, 0.0_f32);
        for part in wanted.split(',') {
            let mut pieces = part.split(';');
            let tag = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
            let quality = pieces
                .find_map(|piece| piece.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()))
                .unwrap_or(1.0);
            let language = match tag.split('-').next() {
                Some("zh") => Self::Chinese,
                Some("en") => Self::English,
                Some(_) | None => continue,
            };
            if quality > best.1 {
                best = (language, quality);
            }
        }
        best.0
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn the_preferred_of_the_two_wins() {
        let ask = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_str(text).unwrap());
            Language::of(&headers)
        };
        assert_eq!(ask("en-GB,en;q=0.9"), Language::English);
        assert_eq!(ask("fr, zh;q=0.5, en;q=0.4"), Language::Chinese);
        assert_eq!(ask("en;q=0.2, zh-CN"), Language::Chinese);
        assert_eq!(ask("fr"), Language::Chinese);
    }
}
