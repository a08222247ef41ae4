//! What users have granted, and the codes and tokens that stand for it.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

/// Every grant so far.
#[derive(Default)]
pub(super) struct Grants {
    all: Vec<Grant>,
    codes: HashMap<String, Code>,
    /// Each access token and the grant it opens.
    access: HashMap<String, usize>,
    /// Each refresh token, its grant, and whether it is spent.
    refresh: HashMap<String, (usize, bool)>,
    made: u64,
    replays: usize,
}

/// What one user has granted.
#[derive(Clone)]
pub(super) struct Grant {
    pub(super) user: String,
    pub(super) scope: String,
    alive: bool,
}

/// What is kept for a code until it is exchanged.
#[derive(Clone)]
pub(super) struct Code {
    pub(super) user: String,
    pub(super) scope: String,
    pub(super) redirect_uri: String,
    /// The PKCE challenge and its method.
    pub(super) challenge: Option<(String, String)>,
    /// The grant that it has been exchanged for.
    exchanged: Option<usize>,
}

impl Grants {
    pub(super) fn new_code(
        &mut self,
        user: &str,
        scope: &str,
        redirect_uri: &str,
        challenge: Option<(String, String)>,
    ) -> String {
        let code = self.make("code");
        let kept = Code {
            user: user.into(),
            scope: scope.into(),
            redirect_uri: redirect_uri.into(),
            challenge,
            exchanged: None,
        };
        self.codes.insert(code.clone(), kept);
        code
    }

    /// A code that has not been exchanged. A second use ends what the first one gave (RFC 6749,
    /// section 4.1.2).
    pub(super) fn code(&mut self, code: &str) -> Option<Code> {
        let found = self.codes.get(code)?.clone();
        match found.exchanged {
            None => Some(found),
            Some(grant) => {
                self.replays += 1;
                self.end(grant);
                None
            }
        }
    }

    pub(super) fn exchange(&mut self, code: &str, kept: &Code) -> usize {
        let grant = self.new_grant(&kept.user, &kept.scope);
        if let Some(code) = self.codes.get_mut(code) {
            code.exchanged = Some(grant);
        }
        grant
    }

    pub(super) fn new_grant(&mut self, user: &str, scope: &str) -> usize {
        self.all.push(Grant {
            user: user.into(),
            scope: scope.into(),
            alive: true,
        });
        self.all.len() - 1
    }

    /// The living grant of a refresh token. One that was rotated away ends its grant.
    pub(super) fn refreshed_by(&mut self, token: &str) -> Option<usize> {
        let (grant, spent) = *self.refresh.get(token)?;
        if spent {
            self.replays += 1;
            self.end(grant);
        }
        self.all[grant].alive.then_some(grant)
    }

    pub(super) fn spend(&mut self, token: &str) {
        if let Some((_, spent)) = self.refresh.get_mut(token) {
            *spent = true;
        }
    }

    pub(super) fn new_access_token(&mut self, grant: usize) -> String {
        let token = self.make("access");
        self.access.insert(token.clone(), grant);
        token
    }

    pub(super) fn new_refresh_token(&mut self, grant: usize) -> String {
        let token = self.make("refresh");
        self.refresh.insert(token.clone(), (grant, false));
        token
    }

    pub(super) fn grant(&self, grant: usize) -> &Grant {
        &self.all[grant]
    }

    pub(super) fn opened_by(&self, access_token: &str) -> Option<&Grant> {
        let grant = self.all.get(*self.access.get(access_token)?)?;
        grant.alive.then_some(grant)
    }

    /// Ends what either kind of token stands for (RFC 7009, section 2.1).
    pub(super) fn revoke(&mut self, token: &str) {
        if let Some((grant, _)) = self.refresh.get(token).copied() {
            self.end(grant);
        }
        self.access.remove(token);
    }

    pub(super) fn expire_access_tokens(&mut self) {
        self.access.clear();
    }

    pub(super) fn end_all(&mut self) {
        self.all.iter_mut().for_each(|grant| grant.alive = false);
    }

    pub(super) fn replays(&self) -> usize {
        self.replays
    }

    pub(super) fn alive(&self) -> usize {
        self.all.iter().filter(|grant| grant.alive).count()
    }

    fn end(&mut self, grant: usize) {
        self.all[grant].alive = false;
    }

    /// A value that is the same in every run, and like no other text.
    fn make(&mut self, kind: &str) -> String {
        self.made += 1;
        let hash = Sha256::digest(format!("{kind}{}", self.made));
        let tail: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{kind}-{}-{tail}", self.made)
    }
}
