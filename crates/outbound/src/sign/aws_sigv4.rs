//! `aws_sigv4`: AWS Signature Version 4, in the header or the query
//! (<https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>).
//!
//! # Layout
//! - [`AwsSigV4`]: the scheme with its keys, and one signature of it
//! - `aws_sigv4/canonical.rs`: the request as both sides write it down

mod canonical;
#[cfg(test)]
mod tests;

use http::HeaderName;
use http::header::AUTHORIZATION;
use secret::SecretBytes;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::macros::format_description;

use super::hmac::{HashKind, mac};
use super::signature::{drop_query, encoded};
use super::{AssumeRole, Fresh, Signature, Unsigned};
use crate::error::OutboundError;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// What stands for the hash of a body that is not signed.
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
/// How long a signature in the query is good for, in seconds.
const EXPIRES: &str = "300";

static X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
static X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");
static X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");

/// An AWS credential, and what it is used for.
#[derive(Clone, Debug)]
pub struct AwsSigV4 {
    /// The access key's id.
    pub access_key_id: String,
    /// The access key.
    pub secret_access_key: SecretBytes,
    /// What goes along with temporary credentials.
    pub session_token: Option<String>,
    /// Such as `eu-central-1`.
    pub region: String,
    /// Such as `execute-api`; `s3` has rules of its own.
    pub service: String,
    /// Whether the signature goes into the query rather than a header.
    pub in_query: bool,
    /// Whether a body that is streamed may go unsigned, over https.
    pub unsigned_payload: bool,
    /// The role that is taken on first, for whose credentials these are used alone.
    pub assume_role: Option<AssumeRole>,
}

impl AwsSigV4 {
    /// Signs a request.
    ///
    /// # Errors
    /// A value that cannot stand in a header, or a streamed body that may not go unsigned.
    pub(super) fn sign(
        &self,
        request: &Unsigned<'_>,
        fresh: &Fresh,
    ) -> Result<Signature, OutboundError> {
        let at = timestamp(fresh)?;
        match self.in_query {
            true => self.sign_query(request, &at),
            false => self.sign_header(request, &at),
        }
    }

    fn sign_header(&self, request: &Unsigned<'_>, at: &str) -> Result<Signature, OutboundError> {
        let mut added = Signature::default();
        let payload = self.payload(request)?;
        added.header("region", X_AMZ_DATE.clone(), at)?;
        if self.is_s3() || payload == UNSIGNED {
            added.header("service", X_AMZ_CONTENT_SHA256.clone(), &payload)?;
        }
        if let Some(token) = &self.session_token {
            added.header("session_token", X_AMZ_SECURITY_TOKEN.clone(), token)?;
        }
        // A `+` is a space to some and a plus to others: what is sent says which.
        added.whole_query = without_plus(request);
        let (mut url, mut headers) = (request.url.clone(), request.headers.clone());
        added.clone().put_on(&mut url, &mut headers);
        let final_request = Unsigned {
            url: &url,
            headers: &headers,
            ..*request
        };
        let signed = canonical::signed_headers(&final_request);
        let names = canonical::names(&signed);
        let canonical = canonical::request(&final_request, self.is_s3(), &signed, &payload);
        let signature = self.signature(&canonical, at);
        let value = format!(
            "{ALGORITHM} Credential={}/{}, SignedHeaders={names}, Signature={signature}",
            self.access_key_id,
            self.scope(at),
        );
        added.header("access_key_id", AUTHORIZATION, &value)?;
        Ok(added)
    }

    fn sign_query(&self, request: &Unsigned<'_>, at: &str) -> Result<Signature, OutboundError> {
        let mut url = request.url.clone();
        if let Some(query) = without_plus(request) {
            url.set_query(Some(&query));
        }
        let ours = [
            "X-Amz-Algorithm",
            "X-Amz-Credential",
            "X-Amz-Date",
            "X-Amz-Expires",
            "X-Amz-SignedHeaders",
            "X-Amz-Security-Token",
            "X-Amz-Signature",
        ];
        drop_query(&mut url, &ours);
        let signed = canonical::host_alone(request);
        let credential = format!("{}/{}", self.access_key_id, self.scope(at));
        let mut pairs = vec![
            ("X-Amz-Algorithm", ALGORITHM),
            ("X-Amz-Credential", &credential),
            ("X-Amz-Date", at),
            ("X-Amz-Expires", EXPIRES),
            ("X-Amz-SignedHeaders", "host"),
        ];
        if let Some(token) = &self.session_token {
            pairs.push(("X-Amz-Security-Token", token));
        }
        let pairs = pairs
            .iter()
            .map(|(name, value)| format!("{name}={}", encoded(value)));
        let rest = url.query().filter(|query| !query.is_empty());
        let query: Vec<String> = rest.map(str::to_owned).into_iter().chain(pairs).collect();
        let query = query.join("&");
        url.set_query(Some(&query));
        let payload = match self.is_s3() {
            true => UNSIGNED.to_owned(),
            false => self.payload(request)?,
        };
        let final_request = Unsigned {
            url: &url,
            ..*request
        };
        let canonical = canonical::request(&final_request, self.is_s3(), &signed, &payload);
        let signature = self.signature(&canonical, at);
        Ok(Signature {
            whole_query: Some(format!("{query}&X-Amz-Signature={signature}")),
            ..Signature::default()
        })
    }

    fn is_s3(&self) -> bool {
        self.service == "s3"
    }

    /// The hash of the body, or what stands for it.
    fn payload(&self, request: &Unsigned<'_>) -> Result<String, OutboundError> {
        match request.body {
            Some(body) => Ok(hex::encode(Sha256::digest(body))),
            None if self.unsigned_payload && request.url.scheme() == "https" => {
                Ok(UNSIGNED.to_owned())
            }
            None => Err(OutboundError::BodyNotKept),
        }
    }

    fn scope(&self, at: &str) -> String {
        let date = at.get(..8).unwrap_or_default();
        format!("{date}/{}/{}/aws4_request", self.region, self.service)
    }

    fn signature(&self, canonical: &str, at: &str) -> String {
        let scope = self.scope(at);
        let hash = hex::encode(Sha256::digest(canonical));
        let string_to_sign = format!("{ALGORITHM}\n{at}\n{scope}\n{hash}");
        let first = [b"AWS4".as_slice(), self.secret_access_key.reveal()].concat();
        let first = SecretBytes::new(first);
        // From the date to the word at its end, each part of the scope makes the next key.
        let key = scope.split('/').fold(first, |key, part| {
            SecretBytes::new(mac(HashKind::Sha256, key.reveal(), part.as_bytes()))
        });
        hex::encode(mac(
            HashKind::Sha256,
            key.reveal(),
            string_to_sign.as_bytes(),
        ))
    }
}

fn timestamp(fresh: &Fresh) -> Result<String, OutboundError> {
    let format = format_description!("[year][month][day]T[hour][minute][second]Z");
    OffsetDateTime::from(fresh.at)
        .format(format)
        .map_err(|error| OutboundError::Signing {
            field: "kind",
            problem: format!("cannot be used at this time of the clock: {error}"),
        })
}

/// The query with each `+` as the space it stands for, where it has one.
fn without_plus(request: &Unsigned<'_>) -> Option<String> {
    let query = request.url.query()?;
    query.contains('+').then(|| query.replace('+', "%20"))
}
