//! The client: its id, and how it proves itself (RFC 6749, section 2.3; RFC 7523, section 2.2; RFC 8705, section 2).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;
use model::{ClientAuth, KeyEncoding, OAuth2Settings, ValueTemplate};
use outbound::{ClientCertificate, Signing};
use serde_json::{Map, Value, json};
use template::{Place, Template};

use crate::client_certificate::of_connector;
use crate::failure::Failure;
use crate::jose::{SigningKey, compact, unusable_key};
use crate::judge::unusable;
use crate::learned;
use crate::request::pairs;
use crate::step::StepContext;

/// A client with its templates resolved, for one request: what it signs is good once.
pub(crate) struct Client {
    pub(crate) id: String,
    proof: Proof,
}

/// How a client proves itself.
enum Proof {
    Basic {
        secret: String,
    },
    Post {
        secret: String,
    },
    Assertion(String),
    Certificate(ClientCertificate),
    None,
    /// It has no name either, where a token is exchanged at a server that wants none (RFC 8693, section 2.1).
    Unnamed,
}

/// What a request to an authorization server shows beside its form.
#[derive(Default)]
pub(crate) struct Shown {
    pub(crate) authorization: Option<String>,
    /// Of the key that a token is to be bound to.
    pub(crate) proof: Option<Signing>,
    pub(crate) certificate: Option<ClientCertificate>,
}

/// How a signed statement travels (RFC 7523, section 2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// The life of a signed statement in seconds.
const LIFE: i64 = 120;
/// Length of its `jti` in bytes.
const ID_BYTES: usize = 16;

impl Client {
    pub(crate) fn resolve(
        cx: &mut StepContext<'_>,
        step: &str,
        settings: &OAuth2Settings,
    ) -> Result<Self, Failure> {
        let Some(id) = resolve_text(cx, step, settings.client_id.as_ref())? else {
            return Ok(Self {
                id: String::new(),
                proof: Proof::Unnamed,
            });
        };
        let secret = resolve_text(cx, step, settings.client_secret.as_ref())?.unwrap_or_default();
        learned::text(&secret, cx.observer);
        let proof = match settings.client_auth() {
            ClientAuth::ClientSecretBasic => Proof::Basic { secret },
            ClientAuth::ClientSecretPost => Proof::Post { secret },
            ClientAuth::PrivateKeyJwt => Proof::Assertion(assertion(cx, step, settings, &id)?),
            ClientAuth::TlsClientAuth => Proof::Certificate(certificate(cx, step, settings)?),
            ClientAuth::None => Proof::None,
        };
        Ok(Self { id, proof })
    }

    /// The Authorization header, where the client proves itself there. Both parts are
    /// form-encoded before they are joined, which many clients forget.
    pub(crate) fn authorization(&self) -> Option<String> {
        let encode =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        match &self.proof {
            Proof::Basic { secret } => {
                let pair = format!("{}:{}", encode(&self.id), encode(secret));
                Some(format!("Basic {}", STANDARD.encode(pair)))
            }
            Proof::Post { .. }
            | Proof::Assertion(_)
            | Proof::Certificate(_)
            | Proof::None
            | Proof::Unnamed => None,
        }
    }

    /// What the client shows beside the form.
    pub(crate) fn shows(&self, proof: Option<Signing>) -> Shown {
        Shown {
            authorization: self.authorization(),
            proof,
            certificate: match &self.proof {
                Proof::Certificate(certificate) => Some(certificate.clone()),
                Proof::Basic { .. }
                | Proof::Post { .. }
                | Proof::Assertion(_)
                | Proof::None
                | Proof::Unnamed => None,
            },
        }
    }

    /// What the client puts into the form.
    pub(crate) fn parameters(&self) -> Vec<(String, String)> {
        let id = ("client_id".to_owned(), self.id.clone());
        match &self.proof {
            Proof::Basic { .. } | Proof::Unnamed => Vec::new(),
            Proof::Post { secret } => vec![id, ("client_secret".to_owned(), secret.clone())],
            Proof::Assertion(signed) => vec![
                id,
                (
                    "client_assertion_type".to_owned(),
                    ASSERTION_TYPE.to_owned(),
                ),
                ("client_assertion".to_owned(), signed.clone()),
            ],
            Proof::Certificate(_) | Proof::None => vec![id],
        }
    }
}

