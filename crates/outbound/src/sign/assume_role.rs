//! `assume_role`: temporary credentials from AWS STS, kept until shortly before they end
//! (<https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, StatusCode};
use secret::{SecretBytes, SecretString};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::{Url, form_urlencoded};

use super::aws_sigv4::AwsSigV4;
use super::{Signer, Signing};
use crate::error::OutboundError;
use crate::outgoing::{OutBody, Outgoing};
use crate::place::shown;

/// How long before their end temporary credentials are asked for anew.
const MARGIN: Duration = Duration::from_secs(300);
/// The time that STS has.
const PATIENCE: Duration = Duration::from_secs(15);
/// The most that is read of its answer.
pub(crate) const ANSWER: usize = 64 * 1024;
/// How many roles are kept.
const KEPT: usize = 10_000;

/// A role, and how it is asked for.
#[derive(Clone, Debug)]
pub struct AssumeRole {
    /// The STS endpoint.
    pub url: Url,
    /// The role's name, `arn:aws:iam::123456789012:role/name`.
    pub role_arn: String,
    /// Under which name the role's doings are logged.
    pub session_name: String,
    /// What the role's owner asks of third parties.
    pub external_id: Option<String>,
    /// How long the credentials are to last, in seconds.
    pub duration: u32,
}

/// Credentials that end.
#[derive(Clone, Debug)]
pub(crate) struct Temporary {
    access_key_id: String,
    secret_access_key: SecretBytes,
    session_token: SecretString,
    until: SystemTime,
}

/// The credentials of roles by what they were asked for with.
#[derive(Default)]
pub(crate) struct Roles(Mutex<HashMap<[u8; 32], Slot>>);

/// One role's; who holds the lock asks, and the others wait for that.
pub(crate) type Slot = Arc<tokio::sync::Mutex<Option<Temporary>>>;

impl Roles {
    /// The slot of a scheme's role.
    pub(crate) fn slot(&self, scheme: &AwsSigV4, role: &AssumeRole) -> Slot {
        let key = key(scheme, role);
        // It is whole after every call on it, so a panic elsewhere leaves it usable.
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= KEPT
            && !slots.contains_key(&key)
            && let Some(one) = slots.keys().next().copied()
        {
            slots.remove(&one);
        }
        slots.entry(key).or_default().clone()
    }
}

impl Temporary {
    /// Whether it is time to ask for new ones.
    pub(crate) fn is_due(&self, now: SystemTime) -> bool {
        self.until <= now + MARGIN
    }

    /// Whether they have ended.
    pub(crate) fn is_over(&self, now: SystemTime) -> bool {
        self.until <= now
    }

    /// The scheme with these in place of its own.
    pub(crate) fn put_into(&self, scheme: &AwsSigV4) -> AwsSigV4 {
        AwsSigV4 {
            access_key_id: self.access_key_id.clone(),
            secret_access_key: self.secret_access_key.clone(),
            session_token: Some(self.session_token.reveal().clone()),
            assume_role: None,
            ..scheme.clone()
        }
    }
}

/// The request to STS, signed with the scheme's own credentials.
pub(crate) fn assume_role_request(
    scheme: &AwsSigV4,
    role: &AssumeRole,
    signing: &Signing,
) -> Outgoing {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("Action", "AssumeRole")
        .append_pair("Version", "2011-06-15")
        .append_pair("RoleArn", &role.role_arn)
        .append_pair("RoleSessionName", &role.session_name)
        .append_pair("DurationSeconds", &role.duration.to_string());
    if let Some(id) = &role.external_id {
        form.append_pair("ExternalId", id);
    }
    let mut outgoing = Outgoing::new(Method::POST, role.url.clone());
    outgoing.body = OutBody::Bytes(Bytes::from(form.finish()));
    outgoing.headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/x-www-form-urlencoded"),
    );
    outgoing.timeout = PATIENCE;
    let own = AwsSigV4 {
        service: "sts".to_owned(),
        in_query: false,
        assume_role: None,
        ..scheme.clone()
    };
    outgoing.signing = Some(signing.with(Signer::AwsSigV4(own)));
    outgoing
}

