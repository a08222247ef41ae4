//! Published vectors, and keys in every form that OpenSSL writes.
//!
//! `vectors.json` holds those of RFC 7515, RFC 7520 and RFC 8037, and for the algorithms that no RFC
//! shows tokens of the Python library jwcrypto; `keys.json` has OpenSSL's keys.

use model::KeyEncoding;
use p256::ecdsa::signature::Verifier;
use ring::signature::{
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512,
    UnparsedPublicKey, VerificationAlgorithm,
};
use serde_json::Value;

use super::super::der::{Curve, on_curve};
use super::super::key::KeyError;
use super::*;

static VECTORS: &str = include_str!("../vectors.json");
static KEYS: &str = include_str!("../keys.json");

fn unpacked(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap()
}

fn read(text: &str, algorithm: JwsAlgorithm) -> Result<SigningKey, KeyError> {
    SigningKey::read(text, KeyEncoding::Text, Some(algorithm))
}

/// Whether a signature is one by this key, for the algorithms whose signatures hold randomness.
fn verifies(algorithm: JwsAlgorithm, key: &SigningKey, input: &[u8], signature: &[u8]) -> bool {
    match (&key.material, algorithm) {
        (Material::P256(key), _) => p256::ecdsa::Signature::from_slice(signature)
            .is_ok_and(|it| key.verifying_key().verify(input, &it).is_ok()),
        (Material::P384(key), _) => p384::ecdsa::Signature::from_slice(signature)
            .is_ok_and(|it| key.verifying_key().verify(input, &it).is_ok()),
        (Material::P521(key), _) => p521::ecdsa::Signature::from_slice(signature).is_ok_and(|it| {
            p521::ecdsa::VerifyingKey::from(key.as_ref())
                .verify(input, &it)
                .is_ok()
        }),
        (Material::Rsa(key), JwsAlgorithm::Ps256 | JwsAlgorithm::Ps384 | JwsAlgorithm::Ps512) => {
            let how: &'static dyn VerificationAlgorithm = match algorithm {
                JwsAlgorithm::Ps256 => &RSA_PSS_2048_8192_SHA256,
                JwsAlgorithm::Ps384 => &RSA_PSS_2048_8192_SHA384,
                _ => &RSA_PSS_2048_8192_SHA512,
            };
            UnparsedPublicKey::new(how, key.public().as_ref())
                .verify(input, signature)
                .is_ok()
        }
        _ => panic!("its signatures hold no randomness"),
    }
}

#[test]
fn the_published_vectors() {
    let vectors: Vec<Value> = serde_json::from_str(VECTORS).unwrap();
    for vector in &vectors {
        let text = |name: &str| vector[name].as_str().unwrap();
        let (name, header, payload) = (text("name"), text("header"), text("payload"));
        let algorithm = JwsAlgorithm::named(text("algorithm")).unwrap();
        let key = read(&vector["key"].to_string(), algorithm).unwrap();
        let token = compact(algorithm, &key, &unpacked(header), &unpacked(payload)).unwrap();
        let (input, signature) = token.rsplit_once('.').unwrap();
        assert_eq!(input, format!("{header}.{payload}"), "{name}");
        let alg = algorithm.name();
        if alg.starts_with("ES") || alg.starts_with("PS") {
            for one in [text("signature"), signature] {
                assert!(
                    verifies(algorithm, &key, input.as_bytes(), &unpacked(one)),
                    "{name}"
                );
            }
        } else {
            assert_eq!(signature, text("signature"), "{name} {alg}");
        }
    }
    assert_eq!(vectors.len(), 13);
}

