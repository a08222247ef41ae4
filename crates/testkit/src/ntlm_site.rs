//! A site behind NTLM: who has signed a connection in is taken for the sender of all that comes
//! on it later, as servers of that kind do. It checks proofs by MS-NLMP, from the server's side.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::Request;
use md4::{Digest, Md4};
use md5::Md5;
use rc4::{Rc4, StreamCipher};
use serde_json::json;
use sha2::Sha256;

use crate::authority::Authority;
use crate::handler::Handler;
use crate::received::Received;
use crate::reply::Reply;
use crate::upstream::Upstream;

/// A running site with the users `alice` (password `correct horse`) and `bob` (`battery staple`)
/// of the domain `CORP`.
///
/// Everything answers with `{"user", "connection", "body"}`, the connection being its number; but
/// - `/open` needs nobody signed in
/// - `/to?url=…` redirects with 302
/// - `/refuse` answers 403
pub struct NtlmSite {
    upstream: Upstream,
    site: Site,
}

/// How the site differs from a usual one.
#[derive(Clone, Copy, Debug)]
pub struct NtlmRules {
    /// What it offers, as one or more values of `WWW-Authenticate`.
    pub offers: &'static [&'static str],
    /// Says what time it is, and so asks for a MIC.
    pub clock: bool,
    /// Names itself, without which there is no NTLMv2.
    pub target_info: bool,
    /// Forgets after each reply who has signed the connection in.
    pub forgets: bool,
    /// Closes the connection after the challenge.
    pub closes: bool,
}

impl Default for NtlmRules {
    fn default() -> NtlmRules {
        NtlmRules {
            offers: &["NTLM"],
            clock: true,
            target_info: true,
            forgets: false,
            closes: false,
        }
    }
}

#[derive(Clone)]
struct Site {
    rules: NtlmRules,
    /// The hash of the certificate's binding, where TLS is spoken.
    binding: Option<[u8; 16]>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    /// Connections by number.
    connections: HashMap<usize, Standing>,
    /// What was wrong with proofs.
    refusals: Vec<String>,
    proofs: usize,
}

enum Standing {
    Challenged { first: Vec<u8>, second: Vec<u8> },
    SignedIn(String),
}

const PASSWORDS: [(&str, &str); 2] = [("alice", "correct horse"), ("bob", "battery staple")];
const NONCE: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];
/// A time of its own, so that one can see whose was taken.
const TIME: [u8; 8] = [0, 0, 0, 0, 0, 0, 0xd9, 1];

impl NtlmSite {
    /// A site that speaks plain HTTP.
    #[must_use]
    pub fn start(rules: NtlmRules) -> NtlmSite {
        let site = Site::new(rules, None);
        let upstream = Upstream::serve(site.clone());
        NtlmSite { upstream, site }
    }

    /// A site that speaks TLS and insists on the channel's binding.
    #[must_use]
    pub fn start_secure(rules: NtlmRules, authority: &Authority) -> NtlmSite {
        let builder = Upstream::builder().tls(authority);
        let site = Site::new(rules, builder.certificate().map(binding));
        let upstream = builder.serve(site.clone());
        NtlmSite { upstream, site }
    }

    /// The server underneath, with its recorded requests.
    #[must_use]
    pub fn upstream(&self) -> &Upstream {
        &self.upstream
    }

    /// Why proofs were refused, in their order.
    #[must_use]
    pub fn refusals(&self) -> Vec<String> {
        self.site.state().refusals.clone()
    }

    /// How many proofs were accepted.
    #[must_use]
    pub fn proofs(&self) -> usize {
        self.site.state().proofs
    }

    /// Forgets who has signed the connections in.
    pub fn forget(&self) {
        self.site.state().connections.clear();
    }
}

