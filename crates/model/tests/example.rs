//! The examples of the repository have no problem at all.

use std::fs;
use std::path::Path;

use model::{Source, read, render};

#[test]
fn the_examples_have_no_problem() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "yaml") {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy();
        let source = Source::new(name, fs::read_to_string(&path).unwrap());
        let problems = read(&source).problems;
        let found: Vec<_> = problems.iter().map(|it| render(it, &source)).collect();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}
