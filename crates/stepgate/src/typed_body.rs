//! A call's body as it was typed: text, `@file` or `-`. A large file is streamed, and read again for a second sending.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use gateway::{BODY_LIMIT, CallBody};
use http_body_util::BodyExt;
use hyper::body::{Body, Frame, SizeHint};

use crate::ending::Complaint;

/// How much of a file is read at a time.
const CHUNK: usize = 64 * 1024;

/// A body that can be made as often as the call is.
pub(crate) enum TypedBody {
    Whole(Bytes),
    Large(Arc<File>, u64),
}

impl TypedBody {
    /// Text, `@file`, or `-` for stdin.
    pub(crate) fn read(data: &str) -> Result<Self, Complaint> {
        let unreadable = |name: &str| {
            let name = name.to_owned();
            move |error: io::Error| {
                let message = format!("cannot read the body from {name}: {error}");
                Complaint::usage("unreadable", message)
            }
        };
        let mut bytes = Vec::new();
        match data.strip_prefix('@') {
            Some(path) => {
                let mut file = File::open(path).map_err(unreadable(path))?;
                let found = file.metadata().map_err(unreadable(path))?;
                if found.is_file() && found.len() > BODY_LIMIT as u64 {
                    return Ok(TypedBody::Large(Arc::new(file), found.len()));
                }
                file.read_to_end(&mut bytes).map_err(unreadable(path))?;
            }
            None if data == "-" => {
                let mut input = io::stdin().lock();
                input.read_to_end(&mut bytes).map_err(unreadable("stdin"))?;
            }
            None => bytes.extend_from_slice(data.as_bytes()),
        }
        Ok(TypedBody::Whole(Bytes::from(bytes)))
    }

    pub(crate) fn call_body(&self) -> CallBody {
        match self {
            TypedBody::Whole(bytes) if bytes.is_empty() => CallBody::Empty,
            TypedBody::Whole(bytes) => CallBody::Bytes(bytes.clone()),
            TypedBody::Large(file, length) => {
                let streamed = FileBody {
                    file: file.clone(),
                    at: 0,
                    length: *length,
                };
                CallBody::Stream(streamed.map_err(Into::into).boxed())
            }
        }
    }
}

/// A file's bytes as they are sent, at most as many as it had when it was opened.
struct FileBody {
    file: Arc<File>,
    at: u64,
    length: u64,
}

impl Body for FileBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let left = self.length - self.at;
        if left == 0 {
            return Poll::Ready(None);
        }
        let mut chunk = vec![0; usize::try_from(left).unwrap_or(CHUNK).min(CHUNK)];
        let read = match self.file.read_at(&mut chunk, self.at) {
            Ok(0) => Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the file became shorter while it was sent",
            )),
            read => read,
        };
        Poll::Ready(Some(read.map(|read| {
            chunk.truncate(read);
            self.at += read as u64;
            Frame::data(Bytes::from(chunk))
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.at == self.length
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length - self.at)
    }
}
