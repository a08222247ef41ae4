//! One connection: which protocol it speaks, and its requests until it ends or is asked to.

use crate::front::activity::Activity;
use crate::front::caller_io::CallerIo;
use crate::front::thread::Front;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::cell::{Cell, RefCell};
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

/// What an HTTP/2 connection with prior knowledge begins with (RFC 9113 section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Requests that one HTTP/2 connection may have under way.
const STREAMS: u32 = 256;

/// Asks a connection to end after what it is doing.
#[derive(Default)]
pub(crate) struct Ending {
    asked: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Ending {
    /// Asks. False where nothing has been served on the connection yet, and nobody listens.
    pub(crate) fn ask(&self) -> bool {
        self.asked.set(true);
        self.wake()
    }

    /// Has the connection looked at. False where nobody listens.
    pub(crate) fn wake(&self) -> bool {
        match &*self.waker.borrow() {
            Some(waker) => {
                waker.wake_by_ref();
                true
            }
            None => false,
        }
    }
}

/// Serves a connection to its end.
pub(crate) async fn serve(
    front: Rc<Front>,
    mut stream: TcpStream,
    peer: SocketAddr,
    activity: Arc<Activity>,
    ending: Rc<Ending>,
) {
    let Some((begun, is_http2)) = begin(&mut stream, &activity).await else {
        return;
    };
    let (id, clock) = (front.ids.next(), front.state.clock.clone());
    let io = CallerIo::new(stream, activity.clone(), begun, is_http2, id, clock);
    let io = TokioIo::new(io);
    let (serving, served) = (front.clone(), activity.clone());
    let service = service_fn(move |request| {
        let (front, activity) = (serving.clone(), served.clone());
        async move { Ok::<_, Infallible>(front.answer(request, peer, &activity).await) }
    });
    // How a connection ends is the caller's affair; what became of each call has been counted.
    if is_http2 {
        let connection = front.http2().serve_connection(io, service);
        let _ = UntilAsked { connection, ending }.await;
    } else {
        let connection = front.http1().serve_connection(io, service).with_upgrades();
        let _ = UntilAsked { connection, ending }.await;
    }
    front.count_refusal(&activity);
}

/// The two ways of serving.
pub(crate) fn builders(header_bytes: usize) -> (http1::Builder, http2::Builder<LocalTasks>) {
    let mut http1 = http1::Builder::new();
    // The tick ends connections that are too slow.
    http1.header_read_timeout(None).max_buf_size(header_bytes);
    let mut http2 = http2::Builder::new(LocalTasks);
    http2
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(u32::try_from(header_bytes).unwrap_or(u32::MAX));
    (http1, http2)
}

/// Runs the streams of an HTTP/2 connection on its own thread.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LocalTasks;

impl<F: Future + 'static> hyper::rt::Executor<F> for LocalTasks
where
    F::Output: 'static,
{
    fn execute(&self, future: F) {
        tokio::task::spawn_local(future);
    }
}

/// Reads as much as tells the protocol.
async fn begin(stream: &mut TcpStream, activity: &Activity) -> Option<(Vec<u8>, bool)> {
    let mut begun = Vec::new();
    let mut buffer = [0; PREFACE.len()];
    loop {
        let wanted = PREFACE.len() - begun.len();
        match stream.read(&mut buffer[..wanted]).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => begun.extend_from_slice(&buffer[..count]),
        }
        activity.received();
        if !PREFACE.starts_with(&begun) {
            return Some((begun, false));
        }
        if begun.len() == PREFACE.len() {
            return Some((begun, true));
        }
    }
}

/// A connection that can be asked to end after what it is doing.
struct UntilAsked<C> {
    connection: C,
    ending: Rc<Ending>,
}

trait Finish: Future {
    fn finish(self: Pin<&mut Self>);
}

impl<S> Finish for http1::UpgradeableConnection<TokioIo<CallerIo>, S>
where
    Self: Future,
    S: hyper::service::HttpService<hyper::body::Incoming>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    S::ResBody: http_body::Body + 'static,
    <S::ResBody as http_body::Body>::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    fn finish(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

impl<S> Finish for http2::Connection<TokioIo<CallerIo>, S, LocalTasks>
where
    Self: Future,
    S: hyper::service::HttpService<hyper::body::Incoming>,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    S::ResBody: http_body::Body + 'static,
    <S::ResBody as http_body::Body>::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    LocalTasks: hyper::rt::bounds::Http2ServerConnExec<S::Future, S::ResBody>,
{
    fn finish(self: Pin<&mut Self>) {
        self.graceful_shutdown();
    }
}

impl<C: Finish + Unpin> Future for UntilAsked<C> {
    type Output = C::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<C::Output> {
        if self.ending.asked.get() {
            Pin::new(&mut self.connection).finish();
        } else {
            let mut waker = self.ending.waker.borrow_mut();
            match &mut *waker {
                Some(waker) => waker.clone_from(context.waker()),
                None => *waker = Some(context.waker().clone()),
            }
        }
        Pin::new(&mut self.connection).poll(context)
    }
}
