//! The first message: what is spoken here (MS-NLMP 2.2.1.1).

use super::SIGNATURE;
use super::flags::OURS;

/// Shown to those who trace the traffic and read by nobody: Windows 10, NTLM revision 15
/// (MS-NLMP 2.2.2.10).
pub(super) const VERSION: [u8; 8] = [10, 0, 0x63, 0x45, 0, 0, 0, 15];

/// NEGOTIATE_MESSAGE. Neither domain nor workstation is told before the server has spoken.
pub(crate) fn negotiate() -> Vec<u8> {
    let mut message = Vec::with_capacity(40);
    message.extend_from_slice(SIGNATURE);
    message.extend_from_slice(&1_u32.to_le_bytes());
    message.extend_from_slice(&OURS.to_le_bytes());
    for _ in ["domain", "workstation"] {
        message.extend_from_slice(&[0; 8]);
    }
    message.extend_from_slice(&VERSION);
    message
}

#[cfg(test)]
mod tests {
    use super::negotiate;

    #[test]
    fn the_first_message_asks_for_nothing_older_than_version_2() {
        let message = negotiate();
        assert_eq!(
            hex::encode(&message[..16]),
            "4e544c4d535350000100000015828862"
        );
        assert_eq!(message.len(), 40);
        let lm_key = 0x80;
        assert_eq!(message[12] & lm_key, 0);
    }
}
