//! One-time passwords by time (RFC 6238) over HOTP (RFC 4226), and the secrets that people are given for them.

use data_encoding::{BASE32_NOPAD, DecodeKind};
use hmac::{Hmac, KeyInit, Mac};
use model::{TotpAlgorithm, TotpStep};
use secret::SecretBytes;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use url::Url;

const ALGORITHM: TotpAlgorithm = TotpAlgorithm::Sha1;
const DIGITS: u32 = 6;
const PERIOD: u32 = 30;

/// What codes are made from.
#[derive(Debug)]
pub(crate) struct Key {
    secret: SecretBytes,
    algorithm: TotpAlgorithm,
    digits: u32,
    period: i64,
}

/// What is wrong with a secret. Nothing of it is quoted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("is empty")]
    Empty,
    #[error("is not base32: character {0} cannot be in it")]
    NotBase32(usize),
    #[error("is not base32: its end is missing")]
    CutOff,
    #[error("is an address that cannot be read: it does not begin with `otpauth://totp/`")]
    NotTotp,
    #[error("is an `otpauth` address whose `{0}` is missing or cannot be used")]
    Parameter(&'static str),
}

impl Key {
    /// Reads a secret: base32 with or without padding, spaces and hyphens in it, in either case;
    /// or an `otpauth` address, whose settings count where the step has none.
    pub(crate) fn read(text: &str, step: &TotpStep) -> Result<Self, KeyError> {
        let text = text.trim();
        let shown = if text.contains("://") {
            address(text)?
        } else {
            Shown {
                secret: text.to_owned(),
                ..Shown::default()
            }
        };
        let digits = step.digits.or(shown.digits).unwrap_or(DIGITS);
        let period = step.period.or(shown.period).unwrap_or(PERIOD);
        Ok(Self {
            secret: SecretBytes::new(base32(&shown.secret)?),
            algorithm: step.algorithm.or(shown.algorithm).unwrap_or(ALGORITHM),
            digits,
            period: i64::from(period),
        })
    }

    /// The code of the period in which this time lies; seconds since 1970.
    pub(crate) fn code(&self, time: i64) -> String {
        let counter = u64::try_from(time.div_euclid(self.period)).unwrap_or_default();
        let message = counter.to_be_bytes();
        let key = self.secret.reveal();
        let hash = match self.algorithm {
            TotpAlgorithm::Sha1 => hash::<Hmac<Sha1>>(key, &message),
            TotpAlgorithm::Sha256 => hash::<Hmac<Sha256>>(key, &message),
            TotpAlgorithm::Sha512 => hash::<Hmac<Sha512>>(key, &message),
        };
        let number = truncated(&hash) % 10_u32.pow(self.digits);
        let width = self.digits as usize;
        format!("{number:0width$}")
    }

    /// When the period ends in which this time lies; seconds since 1970.
    pub(crate) fn period_end(&self, time: i64) -> i64 {
        (time.div_euclid(self.period) + 1) * self.period
    }
}

/// What an `otpauth` address says.
#[derive(Default)]
struct Shown {
    secret: String,
    algorithm: Option<TotpAlgorithm>,
    digits: Option<u32>,
    period: Option<u32>,
}

fn address(text: &str) -> Result<Shown, KeyError> {
    let url = Url::parse(text)
        .ok()
        .filter(|url| url.scheme() == "otpauth" && url.host_str() == Some("totp"))
        .ok_or(KeyError::NotTotp)?;
    let mut shown = Shown::default();
    for (key, value) in url.query_pairs() {
        match key.as_ref() {
            "secret" => shown.secret = value.into_owned(),
            "algorithm" => {
                let found = TotpAlgorithm::named(&value.to_ascii_uppercase());
                shown.algorithm = Some(found.ok_or(KeyError::Parameter("algorithm"))?);
            }
            "digits" => {
                let found = value.parse().ok().filter(|digits| (6..=8).contains(digits));
                shown.digits = Some(found.ok_or(KeyError::Parameter("digits"))?);
            }
            "period" => {
                let found = value
                    .parse()
                    .ok()
                    .filter(|period| (1..=3600).contains(period));
                shown.period = Some(found.ok_or(KeyError::Parameter("period"))?);
            }
            _ => {}
        }
    }
    if shown.secret.is_empty() {
        return Err(KeyError::Parameter("secret"));
    }
    Ok(shown)
}

fn base32(text: &str) -> Result<Vec<u8>, KeyError> {
    // What was left out, so that an error points into the text as it was given.
    let kept: Vec<(usize, char)> = text
        .trim_end_matches('=')
        .chars()
        .enumerate()
        .filter(|(_, c)| !c.is_whitespace() && *c != '-')
        .map(|(at, c)| (at + 1, c.to_ascii_uppercase()))
        .collect();
    if kept.is_empty() {
        return Err(KeyError::Empty);
    }
    if let Some((at, _)) = kept
        .iter()
        .find(|(_, c)| !matches!(c, 'A'..='Z' | '2'..='7'))
    {
        return Err(KeyError::NotBase32(*at));
    }
    let mut symbols: String = kept.iter().map(|(_, c)| *c).collect();
    let decoded = BASE32_NOPAD.decode(symbols.as_bytes()).or_else(|error| {
        // Some services print secrets whose last bits are not zero; every app takes them.
        if error.kind == DecodeKind::Trailing {
            let mut lenient = BASE32_NOPAD.specification();
            lenient.check_trailing_bits = false;
            return match lenient.encoding() {
                Ok(encoding) => encoding.decode(symbols.as_bytes()),
                Err(_) => Err(error),
            };
        }
        Err(error)
    });
    zeroize::Zeroize::zeroize(&mut symbols);
    match decoded {
        Ok(bytes) if !bytes.is_empty() => Ok(bytes),
        _ => Err(KeyError::CutOff),
    }
}

