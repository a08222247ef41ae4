//! The cases of AWS's published signature test suite, and those of S3's documentation.

use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use secret::SecretBytes;
use url::Url;

use super::AwsSigV4;
use crate::error::OutboundError;
use crate::sign::{Fresh, Unsigned};

/// 2015-08-30 12:36:00, and 2013-05-24 00:00:00.
const SUITE: u64 = 1_440_938_160;
const S3: u64 = 1_369_353_600;

type Headers<'a> = &'a [(&'a str, &'a str)];
/// Name, method, target, headers, body, signature.
type Case<'a> = (&'a str, &'a Method, &'a str, Headers<'a>, &'a str, &'a str);
/// Method, target, headers, body, signature.
type S3Case<'a> = (Method, &'a str, Headers<'a>, &'a str, &'a str);

fn at(seconds: u64) -> Fresh {
    Fresh {
        at: UNIX_EPOCH + Duration::from_secs(seconds),
        random: [0; 32],
    }
}

fn suite() -> AwsSigV4 {
    AwsSigV4 {
        access_key_id: "AKIDEXAMPLE".to_owned(),
        secret_access_key: SecretBytes::new(b"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_vec()),
        session_token: None,
        region: "us-east-1".to_owned(),
        service: "service".to_owned(),
        in_query: false,
        unsigned_payload: false,
        assume_role: None,
    }
}

fn s3() -> AwsSigV4 {
    AwsSigV4 {
        access_key_id: "AKIAIOSFODNN7EXAMPLE".to_owned(),
        secret_access_key: SecretBytes::new(b"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".to_vec()),
        service: "s3".to_owned(),
        ..suite()
    }
}

fn signed(
    scheme: &AwsSigV4,
    method: Method,
    url: &str,
    headers: &[(&str, &str)],
    body: Option<&[u8]>,
    seconds: u64,
) -> Result<(Url, HeaderMap), OutboundError> {
    let mut url = Url::parse(url).unwrap();
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        map.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    let request = Unsigned {
        method: &method,
        url: &url,
        headers: &map,
        body,
    };
    let signature = scheme.sign(&request, &at(seconds))?;
    signature.put_on(&mut url, &mut map);
    Ok((url, map))
}

fn signature_of(headers: &HeaderMap) -> &str {
    let value = headers["authorization"].to_str().unwrap();
    value.rsplit_once("Signature=").unwrap().1
}

#[test]
fn the_published_test_suite() {
    let none: &[(&str, &str)] = &[];
    let form: &[(&str, &str)] = &[("Content-Type", "application/x-www-form-urlencoded")];
    let utf8_form: &[(&str, &str)] = &[(
        "Content-Type",
        "application/x-www-form-urlencoded; charset=utf8",
    )];
    let (get, post) = (Method::GET, Method::POST);
    let table: &[Case<'_>] = &[
        (
            "get-vanilla",
            &get,
            "/",
            none,
            "",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
        (
            "get-vanilla-query",
            &get,
            "/?",
            none,
            "",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
        (
            "get-vanilla-empty-query-key",
            &get,
            "/?Param1=value1",
            none,
            "",
            "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
        ),
        (
            "get-vanilla-query-order-key-case",
            &get,
            "/?Param2=value2&Param1=value1",
            none,
            "",
            "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
        ),
        (
            "get-vanilla-query-unreserved",
            &get,
            "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            none,
            "",
            "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
        ),
        (
            "get-vanilla-utf8-query",
            &get,
            "/?ሴ=bar",
            none,
            "",
            "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
        ),
        (
            "get-unreserved",
            &get,
            "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
            none,
            "",
            "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
        ),
        (
            "get-header-key-duplicate",
            &get,
            "/",
            &[
                ("My-Header1", "value2"),
                ("My-Header1", "value2"),
                ("My-Header1", "value1"),
            ],
            "",
            "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
        ),
        (
            "get-header-value-order",
            &get,
            "/",
            &[
                ("My-Header1", "value4"),
                ("My-Header1", "value1"),
                ("My-Header1", "value3"),
                ("My-Header1", "value2"),
            ],
            "",
            "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
        ),
        (
            "get-header-value-trim",
            &get,
            "/",
            &[("My-Header1", "value1"), ("My-Header2", "\"a   b   c\"")],
            "",
            "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
        ),
        (
            "normalize-path/get-relative",
            &get,
            "/example/..",
            none,
            "",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
        (
            "normalize-path/get-slash",
            &get,
            "//",
            none,
            "",
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        ),
        (
            "normalize-path/get-slash-pointless-dot",
            &get,
            "/./example",
            none,
            "",
            "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
        ),
        (
            "normalize-path/get-slashes",
            &get,
            "//example//",
            none,
            "",
            "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
        ),
        (
            "post-vanilla",
            &post,
            "/",
            none,
            "",
            "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
        ),
        (
            "post-vanilla-query",
            &post,
            "/?Param1=value1",
            none,
            "",
            "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
        ),
        (
            "post-header-key-sort",
            &post,
            "/",
            &[("My-Header1", "value1")],
            "",
            "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
        ),
        (
            "post-header-value-case",
            &post,
            "/",
            &[("My-Header1", "VALUE1")],
            "",
            "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
        ),
        (
            "post-x-www-form-urlencoded",
            &post,
            "/",
            form,
            "Param1=value1",
            "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
        ),
        (
            "post-x-www-form-urlencoded-parameters",
            &post,
            "/",
            utf8_form,
            "Param1=value1",
            "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe",
        ),
    ];
    for (name, method, target, headers, body, expected) in table {
        let url = format!("https://example.amazonaws.com{target}");
        let body = Some(body.as_bytes());
        let (_, got) = signed(&suite(), (*method).clone(), &url, headers, body, SUITE).unwrap();
        assert_eq!(signature_of(&got), *expected, "{name}");
    }
    let (_, got) = signed(
        &suite(),
        get,
        "https://example.amazonaws.com/",
        none,
        Some(b""),
        SUITE,
    )
    .unwrap();
    assert_eq!(got["x-amz-date"], "20150830T123600Z");
    assert_eq!(
        got["authorization"],
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
    );
}

/// <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html> and `sigv4-query-string-auth.html`.
#[test]
fn the_examples_of_s3() {
    let table: &[S3Case<'_>] = &[
        (
            Method::GET,
            "/test.txt",
            &[("Range", "bytes=0-9")],
            "",
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            Method::PUT,
            "/test$file.text",
            &[
                ("Date", "Fri, 24 May 2013 00:00:00 GMT"),
                ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ],
            "Welcome to Amazon S3.",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
        (
            Method::GET,
            "/?lifecycle",
            &[],
            "",
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        ),
        (
            Method::GET,
            "/?max-keys=2&prefix=J",
            &[],
            "",
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        ),
    ];
    for (method, target, headers, body, expected) in table {
        let url = format!("https://examplebucket.s3.amazonaws.com{target}");
        let body = Some(body.as_bytes());
        let (_, got) = signed(&s3(), method.clone(), &url, headers, body, S3).unwrap();
        assert_eq!(signature_of(&got), *expected, "{target}");
    }
}

#[test]
fn a_signature_in_the_query_takes_the_place_of_a_callers() {
    let scheme = AwsSigV4 {
        in_query: true,
        session_token: Some("to/ken".to_owned()),
        ..suite()
    };
    let url = "https://example.amazonaws.com/?X-Amz-Signature=theirs&a=b+c&X-Amz-Date=theirs";
    let (url, headers) = signed(&scheme, Method::GET, url, &[], Some(b""), SUITE).unwrap();
    assert!(headers.is_empty());
    let (query, signature) = url
        .query()
        .unwrap()
        .rsplit_once("&X-Amz-Signature=")
        .unwrap();
    assert_eq!(
        query,
        "a=b%20c&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=300&X-Amz-SignedHeaders=host&X-Amz-Security-Token=to%2Fken"
    );
    assert_eq!(signature.len(), 64);
}

#[test]
fn a_streamed_body_goes_unsigned_only_over_https_and_where_that_is_permitted() {
    let permitted = AwsSigV4 {
        unsigned_payload: true,
        ..s3()
    };
    let put = |scheme: &AwsSigV4, url: &str| signed(scheme, Method::PUT, url, &[], None, S3);
    let (_, headers) = put(&permitted, "https://b.s3.amazonaws.com/x").unwrap();
    assert_eq!(headers["x-amz-content-sha256"], "UNSIGNED-PAYLOAD");
    for (scheme, url) in [
        (&permitted, "http://b.s3.amazonaws.com/x"),
        (&s3(), "https://b.s3.amazonaws.com/x"),
    ] {
        let refused = put(scheme, url).unwrap_err();
        assert!(matches!(refused, OutboundError::BodyNotKept), "{url}");
    }
}

#[test]
fn a_session_token_is_signed_and_sent() {
    let scheme = AwsSigV4 {
        session_token: Some("AQoDYXdzEPT//////////wEXAMPLE".to_owned()),
        ..suite()
    };
    let url = "https://example.amazonaws.com/";
    let (_, headers) = signed(&scheme, Method::POST, url, &[], Some(b""), SUITE).unwrap();
    let authorization = headers["authorization"].to_str().unwrap();
    assert!(authorization.contains("SignedHeaders=host;x-amz-date;x-amz-security-token,"));
    let broken = AwsSigV4 {
        session_token: Some("line\nbreak".to_owned()),
        ..suite()
    };
    let refused = signed(&broken, Method::GET, url, &[], Some(b""), SUITE).unwrap_err();
    assert!(
        refused.to_string().contains("`sign_in.session_token`"),
        "{refused}"
    );
}
