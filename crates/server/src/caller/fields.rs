//! The fields by which a request speaks to the gateway itself, found in one pass: each look-up of its own would hash a name, for every call again.

use http::{HeaderMap, HeaderValue};

/// A field that may stand in a request once.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Field<'a> {
    /// It does not.
    #[default]
    Absent,
    /// It does.
    Once(&'a [u8]),
    /// It stands there more often.
    Repeated,
}

/// What a request says.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fields<'a> {
    /// `Stepgate-Key`.
    pub(crate) key: Field<'a>,
    /// The token of an `Authorization: Bearer` that is one of ours.
    pub(crate) token: Field<'a>,
    /// `Stepgate-User`.
    pub(crate) user: Field<'a>,
    /// `Stepgate-Environment`.
    pub(crate) environment: Field<'a>,
    /// `Stepgate-Connection`.
    pub(crate) connection: Field<'a>,
    /// Whether there is any cookie.
    pub(crate) has_cookie: bool,
    /// Whether there is an `Origin`: a browser's page calls.
    pub(crate) has_origin: bool,
    /// Whether there is a `Prefer`.
    pub(crate) has_preference: bool,
}

impl<'a> Fields<'a> {
    /// Looks at each field once.
    pub(crate) fn of(headers: &'a HeaderMap) -> Self {
        let mut fields = Self::default();
        for (name, value) in headers {
            match name.as_str() {
                "stepgate-key" => fields.key.put(value.as_bytes()),
                "stepgate-user" => fields.user.put(value.as_bytes()),
                "stepgate-environment" => fields.environment.put(value.as_bytes()),
                "stepgate-connection" => fields.connection.put(value.as_bytes()),
                "cookie" => fields.has_cookie = true,
                "origin" => fields.has_origin = true,
                "prefer" => fields.has_preference = true,
                "authorization" => {
                    if let Some(token) = our_token(value) {
                        fields.token.put(token);
                    }
                }
                _ => {}
            }
        }
        fields
    }
}

impl<'a> Field<'a> {
    fn put(&mut self, value: &'a [u8]) {
        *self = match self {
            Self::Absent => Self::Once(value),
            Self::Once(_) | Self::Repeated => Self::Repeated,
        };
    }
}

/// Whatever is not ours was meant for somebody else, and goes no further. The scheme is not case-sensitive (RFC 9110
/// section 11.1).
fn our_token(value: &HeaderValue) -> Option<&[u8]> {
    let (scheme, token) = value.as_bytes().split_at_checked(7)?;
    let token = token.trim_ascii();
    (scheme.eq_ignore_ascii_case(b"bearer ") && token.starts_with(b"sg_")).then_some(token)
}
