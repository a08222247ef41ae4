//! A server thread with a lane on it, and a caller that reaches it over HTTP.

use crate::world::World;
use bytes::Bytes;
use connection::{Attempts, Connections, Equipped};
use gateway::{Answered, CallError, Lane, LaneBody, Prepared, Route, TunnelLimits, Tunnels};
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Either, Full};
use hyper::body::{Body, Incoming};
use hyper_util::rt::TokioIo;
use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::LocalSet;

type FrontBody = Either<LaneBody, Full<Bytes>>;

/// The thread. It serves `/proxy/echo/…`, and `/call/NAME` without parameters.
pub(crate) struct Front {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What a caller got.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) trailers: Option<HeaderMap>,
}

impl Front {
    /// A lane for the connection of `world`. Its flows run on the runtime of the test.
    pub(crate) async fn of(world: &World) -> Self {
        Self::with(world, None).await
    }

    /// The same where people can prove more for calls, and how they do.
    pub(crate) async fn asking(world: &World) -> (Attempts, Self) {
        let attempts = world.attempts();
        (attempts.clone(), Self::with(world, Some(attempts)).await)
    }

    async fn with(world: &World, attempts: Option<Attempts>) -> Self {
        let connector = &world.equipped.connector;
        let handle = world.connections.current(connector, &world.id).await;
        let (connections, equipped) = (world.connections.clone(), world.equipped.clone());
        Self::serve(move |back| {
            let route = Arc::new(Route::new(equipped.clone()));
            let lane = Lane::new(
                connections.clone(),
                back,
                Tunnels::new(TunnelLimits::default()),
                attempts.clone(),
            );
            let prepared = RefCell::new(lane.prepare(&route, handle.ok()));
            Site {
                connections,
                equipped,
                lane,
                prepared,
            }
        })
        .await
    }

    async fn serve(site: impl FnOnce(tokio::runtime::Handle) -> Site + Send + 'static) -> Self {
        let back = tokio::runtime::Handle::current();
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            LocalSet::new().block_on(&runtime, async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let site = Rc::new(site(back));
                tokio::select! {
                    () = accept(listener, site) => {}
                    _ = stopped => {}
                }
            });
        });
        Self {
            address: told.await.unwrap(),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// One request on a connection of its own.
    pub(crate) async fn send<B>(&self, request: Request<B>) -> Response<Incoming>
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut sender, driver) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        tokio::spawn(driver);
        sender.send_request(request).await.unwrap()
    }

    /// The whole answer to a request.
    pub(crate) async fn got<B>(&self, request: Request<B>) -> Got
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        Got::all(self.send(request).await).await
    }

    pub(crate) async fn get(&self, path: &str) -> Got {
        self.got(to(Method::GET, path, &[], "")).await
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Got {
    pub(crate) async fn all(response: Response<Incoming>) -> Self {
        let (parts, body) = response.into_parts();
        let collected = body.collect().await.unwrap();
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            trailers: collected.trailers().cloned(),
            body: collected.to_bytes(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// How often the call was sent.
    pub(crate) fn attempts(&self) -> u8 {
        self.header("x-attempts").unwrap().parse().unwrap()
    }

    /// The code of an error that is ours.
    pub(crate) fn code(&self) -> Option<&str> {
        self.header("x-code")
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// A request for a path below the base URL.
pub(crate) fn to(
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Request<Full<Bytes>> {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("/proxy/echo{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request
        .body(Full::new(Bytes::copy_from_slice(body.as_bytes())))
        .unwrap()
}

struct Site {
    connections: Connections,
    equipped: Equipped,
    lane: Rc<Lane>,
    prepared: RefCell<Rc<Prepared>>,
}

async fn accept(listener: TcpListener, site: Rc<Site>) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        let site = site.clone();
        tokio::task::spawn_local(async move {
            let service = hyper::service::service_fn(move |request| {
                let site = site.clone();
                async move { Ok::<_, std::convert::Infallible>(site.answer(request).await) }
            });
            // The caller may go away when it likes.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .with_upgrades()
                .await;
        });
    }
}

impl Site {
    async fn answer(&self, request: Request<Incoming>) -> Response<FrontBody> {
        let target = request.uri().path_and_query().unwrap().to_string();
        let prepared = self.prepared.borrow().clone();
        let wait = request.headers().get("prefer");
        let wait = wait.and_then(|it| it.to_str().ok()?.strip_prefix("wait=")?.parse().ok());
        let wait = Duration::from_secs(wait.unwrap_or(0));
        let answered = match target.strip_prefix("/call/") {
            Some(endpoint) => {
                let parameters = serde_json::Map::new();
                self.lane.call(&prepared, endpoint, parameters, wait).await
            }
            None => {
                let below = target.strip_prefix("/proxy/echo").unwrap();
                let (mut head, body) = request.into_parts();
                let call = (&mut head, body);
                self.lane.proxy(&prepared, call, below, wait).await
            }
        };
        match answered {
            Ok(answered) => self.hand_on(answered),
            Err(error) => {
                // Who was refused may have had the session renewed nevertheless.
                let connector = self.equipped.connector.clone();
                if let Some(handle) = prepared.handle()
                    && let Ok(fresh) = self.connections.current(&connector, handle.id()).await
                {
                    *self.prepared.borrow_mut() = self.lane.prepare(prepared.route(), Some(fresh));
                }
                refuse(&error.error)
            }
        }
    }

    fn hand_on(&self, answered: Answered) -> Response<FrontBody> {
        if answered.fresh.is_some() {
            let route = self.prepared.borrow().route().clone();
            let fresh = self.lane.prepare(&route, answered.fresh.clone());
            *self.prepared.borrow_mut() = fresh;
        }
        let mut response = answered.response.map(Either::Left);
        let headers = response.headers_mut();
        headers.insert("x-attempts", u16::from(answered.attempts).into());
        headers.insert("x-renewed", u16::from(answered.renewed).into());
        headers.insert("x-over", u16::from(answered.over).into());
        let unexpected = answered.unexpected.is_some();
        headers.insert("x-unexpected", u16::from(unexpected).into());
        response
    }
}

fn refuse(error: &CallError) -> Response<FrontBody> {
    let mut response = Response::new(Either::Right(Full::new(error.to_string().into())));
    *response.status_mut() = StatusCode::IM_A_TEAPOT;
    let code = error.code().parse().unwrap();
    response.headers_mut().insert("x-code", code);
    if let CallError::StepUpRequired { run: Some(run), .. } = error {
        let headers = response.headers_mut();
        headers.insert("x-run", run.parse().unwrap());
    }
    response
}
