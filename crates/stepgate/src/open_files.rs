//! The limit of open files, raised as far as the system lets us: each call may hold two, its caller's connection and the API's.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// Raises the limit and says where it is too low for so many connections from callers.
pub(crate) fn raise(connections: u32) {
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else {
        return;
    };
    let wanted = 2 * u64::from(connections);
    let given = match soft < hard && setrlimit(Resource::RLIMIT_NOFILE, hard, hard).is_ok() {
        true => hard,
        false => soft,
    };
    if given < wanted {
        tracing::warn!(
            "{given} files may be open at once, and {connections} connections need up to {wanted}: \
             raise the limit (ulimit -n, or LimitNOFILE= of systemd), or lower limits.connections"
        );
    }
}