impl Handler for Site {
    fn answer(&self, request: &Request<Bytes>) -> Reply {
        let number = request.connection();
        let message = request
            .header("authorization")
            .and_then(|value| value.strip_prefix("NTLM "))
            .and_then(|token| STANDARD.decode(token).ok());
        if request.uri().path() == "/open" {
            return self.reply(request, None);
        }
        match message {
            Some(first) if first.get(8) == Some(&1) => {
                let second = self.challenge();
                let token = format!("NTLM {}", STANDARD.encode(&second));
                let standing = Standing::Challenged { first, second };
                self.state().connections.insert(number, standing);
                let reply = Reply::status(401)
                    .header("www-authenticate", &token)
                    .cookie("stage=challenged; Path=/")
                    .then("not yet");
                match self.rules.closes {
                    true => reply.header("connection", "close"),
                    false => reply,
                }
            }
            Some(third) => {
                let standing = self.state().connections.remove(&number);
                let Some(Standing::Challenged { first, second }) = standing else {
                    return self.refuse("a proof without a challenge on this connection");
                };
                match self.check(&first, &second, &third) {
                    Ok(user) => {
                        let mut state = self.state();
                        state.proofs += 1;
                        if !self.rules.forgets {
                            let standing = Standing::SignedIn(user.clone());
                            state.connections.insert(number, standing);
                        }
                        drop(state);
                        self.reply(request, Some(user))
                    }
                    Err(why) => self.refuse(why),
                }
            }
            None => match self.state().connections.get(&number) {
                Some(Standing::SignedIn(user)) => self.reply(request, Some(user.clone())),
                _ => self.ask(),
            },
        }
    }
}

impl Site {
    fn new(rules: NtlmRules, binding: Option<[u8; 16]>) -> Site {
        Site {
            rules,
            binding,
            state: Arc::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("nothing panics while it is held")
    }

    fn reply(&self, request: &Request<Bytes>, user: Option<String>) -> Reply {
        match request.uri().path() {
            "/to" => Reply::redirect(&request.query_value("url").expect("a query")),
            "/refuse" => Reply::status(403),
            _ => Reply::json(json!({
                "user": user,
                "connection": request.connection(),
                "body": request.text(),
            })),
        }
    }

    fn ask(&self) -> Reply {
        let offers = self.rules.offers.iter();
        offers.fold(Reply::status(401), |reply, offer| {
            reply.header("www-authenticate", offer)
        })
    }

    fn refuse(&self, why: &str) -> Reply {
        self.state().refusals.push(why.to_owned());
        self.ask()
    }

    /// CHALLENGE_MESSAGE.
    fn challenge(&self) -> Vec<u8> {
        let mut info = Vec::new();
        if self.rules.target_info {
            for (id, name) in [(2_u16, "CORP"), (1, "SITE")] {
                pair(&mut info, id, &utf16(name));
            }
            if self.rules.clock {
                pair(&mut info, 7, &TIME);
            }
            pair(&mut info, 0, &[]);
        }
        let length = u16::try_from(info.len()).expect("short").to_le_bytes();
        // Unicode, NTLM, signing, key exchange and 128 bits; without a target info older servers
        // go on with NTLMv1.
        let flags: u32 = 0x6008_8215
            | if self.rules.target_info {
                0x0080_0000
            } else {
                0
            };
        let mut message = b"NTLMSSP\0\x02\0\0\0\0\0\0\0\x38\0\0\0".to_vec();
        message.extend_from_slice(&flags.to_le_bytes());
        message.extend_from_slice(&NONCE);
        message.extend_from_slice(&[0; 8]);
        message.extend_from_slice(&[length, length].concat());
        message.extend_from_slice(&56_u32.to_le_bytes());
        message.extend_from_slice(&[0; 8]);
        message.extend_from_slice(&info);
        message
    }

    /// Who proves with this AUTHENTICATE_MESSAGE to be themselves.
    fn check(&self, first: &[u8], second: &[u8], third: &[u8]) -> Result<String, &'static str> {
        let response = field(third, 20).ok_or("no response")?;
        if response.len() <= 24 {
            return Err("a response of NTLMv1");
        }
        let (domain, user) = (field(third, 28), field(third, 36));
        let (domain, user) = (domain.ok_or("no domain")?, user.ok_or("no user")?);
        let name = text(user);
        let known = PASSWORDS.iter().find(|(known, _)| *known == name);
        let (_, password) = known.filter(|_| text(domain) == "CORP").ok_or("nobody")?;
        let hash: [u8; 16] = Md4::digest(utf16(password)).into();
        let key = hmac(&hash, &[&utf16(&name.to_uppercase()), domain]);
        let (proof, blob) = response.split_at(16);
        let expected = hmac(&key, &[&NONCE, blob]);
        if proof != expected {
            return Err("a wrong password");
        }
        let base = hmac(&key, &[proof]);
        let info = &blob[28..blob.len() - 4];
        let flags = av(info, 6).map_or(0, |flags| flags[0]);
        if self.rules.clock {
            if blob[8..16] != TIME {
                return Err("another time than the server's");
            }
            if flags & 2 == 0 {
                return Err("no MIC");
            }
            let mut session = field(third, 52).ok_or("no key")?.to_vec();
            let mut cipher = Rc4::new_from_slice(&base).expect("a key");
            cipher.apply_keystream(&mut session);
            let session = session.try_into().map_err(|_| "no key of 128 bits")?;
            let mut blank = third.to_vec();
            blank[72..88].fill(0);
            let mic = hmac(&session, &[first, second, &blank]);
            if third[72..88] != mic {
                return Err("a wrong MIC");
            }
        }
        if let Some(expected) = self.binding
            && av(info, 10) != Some(&expected[..])
        {
            return Err("bound to another channel");
        }
        if av(info, 9).map(text).as_deref() != Some("HTTP/127.0.0.1") {
            return Err("meant for another service");
        }
        Ok(format!("CORP\\{name}"))
    }
}

