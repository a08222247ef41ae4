//! Phase two, attach: the request from its template, with what the connector adds to every call.
//!
//! What is added is put on by a hook for each hop, and only where the hop goes to the connector's origins: so it is
//! taken off where a redirect leaves them, and a caller's own value under the same name never stands beside ours.

use crate::add_to_body::{add_to_body, add_variable, texts};
use crate::error::CallError;
use crate::kept_body::{BODY_LIMIT, KeptBody};
use crate::renew::Credential;
use crate::resolve::Plan;
use crate::scope::{Seen, with_scope};
use crate::step_up::Proven;
use bytes::Bytes;
use connection::{Connections, Equipped};
use flow::{CallScope, DoubleSubmit, build_request, resolve_value};
use http::HeaderMap;
use http::header::{COOKIE, HeaderName, HeaderValue};
use model::{Connector, ConnectorKind, Location, Origin, RequestParameter};
use outbound::{Attach, Hop, HopBody, OutBody, OutboundError, Outgoing};
use serde_json::{Value, json};
use url::Url;

/// A request ready to be signed and sent.
pub(crate) struct Sending<'a> {
    pub(crate) outgoing: Outgoing,
    pub(crate) attachment: Attachment<'a>,
}

/// What goes onto every hop to the connector's origins.
pub(crate) struct Attachment<'a> {
    pub(crate) origins: &'a [Origin],
    pub(crate) headers: Vec<(HeaderName, Vec<HeaderValue>)>,
    pub(crate) query: Vec<(String, Vec<String>)>,
    pub(crate) body: Vec<(String, Value)>,
    pub(crate) double_submit: Option<DoubleSubmit<'a>>,
    /// Whether what goes into a body goes into the variables of an operation.
    pub(crate) is_graphql: bool,
}

pub(crate) fn attach<'a>(
    connections: &Connections,
    equipped: &'a Equipped,
    credential: &Credential,
    plan: &Plan<'_>,
    body: &mut KeptBody,
    proven: Option<&Proven>,
) -> Result<Sending<'a>, CallError> {
    let connector = &*equipped.connector;
    let mut outgoing = with_scope(
        connections,
        equipped,
        credential,
        plan,
        Seen::default(),
        |scope| build(plan, body, scope),
    )?;
    // The reply passes on as it is, so its encoding is for whoever called to ask for.
    outgoing.accept_encoding = false;
    outgoing.credential_origins = connector.origins.iter().map(Origin::to_string).collect();
    if plan.attaches() && connector.client_certificate.is_some() {
        let url = &outgoing.url;
        let seen = Seen::default();
        outgoing.client_certificate =
            with_scope(connections, equipped, credential, plan, seen, |scope| {
                flow::client_certificate(scope, url)
            })?;
    }
    let mut attachment = Attachment {
        origins: &connector.origins,
        headers: Vec::new(),
        query: Vec::new(),
        body: Vec::new(),
        double_submit: None,
        is_graphql: connector.kind == ConnectorKind::Graphql,
    };
    if plan.attaches() {
        let request = json!({ "method": outgoing.method.as_str(), "url": outgoing.url.as_str() });
        let seen = Seen {
            request: Some(&request),
            at: Some(&outgoing.url),
            ..Seen::default()
        };
        with_scope(connections, equipped, credential, plan, seen, |scope| {
            connector
                .request_parameters
                .iter()
                .try_for_each(|parameter| add(&mut attachment, parameter, scope))
        })?;
        if let (Some(step_up), Some(proven)) = (&connector.step_up, proven) {
            let seen = Seen {
                response: Some(&proven.response),
                outputs: Some(proven.stepped.outputs()),
                ..seen
            };
            with_scope(connections, equipped, credential, plan, seen, |scope| {
                step_up
                    .request_parameters
                    .iter()
                    .try_for_each(|parameter| attachment.replace(parameter, scope))
            })?;
        }
        if connector.cookies.forward_all {
            attachment.double_submit = DoubleSubmit::of(connector);
        }
        check_body(connector, &outgoing, &attachment)?;
    }
    Ok(Sending {
        outgoing,
        attachment,
    })
}

fn build(
    plan: &Plan<'_>,
    body: &mut KeptBody,
    scope: &CallScope<'_>,
) -> Result<Outgoing, CallError> {
    match plan {
        Plan::Endpoint { endpoint, .. } => {
            Ok(build_request(&endpoint.request, endpoint.redirects, scope)?)
        }
        Plan::Path {
            method,
            url,
            headers,
        } => {
            let mut outgoing = Outgoing::new(method.clone(), url.clone());
            outgoing.headers = headers.clone();
            outgoing.trailers = body.trailers();
            outgoing.body = body.next().ok_or_else(|| CallError::Ours {
                message: "The body of this call has been streamed away.".to_owned(),
                help: String::new(),
            })?;
            Ok(outgoing)
        }
    }
}

