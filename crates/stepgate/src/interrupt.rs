//! Being told to stop: what is half done is undone, the terminal echoes again, and the exit status says so.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;

use nix::sys::termios::{SetArg, Termios, tcgetattr, tcsetattr};
use tokio::signal::unix::{Signal, SignalKind, signal};

/// How long is waited for what cannot be undone, such as a read from the terminal, before the process ends without it.
pub(crate) const PATIENCE: Duration = Duration::from_millis(300);

/// The signal that ended the work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopped(SignalKind);

/// How the terminal was at the start. A prompt for a password turns its echo off.
#[derive(Debug, Clone)]
pub(crate) struct Screen(Option<Termios>);

/// Runs `work` to its end or until a signal says to stop; then it is dropped, and so undone.
///
/// # Errors
/// Where signals cannot be listened for.
pub(crate) async fn unless_stopped<T>(
    screen: &Screen,
    work: impl Future<Output = T>,
) -> io::Result<Result<T, Stopped>> {
    // Listened for before the work begins: a prompt killed by a signal would leave the terminal without echo.
    let (interrupt, terminate) = (SignalKind::interrupt(), SignalKind::terminate());
    let (mut interrupts, mut terminations) = (signal(interrupt)?, signal(terminate)?);
    let watch = watch(screen.clone(), signal(interrupt)?, signal(terminate)?);
    let mut work = pin!(work);
    let outcome = tokio::select! {
        biased;
        _ = interrupts.recv() => Err(Stopped(interrupt)),
        _ = terminations.recv() => Err(Stopped(terminate)),
        outcome = &mut work => Ok(outcome),
    };
    watch.abort();
    Ok(outcome)
}

/// Ends the process where the work does not: it may be reading a line, and then nobody polls it.
fn watch(
    screen: Screen,
    mut interrupts: Signal,
    mut terminations: Signal,
) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let stopped = tokio::select! {
            _ = interrupts.recv() => SignalKind::interrupt(),
            _ = terminations.recv() => SignalKind::terminate(),
        };
        tokio::time::sleep(PATIENCE).await;
        screen.restore();
        std::process::exit(i32::from(Stopped(stopped).status()));
    })
}

impl Stopped {
    /// The customary status of a program that a signal ended.
    fn status(self) -> u8 {
        u8::try_from(128 + self.0.as_raw_value()).unwrap_or(u8::MAX)
    }
}

impl From<Stopped> for ExitCode {
    fn from(stopped: Stopped) -> Self {
        ExitCode::from(stopped.status())
    }
}

impl Screen {
    /// The terminal as it is now, where stdin is one.
    pub(crate) fn now() -> Self {
        Screen(tcgetattr(io::stdin()).ok())
    }

    /// Makes the terminal what it was.
    pub(crate) fn restore(&self) {
        if let Some(then) = &self.0
            && tcgetattr(io::stdin()).is_ok_and(|now| now != *then)
        {
            // Where it cannot be set, it is gone.
            let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, then);
        }
    }
}
