//! The tables as Rust types, one module a table, in files by what they are about, and there in the order of the migrations. Times
//! are microseconds since the epoch; the domain's types are made from rows beside the commands that need them.

/// Declares a table: `key` columns form the primary key, in this order.
macro_rules! table {
    ($name:ident = $table:literal { key { $($key:ident: $key_type:ty),+ $(,)? } $($column:ident: $column_type:ty),* $(,)? }) => {
        pub(crate) mod $name {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub(crate) struct Model {
                $(#[sea_orm(primary_key, auto_increment = false)]
                pub $key: $key_type,)+
                $(pub $column: $column_type,)*
            }

            #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
            pub(crate) enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

mod casework;
mod counting;
mod imported;
mod logging;
mod sealed;
mod staff;
mod technical;

pub(crate) use casework::*;
pub(crate) use counting::*;
pub(crate) use imported::*;
pub(crate) use logging::*;
pub(crate) use sealed::*;
pub(crate) use staff::*;
pub(crate) use technical::*;
