//! `check`, `schema`, `completions`: what needs neither store nor API.

use crate::api;
use crate::program::Program;

#[test]
fn check_says_all_that_is_wrong_at_once() {
    let sound = Program::with(&api::definition("https://notes.example"));
    sound.run(&["check", "FILE"]).ended(0).says("ok");
    let wrong = api::definition("https://notes.example")
        .replace("kind: form", "kind: from")
        .replace("start.csrf", "strat.csrf");
    let ran = Program::with(&wrong).run(&["check", "FILE"]).ended(2);
    assert!(
        ran.out.contains("`form`") || ran.out.contains("form"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("start"), "{}", ran.out);
    let json = Program::with(&wrong)
        .run(&["check", "FILE", "--format", "json"])
        .ended(2);
    let report: serde_json::Value = serde_json::from_str(json.out.trim()).unwrap();
    assert_eq!(report["ok"], false);
    assert!(
        report["problems"].as_array().unwrap().len() >= 2,
        "{report:#}"
    );
}

#[test]
fn check_needs_no_data_folder() {
    let program = Program::with(&api::definition("https://notes.example"));
    program.run(&["check", "FILE"]).ended(0);
    assert!(!program.data().exists());
}

#[test]
fn the_schema_is_json() {
    let program = Program::with("");
    let schema: serde_json::Value =
        serde_json::from_str(&program.run(&["schema"]).ended(0).out).unwrap();
    assert!(schema["$schema"].is_string());
}

#[test]
fn shells_can_complete() {
    let program = Program::with("");
    for shell in ["bash", "zsh", "fish"] {
        let ran = program.run(&["completions", shell]).ended(0);
        assert!(
            ran.out.contains("stepgate") && !ran.out.contains("script-child"),
            "{shell}"
        );
    }
}

#[test]
fn warnings_are_for_whoever_tries_the_definition_and_not_for_each_call() {
    let api = api::Api::start();
    let doubtful = api
        .definition()
        .replace("base_url:", "secrets: [unused_one]\nbase_url:");
    let program = Program::with(&doubtful);
    program.run(&["check", "FILE"]).ended(0).says("warning[");
    program
        .run(&api::answered(&["run", "FILE"]))
        .ended(0)
        .says("warning[");
    let called = program.run(&["call", "FILE", "GET", "/api/me"]).ended(0);
    assert_eq!(called.err, "");
}
