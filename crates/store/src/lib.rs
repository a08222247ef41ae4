//! What survives a restart, sealed: connections, leases, secrets, runs.
