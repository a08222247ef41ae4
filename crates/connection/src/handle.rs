//! A credential opened for use: what calls hold, many at once, while a renewal prepares the next one.

use crate::first_call::{FirstCall, FirstCalls};
use crate::kept::Kept;
use crate::live_jar::LiveJar;
use flow::{Credential, PackedCredential};
use http::HeaderMap;
use outbound::Jar;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;
use store::{ConnectionRecord, Sealed, Use};
use url::Url;

/// How much later a use has to be for the store to hear of it, in seconds.
const SELDOM: i64 = 59;

/// How many refusals in a row, of a password that was taken before, tell that it is another now.
const TRUST: u8 = 3;

/// Before all times.
const NEVER: i64 = i64::MIN;

/// Where a handle stands: calls have not seen it, are sent with it, or are not any more.
const UNSHOWN: u8 = 0;
const CURRENT: u8 = 1;
const SUPERSEDED: u8 = 2;

/// One version of one connection's credential.
pub struct Handle {
    record: ConnectionRecord,
    live: Arc<Live>,
    stand: AtomicU8,
}

/// What goes on where only what is known of the connection changes.
struct Live {
    /// Without its jar, which goes on in the live one.
    credential: PackedCredential,
    jar: LiveJar,
    /// Whether a browser keeps it: then its cookies go there, and not to the store.
    in_browser: bool,
    /// Whether it waits for its cookies to be written.
    queued: AtomicBool,
    /// When a call was last sent with it, in Unix seconds, and what the store knows of that.
    used_at: AtomicI64,
    noted_at: AtomicI64,
    opened_at: i64,
    /// When a call sent with this version last found the session over although it had just been renewed.
    rejected_at: AtomicI64,
    /// How many refusals of the password that calls show are put down to the one call: none before one was taken.
    trust: AtomicU8,
    first_calls: FirstCalls,
}

impl Handle {
    pub(crate) fn new(
        mut record: ConnectionRecord,
        credential: Credential,
        kept: Kept,
        now: i64,
    ) -> Self {
        // Open it is here once already.
        record.sealed = Sealed::default();
        record.cookies = None;
        let (credential, jar) = PackedCredential::new(credential);
        let noted = record.last_used_at.unwrap_or(NEVER);
        Self {
            live: Arc::new(Live {
                jar: LiveJar::new(&jar, record.cookies_generation),
                credential,
                queued: AtomicBool::new(false),
                used_at: AtomicI64::new(noted),
                noted_at: AtomicI64::new(noted),
                in_browser: kept.is_in_browser(),
                opened_at: now,
                rejected_at: AtomicI64::new(NEVER),
                trust: AtomicU8::new(0),
                first_calls: FirstCalls::default(),
            }),
            record,
            stand: AtomicU8::new(UNSHOWN),
        }
    }

    /// A credential that is only tried out: nothing of it is written, and it is never current.
    pub(crate) fn on_trial(record: ConnectionRecord, credential: Credential) -> Arc<Self> {
        let handle = Self::new(record, credential, Kept::Here, NEVER);
        // As if it waited already: then nobody puts it on the list of what is written.
        handle.queue();
        Arc::new(handle)
    }

    /// The same credential and jar, with what is known of the connection now.
    pub(crate) fn again(&self, mut record: ConnectionRecord) -> Self {
        record.sealed = Sealed::default();
        record.cookies = None;
        Self {
            record,
            live: self.live.clone(),
            stand: AtomicU8::new(UNSHOWN),
        }
    }

