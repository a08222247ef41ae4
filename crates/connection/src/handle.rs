//! A credential opened for use: what calls hold, many at once, while a renewal prepares the next one.

use crate::live_jar::LiveJar;
use flow::Credential;
use outbound::Jar;
use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use store::ConnectionRecord;

/// One version of one connection's credential.
pub struct Handle {
    record: ConnectionRecord,
    credential: Credential,
    pub(crate) jar: LiveJar,
    /// When a call sent with this version last found the session over although it had just been renewed.
    rejected_at: AtomicI64,
    /// A call sent with this version was taken.
    taken: AtomicBool,
}

impl Handle {
    pub(crate) fn new(record: ConnectionRecord, credential: Credential) -> Self {
        Self {
            jar: LiveJar::new(credential.jar.clone(), record.cookies_generation),
            record,
            credential,
            rejected_at: AtomicI64::new(i64::MIN),
            taken: AtomicBool::new(false),
        }
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

    /// The sealed part, opened: outputs and the jar as it was. The jar of now is [`Handle::jar`].
    #[must_use]
    pub fn credential(&self) -> &Credential {
        &self.credential
    }

    /// The cookies now, for [`outbound::Cookies`].
    #[must_use]
    pub fn jar(&self) -> &Mutex<Jar> {
        self.jar.mutex()
    }

    /// When the session ends, in Unix seconds, where that is known.
    #[must_use]
    pub fn expires_at(&self) -> Option<i64> {
        self.credential.expires_at
    }

    /// A copy of the cookies now, for templates.
    #[must_use]
    pub fn cookies(&self) -> Jar {
        self.jar.snapshot()
    }

    /// Whether the session is known to have ended.
    #[must_use]
    pub fn is_over(&self, now: i64) -> bool {
        self.credential.has_expired(now)
    }

    /// Whether to renew before the next call: a margin before the end, never more than half the life before it.
    #[must_use]
    pub fn is_due(&self, now: i64) -> bool {
        self.credential.renew_at().is_some_and(|due| now >= due)
    }

    /// Notes that a call sent with this version was taken.
    pub fn note_taken(&self) {
        self.taken.store(true, Ordering::Relaxed);
    }

    /// Whether no call sent with this version has been taken so far.
    #[must_use]
    pub fn is_unproven(&self) -> bool {
        !self.taken.load(Ordering::Relaxed)
    }

    /// Notes that the session was still over right after a renewal.
    pub fn note_rejected(&self, now: i64) {
        self.rejected_at.store(now, Ordering::Relaxed);
    }

    /// Whether another renewal would only be a storm: the API has just refused what it had just given. Longer where it
    /// has never taken it; shorter where it has, as then only one of its endpoints refuses.
    #[must_use]
    pub fn is_rejected(&self, now: i64) -> bool {
        let wait = if self.is_unproven() { 60 } else { 10 };
        now < self
            .rejected_at
            .load(Ordering::Relaxed)
            .saturating_add(wait)
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
