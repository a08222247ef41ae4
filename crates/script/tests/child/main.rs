//! The program that the tests start as a child, because a test binary cannot be its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    script::child_main()
}
