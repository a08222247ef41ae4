//! A thread that owns one database connection, and the async face of it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::error::{Fault, StoreError};

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// Runs jobs one after another. Whoever stops waiting for a job does not stop the job.
pub(crate) struct Worker {
    path: PathBuf,
    jobs: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    pub(crate) fn start(
        name: &str,
        path: PathBuf,
        mut connection: Connection,
    ) -> Result<Self, StoreError> {
        let (jobs, inbox) = channel::<Job>();
        let serve = move || {
            for job in inbox {
                // A panic ends its own job only: the transaction rolls back as it unwinds, and its caller is told.
                let _ = catch_unwind(AssertUnwindSafe(|| job(&mut connection)));
            }
        };
        let started = thread::Builder::new().name(name.to_owned()).spawn(serve);
        let thread = started.map_err(|error| StoreError::Opening {
            path: path.clone(),
            why: error.to_string(),
        })?;
        Ok(Self {
            path,
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    pub(crate) async fn run<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, StoreError> {
        // What was written stays written, whoever waits.
        self.run_or_undo(job, |_, _| ()).await
    }

    /// Runs a job, and `undo` on its result where nobody is waiting for that any more.
    pub(crate) async fn run_or_undo<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> Result<T, Fault> + Send + 'static,
        undo: impl FnOnce(&mut Connection, T) + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, result) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            if let Err(Ok(unclaimed)) = answer.send(job(connection)) {
                undo(connection, unclaimed);
            }
        });
        let jobs = self.jobs.as_ref().ok_or(StoreError::Stopped)?;
        jobs.send(job).map_err(|_| StoreError::Stopped)?;
        let done = result.await.map_err(|_| StoreError::Stopped)?;
        done.map_err(|fault| fault.at(&self.path))
    }
}

impl Drop for Worker {
    /// Waits for the jobs under way, so that the file is whole and closed when the store is gone.
    fn drop(&mut self) {
        drop(self.jobs.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