    /// Whether it is still what the next call of its owner is sent with: one atomic load. It is not once there is a newer
    /// version, it was signed out, cleared, renamed or closed, or its owner has one more connection here; then
    /// [`Connections::select`](crate::Connections::select) and [`Connections::current`](crate::Connections::current) tell.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.stand.load(Ordering::Acquire) == CURRENT
    }

    /// Whether it was [current](Handle::is_current), and is not any more.
    #[must_use]
    pub fn is_superseded(&self) -> bool {
        self.stand.load(Ordering::Acquire) == SUPERSEDED
    }

    /// Moves on with every change of the cookies: one atomic load.
    #[must_use]
    pub fn jar_generation(&self) -> u64 {
        self.live.jar.generation()
    }

    /// Keeps the cookies that a reply from `url` brought, and has all threads see them; whether there were any. To be
    /// followed by [`Connections::save_jar`](crate::Connections::save_jar).
    pub fn store_cookies(&self, url: &Url, headers: &HeaderMap, now: SystemTime) -> bool {
        self.live
            .jar
            .change(|jar| !jar.store(url, headers, now).is_empty())
    }

    /// The connection's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.record.id
    }

    /// The credential's version.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.record.version
    }

    /// The connection as the store had it when this version was read.
    #[must_use]
    pub fn record(&self) -> &ConnectionRecord {
        &self.record
    }

    /// The credential with the cookies as they are now: a copy, read anew each time.
    #[must_use]
    pub fn credential(&self) -> Credential {
        self.live.credential.open(self.cookies())
    }

    /// The credential as it waits, for templates that may not name anything of it.
    #[must_use]
    pub fn packed(&self) -> &PackedCredential {
        &self.live.credential
    }

    /// When it was last made or renewed, in Unix seconds.
    #[must_use]
    pub fn issued_at(&self) -> i64 {
        self.live.credential.issued_at()
    }

    /// The cookies now, for [`outbound::Cookies`]. Whoever changes them by this calls
    /// [`Connections::save_jar`](crate::Connections::save_jar), which also makes the change known.
    #[must_use]
    pub fn jar(&self) -> &Mutex<Jar> {
        self.live.jar.mutex()
    }

    pub(crate) fn live_jar(&self) -> &LiveJar {
        &self.live.jar
    }

    pub(crate) fn is_dirty(&self) -> bool {
        !self.live.in_browser && self.live.jar.is_dirty()
    }

    pub(crate) fn is_in_browser(&self) -> bool {
        self.live.in_browser
    }

    pub(crate) fn make_current(&self) {
        self.stand.store(CURRENT, Ordering::Release);
    }

    pub(crate) fn supersede(&self) {
        // What calls never saw, as a trial, is followed by nothing.
        if self.is_current() {
            self.stand.store(SUPERSEDED, Ordering::Release);
        }
    }

    /// Notes that it waits to be written; whether it did not already.
    pub(crate) fn queue(&self) -> bool {
        !self.live.queued.swap(true, Ordering::AcqRel)
    }

    pub(crate) fn unqueue(&self) {
        self.live.queued.store(false, Ordering::Release);
    }

    pub(crate) fn note_used(&self, now: i64) {
        self.live.used_at.store(now, Ordering::Relaxed);
    }

    /// The last use, where the store should hear of it; it counts as told.
    pub(crate) fn take_use(&self) -> Option<Use> {
        let used = self.live.used_at.load(Ordering::Relaxed);
        let noted = self.live.noted_at.load(Ordering::Relaxed);
        (used > noted.saturating_add(SELDOM)).then(|| {
            self.live.noted_at.store(used, Ordering::Relaxed);
            (self.record.id.clone(), used)
        })
    }

    /// An older version of the same connection was last used then.
    pub(crate) fn take_use_from(&self, old: &Self) {
        let used = old.live.used_at.load(Ordering::Relaxed);
        self.live.used_at.fetch_max(used, Ordering::Relaxed);
    }

    /// When it was last opened or used.
    pub(crate) fn last_touched(&self) -> i64 {
        self.live
            .used_at
            .load(Ordering::Relaxed)
            .max(self.live.opened_at)
    }

    /// When the session ends, in Unix seconds, where that is known.
    #[must_use]
    pub fn expires_at(&self) -> Option<i64> {
        self.live.credential.expires_at()
    }

    /// A copy of the cookies now, for templates.
    #[must_use]
    pub fn cookies(&self) -> Jar {
        self.live.jar.snapshot()
    }

    /// Whether the session is known to have ended.
    #[must_use]
    pub fn is_over(&self, now: i64) -> bool {
        self.live.credential.has_expired(now)
    }

    /// Whether to renew before the next call: a margin before the end, never more than half the life before it.
    #[must_use]
    pub fn is_due(&self, now: i64) -> bool {
        self.live
            .credential
            .renew_at()
            .is_some_and(|due| now >= due)
    }

    /// Notes that a call sent with this version was taken.
    pub fn note_taken(&self) {
        // Mostly it is noted already, and what is only read is not moved from one processor to the other.
        if self.live.trust.load(Ordering::Relaxed) != TRUST {
            self.live.trust.store(TRUST, Ordering::Relaxed);
        }
    }

    /// Notes that the password which a call showed was refused; whether the password itself is still believed in, as
    /// others were taken a short while ago and it may be that one call which the API does not want.
    pub fn note_password_refused(&self) -> bool {
        let less = |trust: u8| Some(trust.saturating_sub(1));
        let before = self
            .live
            .trust
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        before.is_ok_and(|before| before > 1)
    }

    /// Whether no call sent with this version has been taken so far.
    #[must_use]
    pub fn is_unproven(&self) -> bool {
        self.live.trust.load(Ordering::Relaxed) == 0
    }

    /// The turn to send the first call with this version, where nobody has it.
    #[must_use]
    pub fn try_first_call(&self) -> Option<FirstCall> {
        self.live.first_calls.try_take()
    }

    /// The turn to send the first call with this version, once those before have had it.
    pub async fn first_call(&self) -> FirstCall {
        self.live.first_calls.take().await
    }

    /// Notes that the session was still over right after a renewal.
    pub fn note_rejected(&self, now: i64) {
        self.live.rejected_at.store(now, Ordering::Relaxed);
    }

    /// Whether another renewal would only be a storm: the API has just refused what it had just given. Longer where it
    /// has never taken it; shorter where it has, as then only one of its endpoints refuses.
    #[must_use]
    pub fn is_rejected(&self, now: i64) -> bool {
        let wait = if self.is_unproven() { 60 } else { 10 };
        // Later than now it was only by a clock that has been put back.
        let rejected_at = self.live.rejected_at.load(Ordering::Relaxed);
        (0..wait).contains(&now.saturating_sub(rejected_at))
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Handle")
            .field("id", &self.id())
            .field("version", &self.version())
            .finish_non_exhaustive()
    }
}
