//! Looks over the heads of HTTP/1 requests while they come in, for what the parser behind it takes without a word: a
//! length beside a transfer coding, a length said twice, a `Host` that is not there once (RFC 9112 sections 3.2 and 6.3).
//!
//! It goes line by line and keeps no more than a line that is not whole yet. What the parser refuses it need not see:
//! after that no request comes of the connection. After a marked head it looks no further, as the connection ends with
//! that request: what follows must not become one (section 6.1).

use memchr::memchr_iter;

/// What a head has that others have not. A connection ends with the request that has it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Mark {
    /// A transfer coding.
    Coded = 1,
    /// A length beside a transfer coding.
    TwoFramings = 2,
    /// A length that is said more than once.
    TwoLengths = 3,
    /// No `Host`, in HTTP/1.1.
    NoHost = 4,
    /// More than one `Host`.
    TwoHosts = 5,
    /// A `Host` that names no host.
    BadHost = 6,
}

/// The heads of a connection's requests, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Heads {
    place: Place,
    /// What has come of a line that is not whole yet.
    begun: Vec<u8>,
    seen: Seen,
    /// How many heads have been whole.
    number: u32,
}

/// Where in the stream of requests the next byte stands.
#[derive(Debug, Default)]
enum Place {
    /// In a head, or before one.
    #[default]
    Head,
    /// In a body, with so many bytes to come.
    Body(u64),
    /// Where no further request is to come.
    Beyond,
}

/// What a head has shown so far.
#[derive(Debug, Default)]
struct Seen {
    began: bool,
    needs_host: bool,
    hosts: u32,
    bad_host: bool,
    lengths: u32,
    length: u64,
    has_coding: bool,
}

impl Mark {
    /// The mark of a number.
    pub(crate) fn numbered(number: u8) -> Option<Self> {
        let all = [
            Self::Coded,
            Self::TwoFramings,
            Self::TwoLengths,
            Self::NoHost,
            Self::TwoHosts,
            Self::BadHost,
        ];
        all.into_iter().find(|mark| *mark as u8 == number)
    }
}

impl Heads {
    /// Looks at bytes that came in. Tells the first head that is marked, counted from 1, once it is whole.
    pub(crate) fn look(&mut self, mut bytes: &[u8]) -> Option<(u32, Mark)> {
        loop {
            match &mut self.place {
                Place::Beyond => return None,
                Place::Body(left) => {
                    let here =
                        usize::try_from(*left).map_or(bytes.len(), |left| left.min(bytes.len()));
                    *left -= here as u64;
                    if *left > 0 {
                        return None;
                    }
                    self.place = Place::Head;
                    bytes = &bytes[here..];
                }
                Place::Head => {
                    let (used, marked) = self.lines(bytes);
                    if marked.is_some() {
                        return marked;
                    }
                    if used == bytes.len() {
                        return None;
                    }
                    bytes = &bytes[used..];
                }
            }
        }
    }

    /// Looks at lines up to the end of a head, and tells how many bytes they have.
    fn lines(&mut self, bytes: &[u8]) -> (usize, Option<(u32, Mark)>) {
        let mut from = 0;
        for end in memchr_iter(b'\n', bytes) {
            let is_last = if self.begun.is_empty() {
                self.seen.line(&bytes[from..end])
            } else {
                let mut whole = std::mem::take(&mut self.begun);
                whole.extend_from_slice(&bytes[from..end]);
                self.seen.line(&whole)
            };
            from = end + 1;
            if is_last {
                return (from, self.end());
            }
        }
        self.begun.extend_from_slice(&bytes[from..]);
        (bytes.len(), None)
    }

    /// A head is whole.
    fn end(&mut self) -> Option<(u32, Mark)> {
        let seen = std::mem::take(&mut self.seen);
        self.number = self.number.wrapping_add(1);
        let mark = seen.mark();
        self.place = match seen.length {
            _ if mark.is_some() => Place::Beyond,
            0 => Place::Head,
            length => Place::Body(length),
        };
        mark.map(|mark| (self.number, mark))
    }
}

impl Seen {
    /// Looks at a line without its line feed. True at the end of the head.
    fn line(&mut self, line: &[u8]) -> bool {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Some(first) = line.first() else {
            // Empty lines before a request line are passed over (RFC 9112 section 2.2).
            return self.began;
        };
        if !self.began {
            self.began = true;
            self.needs_host = line.ends_with(b"HTTP/1.1");
            return false;
        }
        match first {
            b'c' | b'C' => {
                if let Some(value) = value(line, b"content-length:") {
                    self.lengths += 1;
                    self.length = number(value);
                }
            }
            b't' | b'T' => self.has_coding |= value(line, b"transfer-encoding:").is_some(),
            b'h' | b'H' => {
                if let Some(value) = value(line, b"host:") {
                    self.hosts += 1;
                    self.bad_host |= !is_host(value);
                }
            }
            _ => {}
        }
        false
    }

