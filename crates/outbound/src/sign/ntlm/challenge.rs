//! The server's message (MS-NLMP 2.2.1.2). It comes from the network, so nothing in it is trusted.

use super::field::{pointed_to, u32_at};
use super::flags::{NTLM, TARGET_INFO, UNICODE};
use super::target_info::TargetInfo;
use super::{NtlmError, SIGNATURE};

/// Longer than any that a server makes.
const LONGEST: usize = 16 * 1024;

/// CHALLENGE_MESSAGE, as far as it matters.
#[derive(Debug)]
pub(super) struct Challenge {
    pub(super) flags: u32,
    pub(super) nonce: [u8; 8],
    pub(super) target_info: TargetInfo,
}

impl Challenge {
    /// Reads one, and refuses what NTLMv2 cannot answer.
    pub(super) fn parse(message: &[u8]) -> Result<Self, NtlmError> {
        let cut = || NtlmError::Unreadable("it is cut off");
        if message.len() > LONGEST {
            return Err(NtlmError::Unreadable("it is too long"));
        }
        if !message.starts_with(SIGNATURE) {
            return Err(NtlmError::Unreadable("it does not begin with NTLMSSP"));
        }
        if u32_at(message, 8).ok_or_else(cut)? != 2 {
            return Err(NtlmError::Unreadable("it is not the second message"));
        }
        let flags = u32_at(message, 20).ok_or_else(cut)?;
        let nonce = message.get(24..32).and_then(|bytes| bytes.try_into().ok());
        let nonce = nonce.ok_or_else(cut)?;
        if flags & NTLM == 0 {
            return Err(NtlmError::NotVersion2("it speaks LM alone"));
        }
        if flags & UNICODE == 0 {
            return Err(NtlmError::NotVersion2("it knows no Unicode"));
        }
        let nameless = NtlmError::NotVersion2("its challenge names no target");
        if flags & TARGET_INFO == 0 {
            return Err(nameless);
        }
        let target_info = pointed_to(message, 40).ok_or_else(cut)?;
        if target_info.is_empty() {
            return Err(nameless);
        }
        let target_info = TargetInfo::parse(target_info)?;
        if target_info.is_empty() {
            return Err(nameless);
        }
        Ok(Self {
            flags,
            nonce,
            target_info,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Challenge, NtlmError};

    /// MS-NLMP 4.2.4.3.
    const VECTOR: &str = "4e544c4d53535000020000000c000c003800000033828ae20123456789abcdef\
        00000000000000002400240044000000060070170000000f53006500720076006500720002000c00\
        44006f006d00610069006e0001000c0053006500720076006500720000000000";

    fn vector() -> Vec<u8> {
        hex::decode(VECTOR).expect("hex")
    }

    fn parse_with(change: impl Fn(&mut Vec<u8>)) -> Result<Challenge, NtlmError> {
        let mut message = vector();
        change(&mut message);
        Challenge::parse(&message)
    }

    #[test]
    fn the_published_message_is_read() {
        let read = Challenge::parse(&vector()).expect("a challenge");
        assert_eq!(read.flags, 0xe28a_8233);
        assert_eq!(hex::encode(read.nonce), "0123456789abcdef");
        assert_eq!(read.target_info.to_bytes(), vector()[0x44..]);
        assert_eq!(read.target_info.timestamp(), None);
    }

    #[test]
    fn attack_40_a_server_without_version_2_is_refused() {
        let clear = |at: usize, bit: u8| move |message: &mut Vec<u8>| message[at] &= !bit;
        let refusals = [
            parse_with(clear(22, 0x80)),
            parse_with(clear(21, 0x02)),
            parse_with(clear(20, 0x01)),
            // A target info of no bytes, and one that has only its end.
            parse_with(|message| message[40..42].fill(0)),
            parse_with(|message| {
                message[40] = 4;
                message[44] = 0x64;
            }),
        ];
        for refused in refusals {
            let refused = refused.expect_err("refused");
            assert!(matches!(refused, NtlmError::NotVersion2(_)), "{refused}");
            assert!(
                refused
                    .to_string()
                    .contains("NTLMv1 and LM give passwords away")
            );
        }
    }

    #[test]
    fn a_message_cut_anywhere_is_refused() {
        for length in 0..vector().len() {
            let read = Challenge::parse(&vector()[..length]);
            assert!(matches!(read, Err(NtlmError::Unreadable(_))), "{length}");
        }
        for change in [
            |message: &mut Vec<u8>| message[0] = b'n',
            |message: &mut Vec<u8>| message[8] = 3,
            |message: &mut Vec<u8>| message[44..48].fill(0xff),
            |message: &mut Vec<u8>| message.resize(20_000, 0),
        ] {
            let read = parse_with(change);
            assert!(matches!(read, Err(NtlmError::Unreadable(_))));
        }
    }

    proptest! {
        #[test]
        fn no_bytes_break_the_reader(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Challenge::parse(&bytes);
        }

        #[test]
        fn no_change_of_a_good_message_breaks_the_reader(
            changes in proptest::collection::vec((0_usize..104, any::<u8>()), 1..8),
        ) {
            let read = parse_with(|message| {
                for (at, byte) in &changes {
                    message[*at] = *byte;
                }
            });
            if let Ok(read) = read {
                prop_assert!(!read.target_info.is_empty());
            }
        }
    }
}
