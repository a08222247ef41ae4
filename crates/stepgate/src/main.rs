//! The stepgate binary: wiring and command line only.

fn main() {}