/// A statement of who the client is (RFC 7523, section 3). It is for the token endpoint also where
/// it is sent to another one of the same server.
fn assertion(
    cx: &mut StepContext<'_>,
    step: &str,
    settings: &OAuth2Settings,
    id: &str,
) -> Result<String, Failure> {
    let field = format!("{step}.client_key");
    let text = resolve_text(cx, step, settings.client_key.as_ref())?;
    let text = text.ok_or_else(|| {
        Failure::definition(
            "value_missing",
            format!("Step `{step}` has no `client_key`."),
        )
    })?;
    learned::text(&text, cx.observer);
    let written = settings.client_key_algorithm;
    let key = SigningKey::read(&text, KeyEncoding::Text, written)
        .map_err(|error| unusable_key(&field, error))?;
    let algorithm = written.unwrap_or_else(|| key.usual());
    let places = [
        &settings.client_audience,
        &settings.token_url,
        &settings.issuer,
    ];
    let audience = match places.into_iter().flatten().next() {
        Some(template) => template
            .resolve_text(&cx.scope(), Place::Url)
            .map_err(|error| unusable(cx, step, error.into()))?,
        None => String::new(),
    };
    let mut header = Map::new();
    header.insert("alg".to_owned(), algorithm.name().into());
    header.insert("typ".to_owned(), "JWT".into());
    let kid = resolve_text(cx, step, settings.client_key_id.as_ref())?;
    let kid = kid.or_else(|| key.kid.clone());
    header.extend(kid.map(|kid| ("kid".to_owned(), kid.into())));
    let now = cx.context.engine.clock.unix();
    let jti = cx.context.engine.random.base64url(ID_BYTES);
    let claims =
        json!({ "iss": id, "sub": id, "aud": audience, "iat": now, "exp": now + LIFE, "jti": jti });
    let (header, claims) = (Value::Object(header).to_string(), claims.to_string());
    let signed = compact(algorithm, &key, header.as_bytes(), claims.as_bytes())
        .map_err(|error| Failure::ours("not_signed", format!("`{field}`: {error}.")))?;
    learned::text(&signed, cx.observer);
    Ok(signed)
}

/// The step's own certificate with its key, else that of the connector.
fn certificate(
    cx: &mut StepContext<'_>,
    step: &str,
    settings: &OAuth2Settings,
) -> Result<ClientCertificate, Failure> {
    let missing = |key: &str| {
        let message = format!("Step `{step}` has no `{key}`.");
        Failure::definition("value_missing", message)
    };
    let Some(written) = resolve_text(cx, step, settings.client_certificate.as_ref())? else {
        let found = of_connector(&cx.scope()).map_err(|error| unusable(cx, step, error))?;
        return found.ok_or_else(|| missing("client_certificate"));
    };
    let key = resolve_text(cx, step, settings.client_key.as_ref())?;
    let key = key.ok_or_else(|| missing("client_key"))?;
    learned::text(&key, cx.observer);
    ClientCertificate::read(&written, &key).map_err(|error| {
        let field = match error.is_of_key() {
            true => "client_key",
            false => "client_certificate",
        };
        let message = format!("`{step}.{field}` {error}.");
        Failure::definition("certificate_unusable", message).with_help(error.help())
    })
}

/// The settings of a refresh: those written at the step, else those it inherits.
pub(crate) fn inherit(own: &OAuth2Settings, of: &OAuth2Settings) -> OAuth2Settings {
    let either = |own: &Option<Template>, of: &Option<Template>| own.clone().or(of.clone());
    OAuth2Settings {
        token_url: either(&own.token_url, &of.token_url),
        issuer: either(&own.issuer, &of.issuer),
        client_id: either(&own.client_id, &of.client_id),
        client_secret: either(&own.client_secret, &of.client_secret),
        // The same style for exchange and refresh, or the server knows the client by one only.
        client_auth: own.client_auth.or(of.client_auth),
        client_certificate: either(&own.client_certificate, &of.client_certificate),
        client_key: either(&own.client_key, &of.client_key),
        client_key_algorithm: own.client_key_algorithm.or(of.client_key_algorithm),
        client_key_id: either(&own.client_key_id, &of.client_key_id),
        client_audience: either(&own.client_audience, &of.client_audience),
        // What was granted is asked for again by not naming it (RFC 6749, section 6).
        scope: own.scope.clone(),
        resource: match own.resource.as_slice() {
            [] => of.resource.clone(),
            written => written.to_vec(),
        },
        token_parameters: match own.token_parameters.is_empty() {
            true => of.token_parameters.clone(),
            false => own.token_parameters.clone(),
        },
        // A refresh token is bound as its access token was.
        dpop: own.dpop || of.dpop,
        revocation_url: either(&own.revocation_url, &of.revocation_url),
    }
}

/// The text of a setting that is there.
pub(crate) fn resolve_text(
    cx: &StepContext<'_>,
    step: &str,
    template: Option<&Template>,
) -> Result<Option<String>, Failure> {
    template
        .map(|template| template.resolve_text(&cx.scope(), Place::Text))
        .transpose()
        .map_err(|error| unusable(cx, step, error.into()))
}

/// Further parameters as keys and texts.
pub(crate) fn resolve_pairs(
    cx: &StepContext<'_>,
    step: &str,
    entries: &IndexMap<String, ValueTemplate>,
) -> Result<Vec<(String, String)>, Failure> {
    pairs(entries, "parameter", &cx.scope()).map_err(|error| unusable(cx, step, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_form_encoded_before_it_is_joined() {
        let secret = || "a:b c/d".to_owned();
        let client = |proof| Client {
            id: "s6BhdRkqt3".to_owned(),
            proof,
        };
        let basic = client(Proof::Basic { secret: secret() });
        let expected = format!("Basic {}", STANDARD.encode("s6BhdRkqt3:a%3Ab+c%2Fd"));
        assert_eq!(basic.authorization(), Some(expected));
        assert!(basic.parameters().is_empty());
        let post = client(Proof::Post { secret: secret() });
        assert_eq!(post.authorization(), None);
        assert_eq!(post.parameters().len(), 2);
        assert_eq!(client(Proof::None).parameters().len(), 1);
    }
}
