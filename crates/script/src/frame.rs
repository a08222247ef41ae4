//! The frames between parent and child: four bytes of length, then so many bytes, never more than
//! the reader allows.

use std::io::{Error, ErrorKind, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncRead, AsyncReadExt};

/// Reads one frame of at most `limit` bytes.
pub(crate) fn read(input: &mut impl Read, limit: u64) -> Result<Vec<u8>, Error> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = allowed(length, limit)?;
    let mut bytes = Vec::new();
    input.take(length).read_to_end(&mut bytes)?;
    whole(bytes, length)
}

/// Reads one frame of at most `limit` bytes, without blocking the thread.
pub(crate) async fn read_async(
    input: &mut (impl AsyncRead + Unpin),
    limit: u64,
) -> Result<Vec<u8>, Error> {
    let mut length = [0; 4];
    input.read_exact(&mut length).await?;
    let length = allowed(length, limit)?;
    let mut bytes = Vec::new();
    input.take(length).read_to_end(&mut bytes).await?;
    whole(bytes, length)
}

/// Writes one frame.
pub(crate) fn write(output: &mut impl Write, bytes: &[u8]) -> Result<(), Error> {
    output.write_all(&length_of(bytes)?)?;
    output.write_all(bytes)?;
    output.flush()
}

/// The four bytes that go before `bytes`.
pub(crate) fn length_of(bytes: &[u8]) -> Result<[u8; 4], Error> {
    u32::try_from(bytes.len())
        .map(u32::to_be_bytes)
        .map_err(|_| Error::new(ErrorKind::InvalidInput, "a frame of more than 4 GiB"))
}

/// A message as the content of a frame.
pub(crate) fn json(message: &impl Serialize) -> Result<Vec<u8>, Error> {
    serde_json::to_vec(message).map_err(Error::other)
}

/// The message that a frame holds.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(bytes).map_err(Error::other)
}

fn allowed(length: [u8; 4], limit: u64) -> Result<u64, Error> {
    let length = u64::from(u32::from_be_bytes(length));
    if length <= limit {
        Ok(length)
    } else {
        Err(Error::new(
            ErrorKind::InvalidData,
            format!("a frame of {length} bytes where {limit} are allowed"),
        ))
    }
}

fn whole(bytes: Vec<u8>, length: u64) -> Result<Vec<u8>, Error> {
    if bytes.len() as u64 == length {
        Ok(bytes)
    } else {
        Err(ErrorKind::UnexpectedEof.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_back_as_it_was_written() {
        let mut bytes = Vec::new();
        write(&mut bytes, b"hello").unwrap();
        assert_eq!(read(&mut bytes.as_slice(), 5).unwrap(), b"hello");
    }

    #[test]
    fn a_frame_that_is_too_long_or_cut_off_is_refused() {
        let cases: [(&[u8], ErrorKind); 5] = [
            (&[0, 0, 0, 6, 1, 2, 3, 4, 5, 6], ErrorKind::InvalidData),
            (&[0xff, 0xff, 0xff, 0xff], ErrorKind::InvalidData),
            (&[0, 0, 0, 3, 1, 2], ErrorKind::UnexpectedEof),
            (&[0, 0], ErrorKind::UnexpectedEof),
            (&[], ErrorKind::UnexpectedEof),
        ];
        for (bytes, kind) in cases {
            let mut input = bytes;
            assert_eq!(read(&mut input, 5).unwrap_err().kind(), kind, "{bytes:?}");
        }
    }
}
