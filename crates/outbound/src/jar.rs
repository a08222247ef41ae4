//! The cookie jar of one connection, by RFC 6265bis.
//!
//! Where the RFC leaves room: `http://localhost` and loopback addresses count as secure, as
//! they do in browsers; `SameSite` is kept and has no effect, for nothing here is a page; the
//! session of a session cookie is the connection, so it lasts until a sign-in replaces it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use http::header::SET_COOKIE;
use http::{HeaderMap, HeaderValue};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::set_cookie::{
    Accepted, SameSite, accept, domain_matches, is_name, is_trusted, path_matches,
};

/// Cookies of one domain; the RFC asks for 50 at least.
const MOST_PER_DOMAIN: usize = 100;
/// Cookies in all. A jar serves one connection, not a browser.
const MOST: usize = 600;
/// How long a cookie that is gone is remembered, so that merging does not bring it back.
const REMEMBERED_GONE: i64 = 86_400;

/// The cookies of one connection. Never shared between connections.
#[derive(Clone, Default)]
pub struct Jar {
    cookies: Vec<Cookie>,
    generation: u64,
    next: u64,
}

/// What one `Set-Cookie` that was accepted did.
#[derive(Clone, PartialEq, Eq)]
pub struct CookieChange {
    /// The cookie's name.
    pub name: String,
    /// Its value; `None` where it was taken back.
    pub value: Option<String>,
}

/// A cookie that a jar has.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeptCookie<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its value.
    pub value: &'a str,
    /// The host that it goes to, or whose subdomains too.
    pub domain: &'a str,
    /// The path below which it goes along.
    pub path: &'a str,
    /// When it ends, in seconds since 1970; none where it lasts as long as the connection.
    pub expires: Option<i64>,
}

/// The `Cookie` header for many requests, made once.
#[derive(Clone, PartialEq, Eq)]
pub enum ReadyCookies {
    /// The same for all of them, as long as the jar's generation stays.
    Always {
        /// The header; `None` where no cookie is sent.
        value: Option<HeaderValue>,
        /// Seconds since 1970 from which on it has to be made anew.
        until: Option<i64>,
    },
    /// Some cookie goes to a part of the paths only.
    DependsOnPath,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Cookie {
    name: String,
    value: String,
    domain: String,
    host_only: bool,
    path: String,
    secure: bool,
    http_only: bool,
    same_site: Option<SameSite>,
    expires: Option<i64>,
    /// Position in the order of creation.
    created: u64,
    /// Milliseconds since 1970.
    changed: i64,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    cookies: Vec<Cookie>,
    generation: u64,
    next: u64,
}

impl Jar {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps what the `Set-Cookie` headers of a reply from `url` say, and tells what changed.
    pub fn store(&mut self, url: &Url, headers: &HeaderMap, now: SystemTime) -> Vec<CookieChange> {
        let millis = unix_millis(now);
        let seconds = millis.div_euclid(1000);
        let mut changes = Vec::new();
        for header in headers.get_all(SET_COOKIE) {
            let Ok(text) = std::str::from_utf8(header.as_bytes()) else {
                tracing::debug!("a cookie was not kept: it is not UTF-8");
                continue;
            };
            match accept(text, url, seconds) {
                Ok(cookie) if self.hides_a_secure_one(&cookie, url, seconds) => {
                    tracing::debug!("a cookie was not kept: a Secure one of its name is there");
                }
                Ok(cookie) => {
                    let gone = cookie.expires.is_some_and(|at| at <= seconds);
                    changes.push(CookieChange {
                        name: cookie.name.clone(),
                        value: (!gone).then(|| cookie.value.clone()),
                    });
                    self.keep(cookie, gone, millis);
                }
                Err(why) => tracing::debug!(why, "a cookie was not kept"),
            }
        }
        changes
    }

    /// The `Cookie` header for a request to `url`.
    pub fn header(&self, url: &Url, now: SystemTime) -> Option<HeaderValue> {
        self.header_without(url, now, |_| false)
    }

