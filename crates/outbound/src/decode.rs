//! Undoing `Content-Encoding`, with a bound on what comes out: a small reply may decode to a
//! very large one.

use std::io::Read;

use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use http::HeaderMap;
use http::header::CONTENT_ENCODING;

use crate::error::OutboundError;

/// Nobody encodes more often than this in good faith.
const MOST_CODINGS: usize = 3;

/// A body as it was before `Content-Encoding` (gzip, deflate, br) was applied. It is at most
/// `limit` bytes, or [`OutboundError::BodyTooLarge`].
pub fn decode(headers: &HeaderMap, body: &[u8], limit: usize) -> Result<Bytes, OutboundError> {
    let mut current = Bytes::copy_from_slice(body);
    if current.len() > limit {
        return Err(OutboundError::BodyTooLarge { limit });
    }
    let codings = codings(headers);
    // A reply to HEAD, or a 304, names a coding and has nothing to decode.
    if current.is_empty() {
        return Ok(current);
    }
    if codings.len() > MOST_CODINGS {
        return Err(OutboundError::Encoding {
            coding: codings.join(", "),
            problem: "it is encoded too many times".to_owned(),
        });
    }
    for coding in codings.iter().rev() {
        let decoded = match coding.as_str() {
            "gzip" | "x-gzip" => bounded(MultiGzDecoder::new(&*current), limit),
            "deflate" if is_zlib(&current) => bounded(ZlibDecoder::new(&*current), limit),
            "deflate" => bounded(DeflateDecoder::new(&*current), limit),
            "br" => bounded(brotli::Decompressor::new(&*current, 4096), limit),
            _ => {
                return Err(OutboundError::Encoding {
                    coding: coding.clone(),
                    problem: "only gzip, deflate and br are understood".to_owned(),
                });
            }
        };
        current = match decoded {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Err(OutboundError::BodyTooLarge { limit }),
            Err(error) => {
                return Err(OutboundError::Encoding {
                    coding: coding.clone(),
                    problem: error.to_string(),
                });
            }
        };
    }
    Ok(current)
}

/// In the order in which they were applied.
fn codings(headers: &HeaderMap) -> Vec<String> {
    headers
        .get_all(CONTENT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|coding| coding.trim().to_ascii_lowercase())
        .filter(|coding| !coding.is_empty() && coding != "identity")
        .collect()
}

/// `None` where more than `limit` bytes would come out.
fn bounded(decoder: impl Read, limit: usize) -> std::io::Result<Option<Bytes>> {
    let mut out = Vec::new();
    decoder.take(limit as u64 + 1).read_to_end(&mut out)?;
    Ok((out.len() <= limit).then(|| Bytes::from(out)))
}

/// RFC 9110 means zlib by `deflate`; some servers send the bare stream.
fn is_zlib(body: &[u8]) -> bool {
    match body {
        [first, second, ..] => {
            first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0
        }
        _ => false,
    }
}