/// The binding of a certificate signed with SHA-256 (RFC 5929), as NTLM has it.
fn binding(certificate: &[u8]) -> [u8; 16] {
    let mut md5 = Md5::new();
    md5.update([0; 16]);
    md5.update(53_u32.to_le_bytes());
    md5.update(b"tls-server-end-point:");
    md5.update(Sha256::digest(certificate));
    md5.finalize().into()
}

fn pair(list: &mut Vec<u8>, id: u16, value: &[u8]) {
    let length = u16::try_from(value.len()).expect("short");
    list.extend_from_slice(&id.to_le_bytes());
    list.extend_from_slice(&length.to_le_bytes());
    list.extend_from_slice(value);
}

/// What an AV_PAIR of a list says.
fn av(mut list: &[u8], wanted: u16) -> Option<&[u8]> {
    loop {
        let (head, rest) = list.split_at_checked(4)?;
        let id = u16::from_le_bytes([head[0], head[1]]);
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let (value, rest) = rest.split_at_checked(length)?;
        match id {
            0 => return None,
            id if id == wanted => return Some(value),
            _ => list = rest,
        }
    }
}

/// What the length and offset at a place of a message point to.
fn field(message: &[u8], at: usize) -> Option<&[u8]> {
    let length = u16::from_le_bytes(message.get(at..at + 2)?.try_into().ok()?);
    let offset = u32::from_le_bytes(message.get(at + 4..at + 8)?.try_into().ok()?);
    let offset = usize::try_from(offset).ok()?;
    message.get(offset..offset + usize::from(length))
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn text(utf16: &[u8]) -> String {
    let units = utf16.chunks_exact(2);
    let units: Vec<u16> = units
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
        .collect();
    String::from_utf16_lossy(&units)
}

fn hmac(key: &[u8; 16], pieces: &[&[u8]]) -> [u8; 16] {
    let mut mac = Hmac::<Md5>::new_from_slice(key).expect("any key");
    for piece in pieces {
        mac.update(piece);
    }
    mac.finalize().into_bytes().into()
}
