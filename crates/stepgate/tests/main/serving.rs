//! The server as it is started, used and stopped.

use serde_json::json;

use crate::api::{Api, PASSWORD};
use crate::program::{Program, Ran};
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
fn a_connector_that_nothing_serves_is_said_where_an_app_is_made() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    let mut server = Server::start(&program, &[]);
    let made = program
        .run(&["app", "create", "kiosk", "--connectors", "notse,notes"])
        .ended(0);
    assert_eq!(made.out.lines().count(), 1, "{}", made.out);
    assert!(
        made.err
            .contains("no connector `notse` is served yet; did you mean `notes`?"),
        "{}",
        made.err
    );
    assert!(!made.err.contains("`notes` is served"), "{}", made.err);
    server.logs("the app `kiosk` may use `notse`, which is not served; is `notes` meant?");
    assert!(server.stop().success());
}

#[test]
fn a_definition_that_breaks_and_is_mended_is_said_once() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    let mut server = Server::start(&program, &["--log-format", "json"]);
    let file = program.definition.with_file_name("served/notes.yaml");
    let good = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, "stepgate: 1\nconnector: notes\nbase_url: nowhere\n").unwrap();
    server.logs("notes.yaml cannot be used");
    std::fs::write(&file, format!("{good}# mended\n")).unwrap();
    server.logs("`notes` is good again, version ");
    std::fs::write(&file, format!("{good}# mended twice\n")).unwrap();
    assert!(server.stop().success());
    assert_eq!(server.logged().matches("is good again").count(), 1);
}

#[test]
fn a_secret_in_a_file_is_read_again_when_it_changes() {
    let api = Api::start();
    let definition = api
        .definition()
        .replace("base_url:", "secrets: [canary]\nbase_url:");
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    std::fs::write(&secret, "canary-one\n").unwrap();
    let program = Program::with(&definition).variable(
        "STEPGATE_SECRET_NOTES_CANARY_FILE",
        secret.to_str().unwrap(),
    );
    let mut server = Server::start(&program, &[]);
    // Being written, or gone for a moment.
    std::fs::write(&secret, "").unwrap();
    server.logs("is empty");
    std::fs::write(&secret, "canary-two\n").unwrap();
    server.logs("a secret has changed");
    assert!(server.stop().success());
    assert!(!server.logged().contains("canary-"), "{}", server.logged());
}

#[test]
fn every_line_of_a_log_for_programs_is_json() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    let mut server = Server::start(&program, &["--log-format", "json"]);
    server
        .ask("GET", "/proxy/notes/api/me", None)
        .has_status(409);
    assert!(server.stop().success());
    let refused = program
        .run(&[
            "serve",
            "--log-format",
            "json",
            "--listen",
            "127.0.0.1:0",
            "--connectors",
            "nowhere",
        ])
        .ended(2);
    let logged = server.logged();
    assert!(logged.contains("stopping"), "{logged}");
    for line in logged.lines().chain(refused.err.lines()) {
        let line: serde_json::Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(
            line["timestamp"].is_string() && line["level"].is_string(),
            "{line}"
        );
    }
    assert!(refused.err.contains("nowhere"), "{}", refused.err);
}

#[test]
fn a_fault_of_ours_is_found_in_the_log_by_the_id_that_the_caller_is_told() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    let mut server = Server::start(&program, &["--log-format", "json"]);
    for file in ["stepgate.db", "stepgate.db-wal"] {
        let file = program.data().join(file);
        let length = std::fs::metadata(&file).unwrap().len();
        let ruined = vec![0x5a; usize::try_from(length).unwrap()];
        std::fs::write(&file, ruined).unwrap();
    }
    let begin = json!({"connector": "notes"});
    let answers = [
        server.ask("POST", "/api/runs", Some(&begin)),
        server.ask("GET", "/proxy/notes/api/me", None),
    ];
    assert!(server.stop().success());
    let logged = server.logged();
    for answer in answers {
        let problem = answer.has_status(500).json();
        let told = problem.to_string();
        assert!(
            problem["code"] == "internal" && !told.contains("damaged"),
            "{told}"
        );
        let id = problem["request_id"].as_str().unwrap();
        let line = logged.lines().find(|line| line.contains(id));
        let line = line.unwrap_or_else(|| panic!("{id} is not in {logged}"));
        assert!(line.contains("stepgate.db is damaged"), "{line}");
    }
}

