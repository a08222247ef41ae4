//! How many may wait for a sign-in at once, of one user and of one app.

use crate::wire::Answer;
use crate::world::{OTHER, SHOP, World};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const JSON: &str = "Content-Type: application/json";

async fn start(world: &World, user: &str, name: &str) -> Answer {
    let user = format!("Stepgate-User: {user}");
    let body = json!({ "connector": "echo", "connection": name }).to_string();
    world
        .send("POST /api/runs", &[SHOP, &user, JSON], &body)
        .await
}

/// An event stream, once its first event is there.
async fn events(world: &World, user: &str, run: &str) -> TcpStream {
    let mut stream = TcpStream::connect(world.address).await.unwrap();
    let head = format!(
        "GET /api/runs/{run} HTTP/1.1\r\nHost: g\r\n{SHOP}\r\nStepgate-User: {user}\r\nAccept: text/event-stream\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut text = String::new();
    while !text.contains("event: run") {
        text.push(char::from(stream.read_u8().await.unwrap()));
    }
    stream
}

fn refused(answer: &Answer, code: &str) {
    assert_eq!((answer.status, answer.problem().as_str()), (429, code));
    assert_eq!(answer.json()["retry"], "later");
    let wait: u32 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!(wait > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_46_waiting_calls_and_event_streams_are_bounded() {
    let world = World::with(|settings| {
        settings.limits.waits_per_user = 1;
        settings.limits.waits_per_app = 2;
    })
    .await;
    let mut runs = Vec::new();
    for user in ["u1", "u2", "u3"] {
        let run = start(&world, user, "a").await.json();
        runs.push(run["id"].as_str().unwrap().to_owned());
    }
    let first = events(&world, "u1", &runs[0]).await;
    let waits = |key: &'static str, user: &str| {
        let user = format!("Stepgate-User: {user}");
        let world = &world;
        async move {
            let headers = [key, &user, "Prefer: wait=1"];
            world.send("GET /proxy/echo/x", &headers, "").await
        }
    };
    let watches = |user: &str, run: &str| {
        let (user, line) = (
            format!("Stepgate-User: {user}"),
            format!("GET /api/runs/{run}"),
        );
        let world = &world;
        async move {
            let headers = [SHOP, &user, "Accept: text/event-stream"];
            world.send(&line, &headers, "").await
        }
    };
    refused(&waits(SHOP, "u1").await, "too_many_waits");
    refused(&watches("u1", &runs[0]).await, "too_many_waits");
    // Who does not wait is told at once, as ever.
    assert_eq!(
        world.get("/proxy/echo/x").await.problem(),
        "sign_in_required"
    );
    let second = events(&world, "u2", &runs[1]).await;
    refused(&watches("u3", &runs[2]).await, "too_many_waits");
    assert_eq!(waits(OTHER, "u1").await.problem(), "sign_in_required");
    drop((first, second));
    let mut answer = waits(SHOP, "u1").await;
    while answer.status == 429 {
        answer = waits(SHOP, "u1").await;
    }
    assert_eq!(answer.problem(), "sign_in_required");
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_46_open_sign_ins_are_bounded() {
    let world = World::with(|settings| {
        settings.limits.sign_ins_per_user = 2;
        settings.limits.sign_ins_per_app = 3;
    })
    .await;
    for (user, name) in [("u1", "a"), ("u1", "b"), ("u2", "a")] {
        assert_eq!(start(&world, user, name).await.status, 201);
    }
    for (user, name) in [("u1", "c"), ("u3", "a")] {
        refused(&start(&world, user, name).await, "too_many_sign_ins");
    }
    // Joining the one that is open is none more, and one that is given up makes room.
    let joined = start(&world, "u2", "a").await;
    assert_eq!(joined.status, 201);
    let line = format!("DELETE /api/runs/{}", joined.json()["id"].as_str().unwrap());
    let given_up = world.send(&line, &[SHOP, "Stepgate-User: u2"], "").await;
    assert_eq!(given_up.status, 204);
    assert_eq!(start(&world, "u3", "a").await.status, 201);
}
