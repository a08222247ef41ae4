//! What monitors count of connections: renewals and sign-ins, by connector and how they ended. Where no recorder is
//! installed, as in the command line, counting costs nothing.

use crate::error::ConnectionError;

/// One renewal has ended: not each that waited for it.
pub(crate) fn renewal<T>(connector: &str, result: &Result<T, ConnectionError>) {
    let outcome = outcome(result);
    metrics::counter!("stepgate_renewals_total", "connector" => connector.to_owned(), "outcome" => outcome)
        .increment(1);
}

/// One sign-in has ended.
pub(crate) fn sign_in<T>(connector: &str, result: &Result<T, ConnectionError>) {
    let outcome = outcome(result);
    metrics::counter!("stepgate_sign_ins_total", "connector" => connector.to_owned(), "outcome" => outcome)
        .increment(1);
}

fn outcome<T>(result: &Result<T, ConnectionError>) -> &'static str {
    result
        .as_ref()
        .map_or_else(ConnectionError::code, |_| "done")
}
