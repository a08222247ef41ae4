//! Prints what a run costs with a process started for it and with one that waited, and nothing else:
//! `cargo run -p script --example cold_and_warm`.

use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime};

use script::{Limits, Pool, ScriptError, Settings};
use serde_json::Map;

const RUNS: u32 = 50;

fn main() -> ExitCode {
    // The example is its own child.
    if std::env::args().nth(1).as_deref() == Some("script-child") {
        return script::child_main();
    }
    let measured = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())
        .and_then(|runtime| {
            runtime
                .block_on(measure())
                .map_err(|error| error.to_string())
        });
    match measured {
        Ok(lines) => {
            show(&lines);
            ExitCode::SUCCESS
        }
        Err(error) => {
            show(&error);
            ExitCode::FAILURE
        }
    }
}

#[allow(clippy::print_stdout)] // printing is all that it is for
fn show(text: &str) {
    println!("{text}");
}

async fn measure() -> Result<String, ScriptError> {
    let mut lines = Vec::new();
    for (name, warm) in [("cold", 0), ("from the pool", 4)] {
        let pool = Pool::new(Settings {
            program: std::env::current_exe().unwrap_or_default(),
            arguments: vec!["script-child".into()],
            warm,
            limits: Limits::default(),
        });
        let mut times = Vec::new();
        for _ in 0..RUNS {
            // The pool is filled between runs, as where runs come one by one.
            pool.warm_up().await?;
            let start = Instant::now();
            let code = "return { hash: sha256('a') };";
            pool.run(code, &Map::new(), SystemTime::now()).await?;
            times.push(start.elapsed());
        }
        lines.push(format!("{name}: {}", in_words(&mut times)));
    }
    Ok(lines.join("\n"))
}

fn in_words(times: &mut [Duration]) -> String {
    times.sort_unstable();
    let at = |share: usize| {
        times
            .get(times.len() * share / 100)
            .copied()
            .unwrap_or_default()
    };
    format!("median {:?}, 95% within {:?}", at(50), at(95))
}
