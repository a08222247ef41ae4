//! The program in which the tests run scripts, because a test binary cannot be its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    script::child_main()
}
