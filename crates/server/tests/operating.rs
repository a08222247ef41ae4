//! What operators set and read: proxies that are trusted, and where metrics are.

use crate::wire::{self, Answer};
use crate::world::World;

/// A guess at a password, by who comes with these lines of header.
async fn guess(world: &World, login: usize, headers: &[&str]) -> Answer {
    let mut head = vec![
        "POST /api/session HTTP/1.1",
        "Content-Type: application/json",
    ];
    head.extend(headers);
    let body = format!(r#"{{"login":"login-{login}","password":"wrong wrong wrong"}}"#);
    wire::send(world.address, &head, &body).await
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_68_a_header_of_ones_own_is_not_another_address() {
    let world = World::start().await;
    for tries in 0..15 {
        let header = format!("X-Forwarded-For: 192.0.2.{tries}");
        assert_eq!(guess(&world, tries, &[&header]).await.status, 401);
    }
    let more = guess(&world, 15, &["X-Forwarded-For: 192.0.2.99"]).await;
    assert_eq!(
        (more.status, more.problem()),
        (429, "too_many_tries".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_proxy_says_who_guesses() {
    let world =
        World::with(|settings| settings.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()])
            .await;
    // What stands before the address that our proxy saw is the guesser's own.
    for tries in 0..15 {
        let header = format!("X-Forwarded-For: 203.0.113.{tries}, 192.0.2.7");
        assert_eq!(guess(&world, tries, &[&header]).await.status, 401);
    }
    let same = guess(&world, 15, &["X-Forwarded-For: 203.0.113.99, 192.0.2.7"]).await;
    assert_eq!(same.status, 429);
    let again = guess(&world, 15, &["Forwarded: for=192.0.2.7;proto=https"]).await;
    assert_eq!(again.status, 429);
    let another = guess(&world, 15, &["X-Forwarded-For: 192.0.2.8"]).await;
    assert_eq!(another.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_have_an_address_of_their_own_or_are_for_this_machine() {
    let trial = World::start().await;
    assert_eq!(trial.send("GET /metrics", &[], "").await.status, 200);
    assert_eq!(trial.running.metrics_address(), None);

    let public =
        World::with(|settings| settings.public_url = "https://gate.example.org".parse().ok()).await;
    let hidden = public.send("GET /metrics", &[], "").await;
    assert_eq!(
        (hidden.status, hidden.problem()),
        (404, "not_found".to_owned())
    );

    let apart = World::with(|settings| settings.metrics_listen = "127.0.0.1:0".parse().ok()).await;
    assert_eq!(apart.send("GET /metrics", &[], "").await.status, 404);
    let address = apart.running.metrics_address().unwrap();
    let answer = wire::send(address, &["GET /metrics HTTP/1.1"], "").await;
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("content-type")
            .unwrap()
            .starts_with("text/plain; version=0.0.4")
    );
    assert!(
        answer.body.contains("stepgate_build_info{version="),
        "{}",
        answer.body
    );
    for (line, status) in [
        ("GET /healthz HTTP/1.1", 404),
        ("GET /proxy/echo/x HTTP/1.1", 404),
        ("DELETE /metrics HTTP/1.1", 405),
    ] {
        assert_eq!(
            wire::send(address, &[line], "").await.status,
            status,
            "{line}"
        );
    }
}
