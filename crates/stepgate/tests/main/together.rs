//! Two processes on one data folder, and processes that are stopped in the middle.

use crate::api::{Api, answered};
use crate::program::{Program, Ran};

#[test]
fn attack_18_processes_at_once_renew_once() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    program.run(&answered(&["run", "FILE"])).ended(0);
    api.expire();
    let children: Vec<_> = (0..4)
        .map(|_| program.start(&["call", "FILE", "GET", "/api/me"]))
        .collect();
    for child in children {
        let ran = Ran::from(child.wait_with_output().unwrap()).ended(0);
        assert_eq!(ran.out, r#"{"name":"alice"}"#);
    }
    assert_eq!((api.logins(), api.renewals()), (1, 1));
}

#[test]
fn attack_60_two_first_starts_at_once_make_one_key() {
    let api = Api::start();
    // The API holds one session only, so the four do not go on to the test API.
    let untested: String = api
        .definition()
        .lines()
        .filter(|line| !line.starts_with("test_api"))
        .collect::<Vec<_>>()
        .join("\n");
    let program = Program::with(&untested);
    let names = ["a", "b", "c", "d"];
    let children: Vec<_> = names
        .iter()
        .map(|name| program.start(&answered(&["run", "FILE", "--connection", name])))
        .collect();
    for child in children {
        Ran::from(child.wait_with_output().unwrap()).ended(0);
    }
    let list = program.run(&["connections", "list", "FILE"]).ended(0).out;
    assert_eq!(list.lines().count(), names.len(), "{list}");
}
