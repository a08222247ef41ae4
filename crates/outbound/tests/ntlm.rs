//! NTLM: connections that belong to one credential, against a site that takes a connection for a
//! person.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, Ordering};

use bytes::Bytes;
use http::{HeaderValue, Method, StatusCode};
use http_body_util::{BodyExt, Full};
use outbound::{
    Account, Client, Cookies, Fresh, Jar, Ntlm, OutBody, OutboundError, Outgoing, ProxyEnv,
    Redirects, Settings, Signer, Signing,
};
use serde_json::Value;
use testkit::{Authority, NtlmRules, NtlmSite, Proxy, Received, Reply, Upstream};
use url::Url;

use crate::server::{client, now, settings};

const ALICE: (&str, &str) = ("CORP\\alice", "correct horse");
const BOB: (&str, &str) = ("CORP\\bob", "battery staple");

/// Signs in as this person, on connections kept for the credential of that name.
fn signing((username, password): (&str, &str), credential: Option<&str>) -> Signing {
    let password = password.to_owned().into();
    let ntlm = Ntlm::new(Account::new(username, password, None, Some("HERE")));
    let count = AtomicU8::new(1);
    let mut signing = Signing::new(Signer::Ntlm(ntlm), move || Fresh {
        at: now(),
        random: [count.fetch_add(1, Ordering::SeqCst); 32],
    });
    if let Some(credential) = credential {
        signing.keep_for(credential);
    }
    signing
}

fn request(method: Method, url: &str, signing: Signing) -> Outgoing {
    let mut outgoing = Outgoing::new(method, Url::parse(url).expect("a URL"));
    outgoing.signing = Some(signing);
    outgoing
}

/// Sends it, and gives the status and the JSON of the reply.
async fn send(client: &Client, outgoing: Outgoing) -> Result<(StatusCode, Value), OutboundError> {
    let reply = client.send(outgoing, Cookies::None, None, now()).await?;
    let status = reply.status;
    let (_, body) = reply.read(10_000).await?;
    Ok((status, serde_json::from_slice(&body).unwrap_or_default()))
}

async fn get(client: &Client, url: &str, signing: Signing) -> (StatusCode, Value) {
    let outgoing = request(Method::GET, url, signing);
    send(client, outgoing).await.expect("a reply")
}

#[tokio::test]
async fn attack_39_two_users_never_share_a_connection() {
    let site = NtlmSite::start(NtlmRules::default());
    let url = site.upstream().url("/me");
    let client = client();
    let calls = (0..200).map(|call| {
        let (client, url) = (client.clone(), url.clone());
        let (person, credential) = match call % 2 {
            0 => (ALICE, "c1"),
            _ => (BOB, "c2"),
        };
        tokio::spawn(async move {
            let (status, body) = get(&client, &url, signing(person, Some(credential))).await;
            assert_eq!(
                (status, &body["user"]),
                (StatusCode::OK, &Value::from(person.0))
            );
            (body["connection"].as_u64().expect("a number"), person.0)
        })
    });
    let mut whose = HashMap::new();
    for call in calls.collect::<Vec<_>>() {
        let (connection, person) = call.await.expect("a call");
        assert_eq!(*whose.entry(connection).or_insert(person), person);
    }
    // Connections are kept, each for its own credential: once more, and none is new.
    let before = site.upstream().connections();
    for (person, credential) in [(ALICE, "c1"), (BOB, "c2")] {
        let (_, body) = get(&client, &url, signing(person, Some(credential))).await;
        assert_eq!(body["user"], person.0);
        let connection = body["connection"].as_u64().expect("a number");
        assert_eq!(whose.get(&connection), Some(&person.0));
    }
    assert_eq!(site.upstream().connections(), before);
    assert_eq!(site.refusals(), [""; 0]);
    // The same account in another credential, one that changed its password, a request that is
    // not signed, and one of no named credential: none gets a connection of these.
    for other in [
        get(&client, &url, signing(ALICE, Some("c3"))).await.1,
        get(&client, &url, signing(ALICE, None)).await.1,
        get(&client, &url, signing(ALICE, None)).await.1,
    ] {
        let connection = other["connection"].as_u64().expect("a number");
        assert_eq!(whose.get(&connection), None);
        whose.insert(connection, "");
    }
    let (status, _) = get(&client, &url, signing((ALICE.0, "wrong"), Some("c1"))).await;
    assert_eq!(status, 401);
    let unsigned = Outgoing::new(Method::GET, Url::parse(&url).expect("a URL"));
    assert_eq!(send(&client, unsigned).await.expect("a reply").0, 401);
}

