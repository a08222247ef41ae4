//! Sign in, renew, sign out: joins flow and store.