/// RFC 6979, appendices A.2.5, A.2.6 and A.2.7: the message `sample` with the hash that JWS uses.
#[test]
fn ecdsa_needs_no_randomness() {
    let table = [
        (
            JwsAlgorithm::Es256,
            Curve::P256,
            "C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721",
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716\
             F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
        ),
        (
            JwsAlgorithm::Es384,
            Curve::P384,
            "6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D896D5724E4C70A825F872C9EA60D2EDF5",
            "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46\
             99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8",
        ),
        (
            JwsAlgorithm::Es512,
            Curve::P521,
            "00FAD06DAA62BA3B25D2FB40133DA757205DE67F5BB0018FEE8C86E1B68C7E75CAA896EB32F1F47C70855836A6D16FCC1466F6D8FBEC67DB89EC0C08B0E996B83538",
            "00C328FAFCBD79DD77850370C46325D987CB525569FB63C5D3BC53950E6D4C5F174E25A1EE9017B5D450606ADD152B534931D7D4E8455CC91F9B15BF05EC36E377FA\
             00617CCE7CF5064806C467F678D3B4080D6F1CC50AF26CA209417308281B68AF282623EAA63E5B5C0723D8B8C37FF0777B1A20F8CCB1DCCC43997F1EE0E44DA4A67A",
        ),
    ];
    for (algorithm, curve, number, signature) in table {
        let hex = |text: &str| data_encoding::HEXUPPER.decode(text.as_bytes()).unwrap();
        let key = on_curve(curve, &hex(number)).unwrap().into();
        assert_eq!(
            sign(algorithm, &key, b"sample").unwrap(),
            hex(signature),
            "{algorithm:?}"
        );
    }
}

#[test]
fn a_key_signs_alike_in_every_form() {
    let keys: Value = serde_json::from_str(KEYS).unwrap();
    let table = [
        ("rsa", JwsAlgorithm::Rs256),
        ("p256", JwsAlgorithm::Es256),
        ("p384", JwsAlgorithm::Es384),
        ("p521", JwsAlgorithm::Es512),
        ("ed25519", JwsAlgorithm::EdDsa),
    ];
    for (name, algorithm) in table {
        let signed = |text: &str, encoding| {
            let key = SigningKey::read(text, encoding, Some(algorithm)).unwrap();
            assert_eq!(
                SigningKey::read(text, encoding, None).unwrap().usual(),
                algorithm
            );
            compact(algorithm, &key, b"{}", b"x").unwrap()
        };
        let expected = signed(&keys["jwk"][name].to_string(), KeyEncoding::Text);
        let mut forms = 0;
        for (form, pem) in keys["pem"].as_object().unwrap() {
            let whole = form.strip_prefix(&format!("{name} "));
            if !matches!(
                whole,
                Some("pkcs8" | "pkcs1" | "sec1" | "sec1 with parameters")
            ) {
                continue;
            }
            forms += 1;
            let pem = pem.as_str().unwrap();
            let packed = base64::engine::general_purpose::STANDARD.encode(pem);
            assert_eq!(signed(pem, KeyEncoding::Text), expected, "{form}");
            assert_eq!(
                signed(&pem.replace('\n', "\\n"), KeyEncoding::Text),
                expected,
                "{form}"
            );
            assert_eq!(
                signed(&pem.replace('\n', " "), KeyEncoding::Text),
                expected,
                "{form}"
            );
            assert_eq!(signed(&packed, KeyEncoding::Base64), expected, "{form}");
            if whole != Some("sec1 with parameters") {
                let inside: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
                assert_eq!(signed(&inside, KeyEncoding::Text), expected, "{form}");
                assert_eq!(signed(&inside, KeyEncoding::Base64), expected, "{form}");
            }
        }
        assert!(forms > 0, "{name}");
    }
}