/// What STS answered.
///
/// # Errors
/// A refusal with its reason, or an answer that holds no credentials.
pub(crate) fn read_assumed_role(
    role: &AssumeRole,
    status: StatusCode,
    body: &[u8],
) -> Result<Temporary, OutboundError> {
    let text = String::from_utf8_lossy(body);
    let host = shown(&role.url);
    if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS {
        let part = |name| element(&text, name).unwrap_or_default();
        return Err(OutboundError::Signing {
            field: "assume_role",
            problem: format!(
                "was refused by {host} ({}): {}: {}. Look at `role_arn`, at the trust policy of that role, and at the clock here",
                status.as_u16(),
                part("Code"),
                part("Message"),
            ),
        });
    }
    let credentials = || {
        let expires = OffsetDateTime::parse(&element(&text, "Expiration")?, &Rfc3339).ok()?;
        Some(Temporary {
            access_key_id: element(&text, "AccessKeyId")?,
            secret_access_key: SecretBytes::new(element(&text, "SecretAccessKey")?.into_bytes()),
            session_token: SecretString::new(element(&text, "SessionToken")?),
            until: expires.into(),
        })
    };
    match credentials() {
        Some(temporary) if status.is_success() => Ok(temporary),
        _ => Err(OutboundError::Protocol {
            host,
            detail: format!(
                "its answer ({}) to AssumeRole holds no credentials",
                status.as_u16()
            ),
        }),
    }
}

/// The text of the first element of this name. What STS answers nests no deeper than that.
fn element(xml: &str, name: &str) -> Option<String> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    let (text, _) = rest.split_once(&format!("</{name}>"))?;
    let text = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.trim().to_owned(), |text, (entity, character)| {
        text.replace(entity, character)
    });
    Some(text)
}

fn key(scheme: &AwsSigV4, role: &AssumeRole) -> [u8; 32] {
    let duration = role.duration.to_string();
    let parts: [&[u8]; 9] = [
        scheme.access_key_id.as_bytes(),
        scheme.secret_access_key.reveal(),
        scheme
            .session_token
            .as_deref()
            .unwrap_or_default()
            .as_bytes(),
        scheme.region.as_bytes(),
        role.url.as_str().as_bytes(),
        role.role_arn.as_bytes(),
        role.session_name.as_bytes(),
        role.external_id.as_deref().unwrap_or_default().as_bytes(),
        duration.as_bytes(),
    ];
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::{AssumeRole, read_assumed_role as read};
    use http::StatusCode;
    use std::time::{Duration, UNIX_EPOCH};
    use url::Url;

    fn role() -> AssumeRole {
        AssumeRole {
            url: Url::parse("https://sts.us-east-1.amazonaws.com/").unwrap(),
            role_arn: "arn:aws:iam::123456789012:role/demo".to_owned(),
            session_name: "stepgate".to_owned(),
            external_id: None,
            duration: 3600,
        }
    }

    /// The example of STS's API reference.
    #[test]
    fn reads_what_sts_answers() {
        let answer = "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">
  <AssumeRoleResult>
    <AssumedRoleUser>
      <Arn>arn:aws:sts::123456789012:assumed-role/demo/TestAR</Arn>
      <AssumedRoleId>ARO123EXAMPLE123:TestAR</AssumedRoleId>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>
      <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY</SecretAccessKey>
      <SessionToken>
       AQoDYXdzEPT//////////wEXAMPLE==
      </SessionToken>
      <Expiration>2019-11-09T13:34:41.5Z</Expiration>
    </Credentials>
  </AssumeRoleResult>
</AssumeRoleResponse>";
        let found = read(&role(), StatusCode::OK, answer.as_bytes()).unwrap();
        assert_eq!(found.access_key_id, "ASIAIOSFODNN7EXAMPLE");
        assert_eq!(
            found.session_token.reveal(),
            "AQoDYXdzEPT//////////wEXAMPLE=="
        );
        let until = UNIX_EPOCH + Duration::from_millis(1_573_306_481_500);
        assert_eq!(found.until, until);
        assert!(
            found.is_due(until - Duration::from_secs(300))
                && !found.is_over(until - Duration::from_secs(1))
        );
        assert!(!found.is_due(until - Duration::from_secs(301)) && found.is_over(until));
        assert!(!format!("{found:?}").contains("EXAMPLEKEY"));
    }

    #[test]
    fn a_refusal_says_why_and_what_to_look_at() {
        let answer = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>User &quot;x&quot; may not</Message></Error></ErrorResponse>";
        let said = read(&role(), StatusCode::FORBIDDEN, answer.as_bytes())
            .unwrap_err()
            .to_string();
        for part in [
            "`sign_in.assume_role`",
            "sts.us-east-1.amazonaws.com",
            "AccessDenied",
            "User \"x\" may not",
            "`role_arn`",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        for (status, body) in [(503, "<html>"), (200, "{}"), (200, "")] {
            let status = StatusCode::from_u16(status).unwrap();
            let error = read(&role(), status, body.as_bytes()).unwrap_err();
            assert!(error.to_string().contains("no credentials"), "{error}");
        }
    }
}
