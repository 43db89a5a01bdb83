//! Categories of complaints.

use liangnuo_domain::RegionId;

use crate::{error::StoreError, tx::Tx};

/// Gives a county the default categories.
pub(crate) async fn seed(_tx: &Tx, _region: RegionId) -> Result<(), StoreError> {
    Ok(())
}