#[test]
fn attack_13_a_key_signs_with_nothing_but_its_own_algorithms() {
    let keys: Value = serde_json::from_str(KEYS).unwrap();
    let own = [
        (
            "rsa",
            ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"].as_slice(),
        ),
        ("p256", &["ES256"]),
        ("p384", &["ES384"]),
        ("p521", &["ES512"]),
        ("ed25519", &["EdDSA"]),
    ];
    for (name, algorithms) in own {
        let pem = keys["pem"][format!("{name} pkcs8")].as_str().unwrap();
        let jwk = keys["jwk"][name].to_string();
        for algorithm in JwsAlgorithm::ALL {
            // An RSA key as the secret of an HMAC would be a key that everybody knows.
            for text in [pem, &jwk] {
                let fits = read(text, algorithm).is_ok();
                assert_eq!(
                    fits,
                    algorithms.contains(&algorithm.name()),
                    "{name} {algorithm:?}"
                );
            }
        }
    }
    for algorithm in [
        JwsAlgorithm::Ps256,
        JwsAlgorithm::Ps384,
        JwsAlgorithm::Ps512,
    ] {
        let key = read(keys["pem"]["rsa pss"].as_str().unwrap(), algorithm).unwrap();
        let token = compact(algorithm, &key, b"{}", b"x").unwrap();
        let (input, signature) = token.rsplit_once('.').unwrap();
        assert!(verifies(
            algorithm,
            &key,
            input.as_bytes(),
            &unpacked(signature)
        ));
    }
}

#[test]
fn a_key_that_cannot_be_used_says_what_it_is() {
    let keys: Value = serde_json::from_str(KEYS).unwrap();
    let pem = |name: &str| keys["pem"][name].as_str().unwrap().to_owned();
    let cut = pem("rsa pkcs8");
    let public = r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#;
    let table = [
        (
            pem("rsa pkcs8 encrypted"),
            "cannot be used: it is encrypted",
        ),
        (
            pem("rsa pkcs1 encrypted"),
            "cannot be used: it is encrypted",
        ),
        (
            pem("rsa public"),
            "cannot sign: it is a public key, and the private key is needed",
        ),
        (
            pem("rsa certificate"),
            "cannot sign: it is a certificate, and the private key is needed",
        ),
        (
            public.to_owned(),
            "cannot sign: it is a public key, and the private key is needed",
        ),
        (
            pem("rsa small"),
            "cannot be used: it is an RSA key of fewer than 2048 bits",
        ),
        (
            pem("k256 pkcs8"),
            "cannot be used: it is an EC key on another curve",
        ),
        (
            pem("ed448 pkcs8"),
            "cannot be used: it is for another algorithm",
        ),
        (
            pem("p384 pkcs8"),
            "does not fit: it is an EC key on P-384, and ES256 needs an EC key on P-256",
        ),
        (
            cut[..cut.len() - 40].to_owned(),
            "cannot be read: its PEM has no end, or something other than base64 inside",
        ),
        (
            "not a key!".to_owned(),
            "cannot be read: it is neither PEM, nor a JSON Web Key, nor DER in base64",
        ),
        (
            "bm90IGEga2V5".to_owned(),
            "cannot be read: it is neither PEM, nor a JSON Web Key, nor DER in base64",
        ),
        (
            "{\"kty\":".to_owned(),
            "cannot be read: it is no well-formed JSON Web Key",
        ),
        (
            "{\"keys\":[]}".to_owned(),
            "cannot be used: it is a set of several keys",
        ),
        (String::new(), "is empty"),
    ];
    for (text, expected) in table {
        let error = read(&text, JwsAlgorithm::Es256).unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert!(!error.help().is_empty());
    }
    let error = SigningKey::read("xyz", KeyEncoding::Hex, Some(JwsAlgorithm::Hs256)).unwrap_err();
    assert_eq!(error.to_string(), "is not written in hex");
}

#[test]
fn a_shared_secret_in_every_encoding() {
    let table = [
        (KeyEncoding::Text, "a+secret/of-some_kind"),
        (KeyEncoding::Base64, "YStzZWNyZXQvb2Ytc29tZV9raW5k"),
        (
            KeyEncoding::Hex,
            "612B7365637265742f6f662d736f6d655f6b696e64",
        ),
    ];
    let mut tokens = table.map(|(encoding, text)| {
        let key = SigningKey::read(text, encoding, Some(JwsAlgorithm::Hs256)).unwrap();
        assert!(key.is_short(JwsAlgorithm::Hs256));
        compact(JwsAlgorithm::Hs256, &key, b"{}", b"x").unwrap()
    });
    tokens.sort();
    assert_eq!(tokens[0], tokens[2]);
}