fn add(
    attachment: &mut Attachment<'_>,
    parameter: &RequestParameter,
    scope: &CallScope<'_>,
) -> Result<(), CallError> {
    if let Some(when) = &parameter.when
        && !when.judge(scope).map_err(CallError::from)?.holds
    {
        return Ok(());
    }
    let Some(value) = resolve_value(&parameter.value, scope).map_err(CallError::from)? else {
        return Ok(());
    };
    let unusable = |why: &str| CallError::Definition {
        code: "value_unusable",
        message: format!("The request parameter `{}` {why}.", parameter.name),
        help: "Look at what its template gives.".to_owned(),
    };
    match parameter.location {
        Location::Header => {
            let name = HeaderName::from_bytes(parameter.name.as_bytes())
                .map_err(|_| unusable("has a name that no header can have"))?;
            let values = texts(&value)
                .iter()
                .map(|text| {
                    let mut header = HeaderValue::from_bytes(text.as_bytes())
                        .map_err(|_| unusable("has a control character in its value"))?;
                    header.set_sensitive(true);
                    Ok(header)
                })
                .collect::<Result<_, CallError>>()?;
            attachment.headers.push((name, values));
        }
        Location::Query => attachment
            .query
            .push((parameter.name.clone(), texts(&value))),
        Location::Body => attachment.body.push((parameter.name.clone(), value)),
    }
    Ok(())
}

/// Whether the body can take what goes into it, said before the first byte leaves.
fn check_body(
    connector: &Connector,
    outgoing: &Outgoing,
    attachment: &Attachment<'_>,
) -> Result<(), CallError> {
    let submits = attachment.double_submit.is_some()
        && connector
            .cookies
            .double_submit
            .as_ref()
            .is_some_and(|double_submit| double_submit.send_as.location == Location::Body);
    if attachment.body.is_empty() && !submits {
        return Ok(());
    }
    match &outgoing.body {
        OutBody::Empty => Ok(()),
        OutBody::Bytes(bytes) if bytes.len() <= BODY_LIMIT => {
            let added = attachment
                .body
                .iter()
                .try_fold(bytes.clone(), |body, (key, value)| {
                    attachment
                        .put_in(&outgoing.headers, &body, key, value)
                        .map_err(|why| CallError::BodyTakesNoKey {
                            key: key.clone(),
                            why,
                        })
                });
            added.map(drop)
        }
        OutBody::Bytes(_) | OutBody::Stream(_) => Err(CallError::BodyTooLarge {
            limit: BODY_LIMIT,
            why: "the connector adds a key to it",
        }),
    }
}

impl Attachment<'_> {
    /// A body with a key more, or the operation in it with a variable more.
    fn put_in(
        &self,
        headers: &HeaderMap,
        body: &Bytes,
        key: &str,
        value: &Value,
    ) -> Result<Bytes, &'static str> {
        match self.is_graphql {
            true => add_variable(headers, body, key, value),
            false => add_to_body(headers, body, key, value),
        }
    }

    /// Adds a parameter in the place of those of its name.
    fn replace(
        &mut self,
        parameter: &RequestParameter,
        scope: &CallScope<'_>,
    ) -> Result<(), CallError> {
        let before = (self.headers.len(), self.query.len(), self.body.len());
        add(self, parameter, scope)?;
        let Self {
            headers,
            query,
            body,
            ..
        } = self;
        if headers.len() > before.0
            && let Some(own) = headers.pop()
        {
            headers.retain(|(name, _)| *name != own.0);
            headers.push(own);
        }
        if query.len() > before.1
            && let Some(own) = query.pop()
        {
            query.retain(|(name, _)| *name != own.0);
            query.push(own);
        }
        if body.len() > before.2
            && let Some(own) = body.pop()
        {
            body.retain(|(name, _)| *name != own.0);
            body.push(own);
        }
        Ok(())
    }
}

impl Attach for Attachment<'_> {
    fn attach(&self, hop: &mut Hop<'_>) -> Result<(), OutboundError> {
        if !Origin::of(hop.url).is_some_and(|origin| self.origins.contains(&origin)) {
            // A cookie knows no port and perhaps no host of its own, but the credential's origins do.
            hop.headers.remove(COOKIE);
            return Ok(());
        }
        // First all of the caller's go, then ours come: never both.
        for (name, _) in &self.headers {
            hop.headers.remove(name);
        }
        for (name, values) in &self.headers {
            for value in values {
                hop.headers.append(name.clone(), value.clone());
            }
        }
        if !self.query.is_empty() {
            set_query(hop.url, &self.query);
        }
        if let HopBody::Buffered(body) = &mut hop.body {
            for (key, value) in &self.body {
                let added: Bytes = self.put_in(hop.headers, body, key, value).map_err(|why| {
                    OutboundError::Attach(
                        format!("the body cannot take the key `{key}`: {why}").into(),
                    )
                })?;
                **body = added;
            }
        }
        match &self.double_submit {
            Some(double_submit) => double_submit.attach(hop),
            None => Ok(()),
        }
    }
}

/// The rest of the query stays byte for byte: an API may have signed it.
fn set_query(url: &mut Url, added: &[(String, Vec<String>)]) {
    let is_ours = |pair: &&str| {
        form_urlencoded::parse(pair.as_bytes())
            .next()
            .is_some_and(|(name, _)| added.iter().any(|(key, _)| name == key.as_str()))
    };
    let mut pairs: Vec<String> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty() && !is_ours(pair))
        .map(str::to_owned)
        .collect();
    for (key, values) in added {
        for value in values {
            pairs.push(
                form_urlencoded::Serializer::new(String::new())
                    .append_pair(key, value)
                    .finish(),
            );
        }
    }
    url.set_query((!pairs.is_empty()).then(|| pairs.join("&")).as_deref());
}