    fn mark(&self) -> Option<Mark> {
        if self.has_coding && self.lengths > 0 {
            Some(Mark::TwoFramings)
        } else if self.lengths > 1 {
            Some(Mark::TwoLengths)
        } else if self.hosts > 1 {
            Some(Mark::TwoHosts)
        } else if self.bad_host {
            Some(Mark::BadHost)
        } else if self.needs_host && self.hosts == 0 {
            Some(Mark::NoHost)
        } else if self.has_coding {
            Some(Mark::Coded)
        } else {
            None
        }
    }
}

/// The value of a field, where it is the one of this name. `name` ends with a colon.
fn value<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (start, value) = line.split_at_checked(name.len())?;
    start.eq_ignore_ascii_case(name).then(|| value.trim_ascii())
}

/// A length. What is none the parser refuses.
fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number: u64, digit| {
        let digit = digit.wrapping_sub(b'0');
        number.saturating_mul(10).saturating_add(digit.into())
    })
}

/// Whether a value has no more than what may stand in `uri-host [ ":" port ]` (RFC 3986 section 3.2.2). Nothing at all
/// stands for a target without an authority.
pub(crate) fn is_host(value: &[u8]) -> bool {
    value
        .iter()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-._~:[]%!$&'()*+,;=".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::{Heads, Mark};
    use proptest::prelude::{any, prop_assert_eq, proptest};

    const PLAIN: &str = "GET / HTTP/1.1\r\nHost: g\r\n\r\n";

    fn look(text: &str) -> Option<(u32, Mark)> {
        Heads::default().look(text.as_bytes())
    }

    #[test]
    fn attack_37_what_frames_a_request_in_two_ways_is_seen() {
        let head = |fields: &str| format!("POST / HTTP/1.1\r\nHost: g\r\n{fields}\r\n");
        let framings = Some((1, Mark::TwoFramings));
        let table = [
            (
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                framings,
            ),
            (
                "Transfer-Encoding: chunked\r\nX: 1\r\ncontent-length:5\r\n",
                framings,
            ),
            ("TRANSFER-ENCODING:chunked\nCONTENT-LENGTH: 0\n", framings),
            (
                "Content-Length: 5\r\nContent-Length: 5\r\n",
                Some((1, Mark::TwoLengths)),
            ),
            ("Content-Length: 5\r\n", None),
            ("Transfer-Encoding: chunked\r\n", Some((1, Mark::Coded))),
            (
                "X-Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                Some((1, Mark::Coded)),
            ),
            ("X: 1\r\n", None),
        ];
        for (fields, expected) in table {
            assert_eq!(look(&head(fields)), expected, "{fields:?}");
        }
    }

    #[test]
    fn a_host_stands_there_once() {
        let table = [
            (PLAIN, None),
            ("GET / HTTP/1.1\r\n\r\n", Some(Mark::NoHost)),
            ("GET / HTTP/1.0\r\n\r\n", None),
            (
                "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                Some(Mark::TwoHosts),
            ),
            (
                "GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n",
                Some(Mark::TwoHosts),
            ),
            ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", Some(Mark::BadHost)),
            ("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", Some(Mark::BadHost)),
            ("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", Some(Mark::BadHost)),
            ("GET / HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", None),
            ("GET / HTTP/1.1\r\nHost:\r\n\r\n", None),
            ("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", None),
            (
                "GET http://a/ HTTP/1.1\r\nX-Host: a\r\n\r\n",
                Some(Mark::NoHost),
            ),
        ];
        for (text, expected) in table {
            assert_eq!(look(text), expected.map(|mark| (1, mark)), "{text:?}");
        }
    }

    #[test]
    fn bodies_are_passed_over_and_heads_counted() {
        let body = "Content-Length: 1\r\n\r\nHost: x\r\n\r\n";
        let bad = "GET / HTTP/1.1\r\n\r\n";
        let first = format!(
            "POST / HTTP/1.1\r\nHost: g\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        assert_eq!(
            look(&format!("{first}{PLAIN}{bad}")),
            Some((3, Mark::NoHost))
        );
        // What follows a transfer coding is not looked at: the connection ends with it.
        let coded = "POST / HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(look(&format!("{coded}{bad}")), Some((1, Mark::Coded)));
    }

    proptest! {
        #[test]
        fn how_the_bytes_come_makes_no_difference(cuts in proptest::collection::vec(any::<u8>(), 0..12)) {
            let text = format!(
                "{PLAIN}POST / HTTP/1.1\r\nHost: g\r\nContent-Length: 8\r\n\r\nHost: \r\n{PLAIN}\
                 POST / HTTP/1.1\nHost: g\nContent-Length: 5\nTransfer-Encoding: chunked\n\n"
            );
            let mut rest = text.as_bytes();
            let (mut heads, mut found) = (Heads::default(), None);
            for cut in cuts {
                let (piece, after) = rest.split_at(usize::from(cut).min(rest.len()));
                found = found.or(heads.look(piece));
                rest = after;
            }
            found = found.or(heads.look(rest));
            prop_assert_eq!(found, Some((4, Mark::TwoFramings)));
        }
    }
}
