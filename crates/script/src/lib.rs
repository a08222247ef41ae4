//! The JS code sandbox: QuickJS in killable child processes.
