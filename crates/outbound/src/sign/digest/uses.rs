//! A session and how often each of its nonces has been used: an API may give a nonce again, as to two requests of one
//! moment, and takes a second use under the same count for a replay (RFC 7616, section 3.4).

use std::collections::VecDeque;

use super::Session;

/// How many used nonces before the present one are remembered: an API gives one again within the same moment, if at all.
const REMEMBERED: usize = 16;

/// The session that answers now, with the nonces before its own.
#[derive(Debug)]
pub(in crate::sign) struct Uses {
    session: Session,
    /// Nonces that were used, and how often, the oldest first.
    earlier: VecDeque<(String, u32)>,
}

impl Uses {
    pub(in crate::sign) fn new(session: Session) -> Self {
        Self {
            session,
            earlier: VecDeque::new(),
        }
    }

    /// The session, counted up by one use.
    pub(in crate::sign) fn next(&mut self) -> Session {
        self.session.count = self.session.count.saturating_add(1);
        self.session.clone()
    }

    /// Takes what a new challenge says.
    pub(in crate::sign) fn challenged(&mut self, session: Session) {
        self.renew(&session.nonce);
        let count = self.session.count;
        self.session = Session { count, ..session };
    }

    /// Takes a nonce for the requests from now on (RFC 7616, section 3.5).
    pub(in crate::sign) fn renew(&mut self, nonce: &str) {
        let before = &mut self.session;
        if before.nonce == nonce {
            return;
        }
        let known = self
            .earlier
            .iter()
            .position(|(earlier, _)| earlier == nonce);
        let count = known
            .and_then(|at| self.earlier.remove(at))
            .map_or(0, |(_, count)| count);
        let replaced = std::mem::replace(&mut before.nonce, nonce.to_owned());
        let used = std::mem::replace(&mut before.count, count);
        if used == 0 {
            return;
        }
        if self.earlier.len() == REMEMBERED {
            self.earlier.pop_front();
        }
        self.earlier.push_back((replaced, used));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::Challenge;
    use http::header::WWW_AUTHENTICATE;
    use http::{HeaderMap, HeaderValue};

    fn session(nonce: &str) -> Session {
        let mut reply = HeaderMap::new();
        let challenge = format!("Digest realm=\"camera\", nonce=\"{nonce}\", qop=\"auth\"");
        reply.insert(WWW_AUTHENTICATE, HeaderValue::try_from(challenge).unwrap());
        Session::of(
            &Challenge::all(&reply, WWW_AUTHENTICATE),
            "camera.test",
            "c",
        )
        .unwrap()
    }

    fn used(uses: &mut Uses) -> (String, u32) {
        let session = uses.next();
        (session.nonce, session.count)
    }

    #[test]
    fn a_nonce_that_is_given_again_is_counted_on() {
        let mut uses = Uses::new(session("a"));
        assert_eq!(used(&mut uses), ("a".to_owned(), 1));
        uses.renew("a");
        assert_eq!(used(&mut uses), ("a".to_owned(), 2), "given next again");
        uses.challenged(session("a"));
        assert_eq!(used(&mut uses), ("a".to_owned(), 3), "asked for again");
        uses.renew("b");
        assert_eq!(used(&mut uses), ("b".to_owned(), 1));
        uses.challenged(session("a"));
        assert_eq!(used(&mut uses), ("a".to_owned(), 4), "after another");
        uses.renew("b");
        assert_eq!(used(&mut uses), ("b".to_owned(), 2));
    }

    #[test]
    fn the_nonces_remembered_are_bounded() {
        let mut uses = Uses::new(session("first"));
        uses.next();
        for nonce in 0..=REMEMBERED {
            uses.renew(&nonce.to_string());
            uses.next();
        }
        assert_eq!(uses.earlier.len(), REMEMBERED);
        assert!(uses.earlier.iter().all(|(nonce, _)| nonce != "first"));
        uses.renew("never used");
        uses.renew("next");
        assert!(uses.earlier.iter().all(|(nonce, _)| nonce != "never used"));
    }
}
