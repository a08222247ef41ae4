//! The script sandbox as the binary starts it: what holds there hangs on the binary's own allocator, too.
#![cfg(target_os = "linux")]

use std::fs;
use std::process::Child;

use crate::program::Program;

const ENDLESS: &str = "\
stepgate: 1
connector: endless
base_url: http://127.0.0.1:9
auth_flow:
  steps:
    - { id: a, kind: js_code, code: 'while (true) {}' }
request_parameters: [{ in: header, name: X-A, value: '{{a.b}}' }]
";

#[test]
fn attack_63_a_scripts_process_reserves_no_memory_beyond_its_limit() {
    let program = Program::with(ENDLESS);
    let mut running = program.start(&["run", "FILE"]);
    let (used, most) = loop {
        assert!(running.try_wait().unwrap().is_none(), "it ended too early");
        if let Some(seen) = confined(&running) {
            break seen;
        }
        std::thread::yield_now();
    };
    running.kill().unwrap();
    running.wait().unwrap();
    assert!(used < most, "{used} bytes of {most}");
}

/// The data segment of a child that has limited itself, and the limit.
fn confined(parent: &Child) -> Option<(u64, u64)> {
    let every_thread = fs::read_dir(format!("/proc/{}/task", parent.id())).ok()?;
    let listed: Vec<String> = every_thread
        .filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("children")).ok())
        .collect();
    listed.join(" ").split_whitespace().find_map(|child| {
        let limits = fs::read_to_string(format!("/proc/{child}/limits")).ok()?;
        let status = fs::read_to_string(format!("/proc/{child}/status")).ok()?;
        let most = word(&limits, "Max data size", 3)?.parse().ok()?;
        let used: u64 = word(&status, "VmData:", 1)?.parse().ok()?;
        Some((used * 1024, most))
    })
}

fn word<'a>(text: &'a str, line: &str, number: usize) -> Option<&'a str> {
    let line = text.lines().find(|candidate| candidate.starts_with(line))?;
    line.split_whitespace().nth(number)
}
