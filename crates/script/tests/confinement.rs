//! The process around a script: what it cannot do, when it ends, and what is believed of it.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, UNIX_EPOCH};

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use script::{Limits, Pool, ScriptError, Settings};
use serde_json::{Map, Value, json};

use super::{patient, pool_with};

/// A child with its orders, which it has taken.
fn ready_child() -> Child {
    let mut child = Command::new(env!("CARGO_BIN_EXE_script-child"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let orders =
        json!({ "memory": 64 << 20, "processor_seconds": 3, "output": 1000, "input": 1000 });
    let orders = serde_json::to_vec(&orders).unwrap();
    let input = child.stdin.as_mut().unwrap();
    input
        .write_all(&u32::try_from(orders.len()).unwrap().to_be_bytes())
        .unwrap();
    input.write_all(&orders).unwrap();
    let mut reply = [0; 11];
    child
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut reply)
        .unwrap();
    assert_eq!(&reply, b"\0\0\0\x07\"ready\"");
    child
}

fn end(mut child: Child) {
    child.kill().unwrap();
    child.wait().unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn attack_63_a_child_lowers_its_limits_before_it_reads_a_job() {
    let child = ready_child();
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let hard = |name: &str| {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        line[26..].split_whitespace().nth(1).unwrap().to_owned()
    };
    for (name, expected) in [
        ("Max file size", "0"),
        ("Max core file size", "0"),
        ("Max processes", "0"),
        ("Max open files", "0"),
        ("Max cpu time", "4"),
        ("Max data size", "134217728"),
        ("Max address space", "671088640"),
    ] {
        assert_eq!(hard(name), expected, "{name}");
    }
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    assert!(status.contains("NoNewPrivs:\t1"), "{status}");
    assert!(status.contains("Threads:\t1"), "{status}");
    end(child);
}

#[test]
fn attack_63_a_child_keeps_no_descriptor_of_its_parents() {
    let (mut read, write) = std::io::pipe().unwrap();
    fcntl(&write, FcntlArg::F_SETFD(FdFlag::empty())).unwrap();
    let child = ready_child();
    drop(write);
    // This ends only once nobody holds the other end.
    assert_eq!(read.read_to_end(&mut Vec::new()).unwrap(), 0);
    end(child);
}

#[test]
fn attack_63_a_child_ends_with_its_parent() {
    let mut child = ready_child();
    drop(child.stdin.take());
    assert!(!child.wait().unwrap().success());
}

#[test]
fn a_child_without_orders_does_nothing() {
    for bytes in [
        &b""[..],
        b"\0\0",
        b"\xff\xff\xff\xff{}",
        b"\0\0\0\x02{}",
        b"GET / HTTP/1.1\r\n\r\n",
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_script-child"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(bytes).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(!output.status.success());
        assert!(output.stdout.is_empty());
    }
}

/// A pool whose child is a shell script instead.
fn shell(script: &str, argument: &Path, time: Duration) -> Pool {
    Pool::new(Settings {
        program: "/bin/sh".into(),
        arguments: vec!["-c".into(), script.into(), argument.display().to_string()],
        warm: 0,
        limits: Limits {
            time,
            ..Limits::default()
        },
    })
}

const READY: &str = r#"printf '\000\000\000\007"ready"'; "#;

#[tokio::test]
async fn attack_63_a_child_gets_an_empty_environment() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("environment");
    let pool = shell(
        "env > \"$0\"; pwd >> \"$0\"",
        &file,
        Duration::from_secs(30),
    );
    let error = pool
        .run("return {};", &Map::new(), UNIX_EPOCH)
        .await
        .unwrap_err();
    assert!(error.is_ours());
    let environment = std::fs::read_to_string(file).unwrap();
    // The variables that the shell itself sets may be there.
    assert!(
        !environment.contains("CARGO") && !environment.contains("HOME="),
        "{environment}"
    );
    assert!(environment.ends_with("/\n"), "{environment}");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn attack_63_a_child_that_does_not_answer_is_killed_and_reaped() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("process");
    let script = format!("echo $$ > \"$0\"; {READY} exec sleep 1000");
    let pool = shell(&script, &file, Duration::from_millis(200));
    let error = pool
        .run("return {};", &Map::new(), UNIX_EPOCH)
        .await
        .unwrap_err();
    assert!(matches!(error, ScriptError::TimeLimit { .. }), "{error:?}");
    let process = std::fs::read_to_string(file).unwrap();
    assert!(!Path::new("/proc").join(process.trim()).exists());
}

#[tokio::test]
async fn attack_63_nothing_that_a_child_says_is_believed() {
    let replies = [
        (
            r"printf '\377\377\377\377x'",
            "a frame of 4294967295 bytes where 1130496 are allowed",
        ),
        (r"printf '\000\000\000\011{}'", "exit status: 3"),
        (r"printf '\000\000\000\002{}'", "exit status: 3"),
        (r"printf '\000\000\000\002\377\376'", "exit status: 3"),
        (r#"printf '\000\000\000\007"ready"'"#, "exit status: 3"),
        (
            r#"printf '\000\000\000\036{"reply":"ready","console":[]}'"#,
            "it answered out of turn",
        ),
        (
            r#"printf '\000\000\000\015{"returned":1'"#,
            "exit status: 3",
        ),
        (":", "exit status: 3"),
    ];
    for (reply, expected) in replies {
        let script = format!("{READY} head -c 99 > /dev/null; {reply}; exit 3");
        let pool = shell(&script, Path::new("x"), Duration::from_secs(30));
        let error = pool
            .run("return {};", &Map::new(), UNIX_EPOCH)
            .await
            .unwrap_err();
        assert!(
            matches!(error, ScriptError::ChildFailed { .. }),
            "{reply}: {error:?}"
        );
        assert!(error.to_string().contains(expected), "{reply}: {error}");
    }
}

#[tokio::test]
async fn a_program_that_is_not_there_is_our_fault() {
    let pool = Pool::new(Settings {
        program: "/nowhere/at/all".into(),
        arguments: Vec::new(),
        warm: 1,
        limits: Limits::default(),
    });
    let error = pool
        .run("return {};", &Map::new(), UNIX_EPOCH)
        .await
        .unwrap_err();
    assert!(error.is_ours());
    assert!(error.to_string().contains("/nowhere/at/all"), "{error}");
    assert!(pool.warm_up().await.is_err());
}

#[tokio::test]
async fn children_wait_in_advance_and_serve_one_run_each() {
    let pool = Pool::new(Settings {
        program: env!("CARGO_BIN_EXE_script-child").into(),
        arguments: Vec::new(),
        warm: 2,
        limits: Limits {
            time: Duration::from_secs(30),
            ..Limits::default()
        },
    });
    assert_eq!(pool.waiting(), 0);
    pool.warm_up().await.unwrap();
    assert_eq!(pool.waiting(), 2);
    let code = "globalThis.seen = (globalThis.seen ?? 0) + 1; return { seen };";
    for _ in 0..5 {
        let got = pool.run(code, &Map::new(), UNIX_EPOCH).await.unwrap();
        assert_eq!(got["seen"], 1);
    }
    pool.warm_up().await.unwrap();
    assert!(pool.waiting() <= 2);
}

#[tokio::test]
async fn runs_beyond_the_number_at_once_wait_their_turn() {
    let pool = pool_with(Limits {
        at_once: 1,
        time: Duration::from_secs(30),
        ..Limits::default()
    });
    let runs = (0..6).map(|n| {
        let pool = pool.clone();
        tokio::spawn(async move {
            let parameters = [("n".to_owned(), Value::from(n))].into_iter().collect();
            pool.run("return { n };", &parameters, UNIX_EPOCH)
                .await
                .unwrap()
        })
    });
    for (n, run) in runs.collect::<Vec<_>>().into_iter().enumerate() {
        assert_eq!(run.await.unwrap()["n"], n);
    }
}

#[tokio::test]
async fn a_run_that_is_given_up_leaves_the_pool_usable() {
    let pool = patient();
    let endless = Map::new();
    let run = pool.run("for (;;) {}", &endless, UNIX_EPOCH);
    assert!(
        tokio::time::timeout(Duration::from_millis(100), run)
            .await
            .is_err()
    );
    assert_eq!(
        pool.run("return { a: 1 };", &endless, UNIX_EPOCH)
            .await
            .unwrap()["a"],
        1
    );
}
