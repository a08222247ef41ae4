//! The child's side: confine yourself, read one job, answer it, end.

use std::io::{Error, Read, Write};
use std::process::ExitCode;

use crate::confine;
use crate::engine::Engine;
use crate::frame;
use crate::message::{Job, Orders, Reply};

/// What the hidden sub-command calls, before anything else in the process opens a file or starts a
/// thread.
///
/// It closes every descriptor but the standard ones, takes its limits from stdin, holds itself to
/// them, and only then reads the builder's code. When the parent goes away, stdin or stdout ends
/// and the process with it; a script that computes on is ended by its limit of processor time.
#[must_use]
pub fn child_main() -> ExitCode {
    match serve(&mut std::io::stdin().lock(), &mut std::io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// The largest frame of orders; the parent writes it, but nothing is read without a bound.
const ORDERS_LIMIT: u64 = 4096;

fn serve(input: &mut impl Read, output: &mut impl Write) -> Result<(), Error> {
    confine::close_inherited_files()?;
    let orders: Orders = frame::parse(&frame::read(input, ORDERS_LIMIT)?)?;
    confine::apply(&orders)?;
    let engine = Engine::new(orders.memory).map_err(Error::other)?;
    frame::write(output, &frame::json(&Reply::Ready)?)?;

    let job: Job = frame::parse(&frame::read(input, orders.input)?)?;
    let code = String::from_utf8(frame::read(input, orders.input)?).map_err(Error::other)?;
    let parameters = frame::read(input, orders.input)?;
    let answer = engine.answer(&job, &code, parameters, orders.output);
    frame::write(output, &frame::json(&answer)?)
}
