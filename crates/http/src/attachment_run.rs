//! What happens to a file that is whole: it is looked at, kept or refused, and shown to the scanner. Called by the worker, one
//! file at a time, since a picture takes some hundred megabytes while it is made anew.

use std::time::Duration;

use liangnuo_documents::attachment::{CheckedFile, FileKind, FileProblem, check_file};
use liangnuo_domain::{
    AttachmentId, RegionId,
    attachments::{FileId, FileRefusal, Media},
};
use liangnuo_persistence::{
    StoreError,
    attachments::{KeptFile, Scan},
};

use crate::state::AppState;

/// How a file was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looked {
    /// Nothing more is to be done.
    Done,
    /// The scanner did not answer: again after so long.
    Again(Duration),
}

/// Looks at a file; one that was looked at before, or is gone, is done.
///
/// # Errors
/// When database or store do not answer; it is then looked at again.
pub async fn run(state: &AppState, region: RegionId, id: AttachmentId) -> Result<Looked, StoreError> {
    let file = FileId { region, id };
    let scanner = state.settings.scanner.as_ref();
    if let Some((content, keeps_original)) = state.store.file_to_check(file).await? {
        let outcome = look(content, keeps_original).await?;
        let now = state.clock.now();
        state.store.settle_file(file, outcome, scanner.is_some(), now).await?;
    }
    let Some(waiting) = state.store.file_to_scan(file).await? else {
        return Ok(Looked::Done);
    };
    // Where there is no scanner any more, somebody has decided that there shall be none.
    let scan = match scanner {
        Some(scanner) => {
            let mut worst = Scan::Clean;
            for content in &waiting.contents {
                match scanner.scan(content).await {
                    Scan::Clean => {}
                    Scan::Infected => worst = Scan::Infected,
                    Scan::Silent if worst == Scan::Clean => worst = Scan::Silent,
                    Scan::Silent => {}
                }
            }
            worst
        }
        None => Scan::Clean,
    };
    state.store.settle_scan(file, scan, state.clock.now()).await?;
    Ok(if scan == Scan::Silent {
        Looked::Again(pause(waiting.scans))
    } else {
        Looked::Done
    })
}

/// Later and later: ten seconds, twenty, up to an hour.
fn pause(silent_before: i32) -> Duration {
    let doublings = u32::try_from(silent_before).unwrap_or(0).min(9);
    Duration::from_secs((10 << doublings).min(3_600))
}

/// Off the threads that serve: decoding a picture takes a second.
async fn look(content: Vec<u8>, keeps_original: bool) -> Result<Result<KeptFile, FileRefusal>, StoreError> {
    let looked = tokio::task::spawn_blocking(move || {
        let original = keeps_original.then(|| content.clone());
        check_file(content)
            .map(|checked| kept(checked, original))
            .map_err(refusal)
    });
    match looked.await {
        Ok(outcome) => Ok(outcome),
        // A file that brings a decoder down does so each time.
        Err(failed) if failed.is_panic() => {
            tracing::error!("attachments.decoder");
            Ok(Err(FileRefusal::Broken))
        }
        Err(_ending) => Err(StoreError::Bug("the thread that looks at files has ended")),
    }
}

fn kept(checked: CheckedFile, original: Option<Vec<u8>>) -> KeptFile {
    let CheckedFile { kind, content, size } = checked;
    KeptFile {
        media: match kind {
            FileKind::Jpeg => Media::Jpeg,
            FileKind::Png => Media::Png,
            FileKind::Pdf => Media::Pdf,
            FileKind::Docx => Media::Docx,
            FileKind::Xlsx => Media::Xlsx,
        },
        // A document is kept as it came anyway.
        original: original.filter(|_| size.is_some()),
        content,
        pixels: size,
    }
}

const fn refusal(problem: FileProblem) -> FileRefusal {
    match problem {
        FileProblem::Kind => FileRefusal::Kind,
        FileProblem::Heic => FileRefusal::Heic,
        FileProblem::Broken => FileRefusal::Broken,
        FileProblem::Pixels => FileRefusal::Pixels,
        FileProblem::Macros => FileRefusal::Macros,
        FileProblem::Unpacks => FileRefusal::Unpacks,
        FileProblem::Encrypted => FileRefusal::Encrypted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scanner_is_asked_later_and_later() {
        let pauses: Vec<u64> = [0, 1, 2, 8, 9, 40]
            .into_iter()
            .map(|before| pause(before).as_secs())
            .collect();
        assert_eq!(pauses, [10, 20, 40, 2_560, 3_600, 3_600]);
    }
}
