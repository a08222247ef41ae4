//! The sandbox from outside: real child processes, run by the pool.

#![allow(
    clippy::unwrap_used,
    reason = "clippy sees tests, but not the functions that they share"
)]

mod attack_63;
mod builtins;
mod confinement;
mod errors;
mod results;

use std::time::UNIX_EPOCH;

use script::{Limits, Pool, Settings};
use serde_json::{Map, Value};

/// A pool whose children are the test's own program.
fn pool_with(limits: Limits) -> Pool {
    Pool::new(Settings {
        program: env!("CARGO_BIN_EXE_script-child").into(),
        arguments: Vec::new(),
        warm: 1,
        limits,
    })
}

/// A pool for scripts that must come to their end, on a busy machine too.
fn patient() -> Pool {
    pool_with(Limits {
        time: std::time::Duration::from_secs(30),
        ..Limits::default()
    })
}

fn object(text: &str) -> Map<String, Value> {
    serde_json::from_str(text).unwrap()
}

async fn returned(code: &str, parameters: Value) -> Value {
    let parameters = parameters.as_object().unwrap();
    match patient().run(code, parameters, UNIX_EPOCH).await {
        Ok(object) => Value::Object(object),
        Err(error) => panic!("{code}\n{error:?}"),
    }
}
