//! Real processes on one data folder: this test binary starts itself again, with a part to play.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use secret::SecretString;
use store::{KeySource, Store, StoreError};

use crate::fixture::{Backend, Hand, Sqlite, bytes, new_connection, open, random, text, update};

const PART: &str = "STEPGATE_TEST_PART";
const DIR: &str = "STEPGATE_TEST_DIR";
const TTL: Duration = Duration::from_secs(30);

/// What a child is told to do: not a test of its own.
#[tokio::test]
#[ignore = "started by the other tests, in a process of its own"]
async fn child() {
    let (Ok(part), Some(dir)) = (std::env::var(PART), std::env::var_os(DIR)) else {
        return;
    };
    let dir = PathBuf::from(dir);
    let opened = Store::open(store::Settings {
        dir,
        key: KeySource::InDataDir,
        clock: model::Clock::new(std::time::SystemTime::now),
        random: random(),
    });
    let store = match opened {
        Ok((store, _)) => store,
        Err(error) => {
            println!("\nerror {} {error}", error.code());
            return;
        }
    };
    println!("\nopened");
    match part.as_str() {
        "open" => {}
        "count" => count(&store).await,
        "write" => write_on_and_on(&store).await,
        other => store
            .set_secret("wiki", None, other, SecretString::new(other.to_owned()))
            .await
            .unwrap(),
    }
}

/// Adds one to the credential, forty times, each time under the lease.
async fn count(store: &Store) {
    let holder = random().base64url(9);
    for _ in 0..40 {
        let fence = loop {
            match store.lease("count", &holder, TTL).await.unwrap() {
                Some(fence) => break fence,
                None => tokio::task::yield_now().await,
            }
        };
        let record = store.list(None).await.unwrap().pop().unwrap();
        let count: u32 = text(&store.open_sealed(&record).await.unwrap())
            .parse()
            .unwrap();
        let next = update(&(count + 1).to_string());
        store
            .put_if(&record.id, record.version, Some(fence), next)
            .await
            .unwrap();
        assert!(store.release("count", &holder, fence).await.unwrap());
    }
    println!("\ncounted");
}

/// Writes, holding a lease, until it is killed.
async fn write_on_and_on(store: &Store) {
    store.lease("held", "killed", TTL).await.unwrap().unwrap();
    let mut record = store.list(None).await.unwrap().pop().unwrap();
    loop {
        let content = record.version.to_string().repeat(5000);
        record = store
            .put_if(&record.id, record.version, None, update(&content))
            .await
            .unwrap();
        if record.version == 5 {
            println!("\nwriting");
        }
    }
}

fn command(program: &Path, part: &str, dir: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .args([
            "--exact",
            "processes::child",
            "--include-ignored",
            "--nocapture",
        ])
        .env(PART, part)
        .env(DIR, dir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit());
    command
}

fn start(part: &str, dir: &Path) -> Child {
    command(&std::env::current_exe().unwrap(), part, dir)
        .spawn()
        .unwrap()
}

fn output(mut child: Child) -> String {
    let mut said = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    said
}

#[tokio::test]
async fn two_processes_count_together_without_losing_a_step() {
    let backend = Sqlite::new();
    let store = backend.open();
    store
        .create(new_connection("local"), bytes("0"))
        .await
        .unwrap();
    let children = [
        start("count", &backend.dir()),
        start("count", &backend.dir()),
    ];
    for child in children {
        assert!(output(child).contains("\ncounted"));
    }
    let record = store.list(None).await.unwrap().pop().unwrap();
    assert_eq!(record.version, 81);
    assert_eq!(text(&store.open_sealed(&record).await.unwrap()), "80");
}

#[tokio::test]
async fn processes_that_start_for_the_first_time_at_once_share_one_key() {
    let backend = Sqlite::new();
    let names = ["one", "two", "three"];
    let children = names.map(|name| start(name, &backend.dir()));
    for child in children {
        assert!(output(child).contains("\nopened"));
    }
    let store = backend.open();
    for name in names {
        assert_eq!(
            store
                .secret("wiki", None, name)
                .await
                .unwrap()
                .unwrap()
                .reveal(),
            name
        );
    }
}

