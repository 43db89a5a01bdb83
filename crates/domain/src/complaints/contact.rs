//! How to reach a complainant who wants to be known.

use crate::{Secret, codes::codes, error::Invalid, text};

/// Who filed: the contact data stand in a table of their own, sealed, and are not part of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// How the complainant wants to be called.
    pub name: Secret,
    /// Telephone number.
    pub phone: Option<Secret>,
    /// E-mail address.
    pub email: Option<Secret>,
    /// Who consented for a complainant under 14; none for anybody older.
    pub guardian: Option<Guardian>,
}

codes! {
    /// What a guardian is to the child.
    Relation {
        /// 父亲或母亲
        Parent = "parent",
        /// 祖父母或外祖父母
        Grandparent = "grandparent",
        /// 其他监护人
        Other = "other",
    }
}

/// Who consented that personal data of a child under 14 are kept (PIPL art. 31).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guardian {
    /// Their name.
    pub name: Secret,
    /// What they are to the child.
    pub relation: Relation,
}

impl Guardian {
    /// Checks what was typed.
    ///
    /// # Errors
    /// A name that is missing or too long; no consent: without it a child files anonymously.
    pub fn parse(name: &str, relation: Relation, has_consented: bool) -> Result<Self, Invalid> {
        let mut found = Invalid::default();
        let name = found.take(text::parse("/contact/guardian/name", name, text::line(1, 50)));
        if !has_consented {
            found.take::<()>(Err(Invalid::one(
                "/contact/guardian/has_consented",
                "required",
                "未满14周岁留姓名和联系方式，要监护人同意。不留姓名也一样办理。",
                "A child under 14 leaves name and contact details with a guardian's consent. Without them it is handled all the same.",
            )));
        }
        found.finish()?;
        Ok(Self {
            name: Secret::new(name.unwrap_or_default()),
            relation,
        })
    }
}

impl Contact {
    /// Checks what was typed.
    ///
    /// # Errors
    /// Every field that can't be taken.
    pub fn parse(name: &str, phone: Option<&str>, email: Option<&str>) -> Result<Self, Invalid> {
        let mut found = Invalid::default();
        let name = found.take(text::parse("/contact/name", name, text::line(1, 50)));
        let phone = found.take(text::parse_optional("/contact/phone", phone, text::line(5, 20)));
        let email = found.take(text::parse_optional("/contact/email", email, text::line(3, 254)));
        if let Some(Some(phone)) = &phone {
            found.take(check_phone("/contact/phone", phone));
        }
        if let Some(Some(email)) = &email
            && !looks_like_email(email)
        {
            found.take::<()>(Err(Invalid::one(
                "/contact/email",
                "not_an_email_address",
                "请写完整的邮箱地址，例如 name@example.com。",
                "Write a whole address, such as name@example.com.",
            )));
        }
        found.finish()?;
        Ok(Self {
            name: Secret::new(name.unwrap_or_default()),
            phone: phone.flatten().map(Secret::new),
            email: email.flatten().map(Secret::new),
            guardian: None,
        })
    }
}

fn check_phone(pointer: &'static str, phone: &str) -> Result<(), Invalid> {
    let is_one = phone
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')'));
    if is_one {
        return Ok(());
    }
    Err(Invalid::one(
        pointer,
        "not_a_phone_number",
        "电话号码只能有数字、空格和“+ - ( )”。",
        "A phone number holds digits, spaces and + - ( ) only.",
    ))
}

fn looks_like_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    }) && !text.contains(char::is_whitespace)
        && text.matches('@').count() == 1
}

/// A telephone number as it is compared: its digits, without the country's own code before a whole number. Two spellings of
/// one number are equal; one with an area code and one without are not.
#[must_use]
pub fn normal_phone(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let is_abroad = phone.trim_start().starts_with('+');
    let without_access = digits.strip_prefix("00").filter(|_| !is_abroad);
    match without_access.unwrap_or(&digits).strip_prefix("86") {
        // Without a sign that a country's code comes first, only a whole mobile number is long enough to have one.
        Some(rest) if is_abroad || without_access.is_some() || rest.len() == 11 => rest.to_owned(),
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_number_are_equal_and_others_are_not() {
        for spelling in [
            "13900000000",
            "139-0000-0000",
            " +86 139 0000 0000",
            "(+86)13900000000",
            "0086 13900000000",
            "8613900000000",
        ] {
            assert_eq!(normal_phone(spelling), "13900000000", "{spelling}");
        }
        assert_eq!(normal_phone("0571-8600 0000"), "057186000000");
        assert_eq!(
            normal_phone("8600 0000"),
            "86000000",
            "a number without a code that begins so"
        );
        assert_eq!(normal_phone("+1 202 555 0100"), "12025550100");
        assert_ne!(normal_phone("13900000000"), normal_phone("13900000001"));
    }

    #[test]
    fn a_guardian_has_a_name_and_has_consented() {
        assert!(Guardian::parse("刘女士", Relation::Parent, true).is_ok());
        let refused = Guardian::parse(" ", Relation::Other, false).unwrap_err();
        let pointers: Vec<_> = refused.0.iter().map(|field| field.pointer.as_str()).collect();
        assert_eq!(pointers, ["/contact/guardian/name", "/contact/guardian/has_consented"]);
    }

    #[test]
    fn what_was_typed_is_not_in_what_is_logged() {
        let contact = Contact::parse("刘女士", Some("13900000000"), Some("liu@example.com")).unwrap();
        let logged = format!("{contact:?}");
        assert!(
            !logged.contains("刘") && !logged.contains("139") && !logged.contains("liu"),
            "{logged}"
        );
    }
}