fn hash<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    // HMAC takes keys of every length.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// Dynamic truncation (RFC 4226, section 5.3).
fn truncated(hash: &[u8]) -> u32 {
    let offset = usize::from(hash.last().copied().unwrap_or_default() & 0x0f);
    let word: [u8; 4] = hash
        .get(offset..offset + 4)
        .and_then(|four| four.try_into().ok())
        .unwrap_or_default();
    u32::from_be_bytes(word) & 0x7fff_ffff
}

#[cfg(test)]
mod tests {
    use super::*;
    use template::Template;

    fn step() -> TotpStep {
        TotpStep {
            secret: Template::literal(""),
            algorithm: None,
            digits: None,
            period: None,
        }
    }

    fn seed(length: usize) -> String {
        let bytes: Vec<u8> = b"1234567890".iter().copied().cycle().take(length).collect();
        data_encoding::BASE32.encode(&bytes)
    }

    /// RFC 6238, appendix B.
    #[test]
    fn the_vectors_of_rfc_6238() {
        let table = [
            (59, "94287082", "46119246", "90693936"),
            (1_111_111_109, "07081804", "68084774", "25091201"),
            (1_111_111_111, "14050471", "67062674", "99943326"),
            (1_234_567_890, "89005924", "91819424", "93441116"),
            (2_000_000_000, "69279037", "90698825", "38618901"),
            (20_000_000_000, "65353130", "77737706", "47863826"),
        ];
        for (time, sha1, sha256, sha512) in table {
            for (algorithm, length, code) in [
                (TotpAlgorithm::Sha1, 20, sha1),
                (TotpAlgorithm::Sha256, 32, sha256),
                (TotpAlgorithm::Sha512, 64, sha512),
            ] {
                let settings = TotpStep {
                    algorithm: Some(algorithm),
                    digits: Some(8),
                    ..step()
                };
                let key = Key::read(&seed(length), &settings).unwrap();
                assert_eq!(key.code(time), code, "{algorithm:?} at {time}");
            }
        }
    }

    /// RFC 4226, appendix D: the counter is the period's number.
    #[test]
    fn the_vectors_of_rfc_4226() {
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583",
            "399871", "520489",
        ];
        let key = Key::read(&seed(20), &step()).unwrap();
        for (counter, code) in (0_i64..).zip(codes) {
            assert_eq!(key.code(counter * 30), code);
            assert_eq!(key.code(counter * 30 + 29), code);
            assert_eq!(key.period_end(counter * 30 + 29), (counter + 1) * 30);
        }
    }

    #[test]
    fn secrets_as_people_are_given_them() {
        let plain = Key::read("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", &step()).unwrap();
        for text in [
            " gezd gnbv gy3t qojq gezd gnbv gy3t qojq\n",
            "GEZDGNBV-GY3TQOJQ-GEZDGNBV-GY3TQOJQ",
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ====",
            "otpauth://totp/ACME%20Co:ana@example.org?secret=gezdgnbvgy3tqojqgezdgnbvgy3tqojq&issuer=ACME%20Co",
        ] {
            let key = Key::read(text, &step()).unwrap();
            assert_eq!(key.code(59), plain.code(59), "{text}");
        }
        // 31 bits of 35: the last ones are not zero.
        assert!(Key::read("GEZDGNB", &step()).is_ok());
    }

    #[test]
    fn an_address_brings_its_settings_and_the_step_has_the_last_word() {
        let text = format!(
            "otpauth://totp/x?secret={}&algorithm=sha256&digits=8&period=60",
            seed(32)
        );
        let key = Key::read(&text, &step()).unwrap();
        assert_eq!((key.digits, key.period), (8, 60));
        // The 60 s period of 118 s has the number of the 30 s period of 59 s.
        assert_eq!(key.code(118), "46119246");
        let settings = TotpStep {
            digits: Some(6),
            ..step()
        };
        assert_eq!(Key::read(&text, &settings).unwrap().code(118), "119246");
    }

    #[test]
    fn what_is_no_secret() {
        let table = [
            ("", KeyError::Empty),
            (" = ", KeyError::Empty),
            ("GEZD GN0V", KeyError::NotBase32(8)),
            ("GEZDGNBVÄ", KeyError::NotBase32(9)),
            ("G", KeyError::CutOff),
            (
                "otpauth://hotp/x?secret=GEZDGNBV&counter=1",
                KeyError::NotTotp,
            ),
            ("https://example.org/?secret=GEZDGNBV", KeyError::NotTotp),
            ("otpauth://totp/x?issuer=y", KeyError::Parameter("secret")),
            (
                "otpauth://totp/x?secret=GEZDGNBV&digits=9",
                KeyError::Parameter("digits"),
            ),
            (
                "otpauth://totp/x?secret=GEZDGNBV&period=0",
                KeyError::Parameter("period"),
            ),
            (
                "otpauth://totp/x?secret=GEZDGNBV&algorithm=MD5",
                KeyError::Parameter("algorithm"),
            ),
        ];
        for (text, expected) in table {
            assert_eq!(Key::read(text, &step()).unwrap_err(), expected, "{text}");
        }
    }
}