#[tokio::test]
async fn the_body_goes_with_the_third_message_alone() {
    for streamed in [false, true] {
        let site = NtlmSite::start(NtlmRules::default());
        let mut outgoing = request(
            Method::POST,
            &site.upstream().url("/notes"),
            signing(ALICE, Some("c1")),
        );
        let content_type = HeaderValue::from_static("text/plain");
        outgoing.headers.insert("content-type", content_type);
        let stray = HeaderValue::from_static("Bearer x");
        outgoing.headers.insert("authorization", stray);
        let body = Full::new(Bytes::from_static(b"dear diary"));
        outgoing.body = match streamed {
            true => OutBody::Stream(body.map_err(|never| match never {}).boxed()),
            false => OutBody::Bytes(Bytes::from_static(b"dear diary")),
        };
        let (status, body) = send(&client(), outgoing).await.expect("a reply");
        assert_eq!(
            (status, &body["body"]),
            (StatusCode::OK, &"dear diary".into())
        );
        let seen = site.upstream().requests();
        assert_eq!(seen.len(), 2);
        assert_eq!(
            (seen[0].text(), seen[0].method()),
            (String::new(), &Method::POST)
        );
        assert_eq!(seen[0].header("content-length"), Some("0"));
        assert_eq!(seen[0].header("content-type"), None);
        assert_eq!(seen[1].header("content-type"), Some("text/plain"));
        for seen in seen {
            let sent = seen.header_all("authorization");
            assert!(
                matches!(sent[..], [one] if one.starts_with("NTLM ")),
                "{sent:?}"
            );
        }
        assert_eq!(site.refusals(), [""; 0]);
    }
}

#[tokio::test]
async fn a_kept_connection_needs_no_handshake_and_a_forgotten_one_gets_another() {
    let site = NtlmSite::start(NtlmRules::default());
    let url = site.upstream().url("/notes");
    let client = client();
    let post = || {
        let mut outgoing = request(Method::POST, &url, signing(ALICE, Some("c1")));
        outgoing.body = OutBody::Bytes(Bytes::from_static(b"x"));
        outgoing
    };
    for (connection, proofs, requests) in [(1, 1, 2), (1, 1, 3)] {
        let (_, body) = send(&client, post()).await.expect("a reply");
        assert_eq!(
            (&body["connection"], &body["body"]),
            (&connection.into(), &"x".into())
        );
        assert_eq!(site.proofs(), proofs);
        assert_eq!(site.upstream().requests().len(), requests);
    }
    site.forget();
    let (status, body) = send(&client, post()).await.expect("a reply");
    assert_eq!((status, &body["connection"]), (StatusCode::OK, &2.into()));
    assert_eq!(site.proofs(), 2);
    // A server that forgets at once costs a handshake each time, and works.
    let forgetful = NtlmSite::start(NtlmRules {
        forgets: true,
        ..NtlmRules::default()
    });
    let url = forgetful.upstream().url("/me");
    for proofs in 1..4 {
        let (status, body) = get(&client, &url, signing(ALICE, Some("c1"))).await;
        assert_eq!((status, &body["user"]), (StatusCode::OK, &ALICE.0.into()));
        assert_eq!(forgetful.proofs(), proofs);
    }
}

