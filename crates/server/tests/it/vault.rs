//! The vault as an operator meets it: keys that are made, lost, found and changed, and marks that stand in no file.

use std::{fs, path::Path, process::Stdio};

use liangnuo_test_support::api::solved;
use serde_json::{Value, json};

use crate::binary::{Served, command, run};

const MARKS: [&str; 3] = ["金丝雀甲", "19900007777", "canary@example.com"];

/// Everything in a folder's files and those below it, and their names.
fn files(data: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(data).unwrap().map(Result::unwrap);
    entries
        .flat_map(|entry| {
            if entry.file_type().unwrap().is_dir() {
                return files(&entry.path());
            }
            let name = entry.file_name().to_string_lossy().into_owned();
            vec![(name, fs::read(entry.path()).unwrap())]
        })
        .collect()
}

fn holds(bytes: &[u8], mark: &str) -> bool {
    bytes.windows(mark.len()).any(|window| window == mark.as_bytes())
}

fn body(answer: &str) -> Value {
    serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
}

fn failed(data: &Path, arguments: &[&str]) -> String {
    let output = run(data, arguments);
    assert!(!output.status.success(), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

fn done(data: &Path, arguments: &[&str]) -> String {
    let output = run(data, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn what_a_complainant_leaves_is_in_no_file_and_no_line_of_the_log() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    fs::create_dir(&data).unwrap();
    done(&data, &["demo", "--json", "--cases", "0"]);
    let log = dir.path().join("log");
    let mut serve = command(&data);
    serve
        .arg("serve")
        .env("LIANGNUO_LOG_FILTER", "trace")
        .env("LIANGNUO_CHALLENGE_DIFFICULTY", "1000")
        .stderr(Stdio::from(fs::File::create(&log).unwrap()));
    let mut served = Served::start_as(serve);
    let challenge = body(&served.request("GET /api/v1/public/challenge", ""));
    let [name, phone, email] = MARKS;
    let filing = json!({
        "kind": "grievance", "title": "金翅雀的题目", "body": "饭菜是凉的。",
        "contact": {"name": name, "phone": phone, "email": email}, "altcha": solved(&challenge),
    });
    let key = "Idempotency-Key: 01890000-0000-7000-8000-000000000001";
    // The last header takes up what follows a request's first line.
    let head = |path: &str| format!("POST {path} HTTP/1.1\r\n{key}\r\nX-Rest:");
    let filed = served.request(&head("/api/v1/public/complaints"), &filing.to_string());
    assert!(filed.starts_with("HTTP/1.1 201"), "{filed}");
    // Refused with the marks in the fields that are wrong.
    let wrong = json!({"kind": name, "title": phone, "contact": {"name": name, "phone": email, "email": phone}});
    let refused = served.request(&head("/api/v1/public/complaints"), &wrong.to_string());
    assert!(refused.starts_with("HTTP/1.1 4"), "{refused}");
    let while_it_runs = files(&data);
    assert_eq!(served.terminate(), 0);

    let lines = fs::read(&log).unwrap();
    assert!(
        holds(&lines, "/api/v1/public/complaints"),
        "the requests are in the log"
    );
    let kept: Vec<_> = while_it_runs
        .into_iter()
        .chain(files(&data))
        .chain([("log".to_owned(), lines)])
        .collect();
    assert!(
        kept.iter().any(|(_, bytes)| holds(bytes, "金翅雀的题目")),
        "what is not sealed is found"
    );
    for mark in MARKS {
        for (name, bytes) in &kept {
            assert!(!holds(bytes, mark), "{mark} in {name}");
        }
    }
}

#[test]
fn without_its_keys_the_server_does_not_start_and_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    done(data, &["migrate"]);
    let path = data.join("vault.keys");
    let first = fs::read_to_string(&path).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let secret = first.lines().last().unwrap().split_once(' ').unwrap().1;
    fs::rename(&path, data.join("elsewhere")).unwrap();
    for arguments in [&["serve"][..], &["migrate"], &["admin", "rotate-keys"]] {
        let said = failed(data, arguments);
        assert!(said.contains("vault.keys") && said.contains("backups"), "{said}");
        assert!(!path.exists(), "no other key takes its place");
    }
    let other = secret.chars().rev().collect::<String>();
    fs::write(&path, first.replace(secret, &other)).unwrap();
    let said = failed(data, &["migrate"]);
    assert!(!said.contains(secret) && !said.contains(&other), "{said}");
    // Given by another file, or as a value.
    let elsewhere = |name: &str, value: &str| {
        command(data)
            .arg("migrate")
            .env(name, value)
            .output()
            .unwrap()
            .status
            .success()
    };
    assert!(elsewhere(
        "LIANGNUO_VAULT_KEYS_FILE",
        data.join("elsewhere").to_str().unwrap()
    ));
    assert!(elsewhere("LIANGNUO_VAULT_KEYS", &first));
}

#[test]
fn keys_are_changed_and_given_up_by_commands() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path();
    assert!(done(data, &["admin", "retire-keys"]).contains("no older keys"));
    let keys = || {
        let text = fs::read_to_string(data.join("vault.keys")).unwrap();
        text.lines()
            .filter(|line| !line.starts_with('#'))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let first = keys();
    let said = done(data, &["admin", "rotate-keys"]);
    let both = keys();
    assert_eq!((first.len(), both.len(), &both[0]), (1, 2, &first[0]));
    assert!(said.contains(both[1].split_once(' ').unwrap().0) && !said.contains(both[1].split_once(' ').unwrap().1));
    done(data, &["admin", "retire-keys"]);
    assert_eq!(keys(), both[1..]);
    // Where keys come from a store of secrets, a new one is added there.
    let added = format!("{}\n{}", both[1], done(data, &["admin", "new-key"]));
    let rotate = |value: &str| {
        command(data)
            .args(["admin", "rotate-keys"])
            .env("LIANGNUO_VAULT_KEYS", value)
            .output()
            .unwrap()
    };
    let refused = rotate(&both[1]);
    assert!(String::from_utf8_lossy(&refused.stderr).contains("new-key"));
    assert!(rotate(&added).status.success());
}
