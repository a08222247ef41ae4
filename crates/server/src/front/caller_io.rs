//! A caller's connection, which notes when bytes move, looks over the heads of requests as they come in, and says in our
//! words what the parser would refuse with a bare status.

use crate::front::activity::{Activity, Course};
use crate::front::heads::Heads;
use crate::front::refusal::{bare_status, reply, unreadable};
use crate::front::request_id::RequestId;
use http::StatusCode;
use model::Clock;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// So much of what a refused caller still sends is read: closing with something unread would reset the connection, and
/// the refusal with it (RFC 9112 section 9.6).
const UNREAD: usize = 256 * 1024;

/// The connection, with what was read of it to learn which protocol it speaks.
pub(crate) struct CallerIo {
    stream: TcpStream,
    activity: Arc<Activity>,
    begun: Vec<u8>,
    /// What the caller's requests look like; none over HTTP/2, which leaves no doubt.
    heads: Option<Heads>,
    /// For what is told without a request.
    id: RequestId,
    clock: Clock,
    own: Own,
}

/// A reply of this connection's own.
#[derive(Default)]
struct Own {
    bytes: Vec<u8>,
    written: usize,
    /// How much has been read after it.
    unread: usize,
    is_shut: bool,
}

impl CallerIo {
    /// `begun` has been read from the stream and comes first.
    pub(crate) fn new(
        stream: TcpStream,
        activity: Arc<Activity>,
        begun: Vec<u8>,
        is_http2: bool,
        id: RequestId,
        clock: Clock,
    ) -> Self {
        let mut io = Self {
            stream,
            activity,
            begun: Vec::new(),
            heads: (!is_http2).then(Heads::default),
            id,
            clock,
            own: Own::default(),
        };
        if is_http2 {
            io.activity.wait();
        }
        io.look(&begun);
        io.begun = begun;
        io
    }

    fn look(&mut self, bytes: &[u8]) {
        if let Some(heads) = &mut self.heads
            && let Some((request, mark)) = heads.look(bytes)
        {
            self.activity.mark(request, mark);
        }
    }

    /// Reading is to go on in another way.
    fn turn(&mut self, course: Course, context: &mut Context<'_>) -> io::Result<()> {
        let heads = self.heads.take();
        if course != Course::Late {
            return Ok(());
        }
        if heads.is_some() && self.activity.is_settled() {
            let bytes = self.refusal(StatusCode::REQUEST_TIMEOUT);
            // The one write that needs no waiting: nothing else is on its way. Who is gone is not told.
            let _ = Pin::new(&mut self.stream).poll_write(context, &bytes);
        }
        Err(io::ErrorKind::TimedOut.into())
    }

    fn refusal(&self, status: StatusCode) -> Vec<u8> {
        self.activity.refuse(status.as_u16());
        reply(unreadable(status), &self.id, self.clock.now())
    }

    /// Whether what is to be written is the parser's own refusal, in whose place ours goes.
    fn is_refusal(&mut self, bytes: &[u8]) -> bool {
        if self.own.bytes.is_empty() {
            let Some(status) = bare_status(bytes).filter(|_| self.heads.is_some()) else {
                return false;
            };
            self.own.bytes = self.refusal(status);
        }
        true
    }

    /// Writes our own refusal; then `instead` bytes count as written.
    fn poll_refuse(
        &mut self,
        context: &mut Context<'_>,
        instead: usize,
    ) -> Poll<io::Result<usize>> {
        while let Some(rest) = self
            .own
            .bytes
            .get(self.own.written..)
            .filter(|rest| !rest.is_empty())
        {
            let count = ready!(Pin::new(&mut self.stream).poll_write(context, rest))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.own.written += count;
        }
        Poll::Ready(Ok(instead))
    }

    /// Reads what a refused caller still sends, up to a bound; how long that may take is for the tick to say.
    fn poll_unread(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let mut scratch = [0; 4096];
        while self.own.unread < UNREAD && self.activity.course() != Course::Late {
            let mut buffer = ReadBuf::new(&mut scratch);
            let read = ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer));
            if read.is_err() || buffer.filled().is_empty() {
                break;
            }
            self.own.unread += buffer.filled().len();
        }
        Poll::Ready(())
    }
}

impl AsyncRead for CallerIo {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        let course = this.activity.course();
        if course != Course::Requests {
            this.turn(course, context)?;
        }
        if !this.begun.is_empty() {
            let count = this.begun.len().min(buffer.remaining());
            buffer.put_slice(&this.begun[..count]);
            this.begun.drain(..count);
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            // Frames of HTTP/2 are no request yet: without one, the connection counts as idle.
            if this.heads.is_some() {
                this.activity.received();
            }
            this.look(&buffer.filled()[before..]);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for CallerIo {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        let outcome = if this.activity.is_settled() && this.is_refusal(bytes) {
            this.poll_refuse(context, bytes.len())
        } else {
            Pin::new(&mut this.stream).poll_write(context, bytes)
        };
        this.activity.written(outcome.is_ready());
        outcome
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        let first = bytes.first().map_or(&[][..], |first| first);
        let outcome = if this.activity.is_settled() && this.is_refusal(first) {
            let length = bytes.iter().map(|piece| piece.len()).sum();
            this.poll_refuse(context, length)
        } else {
            Pin::new(&mut this.stream).poll_write_vectored(context, bytes)
        };
        this.activity.written(outcome.is_ready());
        outcome
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        // Asked for once nothing is left to be written.
        self.activity.flushed();
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if !this.activity.lingers() {
            return Pin::new(&mut this.stream).poll_shutdown(context);
        }
        if !this.own.is_shut {
            ready!(Pin::new(&mut this.stream).poll_shutdown(context))?;
            this.own.is_shut = true;
            // From now on it counts as a caller who is slow to send.
            this.activity.received();
        }
        this.poll_unread(context).map(Ok)
    }
}
