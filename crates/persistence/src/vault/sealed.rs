//! The envelope: each row has a random key of its own, which seals its columns and is itself sealed by a key of the vault. What
//! is sealed says where it stands (table, column, ids of the row, form), so that it opens nowhere else.

use aws_lc_rs::hmac;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use liangnuo_domain::{
    Secret,
    complaints::{Contact, Guardian, Relation, normal_phone},
};
use uuid::Uuid;

use super::keys::Ready;
use crate::{error::StoreError, ids::Ids};

const TABLE: &str = "complaint_contacts";

/// The form of what is sealed, its first byte; another algorithm would be another one.
const FORM: u8 = 1;

/// Contact data as their row holds them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SealedContact {
    pub name: Vec<u8>,
    pub phone: Option<Vec<u8>>,
    pub email: Option<Vec<u8>>,
    pub guardian: Option<Vec<u8>>,
    /// The row's own key, sealed by the key `key_id`.
    pub row_key: Vec<u8>,
    pub key_id: Uuid,
    /// The telephone number as the key `key_id` makes it comparable, and nothing else.
    pub phone_index: Option<Vec<u8>>,
}

/// Which row: county and case.
pub(crate) type RowId = (Uuid, Uuid);

/// Where something sealed stands: nowhere else does it open.
pub(super) fn place_in(table: &str, column: &str, (region, id): RowId, key: Option<Uuid>) -> String {
    let key = key.map(|key| key.to_string()).unwrap_or_default();
    format!("{table}|{column}|{region}|{id}|{FORM}|{key}")
}

fn place(column: &str, row: RowId, key: Option<Uuid>) -> String {
    place_in(TABLE, column, row, key)
}

pub(super) fn seal(cipher: &XChaCha20Poly1305, ids: &Ids, place: &str, clear: &[u8]) -> Result<Vec<u8>, StoreError> {
    let sealed = crate::sealed::seal(cipher, ids, place.as_bytes(), clear);
    let sealed = sealed.ok_or(StoreError::Bug("what is to be sealed can't be"))?;
    Ok([&[FORM][..], &sealed].concat())
}

/// What [`seal`] sealed at this place, if it is that.
pub(super) fn open_at(cipher: &XChaCha20Poly1305, place: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let sealed = sealed.strip_prefix(&[FORM])?;
    crate::sealed::open(cipher, place.as_bytes(), sealed)
}

fn open(cipher: &XChaCha20Poly1305, place: &str, sealed: &[u8], column: &'static str) -> Result<Vec<u8>, StoreError> {
    open_at(cipher, place, sealed).ok_or(StoreError::Inconsistent { table: TABLE, column })
}

/// A guardian as it was sealed: the relation's code, and on the next line the name.
fn guardian_of(said: Secret) -> Result<Guardian, StoreError> {
    let parts = said.reveal().split_once('\n');
    let guardian = parts.and_then(|(relation, name)| {
        Some(Guardian {
            relation: Relation::from_code(relation)?,
            name: Secret::new(name.to_owned()),
        })
    });
    guardian.ok_or(StoreError::Inconsistent {
        table: TABLE,
        column: "guardian",
    })
}

impl Ready {
    /// Seals contact data for their row.
    ///
    /// # Errors
    /// None in practice; the cipher's signature has one.
    pub(crate) fn seal(&self, ids: &Ids, row: RowId, contact: &Contact) -> Result<SealedContact, StoreError> {
        let secret: [u8; 32] = ids.bytes();
        let cipher = XChaCha20Poly1305::new(&secret.into());
        let column =
            |name: &str, clear: &Secret| seal(&cipher, ids, &place(name, row, None), clear.reveal().as_bytes());
        let guardian = |guardian: &Guardian| {
            let said = format!("{}\n{}", guardian.relation.code(), guardian.name.reveal());
            column("guardian", &Secret::new(said))
        };
        Ok(SealedContact {
            name: column("name", &contact.name)?,
            phone: contact.phone.as_ref().map(|phone| column("phone", phone)).transpose()?,
            email: contact.email.as_ref().map(|email| column("email", email)).transpose()?,
            guardian: contact.guardian.as_ref().map(guardian).transpose()?,
            row_key: self.wrap(ids, row, &secret)?,
            key_id: self.id,
            phone_index: contact.phone.as_ref().map(|phone| self.index(phone.reveal())),
        })
    }

