//! Each file under `fixtures/definitions` is a test: those under `valid` have no error, and the
//! problems of each, rendered, are those of the `.expected` file beside it (none: no problem).
//! `UPDATE_EXPECTED=1` writes these files anew.

use std::fs;
use std::path::{Path, PathBuf};

use model::{Severity, Source, read, render};

/// The fixtures of one folder, sorted by name.
pub(crate) fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../fixtures/definitions")
        .join(folder);
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|it| it == "yaml" || it == "json")
        })
        .collect();
    files.sort();
    files
}

/// A fixture as a source that is named by its file alone.
pub(crate) fn source(path: &Path) -> Source {
    let name = path.file_name().unwrap().to_string_lossy();
    Source::new(name, fs::read_to_string(path).unwrap())
}

fn compare(path: &Path) {
    let source = source(path);
    let problems = read(&source).problems;
    let found: Vec<_> = problems.iter().map(|it| render(it, &source)).collect();
    let found = found.join("\n");
    let beside = path.with_extension("expected");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        if found.is_empty() {
            let _ = fs::remove_file(&beside);
        } else {
            fs::write(&beside, &found).unwrap();
        }
    }
    let expected = fs::read_to_string(&beside).unwrap_or_default();
    assert_eq!(found, expected, "{}", source.name);
}

#[test]
fn valid_definitions_have_no_error() {
    for path in files("valid") {
        compare(&path);
        let reading = read(&source(&path));
        assert!(reading.connector.is_some(), "{}", path.display());
    }
}

#[test]
fn invalid_definitions_have_the_problems_beside_them() {
    for path in files("invalid") {
        compare(&path);
        let reading = read(&source(&path));
        let refused = reading
            .problems
            .iter()
            .any(|problem| problem.severity == Severity::Error);
        assert!(refused, "{} has no error", path.display());
        assert!(reading.connector.is_none(), "{}", path.display());
    }
}
