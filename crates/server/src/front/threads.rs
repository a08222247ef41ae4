//! Starting the threads and letting them end.

use crate::error::ServerError;
use crate::front::Listeners;
use crate::settings::Settings;
use crate::state::State;
use axum::Router;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use tokio::runtime::{Builder, Handle};
use tokio::sync::watch;
use tower::ServiceExt;

/// The threads of a server.
pub(crate) struct Threads {
    stop: watch::Sender<bool>,
    ended: Vec<tokio::sync::oneshot::Receiver<()>>,
}

impl Threads {
    /// Starts one for each socket.
    pub(crate) fn start(
        listeners: Listeners,
        settings: &Settings,
        state: &State,
        router: &Router,
    ) -> Result<Self, ServerError> {
        let (stop, _) = watch::channel(false);
        let mut ended = Vec::new();
        let back = Handle::current();
        for (number, socket) in listeners.into_sockets().into_iter().enumerate() {
            let (router, back, mut stopping) = (router.clone(), back.clone(), stop.subscribe());
            let (_state, _settings) = (state.clone(), settings.clone());
            let (end, seen) = tokio::sync::oneshot::channel();
            ended.push(seen);
            std::thread::Builder::new()
                .name(format!("front-{number}"))
                .spawn(move || {
                    let Ok(runtime) = Builder::new_current_thread()
                        .enable_all()
                        .build_local(Default::default())
                    else {
                        return;
                    };
                    runtime.block_on(async move {
                        let Ok(listener) = tokio::net::TcpListener::from_std(socket) else {
                            return;
                        };
                        loop {
                            let (stream, _) = tokio::select! {
                                accepted = listener.accept() => match accepted {
                                    Ok(accepted) => accepted,
                                    Err(_) => continue,
                                },
                                _ = stopping.changed() => break,
                            };
                            let (router, back) = (router.clone(), back.clone());
                            tokio::task::spawn_local(async move {
                                let service = service_fn(
                                    move |request: http::Request<hyper::body::Incoming>| {
                                        let answered = back.spawn(
                                            router
                                                .clone()
                                                .oneshot(request.map(axum::body::Body::new)),
                                        );
                                        async move {
                                            let response = match answered.await {
                                                Ok(Ok(response)) => response,
                                                _ => http::Response::default(),
                                            };
                                            Ok::<_, Infallible>(response)
                                        }
                                    },
                                );
                                let _ = hyper::server::conn::http1::Builder::new()
                                    .serve_connection(TokioIo::new(stream), service)
                                    .await;
                            });
                        }
                    });
                    let _ = end.send(());
                })
                .map_err(ServerError::Thread)?;
        }
        Ok(Self { stop, ended })
    }

    /// Lets them end and waits until they have.
    pub(crate) async fn stop(self) {
        let _ = self.stop.send(true);
        for end in self.ended {
            let _ = end.await;
        }
    }
}
