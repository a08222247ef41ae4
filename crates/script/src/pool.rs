//! The pool of child processes: each runs one script, and the next is started in advance.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::console::ConsoleLine;
use crate::message::Job;
use crate::worker::Worker;
use crate::{Limits, ScriptError, is_parameter_name};

/// How a pool starts its children, and what it lets them take.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The program to run: this same binary.
    pub program: PathBuf,
    /// The arguments that make it call [`crate::child_main`], such as `["script-child"]`.
    pub arguments: Vec<String>,
    /// How many children wait in advance; with 0 each run starts its own.
    pub warm: usize,
    /// The limits of each run.
    pub limits: Limits,
}

/// Runs scripts, each in a process of its own that is killed afterwards.
///
/// Clones share the children that wait. These belong to the tokio runtime that started them, so a
/// pool stays with one runtime.
#[derive(Clone, Debug)]
pub struct Pool(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    settings: Settings,
    idle: Mutex<Idle>,
    turns: Semaphore,
}

#[derive(Debug, Default)]
struct Idle {
    workers: VecDeque<Worker>,
    /// How many are being started, so that no two tasks start the same one.
    starting: usize,
}

/// What came of a run.
#[derive(Debug)]
pub struct Ran {
    /// The object that the script returned, or why there is none.
    pub result: Result<Map<String, Value>, ScriptError>,
    /// What the script said meanwhile; nothing where it was stopped from outside.
    pub console: Vec<ConsoleLine>,
}

impl From<ScriptError> for Ran {
    fn from(error: ScriptError) -> Self {
        Self {
            result: Err(error),
            console: Vec::new(),
        }
    }
}

impl Pool {
    /// A pool that starts its first children when it first runs a script, or at [`Pool::warm_up`].
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let turns = Semaphore::new(settings.limits.at_once.clamp(1, Semaphore::MAX_PERMITS));
        Self(Arc::new(Shared {
            settings,
            idle: Mutex::default(),
            turns,
        }))
    }

    /// Starts the children that wait in advance, so that the first run need not.
    ///
    /// # Errors
    /// When a child cannot be started.
    pub async fn warm_up(&self) -> Result<(), ScriptError> {
        self.0.fill().await
    }

    /// How many children are ready and waiting.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.0.idle().workers.len()
    }

    /// Runs `code`, a function body that sees the parameters by name, and gives the object it
    /// returns. [`crate::REFERENCE`] says what it may use.
    ///
    /// `Date.now()` is `now`, and `Math.random()` repeats for the same code, parameters and `now`.
    ///
    /// # Errors
    /// When the script is wrong, goes over a limit, or its process fails.
    pub async fn run(
        &self,
        code: &str,
        parameters: &Map<String, Value>,
        now: SystemTime,
    ) -> Result<Map<String, Value>, ScriptError> {
        self.run_aloud(code, parameters, now).await.result
    }

    /// The same, with what the script says by `console`.
    pub async fn run_aloud(
        &self,
        code: &str,
        parameters: &Map<String, Value>,
        now: SystemTime,
    ) -> Ran {
        let names = parameters.keys().map(String::as_str).collect::<Vec<_>>();
        let ran = self.job(code, &names, parameters, now, false).await;
        ran.unwrap_or_else(Ran::from)
    }

    /// Reads `code` without running it, so that a definition can be checked.
    ///
    /// # Errors
    /// [`ScriptError::Syntax`] when it is not JavaScript, and whatever a run can fail with.
    pub async fn check(&self, code: &str, parameters: &[&str]) -> Result<(), ScriptError> {
        self.job(code, parameters, &Map::new(), UNIX_EPOCH, true)
            .await?
            .result
            .map(drop)
    }

    async fn job(
        &self,
        code: &str,
        names: &[&str],
        parameters: &Map<String, Value>,
        now: SystemTime,
        only_read: bool,
    ) -> Result<Ran, ScriptError> {
        if let Some(name) = names.iter().find(|name| !is_parameter_name(name)) {
            return Err(ScriptError::ParameterName {
                name: (*name).to_owned(),
            });
        }
        let limits = &self.0.settings.limits;
        let parameters = without_proto(parameters);
        let parameters =
            serde_json::to_vec(&parameters).map_err(|error| ScriptError::ChildFailed {
                how: format!("the parameters cannot be written: {error}"),
            })?;
        if parameters.len() as u64 > limits.input || code.len() as u64 > limits.input {
            return Err(ScriptError::InputTooLarge {
                limit: limits.input,
            });
        }
        let now_millis = now
            .duration_since(UNIX_EPOCH)
            .map(|since| since.as_millis() as f64)
            .unwrap_or_default();
        let job = Job {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            now_millis,
            seed: seed(code, &parameters, now_millis),
            only_read,
        };
        // The semaphore is never closed.
        let _turn = self.0.turns.acquire().await.ok();
        let worker = self.0.worker().await?;
        let ran = worker.run(&job, code, &parameters, limits).await;
        // Now, and not while the script ran: to start a process takes longer than most scripts.
        self.0.refill();
        Ok(ran)
    }
}

