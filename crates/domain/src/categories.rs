//! Categories of complaints: a tree of three levels that each county edits for itself.

use crate::{
    error::{self, Invalid, Refusal},
    ids::{CategoryId, RegionId},
    text,
    time::Timestamp,
};

/// Levels of the tree.
pub const DEPTH_MAX: i32 = 3;

/// A category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// The county.
    pub region: RegionId,
    /// The one above.
    pub parent: Option<CategoryId>,
    /// In Chinese.
    pub name: String,
    /// In English.
    pub name_en: Option<String>,
    /// 1 to 3.
    pub depth: i32,
    /// In which order siblings are shown.
    pub position: i32,
    /// Since when no case gets it any more; cases that have it keep it.
    pub closed_at: Option<Timestamp>,
    /// Counts the changes.
    pub version: i64,
}

/// What an administrator writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryFields {
    /// In Chinese.
    pub name: String,
    /// In English.
    pub name_en: Option<String>,
    /// In which order siblings are shown.
    pub position: i32,
}

impl CategoryFields {
    /// Checks what was typed.
    ///
    /// # Errors
    /// Every field that can't be taken.
    pub fn parse(self) -> Result<Self, Invalid> {
        let mut found = Invalid::default();
        let name = found.take(text::parse("/name", &self.name, text::line(1, 30)));
        let name_en = found.take(text::parse_optional(
            "/name_en",
            self.name_en.as_deref(),
            text::line(1, 80),
        ));
        if !(0..=10_000).contains(&self.position) {
            found.take::<()>(Err(Invalid::one(
                "/position",
                "out_of_range",
                "顺序应在0到10000之间。",
                "The position lies between 0 and 10,000.",
            )));
        }
        found.finish()?;
        Ok(Self {
            name: name.unwrap_or_default(),
            name_en: name_en.flatten(),
            position: self.position,
        })
    }
}

/// The level of a category below another one.
///
/// # Errors
/// A parent that is closed, or on the last level.
pub fn level_below(parent: Option<&Category>) -> Result<i32, Invalid> {
    let Some(parent) = parent else { return Ok(1) };
    if parent.closed_at.is_some() || parent.depth >= DEPTH_MAX {
        return Err(Invalid::one(
            "/parent_id",
            "no_children",
            "上级分类已停用，或已是第三级。",
            "The category above is closed, or on the third level.",
        ));
    }
    Ok(parent.depth + 1)
}

/// Changes a category.
///
/// # Errors
/// [`Refusal::NotReady`] for one that is closed; fields that can't be taken.
pub fn edit(category: &Category, fields: CategoryFields) -> Result<Category, Refusal> {
    if category.closed_at.is_some() {
        return Err(not_ready(
            "分类已停用，先恢复再修改。",
            "The category is closed; open it again first.",
        ));
    }
    let CategoryFields {
        name,
        name_en,
        position,
    } = fields.parse()?;
    Ok(Category {
        name,
        name_en,
        position,
        ..category.clone()
    })
}

/// Closes a category: no case gets it any more.
///
/// # Errors
/// [`Refusal::NotReady`] for one that is closed, or has open ones below.
pub fn close(category: &Category, has_open_children: bool, at: Timestamp) -> Result<Category, Refusal> {
    if category.closed_at.is_some() {
        return Err(not_ready("分类已经停用。", "The category is closed already."));
    }
    if has_open_children {
        return Err(not_ready(
            "先停用它下面的分类。",
            "Close the categories below it first.",
        ));
    }
    Ok(Category {
        closed_at: Some(at),
        ..category.clone()
    })
}

/// Opens a closed category again.
///
/// # Errors
/// [`Refusal::NotReady`] for one that is open, or whose parent is closed.
pub fn reopen(category: &Category, parent: Option<&Category>) -> Result<Category, Refusal> {
    if category.closed_at.is_none() {
        return Err(not_ready("分类没有停用。", "The category is not closed."));
    }
    if parent.is_some_and(|parent| parent.closed_at.is_some()) {
        return Err(not_ready("先恢复上级分类。", "Open the category above it first."));
    }
    Ok(Category {
        closed_at: None,
        ..category.clone()
    })
}

fn not_ready(zh: &str, en: &str) -> Refusal {
    Refusal::NotReady(error::Message::new(zh, en))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::ids::UnitId;

    fn category(depth: i32) -> Category {
        Category {
            id: CategoryId(Uuid::from_u128(1)),
            region: UnitId(Uuid::from_u128(2)),
            parent: None,
            name: "教育".into(),
            name_en: None,
            depth,
            position: 0,
            closed_at: None,
            version: 1,
        }
    }

    #[test]
    fn the_tree_has_three_levels() {
        assert_eq!(level_below(None).unwrap(), 1);
        assert_eq!(level_below(Some(&category(2))).unwrap(), 3);
        assert!(level_below(Some(&category(3))).is_err());
        let closed = Category {
            closed_at: Some(Timestamp::from_micros(1)),
            ..category(1)
        };
        assert!(level_below(Some(&closed)).is_err());
    }

    #[test]
    fn closing_goes_from_the_leaves_and_opening_from_the_root() {
        let at = Timestamp::from_micros(1);
        assert!(close(&category(1), true, at).is_err());
        let closed = close(&category(1), false, at).unwrap();
        assert!(close(&closed, false, at).is_err());
        assert!(reopen(&closed, Some(&closed)).is_err());
        assert_eq!(reopen(&closed, Some(&category(1))).unwrap().closed_at, None);
        let fields = CategoryFields {
            name: "新名".into(),
            name_en: None,
            position: 3,
        };
        assert!(edit(&closed, fields.clone()).is_err());
        assert_eq!(edit(&category(1), fields).unwrap().position, 3);
    }
}
