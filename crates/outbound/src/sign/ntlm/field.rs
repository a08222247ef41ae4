//! Little-endian numbers and UTF-16, as every NTLM message has them.

use super::NtlmError;

/// A number at a place of a message.
pub(super) fn u16_at(message: &[u8], at: usize) -> Option<u16> {
    let bytes = message.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

/// A number at a place of a message.
pub(super) fn u32_at(message: &[u8], at: usize) -> Option<u32> {
    let bytes = message.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

/// What the length and offset at a place of a message point to.
pub(super) fn pointed_to(message: &[u8], at: usize) -> Option<&[u8]> {
    let length = usize::from(u16_at(message, at)?);
    let offset = usize::try_from(u32_at(message, at.checked_add(4)?)?).ok()?;
    message.get(offset..offset.checked_add(length)?)
}

/// A text in UTF-16; `what` names it in an error.
pub(super) fn utf16(text: &str, what: &'static str) -> Result<Vec<u8>, NtlmError> {
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    // A length has 16 bits, and a proof has room for the server's own texts beside ours.
    if bytes.len() > 2048 {
        return Err(NtlmError::TooLong(what));
    }
    Ok(bytes)
}