    /// Opens what this key sealed for this row.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] for anything else.
    pub(crate) fn open(&self, row: RowId, sealed: &SealedContact) -> Result<Contact, StoreError> {
        let secret = self.unwrap(row, &sealed.row_key)?;
        let cipher = XChaCha20Poly1305::new(&secret.into());
        let column = |name: &'static str, bytes: &[u8]| {
            let clear = open(&cipher, &place(name, row, None), bytes, name)?;
            let inconsistent = |_not_text| StoreError::Inconsistent {
                table: TABLE,
                column: name,
            };
            String::from_utf8(clear).map(Secret::new).map_err(inconsistent)
        };
        let optional =
            |name: &'static str, bytes: &Option<Vec<u8>>| bytes.as_deref().map(|bytes| column(name, bytes)).transpose();
        Ok(Contact {
            name: column("name", &sealed.name)?,
            phone: optional("phone", &sealed.phone)?,
            email: optional("email", &sealed.email)?,
            guardian: optional("guardian", &sealed.guardian)?.map(guardian_of).transpose()?,
        })
    }

    /// The same contact data under `next`: the row's key is sealed anew, its columns stay as they are.
    ///
    /// # Errors
    /// As [`Ready::open`].
    pub(crate) fn pass_on(
        &self,
        next: &Self,
        ids: &Ids,
        row: RowId,
        sealed: &SealedContact,
    ) -> Result<SealedContact, StoreError> {
        let phone = self.open(row, sealed)?.phone;
        Ok(SealedContact {
            row_key: next.wrap(ids, row, &self.unwrap(row, &sealed.row_key)?)?,
            key_id: next.id,
            phone_index: phone.map(|phone| next.index(phone.reveal())),
            ..sealed.clone()
        })
    }

    /// By what a telephone number is found.
    pub(crate) fn index(&self, phone: &str) -> Vec<u8> {
        hmac::sign(&self.indexing, normal_phone(phone).as_bytes())
            .as_ref()
            .to_vec()
    }

    fn wrap(&self, ids: &Ids, row: RowId, secret: &[u8; 32]) -> Result<Vec<u8>, StoreError> {
        seal(&self.wrapping, ids, &place("row_key", row, Some(self.id)), secret)
    }

    fn unwrap(&self, row: RowId, row_key: &[u8]) -> Result<[u8; 32], StoreError> {
        let secret = open(
            &self.wrapping,
            &place("row_key", row, Some(self.id)),
            row_key,
            "row_key",
        )?;
        secret.try_into().map_err(|_wrong_length| StoreError::Inconsistent {
            table: TABLE,
            column: "row_key",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::keys::VaultKey, *};

    const ROW: RowId = (Uuid::from_u128(1), Uuid::from_u128(2));

    fn ready(nth: u8) -> Ready {
        Ready::of(&VaultKey::new(Uuid::from_u128(u128::from(nth)), [nth; 32]))
    }

    fn contact() -> Contact {
        Contact::parse("刘女士", Some("+86 139-0000-0000"), Some("liu@example.com")).unwrap()
    }

    fn sealed() -> SealedContact {
        ready(7).seal(&Ids::seeded(1), ROW, &contact()).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_as_it_was() {
        assert_eq!(ready(7).open(ROW, &sealed()).unwrap(), contact());
        let bare = Contact::parse("刘", None, None).unwrap();
        let sealed = ready(7).seal(&Ids::seeded(1), ROW, &bare).unwrap();
        assert_eq!((&sealed.phone, &sealed.phone_index), (&None, &None));
        assert_eq!(ready(7).open(ROW, &sealed).unwrap(), bare);
        let childs = Contact {
            guardian: Some(Guardian::parse("刘女士", Relation::Grandparent, true).unwrap()),
            ..bare
        };
        let sealed = ready(7).seal(&Ids::seeded(1), ROW, &childs).unwrap();
        assert_eq!(ready(7).open(ROW, &sealed).unwrap(), childs);
    }

    #[test]
    fn a_row_of_the_first_version_opens() {
        // Were this to fail, nothing that was ever sealed would open.
        let known = SealedContact {
            name: bytes(NAME),
            phone: None,
            email: None,
            guardian: None,
            row_key: bytes(ROW_KEY),
            key_id: Uuid::from_u128(7),
            phone_index: Some(bytes(INDEX)),
        };
        assert_eq!(ready(7).open(ROW, &known).unwrap().name.reveal(), "刘女士");
        assert_eq!(ready(7).index("139 0000 0000"), bytes(INDEX));
    }

    fn bytes(hex: &str) -> Vec<u8> {
        let digits = hex.as_bytes().chunks(2);
        digits
            .map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap())
            .collect()
    }

    #[test]
    fn another_key_row_column_or_county_opens_nothing() {
        let key = ready(7);
        let is_shut =
            |row: RowId, sealed: &SealedContact| matches!(key.open(row, sealed), Err(StoreError::Inconsistent { .. }));
        assert!(ready(8).open(ROW, &sealed()).is_err());
        assert!(is_shut((ROW.0, Uuid::from_u128(3)), &sealed()));
        assert!(is_shut((Uuid::from_u128(3), ROW.1), &sealed()));
        let known = sealed();
        let swapped = SealedContact {
            phone: known.email.clone(),
            email: known.phone.clone(),
            ..known.clone()
        };
        assert!(is_shut(ROW, &swapped));
        // The columns of another row, with that row's own key or with this one's.
        let row = (ROW.0, Uuid::from_u128(3));
        let other = key.seal(&Ids::seeded(2), row, &contact()).unwrap();
        assert!(is_shut(ROW, &other));
        let mixed = SealedContact {
            row_key: known.row_key.clone(),
            ..other
        };
        assert!(is_shut(ROW, &mixed));
        // Of another table: the name is the only thing that differs in what is sealed beside it.
        let text = place("name", ROW, None).replacen(TABLE, "members", 1);
        let secret = key.unwrap(ROW, &known.row_key).unwrap();
        let cipher = XChaCha20Poly1305::new(&secret.into());
        assert!(open(&cipher, &text, &known.name, "name").is_err());
        assert!(open(&cipher, &place("name", ROW, None), &known.name, "name").is_ok());
    }

    #[test]
    fn one_bit_that_flips_anywhere_is_found() {
        let key = ready(7);
        let columns: [fn(&mut SealedContact) -> &mut Vec<u8>; 4] = [
            |sealed| &mut sealed.name,
            |sealed| sealed.phone.as_mut().unwrap(),
            |sealed| sealed.email.as_mut().unwrap(),
            |sealed| &mut sealed.row_key,
        ];
        for column in columns {
            for nth in 0..column(&mut sealed()).len() * 8 {
                let mut broken = sealed();
                column(&mut broken)[nth / 8] ^= 1 << (nth % 8);
                assert!(key.open(ROW, &broken).is_err(), "bit {nth}");
            }
            let mut short = sealed();
            column(&mut short).truncate(20);
            assert!(key.open(ROW, &short).is_err());
        }
    }

    #[test]
    fn a_row_that_is_passed_on_is_the_next_keys_alone() {
        let (old, next) = (ready(7), ready(8));
        let passed = old.pass_on(&next, &Ids::seeded(3), ROW, &sealed()).unwrap();
        assert_eq!(next.open(ROW, &passed).unwrap(), contact());
        assert!(old.open(ROW, &passed).is_err());
        assert_eq!(passed.name, sealed().name, "columns are not sealed again");
        assert_ne!(passed.phone_index, sealed().phone_index);
        assert_eq!(passed.phone_index, Some(next.index("13900000000")));
    }

    #[test]
    fn equal_contacts_of_two_rows_have_nothing_in_common_but_the_number_that_is_looked_up() {
        let ids = Ids::seeded(4);
        let [one, other] = [2, 3].map(|case| ready(7).seal(&ids, (ROW.0, Uuid::from_u128(case)), &contact()).unwrap());
        assert_ne!(one.name, other.name);
        assert_eq!(one.phone_index, other.phone_index);
        assert_ne!(ready(8).index("13900000000"), ready(7).index("13900000000"));
    }

    const NAME: &str =
        "0154743dc5e24d2a413b159584c1226df6eccfc4caa8cd7b6360e1add09c3b935b24e3411a130c84eaaaa1cd73421f46c652";
    const ROW_KEY: &str = "01a39affcd0295c86e0940bd2425d6bc316e54105d35de6024569f4c6660196bb92c7d13e74dfd2d0dd2a4e53842a451d33d465154796733d52311dfaaa0d39616c562e91969396b7d";
    const INDEX: &str = "e89b9c33f883f2bb59cc2b7da808138951a9c15b61f6fe4d1c0fa38ffcff824b";
}
