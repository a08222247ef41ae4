//! A reply's body that was read to its end to judge it, with the trailers that came behind it.

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Frame, SizeHint};

/// The body.
pub(crate) struct WholeBody {
    bytes: Bytes,
    trailers: Option<HeaderMap>,
}

impl WholeBody {
    pub(crate) fn new(bytes: Bytes, trailers: Option<HeaderMap>) -> Self {
        Self { bytes, trailers }
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// The next piece of it.
    pub(crate) fn next(&mut self) -> Option<Frame<Bytes>> {
        let bytes = std::mem::take(&mut self.bytes);
        match bytes.is_empty() {
            true => self.trailers.take().map(Frame::trailers),
            false => Some(Frame::data(bytes)),
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.bytes.is_empty() && self.trailers.is_none()
    }

    /// A body of a known length has no room for trailers.
    pub(crate) fn size_hint(&self) -> SizeHint {
        match &self.trailers {
            Some(_) => SizeHint::default(),
            None => SizeHint::with_exact(self.bytes.len() as u64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::WholeBody;
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue};

    #[test]
    fn trailers_come_behind_the_bytes() {
        let mut trailers = HeaderMap::new();
        trailers.insert("x-sum", HeaderValue::from_static("7"));
        let bytes = Bytes::from_static(b"ok");
        let mut alone = WholeBody::new(bytes.clone(), None);
        assert_eq!(alone.size_hint().exact(), Some(2));
        assert!(alone.next().unwrap().is_data());
        assert!(alone.is_over() && alone.next().is_none());
        let mut both = WholeBody::new(bytes, Some(trailers));
        assert_eq!(both.size_hint().exact(), None);
        assert!(both.next().unwrap().is_data());
        assert!(!both.is_over());
        assert!(both.next().unwrap().is_trailers());
        assert!(both.is_over() && both.next().is_none());
    }
}
