//! What is attached to calls, resolved: header fields and a piece of query, ready to be put on one request after another.

use crate::attach::{Attachment, Sending, attach};
use crate::error::CallError;
use crate::kept_body::KeptBody;
use crate::origin_form::AttachedQuery;
use crate::renew::Credential;
use crate::resolve::Plan;
use crate::sign::sign;
use connection::{Connections, Equipped, Handle};
use http::header::{
    CONNECTION, CONTENT_LENGTH, COOKIE, HOST, HeaderName, HeaderValue, PROXY_AUTHORIZATION,
    TRANSFER_ENCODING,
};
use http::{HeaderMap, Method};
use outbound::{Attach, Cookies, Hop, HopBody, Jar, Signing};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use url::Url;

/// Fields and query of one credential, for one request or for many.
#[derive(Default)]
pub(crate) struct Attached {
    /// In groups: the values of one name stand together.
    fields: Box<[(HeaderName, HeaderValue)]>,
    /// Names under which a caller's own value goes although nothing takes its place.
    withheld: Box<[HeaderName]>,
    pub(crate) query: AttachedQuery,
    /// Signs each request, where the sign-in type does.
    pub(crate) signing: Option<Box<Signing>>,
}

impl Attached {
    /// What a call of this method to this URL gets: made by the same phases as on the general path.
    ///
    /// # Errors
    /// A template that comes to nothing, or to what cannot be sent.
    pub(crate) fn make(
        connections: &Connections,
        equipped: &Equipped,
        handle: &Arc<Handle>,
        method: &Method,
        url: &Url,
    ) -> Result<Self, CallError> {
        let credential = Credential {
            handle: Some(handle.clone()),
            renewed: false,
        };
        let plan = Plan::Path {
            method: method.clone(),
            url: url.clone(),
            headers: HeaderMap::new(),
        };
        let mut body = KeptBody::Empty;
        let mut sending = attach(connections, equipped, &credential, &plan, &mut body, None)?;
        sign(connections, equipped, &credential, &plan, &mut sending)?;
        let Sending {
            attachment,
            outgoing,
        } = sending;
        let mut bare = url.clone();
        bare.set_query(None);
        let mut headers = HeaderMap::new();
        put_on(
            connections,
            equipped,
            Some(handle),
            &attachment,
            method,
            (&mut bare, &mut headers),
            HopBody::Empty,
        )?;
        let pairs: Box<str> = bare.query().unwrap_or_default().into();
        let mut names: Vec<String> = form_urlencoded::parse(pairs.as_bytes())
            .map(|(name, _)| name.into_owned())
            .collect();
        names.extend(attachment.query.into_iter().map(|(name, _)| name));
        names.sort_unstable();
        names.dedup();
        let withheld = attachment.headers.into_iter().map(|(name, _)| name);
        Ok(Self {
            withheld: withheld
                .filter(|name| !headers.contains_key(name))
                .collect(),
            fields: fields(headers),
            query: AttachedQuery {
                pairs,
                names: names.into(),
            },
            signing: outgoing.signing.map(Box::new),
        })
    }

    /// How many fields there are.
    pub(crate) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Puts the fields on a request: first all of the caller's of that name go, then ours come.
    pub(crate) fn put(&self, headers: &mut HeaderMap) {
        for name in &self.withheld {
            headers.remove(name);
        }
        let mut last: Option<&HeaderName> = None;
        for (name, value) in &self.fields {
            if last == Some(name) {
                headers.append(name.clone(), value.clone());
            } else {
                headers.insert(name.clone(), value.clone());
            }
            last = Some(name);
        }
    }
}

/// Has all that is attached put on a request, as it is on the first hop of the general path.
pub(crate) fn put_on(
    connections: &Connections,
    equipped: &Equipped,
    handle: Option<&Arc<Handle>>,
    attachment: &Attachment<'_>,
    method: &Method,
    (url, headers): (&mut Url, &mut HeaderMap),
    body: HopBody<'_>,
) -> Result<(), CallError> {
    let now = connections.engine().clock.now();
    let forwards = equipped.connector.cookies.forward_all;
    if let Some(handle) = handle
        && forwards
        && let Some(cookies) = jar(handle).header(url, now)
    {
        headers.insert(COOKIE, cookies);
    }
    let cookies = match handle {
        Some(handle) if forwards => Cookies::Jar(handle.jar()),
        Some(handle) => Cookies::StoreOnly(handle.jar()),
        None => Cookies::None,
    };
    let mut hop = Hop::new(url, method, headers, body, cookies, now);
    attachment.attach(&mut hop)?;
    for made_later in [
        HOST,
        CONTENT_LENGTH,
        TRANSFER_ENCODING,
        CONNECTION,
        PROXY_AUTHORIZATION,
    ] {
        headers.remove(made_later);
    }
    Ok(())
}

/// The map's fields in groups.
fn fields(headers: HeaderMap) -> Box<[(HeaderName, HeaderValue)]> {
    let mut last = None;
    headers
        .into_iter()
        .filter_map(|(name, value)| {
            // A further value of the same name comes without it.
            if name.is_some() {
                last = name;
            }
            last.clone().map(|name| (name, value))
        })
        .collect()
}

/// The cookies of a credential, for a moment.
pub(crate) fn jar(handle: &Handle) -> MutexGuard<'_, Jar> {
    lock(handle.jar())
}

fn lock(jar: &Mutex<Jar>) -> MutexGuard<'_, Jar> {
    // A jar is whole after every call on it, so a panic elsewhere leaves it usable.
    jar.lock().unwrap_or_else(PoisonError::into_inner)
}
