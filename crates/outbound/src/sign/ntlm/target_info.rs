//! What a server says of itself, and what the client adds before it proves the password over it
//! (MS-NLMP 2.2.2.1).

use super::NtlmError;
use super::field::u16_at;

const END: u16 = 0;
const FLAGS: u16 = 6;
const TIMESTAMP: u16 = 7;
const TARGET_NAME: u16 = 9;
const CHANNEL_BINDINGS: u16 = 10;
/// Of `FLAGS`: the third message holds a MIC.
const HAS_MIC: u32 = 2;

/// AV_PAIR structures, in the server's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct TargetInfo(Vec<(u16, Vec<u8>)>);

impl TargetInfo {
    /// Reads a list that has to have its end.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, NtlmError> {
        let mut pairs = Vec::new();
        let mut at = 0;
        loop {
            let cut = || NtlmError::Unreadable("its target info is cut off");
            let id = u16_at(bytes, at).ok_or_else(cut)?;
            let length = usize::from(u16_at(bytes, at + 2).ok_or_else(cut)?);
            let value = bytes.get(at + 4..at + 4 + length).ok_or_else(cut)?;
            if id == END {
                return Ok(Self(pairs));
            }
            pairs.push((id, value.to_vec()));
            at += 4 + length;
        }
    }

    /// Whether the server says nothing of itself.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The server's clock, as FILETIME. Who has one understands a MIC.
    pub(super) fn timestamp(&self) -> Option<[u8; 8]> {
        self.get(TIMESTAMP)?.try_into().ok()
    }

    /// Says that a MIC follows, so that nobody can take it off unnoticed.
    pub(super) fn promise_mic(&mut self) {
        let flags = self.get(FLAGS).and_then(|value| value.try_into().ok());
        let flags = flags.map_or(0, u32::from_le_bytes) | HAS_MIC;
        self.set(FLAGS, flags.to_le_bytes().to_vec());
    }

    /// Names the service that is meant and the channel it is reached by; zeros: by none that
    /// has a name.
    pub(super) fn bind(&mut self, channel: Option<[u8; 16]>, service: Vec<u8>) {
        let channel = channel.unwrap_or_default().to_vec();
        self.set(CHANNEL_BINDINGS, channel);
        self.set(TARGET_NAME, service);
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let end = (END, Vec::new());
        for (id, value) in self.0.iter().chain([&end]) {
            let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
            bytes.extend_from_slice(&id.to_le_bytes());
            bytes.extend_from_slice(&length.to_le_bytes());
            bytes.extend_from_slice(value);
        }
        bytes
    }

    fn get(&self, id: u16) -> Option<&[u8]> {
        let pair = self.0.iter().find(|(found, _)| *found == id)?;
        Some(&pair.1)
    }

    /// Puts ours in the place of whatever the server had there.
    fn set(&mut self, id: u16, value: Vec<u8>) {
        self.0.retain(|(found, _)| *found != id);
        self.0.push((id, value));
    }
}

#[cfg(test)]
mod tests {
    use super::{NtlmError, TargetInfo};

    #[test]
    fn what_the_server_says_of_our_own_fields_does_not_count() {
        let theirs = hex::decode(
            "06000400010000000a001000ffffffffffffffffffffffffffffffff090002004100\
             0900020042000200040041004200 00000000"
                .replace(' ', ""),
        )
        .expect("hex");
        let mut info = TargetInfo::parse(&theirs).expect("a target info");
        info.promise_mic();
        info.bind(Some([0xcc; 16]), b"H\0".to_vec());
        let expected = "0200040041004200\
            0600040003000000\
            0a001000cccccccccccccccccccccccccccccccc\
            090002004800\
            00000000";
        assert_eq!(hex::encode(info.to_bytes()), expected);
    }

    #[test]
    fn a_list_without_its_end_is_refused() {
        for bytes in ["", "00", "000000", "0100", "01000400aa", "010000000700"] {
            let bytes = hex::decode(bytes).expect("hex");
            let refused = TargetInfo::parse(&bytes);
            assert!(matches!(refused, Err(NtlmError::Unreadable(_))));
        }
    }
}
