//! The data folder and the database file: permissions, and everything that can be wrong with them.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};

use store::{KeySource, Notice, PageFilter, StoreError};

use crate::fixture::{Backend, Sqlite, bytes, new_connection, text, update};

fn mode(path: &std::path::Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o7777
}

#[tokio::test]
async fn everything_made_is_its_owners_alone() {
    let backend = Sqlite::new();
    let store = backend.open();
    store
        .create(new_connection("local"), bytes("x"))
        .await
        .unwrap();
    assert_eq!(mode(&backend.dir()), 0o700);
    for entry in fs::read_dir(backend.dir()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[test]
fn a_folder_that_others_can_look_into_is_warned_of() {
    let backend = Sqlite::new();
    fs::DirBuilder::new()
        .mode(0o755)
        .create(backend.dir())
        .unwrap();
    fs::set_permissions(backend.dir(), fs::Permissions::from_mode(0o755)).unwrap();
    let (_store, notices) = backend.open_with(KeySource::InDataDir).unwrap();
    assert!(
        notices.contains(&Notice::FolderOpenToOthers {
            path: backend.dir(),
            mode: 0o755
        }),
        "{notices:?}"
    );
    assert!(
        notices
            .iter()
            .any(|notice| notice.to_string().contains("chmod 700"))
    );
    assert_eq!(mode(&backend.dir()), 0o755, "it is not ours to change");
}

#[test]
fn a_file_in_the_folders_place_is_named() {
    let backend = Sqlite::new();
    fs::write(backend.dir(), "a file").unwrap();
    let error = backend.open_with(KeySource::InDataDir).err().unwrap();
    assert!(matches!(error, StoreError::Folder { .. }), "{error}");
    assert!(
        error
            .to_string()
            .contains(&backend.dir().display().to_string()),
        "{error}"
    );
    assert_eq!(fs::read_to_string(backend.dir()).unwrap(), "a file");
}

#[test]
fn a_file_that_is_no_database_is_left_alone() {
    let backend = Sqlite::new();
    fs::create_dir(backend.dir()).unwrap();
    for content in [
        "not a database, but long enough to have a header of its own. ".repeat(100),
        "short".to_owned(),
    ] {
        fs::write(backend.database(), &content).unwrap();
        let error = backend.open_with(KeySource::InDataDir).err().unwrap();
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
        assert!(error.to_string().contains("backup"), "{error}");
        assert_eq!(fs::read_to_string(backend.database()).unwrap(), content);
        assert!(!backend.dir().join(store::MASTER_KEY_FILE).exists());
    }
}

#[test]
fn another_programs_database_is_left_alone() {
    let backend = Sqlite::new();
    fs::create_dir(backend.dir()).unwrap();
    backend
        .raw()
        .execute_batch("CREATE TABLE theirs (id INTEGER)")
        .unwrap();
    let error = backend.open_with(KeySource::InDataDir).err().unwrap();
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
    let tables: i64 = backend
        .raw()
        .query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
        .unwrap();
    assert_eq!(tables, 1);
}

#[tokio::test]
async fn a_damaged_page_is_called_damage() {
    let backend = Sqlite::new();
    let store = backend.open();
    for _ in 0..50 {
        store
            .create(new_connection("local"), bytes(&"x".repeat(2000)))
            .await
            .unwrap();
    }
    drop(store);
    let mut content = fs::read(backend.database()).unwrap();
    // The header and the schema on the first page stay whole.
    content[4096 * 2..].fill(0xa5);
    fs::write(backend.database(), content).unwrap();
    let error = match backend.open_with(KeySource::InDataDir) {
        Ok((store, _)) => store.list(None).await.unwrap_err(),
        Err(error) => error,
    };
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
}

#[test]
fn a_newer_schema_is_refused_and_not_touched() {
    let backend = Sqlite::new();
    drop(backend.open());
    backend
        .raw()
        .execute(
            "INSERT INTO schema_version (version, applied_at) VALUES (99, 0)",
            [],
        )
        .unwrap();
    let error = backend.open_with(KeySource::InDataDir).err().unwrap();
    assert!(
        matches!(error, StoreError::NewerSchema { found: 99, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("newer Stepgate"), "{error}");
}

#[tokio::test]
async fn a_restart_loses_nothing() {
    let backend = Sqlite::new();
    let made = backend
        .open()
        .create(new_connection("local"), bytes("credential"))
        .await
        .unwrap();
    let wal = backend.dir().join("stepgate.db-wal");
    assert!(
        !wal.exists(),
        "the file is whole and closed when the store is gone"
    );
    let store = backend.open();
    let found = store.get(&made.id).await.unwrap().unwrap();
    assert_eq!(
        text(&store.open_sealed(&found).await.unwrap()),
        "credential"
    );
}

#[tokio::test]
async fn a_write_waits_for_another_process_to_finish() {
    let backend = Sqlite::new();
    let store = backend.open();
    let made = store
        .create(new_connection("local"), bytes("old"))
        .await
        .unwrap();
    let other = backend.raw();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let writing = tokio::spawn({
        let (store, id) = (store.clone(), made.id.clone());
        async move { store.put_if(&id, 1, None, update("new")).await }
    });
    // Reading does not wait.
    for _ in 0..20 {
        assert_eq!(store.get(&made.id).await.unwrap().unwrap().version, 1);
    }
    assert!(!writing.is_finished());
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(writing.await.unwrap().unwrap().version, 2);
}

#[tokio::test]
async fn a_write_goes_through_although_its_caller_goes_away() {
    let backend = Sqlite::new();
    let store = backend.open();
    let made = store
        .create(new_connection("local"), bytes("old"))
        .await
        .unwrap();
    let other = backend.raw();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    {
        let mut writing = Box::pin(store.put_if(&made.id, 1, None, update("renewed")));
        let waker = std::task::Waker::noop();
        assert!(
            writing
                .as_mut()
                .poll(&mut std::task::Context::from_waker(waker))
                .is_pending()
        );
    }
    other.execute_batch("COMMIT").unwrap();
    // Jobs run in order, so that after this one the other is done.
    store.mark_used(&made.id).await.unwrap();
    let found = store.get(&made.id).await.unwrap().unwrap();
    assert_eq!(text(&store.open_sealed(&found).await.unwrap()), "renewed");
}

#[tokio::test]
async fn what_the_first_schema_held_is_kept() {
    let backend = Sqlite::new();
    fs::create_dir(backend.dir()).unwrap();
    let raw = backend.raw();
    raw.execute_batch(include_str!("../src/migrations/0001_first.sql"))
        .unwrap();
    let state = r#"{"state":"fresh","reason":"signed in","since":5}"#;
    raw.execute_batch(&format!(
        "INSERT INTO schema_version VALUES (1, 0); \
         INSERT INTO connections (id, connector, environment, owner, origins, version, sealed, cookies_generation, \
         state, fence, created_at, updated_at) VALUES ('c_old', 'wiki', '', 'local', 'o', 3, x'00', 2, '{state}', \
         0, 5, 6)"
    ))
    .unwrap();
    drop(raw);
    let store = backend.open();
    let mark = store.mark().await.unwrap();
    let found = store.get("c_old").await.unwrap().unwrap();
    assert_eq!((found.version, found.cookies_generation), (3, 2));
    let page = store
        .list_page(PageFilter::default(), None, 10)
        .await
        .unwrap();
    assert_eq!(page.records, [found]);
    store.put_if("c_old", 3, None, update("new")).await.unwrap();
    let told = store.changes_since(mark).await.unwrap();
    assert_eq!(
        (told.connections[0].id.as_str(), told.missed),
        ("c_old", false)
    );
}