#[tokio::test]
async fn attack_40_the_proof_is_bound_to_the_channel_and_speaks_http_1() {
    let authority = Authority::new();
    let client = Client::new(Settings {
        ca_file_pem: Some(authority.pem().into_bytes()),
        ..settings()
    })
    .expect("a client");
    for clock in [true, false] {
        let rules = NtlmRules {
            clock,
            ..NtlmRules::default()
        };
        let site = NtlmSite::start_secure(rules, &authority);
        // The site refuses a proof bound to anything but its own certificate.
        let url = site.upstream().url("/me");
        let (status, body) = get(&client, &url, signing(ALICE, Some("c1"))).await;
        assert_eq!(site.refusals(), [""; 0]);
        assert_eq!((status, &body["user"]), (StatusCode::OK, &ALICE.0.into()));
    }
}

#[tokio::test]
async fn attack_40_a_server_without_version_2_gets_no_proof() {
    let site = NtlmSite::start(NtlmRules {
        target_info: false,
        ..NtlmRules::default()
    });
    let outgoing = request(
        Method::GET,
        &site.upstream().url("/me"),
        signing(ALICE, None),
    );
    let refused = send(&client(), outgoing).await.expect_err("refused");
    assert!(matches!(refused, OutboundError::Ntlm { .. }));
    assert!(
        refused.to_string().contains("offers no NTLMv2"),
        "{refused}"
    );
    assert!(!refused.may_have_arrived() && !refused.is_passing());
    assert_eq!(site.upstream().requests().len(), 1);
}

#[tokio::test]
async fn a_server_that_cannot_be_signed_in_to_is_told_apart() {
    for (rules, said) in [
        (
            NtlmRules {
                offers: &["Negotiate"],
                ..NtlmRules::default()
            },
            "let it offer NTLM too",
        ),
        (
            NtlmRules {
                offers: &["Basic realm=\"x\"", "Digest realm=\"y\""],
                ..NtlmRules::default()
            },
            "offers Basic, Digest, and not NTLM",
        ),
    ] {
        let site = Upstream::start(move |_| {
            let offers = rules.offers.iter();
            offers.fold(Reply::status(401), |reply, offer| {
                reply.header("www-authenticate", offer)
            })
        });
        let outgoing = request(Method::GET, &site.url("/me"), signing(ALICE, None));
        let refused = send(&client(), outgoing).await.expect_err("refused");
        assert!(refused.to_string().contains(said), "{refused}");
        assert!(!refused.to_string().contains("correct horse"));
    }
    let closing = NtlmSite::start(NtlmRules {
        closes: true,
        ..NtlmRules::default()
    });
    let outgoing = request(
        Method::GET,
        &closing.upstream().url("/me"),
        signing(ALICE, None),
    );
    let refused = send(&client(), outgoing).await.expect_err("refused");
    assert!(refused.to_string().contains("keep-alive"), "{refused}");
    let again = Upstream::start(|_| Reply::status(401).header("www-authenticate", "NTLM"));
    let outgoing = request(Method::GET, &again.url("/me"), signing(ALICE, None));
    let refused = send(&client(), outgoing).await.expect_err("refused");
    assert!(refused.to_string().contains("for NTLM again"), "{refused}");
    // A 401 that has nothing to do with a scheme is the API's own.
    let own =
        Upstream::start(|_| Reply::json(serde_json::json!({ "over": true })).with_status(401));
    let (status, body) = get(&client(), &own.url("/me"), signing(ALICE, None)).await;
    assert_eq!(
        (status, &body["over"]),
        (StatusCode::UNAUTHORIZED, &true.into())
    );
}

#[tokio::test]
async fn a_wrong_password_is_the_servers_refusal_and_is_tried_once() {
    let site = NtlmSite::start(NtlmRules::default());
    let url = site.upstream().url("/me");
    let wrong = signing((ALICE.0, "guess"), Some("c1"));
    assert_eq!(get(&client(), &url, wrong).await.0, 401);
    assert_eq!(site.refusals(), ["a wrong password"]);
    assert_eq!(site.upstream().requests().len(), 2);
}

