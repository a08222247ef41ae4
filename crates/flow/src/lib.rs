//! The flow run: resumable data and the runner that advances it.
