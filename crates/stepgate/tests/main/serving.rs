//! The server as it is started, used and stopped.

use serde_json::json;

use crate::api::{Api, PASSWORD};
use crate::program::Program;
use crate::secrecy::canaries;
use crate::server::Server;

#[test]
fn an_app_is_made_once_and_its_key_is_all_that_is_printed() {
    let program = Program::with("");
    let made = program
        .run(&["app", "create", "shop", "--connectors", "notes"])
        .ended(0);
    let key = made.out.trim_end();
    assert!(
        key.starts_with("sg_app_") && !key.contains(char::is_whitespace),
        "{key}"
    );
    assert!(!String::from_utf8_lossy(&program.stored_bytes()).contains(key));
    program
        .run(&["app", "create", "shop"])
        .ended(2)
        .says("already an app named shop");
    for (line, words) in [
        (&["app", "create", "People"][..], "People"),
        (
            &["app", "create", "b", "--origin", "https://*.example.org"],
            "patterns are not taken",
        ),
        (
            &[
                "app",
                "create",
                "b",
                "--return-to",
                "http://shop.example.org/",
            ],
            "it must be https",
        ),
    ] {
        program.run(line).ended(2).says(words);
    }
}

#[test]
fn what_keeps_a_server_from_starting_is_said() {
    let program = Program::with("");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    program
        .run(&["serve", "--listen", &address])
        .ended(2)
        .says(&format!("cannot listen on {address}"));
    program
        .run(&[
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--connectors",
            "nowhere",
        ])
        .ended(2)
        .says("nowhere");
    for text in [
        "listen = '127.0.0.1:0'\nport = 1\n",
        "[log]\nformat = 'jsn'\n",
        "\ndrain = 'soon'\n",
    ] {
        let file = program.definition.with_file_name("settings.toml");
        std::fs::write(file, text).unwrap();
        program
            .run(&["--config", "settings.toml", "serve"])
            .ended(2)
            .says("line 2")
            .says("settings.toml");
    }
}

#[test]
fn attack_61_nothing_that_a_server_says_or_keeps_holds_a_secret() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    let log = ["--log-level", "trace", "--log-format", "json"];
    let mut server = Server::start(&program, &log);
    let mut said = String::new();
    let mut ask = |method: &str, path: &str, body: Option<serde_json::Value>| {
        let answer = server.ask(method, path, body.as_ref());
        said.push_str(&answer.0);
        answer
    };
    let run = ask("POST", "/api/runs", Some(json!({"connector": "notes"}))).json();
    let id = run["id"].as_str().unwrap().to_owned();
    for password in ["canary-wrong-password", PASSWORD] {
        let answers = json!({"form1": {"username": "alice", "password": password}});
        ask("POST", &format!("/api/runs/{id}/answers"), Some(answers)).has_status(200);
    }
    ask("GET", &format!("/api/runs/{id}"), None).has_status(200);
    ask("GET", "/proxy/notes/api/me", None).has_status(200);
    api.expire();
    ask("GET", "/proxy/notes/api/me", None).has_status(200);
    ask("GET", "/proxy/notes/api/teapot", None).has_status(418);
    let connections = ask("GET", "/api/connections", None).has_status(200).json();
    let connection = connections["connections"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for action in ["test", "renew"] {
        ask(
            "POST",
            &format!("/api/connections/{connection}/{action}"),
            None,
        )
        .has_status(200);
    }
    api.revoke();
    ask("GET", "/proxy/notes/api/me", None).has_status(409);
    for path in [
        "/proxy/notes/..%2f",
        "/proxy/none/x",
        "/api/none",
        "/metrics",
        "/api/openapi.json",
    ] {
        ask("GET", path, None);
    }
    assert!(api.renewals() >= 2, "{}", api.renewals());
    assert!(server.stop().success());
    let logged = server.logged();
    assert!(logged.contains("WARN"), "nothing was logged: {logged}");
    let stored = String::from_utf8_lossy(&program.stored_bytes()).into_owned();
    let wrong = "canary-wrong-password".to_owned();
    for canary in canaries(&api)
        .into_iter()
        .chain([wrong, server.key.clone()])
    {
        assert!(!said.contains(&canary), "{canary} was answered");
        assert!(!logged.contains(&canary), "{canary} was logged");
        assert!(!stored.contains(&canary), "{canary} is stored in the clear");
    }
}

#[test]
fn the_server_and_the_command_line_share_what_they_keep() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    let mut server = Server::start(&program, &[]);
    let run = server.ask("POST", "/api/runs", Some(&json!({"connector": "notes"})));
    let id = run.json()["id"].as_str().unwrap().to_owned();
    let answers = json!({"form1": {"username": "alice", "password": PASSWORD}});
    server.ask("POST", &format!("/api/runs/{id}/answers"), Some(&answers));
    program
        .run(&["call", "FILE", "GET", "/api/me", "--user", "shop/ana"])
        .ended(0)
        .says("alice");
    program
        .run(&["connections", "clear", "FILE", "--user", "shop/ana"])
        .ended(0);
    while !server
        .ask("GET", "/proxy/notes/api/me", None)
        .0
        .contains("sign_in_required")
    {
        std::thread::yield_now();
    }
    assert!(server.stop().success());
}
