//! Files that are generated and committed: the OpenAPI document and what is read off it, diagrams, schema dumps.

use std::{fs, path::Path};

use liangnuo_http::{docs, openapi as document, problem};
use liangnuo_persistence::{Settings, Store};

use crate::Failure;

/// Writes openapi.json, operations.txt, problems.md and the diagrams.
///
/// # Errors
/// When a file can't be written.
pub fn openapi(out: &Path, diagrams: &Path) -> Result<(), Failure> {
    fs::create_dir_all(out)?;
    fs::create_dir_all(diagrams)?;
    let document = document();
    // Through a value, whose keys are sorted: the file does not depend on the order of a struct's fields.
    let value = serde_json::to_value(&document).map_err(std::io::Error::other)?;
    let json = serde_json::to_string_pretty(&value).map_err(std::io::Error::other)?;
    fs::write(out.join("openapi.json"), json + "\n")?;
    fs::write(out.join("operations.txt"), docs::operations(&document))?;
    fs::write(out.join("problems.md"), problem::registry())?;
    let diagram = format!(
        "# States of a complaint\n\nGenerated from the table of transitions by `liangnuo openapi`.\n\n```mermaid\n{}```\n",
        liangnuo_domain::complaints::state::diagram()
    );
    fs::write(diagrams.join("complaints.md"), diagram)?;
    Ok(())
}

/// Writes the schemas that the migrations make on both databases.
///
/// # Errors
/// When a database can't be used, or a file can't be written.
pub async fn schema(out: &Path, postgres: &str) -> Result<(), Failure> {
    fs::create_dir_all(out)?;
    let scratch = std::env::temp_dir().join(format!("liangnuo-schema-{}.db", std::process::id()));
    let sqlite = dump(&format!("sqlite://{}", scratch.display())).await;
    for suffix in ["", "-wal", "-shm", ".migrate-lock"] {
        let _ = fs::remove_file(format!("{}{suffix}", scratch.display()));
    }
    fs::write(out.join("sqlite.sql"), sqlite?)?;
    fs::write(out.join("postgres.sql"), dump(postgres).await?)?;
    Ok(())
}

async fn dump(url: &str) -> Result<String, Failure> {
    let store = Store::open(Settings::new(url)).await?;
    store.migrate().await?;
    let text = store.dump_schema().await?;
    store.close().await?;
    Ok(text)
}
