//! `stepgate call`: one call, signed in; the reply's body on stdout.

use std::str::FromStr;

use bytes::Bytes;
use gateway::{Answer, Call, Given, Target};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use http_body_util::BodyExt;

use crate::arguments::{self, Everywhere};
use crate::calling;
use crate::command::unprintable;
use crate::ending::{Complaint, Ending};
use crate::failing;
use crate::terminal::{Terminal, plain};
use crate::timeline::Timeline;
use crate::typed_body::TypedBody;
use crate::wiring::Wiring;

pub(crate) async fn call(
    everywhere: &Everywhere,
    terminal: Terminal,
    typed: arguments::Call,
) -> Result<Ending, Complaint> {
    let target = Typed::read(&typed)?;
    let wiring = Wiring::open(everywhere, terminal, &typed.file).await?;
    let mut timeline = Timeline::quiet(terminal);
    let answer = calling::send(&wiring, &typed.sign_in, || target.call(), &mut timeline).await?;
    let mut ending = calling::ending(answer.status);
    if let Some(unexpected) = &answer.unexpected {
        let words = unexpected
            .message
            .as_deref()
            .unwrap_or("The reply is not what the endpoint expects.");
        terminal.say(&timeline.shown(words));
        // A passing fault stays one, whatever `expect` says.
        if ending == Ending::Done {
            ending = Ending::Answered;
        }
    }
    if typed.include {
        terminal
            .out_bytes(head(&answer).as_bytes())
            .map_err(unprintable)?;
    }
    let mut body = answer.body;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| failing::call(&error.into(), &wiring, &timeline))?;
        if let Ok(data) = frame.into_data() {
            terminal.out_bytes(&data).map_err(unprintable)?;
        }
    }
    wiring
        .connections
        .flush()
        .await
        .map_err(|error| failing::connection(&error, &wiring, &timeline))?;
    Ok(ending)
}

/// A call as it was typed, its files read: it may have to be made twice.
struct Typed {
    endpoint: Option<(String, Vec<(String, String)>)>,
    method: Method,
    path: String,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: TypedBody,
}

impl Typed {
    fn read(typed: &arguments::Call) -> Result<Self, Complaint> {
        let Some(path) = &typed.path else {
            return Ok(Typed {
                endpoint: Some((typed.what.clone(), typed.parameter.clone())),
                method: Method::GET,
                path: String::new(),
                query: Vec::new(),
                headers: HeaderMap::new(),
                body: TypedBody::Whole(Bytes::new()),
            });
        };
        let method = Method::from_str(&typed.what.to_ascii_uppercase()).map_err(|_| {
            Complaint::usage("bad_method", format!("{} is no HTTP method", typed.what))
        })?;
        let mut headers = HeaderMap::new();
        let mut body = TypedBody::Whole(Bytes::new());
        let mut kind = None;
        if let Some(data) = &typed.json {
            body = TypedBody::read(data)?;
            // What streams is for the API to judge: reading it twice would cost what streaming saves.
            if let TypedBody::Whole(text) = &body {
                serde_json::from_slice::<serde::de::IgnoredAny>(text).map_err(|error| {
                    Complaint::usage(
                        "bad_json",
                        format!("the body given with --json is not JSON: {error}"),
                    )
                })?;
            }
            kind = Some("application/json");
        } else if let Some(data) = &typed.data {
            body = TypedBody::read(data)?;
            kind = Some("text/plain; charset=utf-8");
        } else if !typed.form.is_empty() {
            let mut form = url::form_urlencoded::Serializer::new(String::new());
            form.extend_pairs(&typed.form);
            body = TypedBody::Whole(Bytes::from(form.finish()));
            kind = Some("application/x-www-form-urlencoded");
        }
        if let Some(kind) = kind {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        // What was typed wins over what we would say; the same name typed twice is sent twice.
        let mut typed_names = Vec::new();
        for (name, value) in &typed.header {
            let wrong = || {
                Complaint::usage(
                    "bad_header",
                    format!("{name} and its value are no HTTP header"),
                )
            };
            let parsed = HeaderName::from_str(name).map_err(|_| wrong())?;
            let value = HeaderValue::from_str(value).map_err(|_| wrong())?;
            if typed_names.contains(&parsed) {
                headers.append(parsed, value);
            } else {
                typed_names.push(parsed.clone());
                headers.insert(parsed, value);
            }
        }
        Ok(Typed {
            endpoint: None,
            method,
            path: path.clone(),
            query: typed.query.clone(),
            headers,
            body,
        })
    }

    fn call(&self) -> Call {
        let target = match &self.endpoint {
            Some((name, parameters)) => Target::Endpoint {
                name: name.clone(),
                parameters: parameters
                    .iter()
                    .map(|(name, text)| (name.clone(), Given::Text(text.clone())))
                    .collect(),
            },
            None => Target::Path {
                method: self.method.clone(),
                path: self.path.clone(),
                query: self.query.clone(),
                headers: self.headers.clone(),
            },
        };
        Call {
            target,
            body: self.body.call_body(),
        }
    }
}

fn head(answer: &Answer) -> String {
    let reason = answer.status.canonical_reason().unwrap_or_default();
    let mut head = format!(
        "{:?} {} {reason}\r\n",
        answer.version,
        answer.status.as_u16()
    );
    for (name, value) in &answer.headers {
        head.push_str(&format!(
            "{name}: {}\r\n",
            plain(&String::from_utf8_lossy(value.as_bytes()))
        ));
    }
    head + "\r\n"
}