    /// The `Cookie` header for every request to `url` or to a path below it.
    pub fn ready_header(&self, url: &Url, now: SystemTime) -> ReadyCookies {
        let seconds = unix_millis(now).div_euclid(1000);
        let base = url.path().trim_end_matches('/');
        let deeper = |cookie: &&Cookie| {
            path_matches(&cookie.path, base) && !path_matches(url.path(), &cookie.path)
        };
        if self.reaching(url, seconds).any(|cookie| deeper(&cookie)) {
            return ReadyCookies::DependsOnPath;
        }
        let until = self
            .sent_to(url, now)
            .iter()
            .filter_map(|cookie| cookie.expires)
            .min();
        let value = self.header(url, now);
        ReadyCookies::Always { value, until }
    }

    /// The value of the cookie of this name that would be sent to `url` first.
    pub fn get(&self, url: &Url, name: &str, now: SystemTime) -> Option<String> {
        self.sent_to(url, now)
            .into_iter()
            .find(|cookie| cookie.name == name)
            .map(|cookie| cookie.value.clone())
    }

    /// Every cookie that was not taken back.
    pub fn cookies(&self) -> impl Iterator<Item = KeptCookie<'_>> {
        let there = self.cookies.iter().filter(|it| !it.was_taken_back());
        there.map(|cookie| KeptCookie {
            name: &cookie.name,
            value: &cookie.value,
            domain: &cookie.domain,
            path: &cookie.path,
            expires: cookie.expires,
        })
    }

