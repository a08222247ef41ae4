//! How much a script may take, in one place, because parent and child both hold it to these.

use std::time::Duration;

/// The limits of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long the script may run before its process is killed; starting the process is not
    /// counted. Default 2 s.
    pub time: Duration,
    /// How many bytes of memory JavaScript may use. Default 64 MiB.
    pub memory: u64,
    /// How many bytes of JSON the result may have. Default 1 MiB.
    pub output: u64,
    /// How many bytes of JSON the parameters may have, and of text the code. Default 8 MiB.
    pub input: u64,
    /// How long the process may take to start. Default 10 s: a busy machine is no fault of the
    /// script.
    pub start: Duration,
    /// How many scripts may run at once; others wait for their turn. Default 16.
    pub at_once: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(2),
            memory: 64 << 20,
            output: 1 << 20,
            input: 8 << 20,
            start: Duration::from_secs(10),
            at_once: 16,
        }
    }
}