impl Shared {
    fn idle(&self) -> std::sync::MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A child that waits, or a new one.
    async fn worker(&self) -> Result<Worker, ScriptError> {
        let waiting =
            std::iter::from_fn(|| self.idle().workers.pop_front()).find_map(|mut worker| {
                // One that somebody killed while it waited is passed over.
                worker.is_alive().then_some(worker)
            });
        match waiting {
            Some(worker) => Ok(worker),
            None => Worker::start(&self.settings).await,
        }
    }

    /// Starts what is missing, behind the caller's back.
    fn refill(self: &Arc<Self>) {
        let shared = Arc::clone(self);
        tokio::spawn(async move {
            // What keeps a child from starting will meet the next run, which says so.
            let _ = shared.fill().await;
        });
    }

    async fn fill(&self) -> Result<(), ScriptError> {
        while let Some(_place) = self.place() {
            let worker = Worker::start(&self.settings).await?;
            self.idle().workers.push_back(worker);
        }
        Ok(())
    }

    /// The place of one more child, where there is room.
    fn place(&self) -> Option<Place<'_>> {
        let mut idle = self.idle();
        if idle.workers.len() + idle.starting >= self.settings.warm {
            return None;
        }
        idle.starting += 1;
        Some(Place(self))
    }
}

/// Given back however the start of a child ends.
struct Place<'a>(&'a Shared);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.idle().starting -= 1;
    }
}

/// The parameters without keys named `__proto__`, which no honest reply has and which a script
/// that copies keys would take for an object's prototype.
fn without_proto(parameters: &Map<String, Value>) -> Map<String, Value> {
    fn value(from: &Value) -> Value {
        match from {
            Value::Array(list) => list.iter().map(value).collect(),
            Value::Object(map) => Value::Object(without_proto(map)),
            other => other.clone(),
        }
    }
    parameters
        .iter()
        .filter(|(key, _)| *key != "__proto__")
        .map(|(key, from)| (key.clone(), value(from)))
        .collect()
}

/// What `Math.random()` starts from: repeatable, and different for each input.
fn seed(code: &str, parameters: &[u8], now_millis: f64) -> [u32; 4] {
    let hash = Sha256::new()
        .chain_update(now_millis.to_be_bytes())
        .chain_update((code.len() as u64).to_be_bytes())
        .chain_update(code)
        .chain_update(parameters)
        .finalize();
    let mut seed = [0; 4];
    for (number, bytes) in seed.iter_mut().zip(hash.chunks_exact(4)) {
        *number = bytes.iter().fold(0, |n, byte| (n << 8) | u32::from(*byte));
    }
    seed
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn keys_named_proto_are_left_out_at_every_depth() {
        let given = json!({ "a": [{ "__proto__": { "x": 1 }, "b": 2 }], "__proto__": 3 });
        let Value::Object(given) = given else {
            panic!("an object")
        };
        assert_eq!(
            Value::Object(without_proto(&given)),
            json!({ "a": [{ "b": 2 }] })
        );
    }

    #[test]
    fn seeds_differ_with_each_input_and_only_then() {
        let first = seed("a", b"{}", 1.0);
        assert_eq!(first, seed("a", b"{}", 1.0));
        for other in [
            seed("b", b"{}", 1.0),
            seed("a", b"[]", 1.0),
            seed("a", b"{}", 2.0),
        ] {
            assert_ne!(first, other);
        }
    }
}
