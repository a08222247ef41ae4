//! One file for each sub-command.

mod app_create;
mod call;
mod check;
mod completions;
mod connections;
mod demo;
mod doctor;
mod keygen;
mod run;
mod schema;
mod secret_set;
mod serve;
mod test;
mod types;

pub(crate) use app_create::make as make_app;

use crate::arguments::{App, Arguments, Command, Secret};
use crate::ending::{Complaint, Ending, READER_GONE};
use crate::terminal::Terminal;

/// Runs the command that was typed.
pub(crate) async fn run(arguments: Arguments, terminal: Terminal) -> Result<Ending, Complaint> {
    let everywhere = arguments.everywhere;
    match arguments.command {
        Command::Serve(serve) => serve::serve(&everywhere, terminal, serve).await,
        Command::App(App::Create(app)) => app_create::create(&everywhere, terminal, app).await,
        Command::Check { files } => check::check(&everywhere, terminal, &files),
        Command::Run(run) => run::run(&everywhere, terminal, &run).await,
        Command::Call(call) => call::call(&everywhere, terminal, call).await,
        Command::Test { file, sign_in } => test::test(&everywhere, terminal, &file, &sign_in).await,
        Command::Connections(what) => connections::connections(&everywhere, terminal, what).await,
        Command::Secret(Secret::Set { file, name }) => {
            secret_set::set(&everywhere, terminal, &file, &name).await
        }
        Command::Schema => schema::schema(terminal),
        Command::Keygen => keygen::keygen(terminal),
        Command::Doctor { public_url } => {
            doctor::doctor(&everywhere, terminal, public_url.as_ref()).await
        }
        Command::Demo { token_seconds } => demo::demo(&everywhere, terminal, token_seconds).await,
        Command::Completions { shell } => completions::completions(terminal, shell),
    }
}

/// stdout is gone or full.
pub(crate) fn unprintable(error: std::io::Error) -> Complaint {
    if error.kind() == std::io::ErrorKind::BrokenPipe {
        return Complaint::new(Ending::Done, READER_GONE, "nobody reads on");
    }
    Complaint::ours("stdout", format!("cannot print: {error}"))
}
