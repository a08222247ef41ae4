//! A browser as far as tests need one: it keeps cookies, sends forms, and follows nothing by itself.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, HOST, LOCATION, SET_COOKIE};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::collections::BTreeMap;
use tokio::net::TcpStream;
use url::{Url, form_urlencoded};

/// A browser, or a program that keeps no cookies.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    origin: Url,
    cookies: BTreeMap<String, String>,
    /// Header fields that go with every request.
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Browser {
    pub(crate) fn at(origin: &Url) -> Self {
        Self {
            origin: origin.clone(),
            cookies: BTreeMap::new(),
            headers: Vec::new(),
        }
    }

    pub(crate) fn with(&self, name: &'static str, value: &str) -> Self {
        let mut other = self.clone();
        other.headers.push((name, value.to_owned()));
        other
    }

    pub(crate) async fn get(&mut self, address: &str) -> Page {
        self.send(Method::GET, address, None, String::new()).await
    }

    /// Sends a form, as our pages have it: with the token that the page held.
    pub(crate) async fn submit(&mut self, address: &str, fields: &[(&str, &str)]) -> Page {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let kind = "application/x-www-form-urlencoded";
        self.send(Method::POST, address, Some(kind), body).await
    }

    pub(crate) async fn json(&mut self, method: &str, address: &str, body: Value) -> Page {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let (kind, body) = match body {
            Value::Null => (None, String::new()),
            body => (Some("application/json"), body.to_string()),
        };
        self.send(method, address, kind, body).await
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    async fn send(
        &mut self,
        method: Method,
        address: &str,
        kind: Option<&str>,
        body: String,
    ) -> Page {
        let url = self.origin.join(address).unwrap();
        let authority = url.authority().to_owned();
        assert_eq!(url.origin(), self.origin.origin(), "not ours: {url}");
        let stream = TcpStream::connect(&authority).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(connection);
        let mut request = Request::builder()
            .method(method)
            .uri(&url[url::Position::BeforePath..])
            .header(HOST, authority);
        if let Some(kind) = kind {
            request = request.header(CONTENT_TYPE, kind);
        }
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self
                .cookies
                .iter()
                .map(|(k, v)| format!("{k}={v}"))
                .collect();
            request = request.header(COOKIE, cookies.join("; "));
        }
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        let response = sender.send_request(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let body = body.collect().await.unwrap().to_bytes();
        Page {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }
}

impl Page {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn location(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        self.header(LOCATION.as_str()).to_owned()
    }

    /// What an attribute holds after the first place where the page says `near`.
    pub(crate) fn attribute(&self, near: &str, name: &str) -> String {
        let from = self
            .body
            .find(near)
            .unwrap_or_else(|| panic!("no {near}: {}", self.body));
        let mark = format!("{name}=\"");
        let start = from + self.body[from..].find(&mark).unwrap() + mark.len();
        let end = start + self.body[start..].find('"').unwrap();
        self.body[start..end].replace("&amp;", "&")
    }

    pub(crate) fn form_token(&self) -> String {
        self.attribute("name=\"form_token\"", "value")
    }
}
