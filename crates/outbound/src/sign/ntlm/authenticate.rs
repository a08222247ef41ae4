//! The third message: proof of the password, bound to this server, channel and handshake
//! (MS-NLMP 2.2.1.3 and 3.1.5.1.2).

use std::time::{SystemTime, UNIX_EPOCH};

use super::challenge::Challenge;
use super::field::utf16;
use super::flags::{KEY_EXCHANGE, OURS, SIGN};
use super::keys::{Key, Proven, encrypt_key, hmac_md5, ntowf_v2};
use super::negotiate::VERSION;
use super::{Account, NtlmError, SIGNATURE};

/// Where the MIC stands, in messages that have one.
const MIC: std::ops::Range<usize> = 72..88;
/// Seconds from 1601 to 1970.
const EPOCH: u64 = 11_644_473_600;

/// What a proof depends on beside account and challenge.
pub(crate) struct Circumstances<'a> {
    /// The service that is meant, such as `HTTP/intranet.example`.
    pub(crate) service: &'a str,
    /// The channel's binding; none without TLS.
    pub(crate) channel: Option<[u8; 16]>,
    pub(crate) now: SystemTime,
    /// Random.
    pub(crate) client_nonce: [u8; 8],
    /// Random, and secret.
    pub(crate) session_key: Key,
}

/// AUTHENTICATE_MESSAGE, in answer to `challenge`, which came in answer to `negotiate`.
///
/// # Errors
/// A challenge that cannot be read or that NTLMv2 cannot answer, or an account too long.
pub(crate) fn authenticate(
    account: &Account,
    negotiate: &[u8],
    challenge: &[u8],
    circumstances: &Circumstances<'_>,
) -> Result<Vec<u8>, NtlmError> {
    let read = Challenge::parse(challenge)?;
    let mut target_info = read.target_info;
    let server_time = target_info.timestamp();
    if server_time.is_some() {
        target_info.promise_mic();
    }
    let service = utf16(circumstances.service, "host name")?;
    target_info.bind(circumstances.channel, service);
    let target_info = target_info.to_bytes();
    let proven = Proven {
        server_nonce: read.nonce,
        client_nonce: circumstances.client_nonce,
        time: server_time.unwrap_or_else(|| file_time(circumstances.now)),
        target_info: &target_info,
    };
    let key = ntowf_v2(account.password(), &account.username, &account.domain)?;
    let (nt_response, base_key) = proven.nt_response(&key);
    let lm_response = match server_time {
        Some(_) => [0; 24],
        None => proven.lm_response(&key),
    };
    let flags = OURS & read.flags;
    let exchanges = flags & KEY_EXCHANGE != 0 && flags & SIGN != 0;
    let encrypted = exchanges.then(|| encrypt_key(&base_key, &circumstances.session_key));
    let parts = Parts {
        lm_response: &lm_response,
        nt_response: &nt_response,
        domain: &utf16(&account.domain, "domain")?,
        username: &utf16(&account.username, "user name")?,
        workstation: &utf16(&account.workstation, "workstation")?,
        session_key: encrypted.as_ref().map_or(&[], |key| &key[..]),
        flags,
        version: VERSION,
    };
    let mut message = parts.message(server_time.is_some());
    if server_time.is_some() {
        let session_key = if exchanges {
            &circumstances.session_key
        } else {
            &base_key
        };
        let mic = hmac_md5(session_key, &[negotiate, challenge, &message]);
        message[MIC].copy_from_slice(&mic);
    }
    Ok(message)
}

/// What stands in the message.
struct Parts<'a> {
    lm_response: &'a [u8],
    nt_response: &'a [u8],
    domain: &'a [u8],
    username: &'a [u8],
    workstation: &'a [u8],
    session_key: &'a [u8],
    flags: u32,
    version: [u8; 8],
}

impl Parts<'_> {
    /// The message, with zeros where the MIC will be if there is to be one.
    fn message(&self, has_mic: bool) -> Vec<u8> {
        let begins = if has_mic { MIC.end } else { MIC.start };
        // As they follow one another in what Windows sends.
        let mut payload = Vec::new();
        let mut place = |part: &[u8]| {
            let length = u16::try_from(part.len()).unwrap_or(u16::MAX).to_le_bytes();
            let offset = u32::try_from(begins + payload.len()).unwrap_or(u32::MAX);
            payload.extend_from_slice(part);
            [&length[..], &length, &offset.to_le_bytes()].concat()
        };
        let domain = place(self.domain);
        let username = place(self.username);
        let workstation = place(self.workstation);
        let lm_response = place(self.lm_response);
        let nt_response = place(self.nt_response);
        let session_key = place(self.session_key);
        let mut message = SIGNATURE.to_vec();
        message.extend_from_slice(&3_u32.to_le_bytes());
        for field in [
            lm_response,
            nt_response,
            domain,
            username,
            workstation,
            session_key,
        ] {
            message.extend_from_slice(&field);
        }
        message.extend_from_slice(&self.flags.to_le_bytes());
        message.extend_from_slice(&self.version);
        message.resize(begins, 0);
        message.extend_from_slice(&payload);
        message
    }
}

