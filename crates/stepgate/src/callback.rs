//! The listener on 127.0.0.1 where a browser step comes back to the terminal.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use url::Url;

use crate::ending::Complaint;

/// A bound listener: its address is known before the first step asks for it.
#[derive(Debug)]
pub(crate) struct Callback {
    listener: TcpListener,
    url: Url,
}

/// What a browser is told. Nothing of the request is repeated in it.
enum Page {
    Received,
    UnknownSignIn,
    NotHere,
}

impl Callback {
    /// Binds 127.0.0.1:`port`; 0 picks a free one.
    pub(crate) async fn bind(port: u16) -> Result<Self, Complaint> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let failed = |error: std::io::Error| {
            Complaint::ours("callback_port", format!("cannot listen on {address} for the browser to come back: {error}"))
                .help("stop what uses that port, or choose another with --callback-port (0 picks a free one)")
        };
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let url = Url::parse(&format!("http://127.0.0.1:{port}/callback"))
            .map_err(|error| Complaint::ours("callback_port", error.to_string()))?;
        Ok(Callback { listener, url })
    }

    /// Where the API has to send the browser back to.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Waits for the browser to come back with `state`, or with anything where none is expected.
    ///
    /// Other requests are answered and waited past: a stray tab must not end a sign-in.
    pub(crate) async fn wait(&self, state: Option<&str>) -> Result<Url, Complaint> {
        let (sender, mut receiver) = mpsc::channel(1);
        loop {
            tokio::select! {
                accepted = self.listener.accept() => {
                    let (stream, _) = accepted.map_err(|error| {
                        Complaint::ours("callback_port", format!("cannot take what the browser brings: {error}"))
                    })?;
                    let (sender, own, state) = (sender.clone(), self.url.clone(), state.map(str::to_owned));
                    tokio::spawn(async move {
                        let service = service_fn(move |request| {
                            answer(request, own.clone(), state.clone(), sender.clone())
                        });
                        // A browser that hangs up is no error of anybody's.
                        let _ = hyper::server::conn::http1::Builder::new()
                            .timer(TokioTimer::new())
                            .header_read_timeout(Duration::from_secs(10))
                            .keep_alive(false)
                            .serve_connection(TokioIo::new(stream), service)
                            .await;
                    });
                }
                Some(url) = receiver.recv() => return Ok(url),
            }
        }
    }
}

async fn answer(
    request: Request<Incoming>,
    own: Url,
    state: Option<String>,
    sender: mpsc::Sender<Url>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let page = if request.method() != Method::GET || request.uri().path() != own.path() {
        Page::NotHere
    } else {
        let mut url = own;
        url.set_query(request.uri().query());
        let came = url
            .query_pairs()
            .find(|(name, _)| name == "state")
            .map(|(_, value)| value.into_owned());
        if state.is_some() && state != came {
            Page::UnknownSignIn
        } else {
            // A full channel means that this sign-in has its answer already.
            match sender.try_send(url) {
                Ok(()) => Page::Received,
                Err(_) => Page::UnknownSignIn,
            }
        }
    };
    Ok(page.response())
}

impl Page {
    fn response(&self) -> Response<Full<Bytes>> {
        let (status, title, text) = match self {
            Page::Received => (
                StatusCode::OK,
                "Thank you",
                "Stepgate has what it needs. You can close this tab and go back to the terminal.",
            ),
            Page::UnknownSignIn => (
                StatusCode::BAD_REQUEST,
                "This sign-in is not known",
                "It belongs to another run, or was used already. Start again in the terminal.",
            ),
            Page::NotHere => (
                StatusCode::NOT_FOUND,
                "Nothing here",
                "Stepgate waits here for the end of a sign-in only.",
            ),
        };
        let html = format!(
            "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><meta name=color-scheme content='light dark'><title>{title}</title>\
<style>body{{font:1.1rem system-ui;max-width:34rem;margin:20vh auto;padding:0 1rem}}</style><main><h1>{title}</h1><p>{text}</p></main></html>"
        );
        let mut response = Response::new(Full::new(Bytes::from(html)));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        for (name, value) in [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (
                header::CONTENT_SECURITY_POLICY,
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            ),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::CACHE_CONTROL, "no-store"),
        ] {
            headers.insert(name, header::HeaderValue::from_static(value));
        }
        response
    }
}