#[tokio::test]
async fn what_needs_no_sign_in_gets_its_body_all_the_same() {
    let site = NtlmSite::start(NtlmRules::default());
    let mut outgoing = request(
        Method::POST,
        &site.upstream().url("/open"),
        signing(ALICE, Some("c1")),
    );
    outgoing.body = OutBody::Bytes(Bytes::from_static(b"hello"));
    let (status, body) = send(&client(), outgoing).await.expect("a reply");
    assert_eq!((status, &body["body"]), (StatusCode::OK, &"hello".into()));
    let seen = site.upstream().requests();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[1].header("authorization"), None);
}

#[tokio::test]
async fn attack_41_no_proof_goes_where_a_redirect_leads() {
    let trap = NtlmSite::start(NtlmRules::default());
    let listed = NtlmSite::start(NtlmRules::default());
    let site = NtlmSite::start(NtlmRules::default());
    let go = |to: &str, origins: &[String]| {
        let url = format!("{}?url={to}", site.upstream().url("/to"));
        let mut outgoing = request(Method::GET, &url, signing(ALICE, Some("c1")));
        outgoing.redirects = Redirects::Follow;
        outgoing.credential_origins = origins.to_vec();
        outgoing
    };
    let client = client();
    let away = trap.upstream().url("/me");
    let (status, _) = send(&client, go(&away, &[])).await.expect("a reply");
    assert_eq!(status, 401);
    // Also not on the way back, which the trap chose.
    let back = format!("{}?url={}", trap.upstream().url("/open"), "x");
    let (_, body) = send(&client, go(&back, &[])).await.expect("a reply");
    assert_eq!(body["user"], Value::Null);
    for seen in trap.upstream().requests() {
        assert_eq!(seen.header("authorization"), None);
    }
    assert_eq!(trap.proofs(), 0);
    // Within the origin, and to one that is listed, it goes.
    let near = site.upstream().url("/me");
    let (_, body) = send(&client, go(&near, &[])).await.expect("a reply");
    assert_eq!(body["user"], ALICE.0);
    let friend = listed.upstream().url("/me");
    let origins = [listed.upstream().origin()];
    let (_, body) = send(&client, go(&friend, &origins)).await.expect("a reply");
    assert_eq!(body["user"], ALICE.0);
}

#[tokio::test]
async fn a_proxy_is_asked_for_a_tunnel_also_without_tls() {
    let proxy = Proxy::start();
    let site = NtlmSite::start(NtlmRules::default());
    let client = Client::new(Settings {
        proxy: ProxyEnv {
            http: Some(proxy.url()),
            ..ProxyEnv::default()
        },
        ..settings()
    })
    .expect("a client");
    let url = site.upstream().url("/me");
    let (_, body) = get(&client, &url, signing(ALICE, Some("c1"))).await;
    assert_eq!(body["user"], ALICE.0);
    assert_eq!(site.upstream().requests().len(), 2);
    let heads = proxy.heads();
    assert!(
        matches!(&heads[..], [one] if one.starts_with("CONNECT ")),
        "{heads:?}"
    );
}

#[tokio::test]
async fn cookies_of_the_refusal_are_kept() {
    let site = NtlmSite::start(NtlmRules::default());
    let url = site.upstream().url("/me");
    let jar = Mutex::new(Jar::new());
    let outgoing = request(Method::GET, &url, signing(ALICE, None));
    let reply = client()
        .send(outgoing, Cookies::Jar(&jar), None, now())
        .await
        .expect("a reply");
    let kept: Vec<_> = reply.set_cookies.iter().map(|(name, _)| &**name).collect();
    assert_eq!((reply.status, kept), (StatusCode::OK, vec!["stage"]));
    let url = Url::parse(&url).expect("a URL");
    let jar = jar.into_inner().expect("a jar");
    assert_eq!(jar.get(&url, "stage", now()).as_deref(), Some("challenged"));
}
