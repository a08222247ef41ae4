//! No secret is printed or stored in the clear, in any encoding.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::api::{Api, PASSWORD, answered};
use crate::program::{Program, Ran};

/// Every secret that passes in this file's tests.
pub(crate) fn canaries(api: &Api) -> Vec<String> {
    let mut all = api.tokens();
    all.extend(
        [
            PASSWORD,
            "canary-cookie-1",
            "canary-ticket-77",
            "canary-csrf-1234",
        ]
        .map(str::to_owned),
    );
    let encoded: Vec<String> = all
        .iter()
        .flat_map(|secret| {
            let percent: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            [
                STANDARD.encode(secret).trim_end_matches('=').to_owned(),
                percent,
            ]
        })
        .collect();
    all.extend(encoded);
    all
}

#[track_caller]
fn silent(api: &Api, ran: &Ran) {
    for canary in canaries(api) {
        assert!(
            !ran.out.contains(&canary) && !ran.err.contains(&canary),
            "{canary} is printed:\n{}\n{}",
            ran.out,
            ran.err
        );
    }
}

#[test]
fn attack_61_no_output_holds_a_secret() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    for format in ["text", "json"] {
        silent(
            &api,
            &program
                .run(&answered(&["run", "FILE", "--format", format]))
                .ended(0),
        );
        silent(
            &api,
            &program
                .run(&["run", "FILE", "--flow", "refresh", "--format", format])
                .ended(0),
        );
        silent(
            &api,
            &program.run(&["test", "FILE", "--format", format]).ended(0),
        );
        silent(
            &api,
            &program
                .run(&["connections", "list", "FILE", "--format", format])
                .ended(0),
        );
    }
    for path in ["/login", "/token", "/renew", "/api/me"] {
        api.fail(path, 500);
        for format in ["text", "json"] {
            silent(
                &api,
                &program.run(&answered(&["run", "FILE", "--format", format])),
            );
            silent(
                &api,
                &program.run(&["run", "FILE", "--flow", "refresh", "--format", format]),
            );
        }
        api.mend();
    }
}

#[test]
fn attack_61_the_data_folder_holds_no_secret_in_the_clear() {
    let api = Api::start();
    let program = Program::with(
        &api.definition()
            .replace("base_url:", "secrets: [client_secret]\nbase_url:"),
    );
    program
        .run_with_input(
            &["secret", "set", "FILE", "client_secret"],
            "canary-client-secret\n",
        )
        .ended(0);
    program.run(&answered(&["run", "FILE"])).ended(0);
    api.expire();
    program.run(&["call", "FILE", "GET", "/api/me"]).ended(0);
    let stored = program.stored_bytes();
    for canary in canaries(&api)
        .into_iter()
        .chain(["canary-client-secret".to_owned()])
    {
        assert!(
            !stored
                .windows(canary.len())
                .any(|window| window == canary.as_bytes()),
            "{canary} is stored in the clear"
        );
    }
}

#[test]
fn attack_65_a_password_that_nothing_needs_again_is_not_kept() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    let ran = program.run(&["check", "FILE"]).ended(0);
    assert!(!ran.out.contains("form1.password"), "{}", ran.out);
}
