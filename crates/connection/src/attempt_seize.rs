//! Finding an attempt as it is kept, and seizing it: one thing at a time is done to it, in this process and across
//! processes. Work that nobody is at any more is taken over by whoever looks.

use crate::attempt::Attempt;
use crate::attempt_error::AttemptError;
use crate::attempt_record::{AttemptRecord, Stage};
use crate::attempt_table::LiveAttempt;
use crate::attempt_view::{AttemptFailure, FaultOf};
use crate::attempt_work::{Push, Seized};
use crate::attempts::{Attempts, wrong_turn};
use crate::lease::Lease;
use flow::Input;
use model::Said;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, watch};

/// How long work that died with its process stalls who takes it over.
const TTL: Duration = Duration::from_secs(3);
/// How often it is looked for attempts that took too long, and for what other processes did.
const EACH: Duration = Duration::from_secs(2);

impl Attempts {
    /// The attempt of this record, to be watched. One that should be going on is taken over where nobody is at it.
    pub(crate) async fn see(&self, record: AttemptRecord) -> Result<Attempt, AttemptError> {
        if record.kept.stage.has_ended() {
            return Ok(self.see_end(&record));
        }
        let live = self.enter(&record);
        if !record.kept.stage.goes_on(self.now()) && !record.is_over_at(self.now()) {
            live.show_kept(record.view());
            return Ok(Attempt::new(live.subscribe()));
        }
        match self.seize(&record).await {
            Ok(seized) => self.take_over(seized).await?,
            Err(AttemptError::Busy) => {}
            Err(AttemptError::Elsewhere) => live.show_kept(record.view()),
            Err(AttemptError::Expired | AttemptError::WrongTurn { .. }) => {
                let store = &self.inner.connections.store;
                let newest = AttemptRecord::load(store, &record.id).await?;
                return match newest {
                    Some(newest) if newest.kept.stage.has_ended() => Ok(self.see_end(&newest)),
                    _ => Err(AttemptError::Expired),
                };
            }
            Err(error) => return Err(error),
        }
        Ok(Attempt::new(live.subscribe()))
    }

    /// Seizes an attempt that is not over, as it is kept now.
    pub(crate) async fn seize(&self, record: &AttemptRecord) -> Result<Seized, AttemptError> {
        over(record)?;
        let live = self.enter(record);
        let turn = live.try_turn().ok_or(AttemptError::Busy)?;
        self.seize_in_turn(record, live, turn).await
    }

    /// Seizes an attempt whose turn in this process is taken.
    pub(crate) async fn seize_in_turn(
        &self,
        record: &AttemptRecord,
        live: Arc<LiveAttempt>,
        turn: OwnedSemaphorePermit,
    ) -> Result<Seized, AttemptError> {
        let lease = self.lease_of(&record.id).await?;
        let store = &self.inner.connections.store;
        let newest = AttemptRecord::load(store, &record.id).await?;
        let record = newest.ok_or(AttemptError::Unknown)?;
        if record.kept.stage.has_ended() {
            self.inner.table.show(record.view());
        }
        over(&record)?;
        // Another process may have brought it here.
        live.show(record.view());
        let mut seized = Seized {
            record,
            live,
            turn,
            lease,
        };
        if seized.record.is_over_at(self.now()) {
            seized.record.end(Stage::Expired);
            seized.put_down(self).await?;
            return Err(AttemptError::Expired);
        }
        Ok(seized)
    }

    /// The right to do something to the attempt of this id, across processes.
    pub(crate) async fn lease_of(&self, id: &str) -> Result<Lease, AttemptError> {
        let connections = &self.inner.connections;
        let holder = connections.engine.random.base64url(12);
        let key = format!("attempt\n{id}");
        let lease = Lease::take(&connections.store, &key, &holder, TTL).await?;
        lease.ok_or(AttemptError::Elsewhere)
    }

    /// Looks at an attempt that others may have changed, for whoever watches it here.
    pub(crate) async fn look_again(&self, id: &str) {
        let store = &self.inner.connections.store;
        let seen = match AttemptRecord::load(store, id).await {
            Ok(Some(record)) => self.see(record).await.map(drop),
            Ok(None) => {
                self.inner.table.forget(id);
                Ok(())
            }
            Err(error) => Err(error.into()),
        };
        if let Err(error) = seen {
            tracing::warn!(%id, %error, "a sign-in could not be looked at");
        }
    }

    /// Has somebody look for attempts that took too long, as long as there is this table.
    pub(crate) fn keep_swept(&self) {
        if self.inner.swept.swap(true, Ordering::Relaxed) {
            return;
        }
        let inner = Arc::downgrade(&self.inner);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(EACH).await;
                let Some(inner) = inner.upgrade() else {
                    return;
                };
                Attempts { inner }.sweep().await;
            }
        });
    }

    async fn sweep(&self) {
        for live in self.inner.table.all() {
            let due = self.now() >= live.expires_at || live.is_watched();
            if due && !live.is_busy() {
                self.look_again(&live.id).await;
            }
        }
    }

    /// Goes on with what nobody is at any more: its process has died, or it has just begun.
    async fn take_over(&self, mut seized: Seized) -> Result<(), AttemptError> {
        let input = match seized.record.kept.stage {
            Stage::Begin => Input::Begin,
            Stage::Wait { .. } => Input::Continue,
            Stage::Form(_) if seized.record.kept.stage.goes_on(self.now()) => Input::Continue,
            Stage::Spent => {
                seized.record.end(Stage::Failed(interrupted()));
                return Ok(seized.put_down(self).await?);
            }
            _ => {
                let (view, live) = (seized.record.view(), seized.live.clone());
                drop(seized);
                live.show_kept(view);
                return Ok(());
            }
        };
        match self.equipped(&seized.record) {
            Ok(equipped) => seized.go_on(self, equipped, Push::Step(input)),
            Err(error) => {
                seized.record.end(Stage::Failed(connector_gone(&error)));
                seized.put_down(self).await?;
            }
        }
        Ok(())
    }

    pub(crate) fn enter(&self, record: &AttemptRecord) -> Arc<LiveAttempt> {
        self.keep_swept();
        self.inner.table.enter(record)
    }

    fn see_end(&self, record: &AttemptRecord) -> Attempt {
        self.inner.table.show(record.view());
        Attempt::new(watch::Sender::new(record.view()).subscribe())
    }
}

fn over(record: &AttemptRecord) -> Result<(), AttemptError> {
    match record.kept.stage {
        Stage::Expired => Err(AttemptError::Expired),
        ref stage if stage.has_ended() => Err(wrong_turn(record)),
        _ => Ok(()),
    }
}

fn connector_gone(error: &AttemptError) -> AttemptFailure {
    AttemptFailure {
        code: error.code().to_owned(),
        cause: error.code().to_owned(),
        step: None,
        whose_fault: FaultOf::Builder,
        message: error.to_string().into(),
        help: None,
        passing: false,
    }
}

fn interrupted() -> AttemptFailure {
    AttemptFailure {
        code: "internal".to_owned(),
        cause: "interrupted".to_owned(),
        step: None,
        whose_fault: FaultOf::Stepgate,
        message:
            "The sign-in was interrupted after the browser came back, and what it brought is spent."
                .into(),
        help: Some(Said::SignInAgain.into()),
        passing: true,
    }
}
