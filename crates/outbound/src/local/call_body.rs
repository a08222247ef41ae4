//! What a request's body has to be.

use bytes::Bytes;
use http_body::Body;

use crate::error::BoxError;

/// A body that a [`crate::LocalPool`] sends. It need not be `Send`.
pub trait CallBody: Body<Data = Bytes, Error: Into<BoxError>> + Unpin + 'static {}

impl<B: Body<Data = Bytes, Error: Into<BoxError>> + Unpin + 'static> CallBody for B {}
