//! The definition reference in the repository is the one that the code gives.

use std::fs;
use std::path::Path;

#[test]
fn the_reference_in_the_repository_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/definition-reference.md");
    let reference = model::reference();
    if std::env::var_os("UPDATE_REFERENCE").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, &reference).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == reference,
        "docs/definition-reference.md is not current: run the tests with UPDATE_REFERENCE=1"
    );
}
