//! The handshake of a WebSocket, signed by each sign-in type that can: the API makes the signature again from what it got.

use crate::front::Front;
use crate::raw_api::{self, Line};
use crate::talk::{hear, talk};
use crate::world::World;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

/// Makes a signature again.
type IsSigned = fn(&Line) -> bool;

/// What a caller sends of a scheme goes.
const ASKS: &str = "GET /proxy/echo/api/socket?a=1 HTTP/1.1\r\nHost: front\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\nAuthorization: theirs\r\nX-Amz-Date: theirs\r\n\r\n";

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// What stands quoted under this name in the field that signs.
fn quoted(line: &Line, name: &str) -> String {
    let field = line.header("authorization").unwrap();
    let (_, rest) = field.split_once(&format!("{name}=\"")).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

fn target(line: &Line) -> &str {
    line.head.split(' ').nth(1).unwrap()
}

/// <https://github.com/mozilla/hawk/blob/main/API.md>
fn is_signed_by_hawk(line: &Line) -> bool {
    let (host, port) = line.header("host").unwrap().split_once(':').unwrap();
    let signed = format!(
        "hawk.1.header\n{}\n{}\nGET\n{}\n{host}\n{port}\n\n\n",
        quoted(line, "ts"),
        quoted(line, "nonce"),
        target(line),
    );
    quoted(line, "mac") == STANDARD.encode(mac(b"secret", &signed))
}

/// RFC 5849 section 3.4.1.
fn is_signed_by_oauth1(line: &Line) -> bool {
    let host = line.header("host").unwrap().replace(':', "%3A");
    let signed = format!(
        "GET&http%3A%2F%2F{host}%2Fapi%2Fsocket&a%3D1%26b%3Dc%2520d%26oauth_consumer_key%3Did%26oauth_nonce%3D{}%26oauth_signature_method%3DHMAC-SHA256%26oauth_timestamp%3D{}%26oauth_version%3D1.0",
        quoted(line, "oauth_nonce"),
        quoted(line, "oauth_timestamp"),
    );
    let signature = STANDARD.encode(mac(b"secret&", &signed));
    let encoded = signature.replace('+', "%2B").replace('/', "%2F");
    quoted(line, "oauth_signature") == encoded.replace('=', "%3D")
}

/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>
fn is_signed_by_aws(line: &Line) -> bool {
    let field = line.header("authorization").unwrap();
    let (before, signature) = field.split_once(", Signature=").unwrap();
    let (before, names) = before.split_once(", SignedHeaders=").unwrap();
    let scope = before
        .strip_prefix("AWS4-HMAC-SHA256 Credential=id/")
        .unwrap();
    let fields: String = names
        .split(';')
        .map(|name| format!("{name}:{}\n", line.header(name).unwrap()))
        .collect();
    let (path, query) = target(line).split_once('?').unwrap();
    let nothing = hex::encode(Sha256::digest(b""));
    let canonical = format!("GET\n{path}\n{query}\n{fields}\n{names}\n{nothing}");
    let signed = format!(
        "AWS4-HMAC-SHA256\n{}\n{scope}\n{}",
        line.header("x-amz-date").unwrap(),
        hex::encode(Sha256::digest(canonical)),
    );
    let key = scope
        .split('/')
        .fold(b"AWS4secret".to_vec(), |key, part| mac(&key, part));
    // What is of the hop is not signed: whoever stands between may change it.
    let of_the_hop = ["connection", "upgrade"];
    let covers_hop = names.split(';').any(|name| of_the_hop.contains(&name));
    !covers_hop && signature == hex::encode(mac(&key, &signed))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handshake_is_signed_by_every_scheme_that_can() {
    let table: [(&str, IsSigned); 3] = [
        (
            "hawk, id: id, key: secret, algorithm: sha256",
            is_signed_by_hawk,
        ),
        (
            "oauth1, consumer_key: id, consumer_secret: secret, signature_method: HMAC-SHA256",
            is_signed_by_oauth1,
        ),
        (
            "aws_sigv4, access_key_id: id, secret_access_key: secret, region: r, service: execute-api",
            is_signed_by_aws,
        ),
    ];
    for (scheme, is_signed) in table {
        let origin = raw_api::start(move |line, _| {
            if !is_signed(line) || line.header("upgrade") != Some("websocket") {
                return line.reply(401, "", "");
            }
            line.write("HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            line.read(1);
            line.write("hello");
        });
        let definition = format!(
            "request_parameters: [ {{ in: query, name: b, value: c d }} ]\nsign_in: {{ kind: {scheme} }}\n"
        );
        let world = World::at(&origin, &definition).await;
        let front = Front::of(&world).await;
        let (mut stream, head) = talk(&front, ASKS, "\r\n\r\n").await;
        assert!(head.starts_with("HTTP/1.1 101"), "{scheme}: {head}");
        stream.write_all(b"x").await.unwrap();
        assert_eq!(hear(&mut stream, "hello").await, "hello");
    }
}