/// A moment as Windows counts: steps of 100 ns since 1601.
fn file_time(now: SystemTime) -> [u8; 8] {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = since.as_secs().saturating_add(EPOCH);
    let steps = seconds.saturating_mul(10_000_000) + u64::from(since.subsec_nanos() / 100);
    steps.to_le_bytes()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use secret::SecretString;

    use super::super::keys::{Key, Proven, encrypt_key, hmac_md5, ntowf_v2};
    use super::super::negotiate::negotiate;
    use super::{Account, Circumstances, MIC, Parts, authenticate, file_time};

    const TARGET_INFO: &str = "02000c0044006f006d00610069006e0001000c00530065007200760065007200";

    fn bytes(hex: &str) -> Vec<u8> {
        hex::decode(hex).expect("hex")
    }

    /// A challenge with the flags and the target info given, else that of MS-NLMP 4.2.4.3.
    fn challenge(flags: u32, target_info: &str) -> Vec<u8> {
        let target_info = bytes(target_info);
        let length = u16::try_from(target_info.len()).expect("short");
        let mut message = bytes("4e544c4d53535000020000000c000c0038000000");
        message.extend_from_slice(&flags.to_le_bytes());
        message.extend_from_slice(&bytes("0123456789abcdef0000000000000000"));
        message.extend_from_slice(&length.to_le_bytes());
        message.extend_from_slice(&length.to_le_bytes());
        message.extend_from_slice(&bytes("44000000060070170000000f530065007200760065007200"));
        message.extend_from_slice(&target_info);
        message
    }

    fn answer(challenge: &[u8]) -> Vec<u8> {
        let password = SecretString::new("Password".to_owned());
        let account = Account::new("User", password, Some("Domain"), Some("COMPUTER"));
        let circumstances = Circumstances {
            service: "HTTP/Server",
            channel: Some(hex_array("6586e99d81c2fc984e47172fd4dd0310")),
            now: UNIX_EPOCH + Duration::from_secs(1_495_570_387),
            client_nonce: [0xaa; 8],
            session_key: Key::new([0x55; 16]),
        };
        authenticate(&account, &negotiate(), challenge, &circumstances).expect("an answer")
    }

    fn hex_array<const N: usize>(text: &str) -> [u8; N] {
        bytes(text).try_into().expect("the length")
    }

    fn u32_at(message: &[u8], at: usize) -> usize {
        let number: [u8; 4] = message[at..at + 4].try_into().expect("four bytes");
        u32::from_le_bytes(number) as usize
    }

    /// The nt response of a message.
    fn nt_response(message: &[u8]) -> &[u8] {
        let length = usize::from(message[20]) + 256 * usize::from(message[21]);
        &message[u32_at(message, 24)..][..length]
    }

    /// MS-NLMP 4.2.4.3, to the last byte.
    #[test]
    fn the_message_is_the_one_published() {
        let target_info = bytes(&format!("{TARGET_INFO}00000000"));
        let key = ntowf_v2("Password", "User", "Domain").expect("a key");
        let proven = Proven {
            server_nonce: hex_array("0123456789abcdef"),
            client_nonce: [0xaa; 8],
            time: [0; 8],
            target_info: &target_info,
        };
        let (nt_response, base_key) = proven.nt_response(&key);
        let utf16 = |text: &str| super::utf16(text, "text").expect("short");
        let parts = Parts {
            lm_response: &proven.lm_response(&key),
            nt_response: &nt_response,
            domain: &utf16("Domain"),
            username: &utf16("User"),
            workstation: &utf16("COMPUTER"),
            session_key: &encrypt_key(&base_key, &Key::new([0x55; 16])),
            flags: 0xe288_8235,
            version: hex_array("0501280a0000000f"),
        };
        let expected = "4e544c4d535350000300000018001800\
            6c00000054005400840000000c000c00\
            48000000080008005400000010001000\
            5c00000010001000d8000000358288e2\
            0501280a0000000f44006f006d006100\
            69006e00550073006500720043004f00\
            4d005000550054004500520086c35097\
            ac9cec102554764a57cccc19aaaaaaaa\
            aaaaaaaa68cd0ab851e51c96aabc927b\
            ebef6a1c010100000000000000000000\
            00000000aaaaaaaaaaaaaaaa00000000\
            02000c0044006f006d00610069006e00\
            01000c00530065007200760065007200\
            0000000000000000c5dad2544fc97990\
            94ce1ce90bc9d03e";
        assert_eq!(hex::encode(parts.message(false)), expected);
    }

    #[test]
    fn a_server_without_a_clock_gets_no_mic() {
        let message = answer(&challenge(0xe28a_8233, &format!("{TARGET_INFO}00000000")));
        assert_eq!(
            u32_at(&message, 32),
            MIC.start,
            "the payload begins at once"
        );
        let response = nt_response(&message);
        assert_eq!(
            hex::encode(&response[24..32]),
            hex::encode(file_time_of_2017())
        );
        let lm = u32_at(&message, 16);
        assert_ne!(message[lm..lm + 24], [0; 24]);
        assert!(!hex::encode(response).contains("06000400"));
    }

    #[test]
    fn attack_40_a_server_with_a_clock_gets_a_mic_and_the_channel() {
        let time = "0090d336b734c301";
        let info = format!("{TARGET_INFO}07000800{time}00000000");
        // With a session key of the client's own, and without one.
        for (flags, exchanges) in [(0xe28a_8233_u32, true), (0xa28a_8233, false)] {
            let challenge = challenge(flags, &info);
            let mut message = answer(&challenge);
            let response = nt_response(&message);
            assert_eq!(hex::encode(&response[24..32]), time);
            let added = "0600040002000000\
                0a0010006586e99d81c2fc984e47172fd4dd0310\
                09001600480054005400500\
                02f0053006500720076006500720000000000";
            assert!(hex::encode(response).contains(added));
            let lm = u32_at(&message, 16);
            assert_eq!(message[lm..lm + 24], [0; 24]);
            let key = ntowf_v2("Password", "User", "Domain").expect("a key");
            let base_key = hmac_md5(&key, &[&response[..16]]);
            let session_key = if exchanges { [0x55; 16] } else { base_key };
            let mic: [u8; 16] = message[MIC].try_into().expect("16 bytes");
            message[MIC].fill(0);
            let expected = hmac_md5(&session_key, &[&negotiate(), &challenge, &message]);
            assert_eq!(mic, expected);
        }
    }

    /// A whole handshake as Chromium's tests have it: MIC, channel binding and service name over
    /// the challenge of MS-NLMP 4.2.4.3.
    #[test]
    fn the_mic_is_the_one_another_client_makes() {
        let negotiate = bytes("4e544c4d53535000010000000782080000000000200000000000000020000000");
        let challenge = challenge(0xe28a_8233, &format!("{TARGET_INFO}00000000"));
        let mut message = bytes(
            "4e544c4d535350000300000018001800580000008a008a00700000000c000c00fa0000000800080006010000\
             100010000e0100000000000058000000038208000000000000000000f7361633f0ad9bdf4a7c421bc6b824a3\
             0000000000000000000000000000000000000000000000008c0260dbef690662af9c42d50782d2ed01010000\
             00000000800bc8fd00d4d201aaaaaaaaaaaaaaaa0000000002000c0044006f006d00610069006e0001000c00\
             53006500720076006500720006000400020000000a0010006586e99d81c2fc984e47172fd4dd031009001600\
             48005400540050002f00530065007200760065007200000000000000000044006f006d00610069006e005500\
             73006500720043004f004d0050005500540045005200",
        );
        let mic = hex::encode(&message[MIC]);
        message[MIC].fill(0);
        let theirs = nt_response(&message).to_vec();
        let key = ntowf_v2("Password", "User", "Domain").expect("a key");
        let proven = Proven {
            server_nonce: hex_array("0123456789abcdef"),
            client_nonce: [0xaa; 8],
            time: hex_array("800bc8fd00d4d201"),
            target_info: &theirs[44..theirs.len() - 4],
        };
        let (ours, base_key) = proven.nt_response(&key);
        assert_eq!(hex::encode(&ours), hex::encode(&theirs));
        let made = hmac_md5(&base_key, &[&negotiate, &challenge, &message]);
        assert_eq!(hex::encode(made), mic);
    }

    #[test]
    fn time_is_counted_from_1601() {
        assert_eq!(
            file_time(UNIX_EPOCH),
            116_444_736_000_000_000_u64.to_le_bytes()
        );
        assert_eq!(
            file_time_of_2017(),
            131_400_439_870_000_000_u64.to_le_bytes()
        );
    }

    fn file_time_of_2017() -> [u8; 8] {
        file_time(UNIX_EPOCH + Duration::from_secs(1_495_570_387))
    }
}
