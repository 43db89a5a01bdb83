//! One exchange with the server, down to the bytes: heads and bodies are both searched.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use liangnuo_test_support::api::Call;
use serde_json::Value;

/// An answer as it came.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    #[track_caller]
    pub(super) fn ok(self) -> Value {
        let said = String::from_utf8_lossy(&self.body);
        assert!((200..300).contains(&self.status), "{} {said}", self.status);
        self.json()
    }

    /// All that was sent, as it can be searched: a workbook as the files in it.
    pub(super) fn searched(&self) -> Vec<u8> {
        let mut all = self.head.clone().into_bytes();
        all.extend(&self.body);
        if self.body.starts_with(b"PK\x03\x04") {
            let entries = liangnuo_test_support::files::entries(&self.body);
            all.extend(
                entries
                    .into_iter()
                    .flat_map(|(name, bytes)| [name.into_bytes(), bytes].concat()),
            );
        }
        all
    }
}

/// Sends a request over a connection of its own.
pub(super) fn send(port: u16, call: &Call) -> Answer {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    stream.write_all(&call.wire()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let rest = &answer[end + 4..];
    let is_chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
    Answer {
        status: head.split(' ').nth(1).unwrap().parse().unwrap(),
        body: if is_chunked { joined(rest) } else { rest.to_vec() },
        head,
    }
}

/// The chunks of a body without their lengths, by which a value could be cut in two.
fn joined(mut rest: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(line) = rest.windows(2).position(|two| two == b"\r\n") {
        let length = std::str::from_utf8(&rest[..line]).unwrap();
        let length = usize::from_str_radix(length.split(';').next().unwrap().trim(), 16).unwrap();
        if length == 0 {
            break;
        }
        body.extend(&rest[line + 2..line + 2 + length]);
        rest = &rest[line + 4 + length..];
    }
    body
}
