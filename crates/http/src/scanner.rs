//! The scanner: clamd, over TCP or a socket. Whatever it does not answer in time with a plain yes or no counts as no answer: a file
//! then waits on.

use std::{path::PathBuf, time::Duration};

use clamav_client::{
    PONG,
    tokio::{Socket, Tcp, ping, scan_buffer},
};
use liangnuo_persistence::attachments::Scan;

/// How long it may take for one file.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long it may take to say that it is there.
const PING_PATIENCE: Duration = Duration::from_secs(2);

/// Whether there is a scanner, and whether it answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScannerState {
    /// None is configured.
    Off,
    /// It answers.
    Ready,
    /// It does not.
    Silent,
}

/// Where clamd listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scanner {
    /// Host and port.
    Tcp(String),
    /// A socket of this machine.
    Socket(PathBuf),
}

impl Scanner {
    /// Reads `tcp://host:port` or `unix:///path`.
    #[must_use]
    pub fn parse(address: &str) -> Option<Self> {
        if let Some(path) = address.strip_prefix("unix://") {
            return path.starts_with('/').then(|| Self::Socket(PathBuf::from(path)));
        }
        let host = address.strip_prefix("tcp://")?;
        let (name, port) = host.rsplit_once(':')?;
        let is_whole = !name.is_empty() && port.parse::<u16>().is_ok();
        is_whole.then(|| Self::Tcp(host.to_owned()))
    }

    /// Whether it answers now.
    pub async fn state(&self) -> ScannerState {
        let asking = async {
            match self {
                Self::Tcp(address) => {
                    let host_address = address.as_str();
                    ping(Tcp { host_address }).await
                }
                Self::Socket(path) => ping(Socket { socket_path: path }).await,
            }
        };
        match tokio::time::timeout(PING_PATIENCE, asking).await {
            Ok(Ok(answer)) if answer == PONG => ScannerState::Ready,
            Ok(Ok(_) | Err(_)) | Err(_) => ScannerState::Silent,
        }
    }

    /// Has a file looked at.
    pub async fn scan(&self, content: &[u8]) -> Scan {
        self.scan_within(content, PATIENCE).await
    }

    /// As [`Self::scan`], by somebody who waits no longer than this.
    pub async fn scan_within(&self, content: &[u8], patience: Duration) -> Scan {
        let asking = async {
            match self {
                Self::Tcp(address) => {
                    scan_buffer(
                        content,
                        Tcp {
                            host_address: address.as_str(),
                        },
                        None,
                    )
                    .await
                }
                Self::Socket(path) => scan_buffer(content, Socket { socket_path: path }, None).await,
            }
        };
        match tokio::time::timeout(patience, asking).await {
            Ok(Ok(answer)) => verdict(&answer),
            Ok(Err(error)) => {
                tracing::warn!(error = %error, "scanner.away");
                Scan::Silent
            }
            Err(_elapsed) => {
                tracing::warn!("scanner.silent");
                Scan::Silent
            }
        }
    }
}

/// What clamd says: `stream: OK`, `stream: NAME FOUND`, or that it could not.
fn verdict(answer: &[u8]) -> Scan {
    let answer = String::from_utf8_lossy(answer);
    let answer = answer.trim_end_matches(['\0', '\n']);
    if answer == "stream: OK" {
        Scan::Clean
    } else if answer.ends_with(" FOUND") {
        Scan::Infected
    } else {
        tracing::warn!(answer, "scanner.failed");
        Scan::Silent
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_whole_or_none() {
        assert_eq!(
            Scanner::parse("tcp://clamd:3310"),
            Some(Scanner::Tcp("clamd:3310".into()))
        );
        assert_eq!(
            Scanner::parse("unix:///run/clamd.ctl"),
            Some(Scanner::Socket("/run/clamd.ctl".into()))
        );
        for broken in [
            "",
            "clamd:3310",
            "tcp://clamd",
            "tcp://:3310",
            "tcp://clamd:x",
            "unix://run/x",
        ] {
            assert_eq!(Scanner::parse(broken), None, "{broken}");
        }
    }

    #[test]
    fn only_a_plain_yes_is_one() {
        assert_eq!(verdict(b"stream: OK\0"), Scan::Clean);
        assert_eq!(verdict(b"stream: Eicar-Test-Signature FOUND\0"), Scan::Infected);
        for other in [
            &b""[..],
            b"INSTREAM size limit exceeded. ERROR\0",
            b"OK",
            b"stream: OK\0stream: X FOUND ERROR",
        ] {
            assert_eq!(verdict(other), Scan::Silent, "{}", String::from_utf8_lossy(other));
        }
    }
}
