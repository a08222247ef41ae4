//! RFC 9449's own examples, and what each proof is bound to.

use std::collections::HashSet;
use std::time::{Duration, UNIX_EPOCH};

use http::HeaderValue;
use p256::ecdsa::VerifyingKey;
use p256::ecdsa::signature::Verifier;
use serde_json::{Value, json};

use super::*;

/// The public key of RFC 9449's examples; its private one was not published.
const X: &str = "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs";
const Y: &str = "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA";

fn published() -> DpopKey {
    let DpopKey(inner) = DpopKey::from_random([7; 32]);
    DpopKey(Arc::new(Inner {
        key: inner.key.clone(),
        x: X.to_owned(),
        y: Y.to_owned(),
        thumbprint: thumbprint(X, Y),
    }))
}

#[test]
fn the_published_examples() {
    let key = published();
    // Section 6.1.
    assert_eq!(
        key.thumbprint(),
        "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"
    );
    // Section 4.1, figure 1.
    let token_request = Claims {
        jti: "-BwC3ESc6acc2lTc",
        htm: &Method::POST,
        htu: "https://server.example.com/token",
        iat: 1_562_262_616,
        ath: None,
        nonce: None,
    };
    assert_eq!(
        signing_input(&key, &token_request).unwrap(),
        "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ"
    );
    // Section 7.1, figure 12.
    let token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    let resource_request = Claims {
        jti: "e1j3V_bKic8-LAEB",
        htm: &Method::GET,
        htu: "https://resource.example.org/protectedresource",
        iat: 1_562_262_618,
        ath: Some(&URL_SAFE_NO_PAD.encode(Sha256::digest(token))),
        nonce: None,
    };
    let input = signing_input(&key, &resource_request).unwrap();
    assert!(input.ends_with(
        "eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9"
    ), "{input}");
    // The example's signature, with the key as we write it.
    let point = [
        &[4],
        &*URL_SAFE_NO_PAD.decode(X).unwrap(),
        &*URL_SAFE_NO_PAD.decode(Y).unwrap(),
    ]
    .concat();
    let signature =
        "2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";
    let signature =
        p256::ecdsa::Signature::from_slice(&URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
    let verifying = VerifyingKey::from_sec1_bytes(&point).unwrap();
    verifying.verify(input.as_bytes(), &signature).unwrap();
}

/// The claims of a proof whose signature holds by the key inside it.
fn read(proof: &str) -> Value {
    let (input, signature) = proof.rsplit_once('.').unwrap();
    let (header, claims) = input.split_once('.').unwrap();
    let json =
        |part| -> Value { serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap() };
    let header = json(header);
    assert_eq!(
        (&header["typ"], &header["alg"]),
        (&json!("dpop+jwt"), &json!("ES256"))
    );
    let part = |name: &str| {
        URL_SAFE_NO_PAD
            .decode(header["jwk"][name].as_str().unwrap())
            .unwrap()
    };
    assert!(header["jwk"].get("d").is_none());
    let key = VerifyingKey::from_sec1_bytes(&[&[4], &*part("x"), &*part("y")].concat()).unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let signature = p256::ecdsa::Signature::from_slice(&signature).unwrap();
    key.verify(input.as_bytes(), &signature).unwrap();
    json(claims)
}

fn proof(
    proves: Proves,
    method: Method,
    url: &str,
    authorization: Option<&str>,
    random: u8,
) -> Option<Value> {
    let mut headers = HeaderMap::new();
    if let Some(value) = authorization {
        headers.insert(AUTHORIZATION, HeaderValue::from_str(value).unwrap());
    }
    let dpop = Dpop {
        key: DpopKey::from_random([1; 32]),
        proves,
    };
    let request = Unsigned {
        method: &method,
        url: &Url::parse(url).unwrap(),
        headers: &headers,
        body: None,
    };
    let fresh = Fresh {
        at: UNIX_EPOCH + Duration::from_secs(1_700_000_000),
        random: [random; 32],
    };
    let signature = dpop.sign(&request, &fresh, Some("n-1")).unwrap();
    let (name, value) = signature.headers.first()?;
    assert_eq!(name, "dpop");
    assert!(value.is_sensitive());
    Some(read(value.to_str().unwrap()))
}

#[test]
fn attack_44_a_proof_is_for_one_method_one_address_and_one_token() {
    let ath = |token: &str| json!(URL_SAFE_NO_PAD.encode(Sha256::digest(token)));
    let table = [
        (
            "https://api.example/a?b=c#d",
            "DPoP t-1",
            "https://api.example/a",
            ath("t-1"),
        ),
        (
            "https://API.example:443/a%20b",
            "dpop  t-2 ",
            "https://api.example/a%20b",
            ath("t-2"),
        ),
        (
            "http://u:p@api.example:8080",
            "DPoP t-3",
            "http://api.example:8080/",
            ath("t-3"),
        ),
    ];
    for (url, authorization, htu, ath) in table {
        let claims = proof(Proves::Token, Method::PATCH, url, Some(authorization), 5).unwrap();
        let jti = URL_SAFE_NO_PAD.encode([5; 16]);
        let expected = json!({ "jti": jti, "htm": "PATCH", "htu": htu, "iat": 1_700_000_000, "ath": ath, "nonce": "n-1" });
        assert_eq!(claims, expected, "{url}");
    }
    for other in [None, Some("Bearer t-1"), Some("DPoP"), Some("DPoP  ")] {
        assert_eq!(
            proof(Proves::Token, Method::GET, "https://api.example/", other, 5),
            None
        );
    }
    let asks = proof(
        Proves::Key,
        Method::POST,
        "https://id.example/token",
        None,
        5,
    )
    .unwrap();
    assert!(asks.get("ath").is_none());
    let ids: HashSet<_> = (0..50)
        .filter_map(|random| {
            proof(
                Proves::Key,
                Method::POST,
                "https://id.example/token",
                None,
                random,
            )
        })
        .map(|claims| claims["jti"].to_string())
        .collect();
    assert_eq!(ids.len(), 50);
}

#[test]
fn a_nonce_is_remembered_for_its_origin_and_key_alone() {
    let nonces = Nonces::default();
    let made = |random, proves| Dpop {
        key: DpopKey::from_random([random; 32]),
        proves,
    };
    let (one, other) = (made(1, Proves::Token), made(2, Proves::Token));
    let at = |url: &str| Url::parse(url).unwrap();
    let mut reply = HeaderMap::new();
    assert_eq!(nonces.keep(&one, &at("https://a.example/x"), &reply), None);
    reply.insert("dpop-nonce", HeaderValue::from_static("n-1"));
    nonces.keep(&one, &at("https://a.example/x"), &reply);
    assert_eq!(
        nonces.of(&one, &at("https://a.example/y?z")).as_deref(),
        Some("n-1")
    );
    assert_eq!(nonces.of(&one, &at("https://b.example/x")), None);
    assert_eq!(nonces.of(&other, &at("https://a.example/x")), None);
    let for_tokens = made(1, Proves::Key);
    assert_eq!(nonces.of(&for_tokens, &at("https://a.example/x")), None);
    assert_eq!(nonces.of(&one, &at("https://a.example:444/x")), None);
}

#[test]
fn a_key_comes_out_as_it_went_in_and_shows_nothing() {
    let key = DpopKey::from_random([0xff; 32]);
    let again = DpopKey::from_bytes(key.reveal_for_sealing().reveal()).unwrap();
    assert_eq!(key, again);
    assert_eq!(
        format!("{key:?}"),
        format!("DpopKey({:?})", key.thumbprint())
    );
    assert!(DpopKey::from_bytes(&[0; 32]).is_none());
    assert!(DpopKey::from_bytes(b"short").is_none());
}

#[test]
fn only_a_challenge_of_the_scheme_asks_for_a_nonce() {
    let table = [
        (
            401,
            r#"DPoP error="use_dpop_nonce", error_description="x""#,
            Some("n"),
            true,
        ),
        (
            401,
            r#"Bearer, DPoP realm="a", error="use_dpop_nonce""#,
            Some("n"),
            true,
        ),
        (401, r#"DPoP error="use_dpop_nonce""#, None, false),
        (401, r#"DPoP error="invalid_token""#, Some("n"), false),
        (401, r#"Bearer error="use_dpop_nonce""#, Some("n"), false),
        (403, r#"DPoP error="use_dpop_nonce""#, Some("n"), false),
    ];
    for (status, challenge, nonce, expected) in table {
        let mut headers = HeaderMap::new();
        headers.insert(WWW_AUTHENTICATE, HeaderValue::from_str(challenge).unwrap());
        if let Some(nonce) = nonce {
            headers.insert("dpop-nonce", HeaderValue::from_static(nonce));
        }
        let status = StatusCode::from_u16(status).unwrap();
        assert_eq!(wants_dpop_nonce(status, &headers), expected, "{challenge}");
    }
}
