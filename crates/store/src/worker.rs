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

/// A way to leave jobs behind, from where nobody can wait.
pub(crate) struct Inbox(Option<Sender<Job>>);

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
        let (answer, result) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // Nobody may be waiting any more; what was written stays written.
            let _ = answer.send(job(connection));
        });
        let jobs = self.jobs.as_ref().ok_or(StoreError::Stopped)?;
        jobs.send(job).map_err(|_| StoreError::Stopped)?;
        let done = result.await.map_err(|_| StoreError::Stopped)?;
        done.map_err(|fault| fault.at(&self.path))
    }

    /// A way to leave jobs behind.
    pub(crate) fn inbox(&self) -> Inbox {
        Inbox(self.jobs.clone())
    }
}

impl Inbox {
    /// Leaves a job behind that nobody waits for. What it fails with is lost.
    pub(crate) fn leave(&self, job: impl FnOnce(&mut Connection) + Send + 'static) {
        if let Some(jobs) = &self.0 {
            // Where the worker is gone, so is the need.
            let _ = jobs.send(Box::new(job));
        }
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
