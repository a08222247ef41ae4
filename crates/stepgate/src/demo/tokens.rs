//! What the demonstration API knows: one user, what it has handed out, and the notes.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

/// The one user.
pub(crate) const USER: &str = "alice";
/// Her password. It opens nothing but this demonstration.
pub(crate) const PASSWORD: &str = "wonderland";

/// Handed-out values and notes. Nothing here survives the demonstration.
#[derive(Debug)]
pub(super) struct Tokens {
    life: Duration,
    /// The CSRF token by the cookie it came with.
    csrf: HashMap<String, String>,
    tickets: Vec<String>,
    access: Option<(String, SystemTime)>,
    refresh: Option<String>,
    pub(super) notes: Vec<String>,
}

/// A new pair of tokens.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) access: String,
    pub(super) refresh: String,
    pub(super) expires_in: u64,
}

impl Tokens {
    pub(super) fn new(life: Duration) -> Self {
        Tokens {
            life,
            csrf: HashMap::new(),
            tickets: Vec::new(),
            access: None,
            refresh: None,
            notes: Vec::new(),
        }
    }

    /// A cookie and the CSRF token that belongs to it.
    pub(super) fn visit(&mut self) -> (String, String) {
        let (cookie, csrf) = (fresh(), fresh());
        self.csrf.insert(cookie.clone(), csrf.clone());
        (cookie, csrf)
    }

    /// A ticket, where cookie, CSRF token, name and password are right.
    pub(super) fn login(
        &mut self,
        cookie: &str,
        csrf: &str,
        user: &str,
        password: &str,
    ) -> Option<String> {
        let known = self.csrf.get(cookie).is_some_and(|held| held == csrf);
        if !known || user != USER || password != PASSWORD {
            return None;
        }
        let ticket = fresh();
        self.tickets.push(ticket.clone());
        Some(ticket)
    }

    /// Tokens for a ticket, once.
    pub(super) fn redeem(&mut self, ticket: &str, now: SystemTime) -> Option<Pair> {
        let at = self.tickets.iter().position(|held| held == ticket)?;
        self.tickets.swap_remove(at);
        Some(self.issue(now))
    }

    /// New tokens for the refresh token, which is spent by it.
    pub(super) fn renew(&mut self, refresh: &str, now: SystemTime) -> Option<Pair> {
        (self.refresh.as_deref() == Some(refresh)).then(|| self.issue(now))
    }

    pub(super) fn holds(&self, access: &str, now: SystemTime) -> bool {
        self.access
            .as_ref()
            .is_some_and(|(held, until)| held == access && now < *until)
    }

    pub(super) fn forget(&mut self) {
        self.access = None;
        self.refresh = None;
    }

    fn issue(&mut self, now: SystemTime) -> Pair {
        let pair = Pair {
            access: fresh(),
            refresh: fresh(),
            expires_in: self.life.as_secs(),
        };
        self.access = Some((pair.access.clone(), now + self.life));
        self.refresh = Some(pair.refresh.clone());
        pair
    }
}

fn fresh() -> String {
    crate::wiring::random().base64url(18)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_and_a_refresh_token_are_good_once_and_a_token_for_its_life() {
        let mut tokens = Tokens::new(Duration::from_secs(20));
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000);
        let (cookie, csrf) = tokens.visit();
        assert!(tokens.login(&cookie, "other", USER, PASSWORD).is_none());
        assert!(tokens.login("other", &csrf, USER, PASSWORD).is_none());
        assert!(tokens.login(&cookie, &csrf, USER, "wrong").is_none());
        let ticket = tokens.login(&cookie, &csrf, USER, PASSWORD).unwrap();
        let first = tokens.redeem(&ticket, now).unwrap();
        assert!(tokens.redeem(&ticket, now).is_none());
        assert!(tokens.holds(&first.access, now + Duration::from_secs(19)));
        assert!(!tokens.holds(&first.access, now + Duration::from_secs(20)));
        let second = tokens.renew(&first.refresh, now).unwrap();
        assert!(tokens.renew(&first.refresh, now).is_none());
        assert!(tokens.holds(&second.access, now) && !tokens.holds(&first.access, now));
    }
}