    /// Every value, so that a masker may know them.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        self.cookies
            .iter()
            .map(|cookie| cookie.value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// Whether there is no cookie that was not taken back.
    pub fn is_empty(&self) -> bool {
        self.cookies.iter().all(Cookie::was_taken_back)
    }

    /// Grows with every change.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Takes over from another state of the same jar what is newer there, cookie by cookie;
    /// what was taken back there within the last day goes here too.
    pub fn merge(&mut self, other: &Jar) {
        let mut merged = false;
        for theirs in &other.cookies {
            match self.cookies.iter_mut().find(|ours| ours.is_same(theirs)) {
                Some(ours) if ours.changed >= theirs.changed => {}
                Some(ours) => {
                    let created = ours.created;
                    *ours = Cookie {
                        created,
                        ..theirs.clone()
                    };
                    merged = true;
                }
                None => {
                    let created = self.take_place();
                    self.cookies.push(Cookie {
                        created,
                        ..theirs.clone()
                    });
                    merged = true;
                }
            }
        }
        if merged {
            self.generation = self.generation.max(other.generation) + 1;
            while self.cookies.len() > MOST {
                self.evict(|_| true, i64::MIN);
            }
        }
    }

    /// Everything in the clear, for sealing and nothing else.
    pub fn reveal_for_sealing(&self) -> serde_json::Value {
        let sealed = Sealed {
            cookies: self.cookies.clone(),
            generation: self.generation,
            next: self.next,
        };
        serde_json::to_value(sealed).unwrap_or_default()
    }

    /// A jar from what [`Jar::reveal_for_sealing`] gave.
    pub fn from_sealed(value: &serde_json::Value) -> Option<Self> {
        let sealed = Sealed::deserialize(value).ok()?;
        Some(Self {
            cookies: sealed.cookies,
            generation: sealed.generation,
            next: sealed.next,
        })
    }

    /// The jar behind a lock. A panic elsewhere leaves no half-made change behind, so a
    /// poisoned lock is as good as any.
    pub(crate) fn lock(jar: &Mutex<Self>) -> MutexGuard<'_, Self> {
        jar.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The header without the cookies whose names the caller sends by itself.
    pub(crate) fn header_without(
        &self,
        url: &Url,
        now: SystemTime,
        taken: impl Fn(&str) -> bool,
    ) -> Option<HeaderValue> {
        let pairs: Vec<String> = self
            .sent_to(url, now)
            .into_iter()
            .filter(|cookie| !taken(&cookie.name))
            .map(|cookie| match cookie.name.as_str() {
                "" => cookie.value.clone(),
                name => format!("{name}={}", cookie.value),
            })
            .collect();
        if pairs.is_empty() {
            return None;
        }
        let mut value = HeaderValue::from_bytes(pairs.join("; ").as_bytes()).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// RFC 6265bis 5.8.3: longest path first, then the one made first.
    fn sent_to(&self, url: &Url, now: SystemTime) -> Vec<&Cookie> {
        let seconds = unix_millis(now).div_euclid(1000);
        let mut found: Vec<&Cookie> = self
            .reaching(url, seconds)
            .filter(|cookie| path_matches(url.path(), &cookie.path))
            .collect();
        found.sort_by(|a, b| {
            b.path
                .len()
                .cmp(&a.path.len())
                .then(a.created.cmp(&b.created))
        });
        found
    }

    /// The cookies that go to the host of `url`, whatever the path.
    fn reaching(&self, url: &Url, seconds: i64) -> impl Iterator<Item = &Cookie> {
        let trusted = is_trusted(url);
        let named = is_name(url);
        self.cookies.iter().filter(move |cookie| {
            let in_domain = url.host_str().is_some_and(|host| {
                if cookie.host_only || !named {
                    cookie.domain == host
                } else {
                    domain_matches(host, &cookie.domain)
                }
            });
            in_domain && !cookie.is_over(seconds) && (trusted || !cookie.secure)
        })
    }

    /// Whether plain http tries to put a cookie before a Secure one (RFC 6265bis 5.7, "leave
    /// secure cookies alone").
    fn hides_a_secure_one(&self, new: &Accepted, url: &Url, now: i64) -> bool {
        !new.secure
            && !is_trusted(url)
            && self.cookies.iter().any(|old| {
                old.secure
                    && !old.is_over(now)
                    && old.name == new.name
                    && (domain_matches(&old.domain, &new.domain)
                        || domain_matches(&new.domain, &old.domain))
                    && path_matches(&new.path, &old.path)
            })
    }

    fn keep(&mut self, new: Accepted, gone: bool, millis: i64) {
        let seconds = millis.div_euclid(1000);
        self.generation += 1;
        let domain = new.domain.clone();
        let mut cookie = Cookie {
            // What is gone keeps no secret.
            value: if gone { String::new() } else { new.value },
            expires: if gone { Some(i64::MIN) } else { new.expires },
            name: new.name,
            domain: new.domain,
            host_only: new.host_only,
            path: new.path,
            secure: new.secure,
            http_only: new.http_only,
            same_site: new.same_site,
            created: 0,
            changed: millis,
        };
        match self.cookies.iter_mut().find(|old| old.is_same(&cookie)) {
            Some(old) => {
                cookie.created = old.created;
                *old = cookie;
            }
            None => {
                cookie.created = self.take_place();
                self.cookies.push(cookie);
            }
        }
        self.cookies.retain(|cookie| {
            !cookie.is_over(seconds) || cookie.changed.div_euclid(1000) > seconds - REMEMBERED_GONE
        });
        while self
            .cookies
            .iter()
            .filter(|cookie| cookie.domain == domain)
            .count()
            > MOST_PER_DOMAIN
        {
            self.evict(|cookie| cookie.domain == domain, seconds);
        }
        while self.cookies.len() > MOST {
            self.evict(|_| true, seconds);
        }
    }

    /// Drops one: one that is over, else one that is not Secure, else any; the stalest first.
    fn evict(&mut self, of: impl Fn(&Cookie) -> bool, now: i64) {
        let victim = self
            .cookies
            .iter()
            .enumerate()
            .filter(|(_, cookie)| of(cookie))
            .min_by_key(|(_, cookie)| {
                (
                    !cookie.is_over(now),
                    cookie.secure,
                    cookie.changed,
                    cookie.created,
                )
            })
            .map(|(index, _)| index);
        if let Some(index) = victim {
            self.cookies.remove(index);
        }
    }

    fn take_place(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

impl Cookie {
    fn is_same(&self, other: &Self) -> bool {
        self.name == other.name
            && self.domain == other.domain
            && self.host_only == other.host_only
            && self.path == other.path
    }

    fn is_over(&self, now: i64) -> bool {
        self.expires.is_some_and(|at| at <= now)
    }

    fn was_taken_back(&self) -> bool {
        self.expires == Some(i64::MIN)
    }
}

fn unix_millis(now: SystemTime) -> i64 {
    match now.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_millis()).map_or(i64::MIN, |ms| -ms),
    }
}

// Values are credentials, and names tell which accounts.
impl std::fmt::Debug for Jar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Jar([secret])")
    }
}

impl std::fmt::Debug for ReadyCookies {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Always { .. } => "Always([secret])",
            Self::DependsOnPath => "DependsOnPath",
        })
    }
}

impl std::fmt::Debug for CookieChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CookieChange")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
