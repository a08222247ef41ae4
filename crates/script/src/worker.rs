//! One child process, seen from its parent: started, given its job, killed.

use std::io::Error;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use nix::sys::signal::Signal;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::console::bounded;
use crate::frame;
use crate::message::{Answer, Job, Orders, Reply};
use crate::{Limits, Ran, ScriptError, Settings};

/// What an answer has beyond the result: its name, the words of an error, and what the script said.
const ENVELOPE: u64 = 80 << 10;

/// A child that has confined itself and waits. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Worker {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
}

impl Worker {
    /// Starts a child and waits until it is ready.
    pub(crate) async fn start(settings: &Settings) -> Result<Self, ScriptError> {
        let start = |source| ScriptError::Start {
            program: settings.program.clone(),
            source,
        };
        let mut child = Command::new(&settings.program)
            .args(&settings.arguments)
            .env_clear()
            // What an allocator reserves in advance would be taken from what the child may use.
            .env("MIMALLOC_ARENA_RESERVE", "0")
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            // Ctrl-C at a terminal is for the parent to judge.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(start)?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(start(Error::other("it has no stdin or stdout")));
        };
        let mut worker = Self {
            child,
            input,
            output,
        };
        match timeout(settings.limits.start, worker.orders(&settings.limits)).await {
            Ok(Ok(Reply::Ready)) => Ok(worker),
            Ok(Ok(_)) => Err(ScriptError::ChildFailed {
                how: "it did not say that it is ready".to_owned(),
            }),
            Ok(Err(error)) => {
                let ended = worker.own_end().await;
                Err(ScriptError::ChildFailed {
                    how: format!("it did not start ({error}; {})", in_words(ended)),
                })
            }
            Err(_) => Err(ScriptError::ChildFailed {
                how: "it took too long to start".to_owned(),
            }),
        }
    }

    /// Whether the child is still there.
    pub(crate) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Gives the child its job and takes its answer; either way the child is gone afterwards.
    pub(crate) async fn run(
        mut self,
        job: &Job,
        code: &str,
        parameters: &[u8],
        limits: &Limits,
    ) -> Ran {
        match timeout(limits.time, self.exchange(job, code, parameters, limits)).await {
            Ok(Ok(answer)) => {
                self.kill().await;
                Ran {
                    result: answer.reply.into_result(limits),
                    console: bounded(answer.console),
                }
            }
            Ok(Err(error)) => judge(&error, self.own_end().await, limits).into(),
            Err(_) => {
                self.kill().await;
                ScriptError::TimeLimit { limit: limits.time }.into()
            }
        }
    }

    async fn orders(&mut self, limits: &Limits) -> Result<Reply, Error> {
        let orders = Orders {
            memory: limits.memory,
            processor_seconds: limits.time.as_secs().saturating_add(2),
            output: limits.output,
            input: limits.input,
        };
        self.send(&frame::json(&orders)?).await?;
        frame::parse(&frame::read_async(&mut self.output, ENVELOPE).await?)
    }

    async fn exchange(
        &mut self,
        job: &Job,
        code: &str,
        parameters: &[u8],
        limits: &Limits,
    ) -> Result<Answer, Error> {
        self.send(&frame::json(job)?).await?;
        self.send(code.as_bytes()).await?;
        self.send(parameters).await?;
        let limit = limits.output.saturating_add(ENVELOPE);
        frame::parse(&frame::read_async(&mut self.output, limit).await?)
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.input.write_all(&frame::length_of(bytes)?).await?;
        self.input.write_all(bytes).await?;
        self.input.flush().await
    }

    /// Kills the child and reaps it.
    async fn kill(&mut self) {
        // It may be gone already, and then there is nothing to kill.
        let _ = self.child.start_kill();
        let _ = self.child.wait().await;
    }

    /// How the child ended. One whose pipes are closed is about to end by itself, which says why;
    /// one that is not is killed, which says nothing.
    async fn own_end(&mut self) -> Option<ExitStatus> {
        match timeout(Duration::from_secs(1), self.child.wait()).await {
            Ok(status) => status.ok(),
            Err(_) => {
                self.kill().await;
                None
            }
        }
    }
}

/// What it means that a child ended without an answer.
fn judge(error: &Error, ended: Option<ExitStatus>, limits: &Limits) -> ScriptError {
    match ended
        .and_then(|status| status.signal())
        .and_then(|signal| Signal::try_from(signal).ok())
    {
        Some(Signal::SIGXCPU) => ScriptError::TimeLimit { limit: limits.time },
        // An allocation that fails outside JavaScript aborts; a system without memory kills.
        Some(Signal::SIGABRT | Signal::SIGKILL) => ScriptError::MemoryLimit {
            limit: limits.memory,
        },
        _ => ScriptError::ChildFailed {
            how: format!("{error}; {}", in_words(ended)),
        },
    }
}

fn in_words(ended: Option<ExitStatus>) -> String {
    ended.map_or_else(
        || "its end is unknown".to_owned(),
        |status| status.to_string(),
    )
}