#[tokio::test]
async fn what_another_process_wrote_is_told() {
    let backend = Sqlite::new();
    let store = backend.open();
    let made = store
        .create(new_connection("local"), bytes("0"))
        .await
        .unwrap();
    let mark = store.mark().await.unwrap();
    assert!(output(start("s", &backend.dir())).contains("\nopened"));
    let told = store.changes_since(mark).await.unwrap();
    assert!(told.secrets && told.connections.is_empty(), "{told:?}");
    assert!(output(start("count", &backend.dir())).contains("\ncounted"));
    let told = store.changes_since(told.mark).await.unwrap();
    assert_eq!(
        (told.secrets, told.connections.len(), told.missed),
        (false, 1, false)
    );
    assert_eq!(
        (&told.connections[0].id, told.connections[0].version),
        (&made.id, 41)
    );
    let quiet = store.changes_since(told.mark).await.unwrap();
    assert!(quiet.is_empty());
}

#[tokio::test]
async fn attack_19_a_killed_process_leaves_whole_values_and_a_lease_that_ends() {
    let backend = Sqlite::new();
    backend
        .open()
        .create(new_connection("local"), bytes("0"))
        .await
        .unwrap();
    let mut child = start("write", &backend.dir());
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap() == "writing"));
    child.kill().unwrap();
    child.wait().unwrap();
    // This clock stands years later than the child's.
    let later = Hand::new();
    let (store, _) = open(&backend.dir(), KeySource::InDataDir, &later).unwrap();
    let record = store.list(None).await.unwrap().pop().unwrap();
    assert!(record.version >= 5);
    let content = (record.version - 1).to_string().repeat(5000);
    assert_eq!(text(&store.open_sealed(&record).await.unwrap()), content);
    assert!(store.lease("held", "next", TTL).await.unwrap().is_some());
    let check: String = backend
        .raw()
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");
}

/// Opens the folder in a process of somebody who is not root, whom permissions hold.
fn open_as_nobody(backend: &Sqlite, scratch: &Path) -> String {
    let root = fs::metadata(scratch).unwrap().uid() == 0;
    // Where root builds, nobody else may get at the binary.
    let program = scratch.join("program");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(scratch, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = command(&program, "open", &backend.dir());
    if root {
        const NOBODY: u32 = 65534;
        let folder = backend.dir();
        fs::set_permissions(folder.parent().unwrap(), fs::Permissions::from_mode(0o755)).unwrap();
        let entries = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().path());
        for path in entries.chain([folder.clone()]) {
            std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        command.uid(NOBODY).gid(NOBODY).current_dir("/");
    }
    output(command.spawn().unwrap())
}

#[test]
fn what_permissions_forbid_is_named() {
    let scratch = tempfile::tempdir().unwrap();
    let database = "stepgate.db";
    let key = "master.key";
    // What is changed, to which mode, and how the error begins.
    let cases = [
        (database, 0o400, "error read_only"),
        (database, 0o000, "error database_opening"),
        (key, 0o000, "error key_file"),
        ("", 0o500, "error read_only"),
        (key, 0o600, "opened"),
    ];
    for (name, mode, expected) in cases {
        let backend = Sqlite::new();
        drop(backend.open());
        let path = backend.dir().join(name);
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let said = open_as_nobody(&backend, scratch.path());
        let line = said
            .lines()
            .find(|line| line.starts_with("error") || *line == "opened");
        assert!(
            line.is_some_and(|line| line.starts_with(expected)),
            "{name} {mode:o}: {said}"
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let hand = Hand::new();
    let error = open(
        Path::new("/proc/stepgate/data"),
        KeySource::InDataDir,
        &hand,
    )
    .err()
    .unwrap();
    assert!(matches!(error, StoreError::Folder { .. }), "{error}");
    assert!(error.to_string().contains("/proc/stepgate/data"), "{error}");
}
