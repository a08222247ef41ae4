//! Each definition in `docs/recipes.md` is a test: it is read without a problem.

use std::collections::HashSet;

use model::{Source, read, render};

const RECIPES: &str = include_str!("../../../docs/recipes.md");

/// The blocks of YAML, each under the heading that is nearest above it.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    for part in RECIPES.split("\n### ").skip(1) {
        let heading = part.lines().next().unwrap();
        let blocks = part.split("```yaml\n").skip(1);
        found.extend(blocks.map(|block| (heading, block.split("```").next().unwrap())));
    }
    found
}

#[test]
fn every_recipe_is_a_definition_without_a_problem() {
    let blocks = blocks();
    for (heading, text) in &blocks {
        let source = Source::new(*heading, *text);
        let reading = read(&source);
        let problems: Vec<_> = reading
            .problems
            .iter()
            .map(|it| render(it, &source))
            .collect();
        assert!(problems.is_empty(), "{heading}\n{}", problems.join("\n"));
        assert!(reading.connector.is_some(), "{heading}");
    }
    let headings: HashSet<_> = blocks.iter().map(|(heading, _)| heading).collect();
    assert_eq!(headings.len(), blocks.len(), "one recipe a heading");
    assert!(blocks.len() >= 25, "{}", blocks.len());
}
