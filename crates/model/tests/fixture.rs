//! Each file under `fixtures/definitions` is a test: those under `valid` have no error, and each
//! under `invalid` has exactly the problems of the `.expected` file beside it.

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

fn rendered(source: &Source) -> String {
    let problems = read(source).problems;
    let texts: Vec<_> = problems.iter().map(|it| render(it, source)).collect();
    texts.join("\n")
}

#[test]
fn valid_definitions_have_no_problem() {
    for path in files("valid") {
        let source = source(&path);
        assert_eq!(rendered(&source), "", "{}", source.name);
        assert!(read(&source).connector.is_some());
    }
}

#[test]
fn invalid_definitions_have_the_problems_beside_them() {
    let update = std::env::var_os("UPDATE_EXPECTED").is_some();
    for path in files("invalid") {
        let source = source(&path);
        let found = rendered(&source);
        let expected_path = path.with_extension("expected");
        if update {
            fs::write(&expected_path, &found).unwrap();
        }
        let expected = fs::read_to_string(&expected_path).unwrap_or_default();
        assert_eq!(found, expected, "{}", source.name);
        let reading = read(&source);
        let refused = reading
            .problems
            .iter()
            .any(|it| it.severity == Severity::Error);
        assert!(!reading.problems.is_empty(), "{}", source.name);
        assert_eq!(reading.connector.is_none(), refused, "{}", source.name);
    }
}