#[test]
fn doctor_says_what_is_wrong_and_what_to_do() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    let mut server = Server::start(&program, &[]);
    let doctor = |url: &str, key: Option<&str>| {
        let mut command = program.command(&["doctor", "--public-url", url]);
        let output = command.envs(key.map(|key| ("STEPGATE_KEY", key))).output();
        Ran::from(output.expect("the binary runs"))
    };
    doctor(&server.url(), None)
        .ended(0)
        .says("this server answers there")
        .says("the one API answers")
        .says("as APIs have it");
    doctor("http://gate.example.org", None)
        .ended(4)
        .says("put a proxy that ends TLS before Stepgate");
    let definition = api.definition();
    let elsewhere = definition
        .lines()
        .find(|line| line.starts_with("base_url: "));
    let elsewhere = elsewhere.unwrap().trim_start_matches("base_url: ");
    doctor(elsewhere, None)
        .ended(4)
        .says("something else answers there");
    doctor(&server.url(), Some("short"))
        .ended(4)
        .says("make one with `stepgate keygen`");
    std::fs::write(
        program.definition.with_file_name("served/private.yaml"),
        "stepgate: 1\nconnector: private\nbase_url: http://10.1.2.3\n",
    )
    .unwrap();
    doctor(&server.url(), None)
        .ended(4)
        .says("private: 10.1.2.3 is a private address")
        .says("--allow-private 10.0.0.0/8");
    assert!(server.stop().success());
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
        "listen = '127.0.0.1:0'\ntrusted_proxies = ['ten']\n",
        "listen = '127.0.0.1:0'\nmetrics_listen = 'here'\n",
        "listen = '127.0.0.1:0'\nthreads = 0\n",
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

#[test]
fn a_data_folder_that_takes_nothing_more_stops_no_call_and_nothing_is_half_done() {
    let api = Api::start();
    let program = Program::with(&api.definition());
    let mut server = Server::start(&program, &[]);
    let begin = json!({"connector": "notes"});
    let answers = json!({"form1": {"username": "alice", "password": PASSWORD}});
    let sign_in = || {
        let run = server.ask("POST", "/api/runs", Some(&begin)).json();
        let id = run["id"].as_str().unwrap().to_owned();
        server.ask("POST", &format!("/api/runs/{id}/answers"), Some(&answers))
    };
    assert_eq!(sign_in().json()["state"], "signed_in");
    let connections = server.ask("GET", "/api/connections", None).json();
    let id = connections["connections"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    server.may_write(false);
    for _ in 0..2 {
        server
            .ask("GET", "/proxy/notes/api/me", None)
            .has_status(200);
        for path in [
            "/api/runs".to_owned(),
            format!("/api/connections/{id}/clear"),
        ] {
            let refused = server
                .ask("POST", &path, Some(&begin))
                .has_status(500)
                .json();
            assert_eq!(
                (refused["code"].as_str(), refused["whose_fault"].as_str()),
                (Some("internal"), Some("stepgate"))
            );
        }
    }
    server.may_write(true);
    // What could not be written has not happened.
    let after = server.ask("GET", "/api/connections", None).json();
    assert_eq!(after["connections"][0]["id"], id.as_str());
    assert_eq!(sign_in().json()["state"], "signed_in");
    server
        .ask("GET", "/proxy/notes/api/me", None)
        .has_status(200);
    assert!(server.stop().success());
}
