//! How a child shuts itself in, before it reads a word of the builder's code.

use std::io::Error;

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use crate::message::Orders;

/// What the process needs beyond what JavaScript may use: its own frames, the copy of a result.
const OWN_MEMORY: u64 = 64 << 20;

/// Address space beyond the memory: the program's text and the system's libraries.
const OWN_ADDRESSES: u64 = 512 << 20;

/// Closes every descriptor but stdin, stdout and stderr, which a parent further up may have left
/// open. Called while nothing else in the process owns one.
pub(crate) fn close_inherited_files() -> Result<(), Error> {
    let directory = if cfg!(target_os = "linux") {
        "/proc/self/fd"
    } else {
        "/dev/fd"
    };
    let open: Vec<i32> = match std::fs::read_dir(directory) {
        Ok(entries) => entries
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .collect(),
        // A machine without that directory: what a parent leaves open has low numbers.
        Err(_) => (0..1024).collect(),
    };
    for descriptor in open.into_iter().filter(|descriptor| *descriptor > 2) {
        // The listing's own descriptor is closed already, so a failure says nothing.
        let _ = nix::unistd::close(descriptor);
    }
    Ok(())
}

/// Gives up what the process could otherwise do; there is no way back.
pub(crate) fn apply(orders: &Orders) -> Result<(), Error> {
    #[cfg(target_os = "linux")]
    {
        nix::sys::prctl::set_no_new_privs()?;
        // No core file and no look from outside at what the script is given.
        nix::sys::prctl::set_dumpable(false)?;
    }
    let memory = orders.memory.saturating_add(OWN_MEMORY);
    let mut limits = vec![
        (Resource::RLIMIT_CORE, 0),
        (Resource::RLIMIT_FSIZE, 0),
        (Resource::RLIMIT_NOFILE, 0),
        (Resource::RLIMIT_CPU, orders.processor_seconds),
        (Resource::RLIMIT_DATA, memory),
    ];
    #[cfg(not(target_os = "macos"))]
    limits.push((Resource::RLIMIT_AS, memory.saturating_add(OWN_ADDRESSES)));
    #[cfg(any(target_os = "linux", target_os = "freebsd"))]
    limits.push((Resource::RLIMIT_NPROC, 0));
    for (resource, limit) in limits {
        lower(resource, limit)?;
    }
    Ok(())
}

/// Lowers a limit for good. One that is lower already stays as it is: a process that is not root
/// could not raise it.
fn lower(resource: Resource, limit: u64) -> Result<(), Error> {
    let (_, present) = getrlimit(resource)?;
    let hard = if resource == Resource::RLIMIT_CPU {
        // The signal of the soft limit tells this end from others; the hard one only kills.
        present.min(limit.saturating_add(1))
    } else {
        present.min(limit)
    };
    setrlimit(resource, hard.min(limit), hard)?;
    Ok(())
}
