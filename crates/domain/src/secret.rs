//! Texts that no log, no error and no answer may hold by accident.

use std::fmt;

/// A text that is shown where somebody asks for it by name, and nowhere else: it has no `Display`, is not serialised, and its
/// `Debug` says that there is one.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps a text.
    #[must_use]
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_shown_to_who_asks_for_it_alone() {
        let secret = Secret::new("金丝雀".to_owned());
        assert_eq!(secret.reveal(), "金丝雀");
        assert_eq!(format!("{:?}", Some(secret)), "Some(Secret)");
    }
}
