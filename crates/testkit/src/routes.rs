//! A handler put together from methods, paths and replies.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use http::Request;
use serde_json::json;

use crate::handler::Handler;
use crate::reply::Reply;

/// Answers by method and path; 404 for everything else.
#[derive(Default)]
pub struct Routes {
    routes: HashMap<(String, String), Box<dyn Handler>>,
}

/// Replies that are given one after the other; the last one again and again.
struct InTurn {
    replies: Vec<Reply>,
    next: AtomicUsize,
}

impl Routes {
    /// No routes yet.
    #[must_use]
    pub fn new() -> Routes {
        Routes::default()
    }

    /// Answers `method` on `path` with what the closure says.
    #[must_use]
    pub fn on<F, R>(self, method: &str, path: &str, answer: F) -> Routes
    where
        F: Fn(&Request<Bytes>) -> R + Send + Sync + 'static,
        R: Into<Reply>,
    {
        self.serve(method, path, answer)
    }

    /// Answers GET on `path`, always alike.
    #[must_use]
    pub fn get(self, path: &str, reply: impl Into<Reply>) -> Routes {
        self.serve("GET", path, reply.into())
    }

    /// Answers POST on `path`, always alike.
    #[must_use]
    pub fn post(self, path: &str, reply: impl Into<Reply>) -> Routes {
        self.serve("POST", path, reply.into())
    }

    /// Answers `method` on `path` with any handler.
    #[must_use]
    pub fn serve(mut self, method: &str, path: &str, handler: impl Handler) -> Routes {
        let key = (method.to_owned(), path.to_owned());
        self.routes.insert(key, Box::new(handler));
        self
    }

    /// Answers `method` on `path` with these replies in turn, and with the last one from then on.
    #[must_use]
    pub fn in_turn(
        self,
        method: &str,
        path: &str,
        replies: impl IntoIterator<Item = Reply>,
    ) -> Routes {
        self.serve(method, path, in_turn(replies))
    }
}

impl Handler for Routes {
    fn answer(&self, request: &Request<Bytes>) -> Reply {
        let path = request.uri().path().to_owned();
        let key = (request.method().to_string(), path);
        match self.routes.get(&key) {
            Some(handler) => handler.answer(request),
            None => Reply::json(json!({ "error": "no such route" })).with_status(404),
        }
    }
}

impl Handler for InTurn {
    fn answer(&self, _: &Request<Bytes>) -> Reply {
        let at = self.next.fetch_add(1, Ordering::SeqCst);
        let reply = self.replies.get(at).or(self.replies.last());
        reply.cloned().unwrap_or_else(|| Reply::status(500))
    }
}

/// A handler that gives these replies in turn, and the last one from then on.
pub fn in_turn(replies: impl IntoIterator<Item = Reply>) -> impl Handler {
    InTurn {
        replies: replies.into_iter().collect(),
        next: AtomicUsize::new(0),
    }
}
