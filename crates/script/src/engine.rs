//! QuickJS in the child: one context, one job, and what came of it.

use rquickjs::context::{EvalOptions, intrinsic};
use rquickjs::function::Args;
use rquickjs::{Context, Ctx, Error, Function, Object, Persistent, Runtime, Value};

use crate::builtins;
use crate::console::Console;
use crate::message::{Answer, Job, Reply};
use crate::outcome::Writer;
use crate::thrown;

/// The engine, warm: its classes are there, and it waits for the code.
///
/// The fields are dropped in this order, because the runtime must go last.
pub(crate) struct Engine {
    helpers: Persistent<Object<'static>>,
    console: Console,
    context: Context,
    _runtime: Runtime,
}

/// What a script's context is made of. `Performance` is a clock and `WeakRef` shows the collector
/// at work, so both stay out.
type Intrinsics = (
    intrinsic::Date,
    intrinsic::Eval,
    intrinsic::RegExpCompiler,
    intrinsic::RegExp,
    intrinsic::Json,
    intrinsic::Proxy,
    intrinsic::MapSet,
    intrinsic::TypedArrays,
    intrinsic::Promise,
);

/// Of the 8 MiB that a main thread has.
const STACK: usize = 1 << 20;

/// The name of the builder's code in a stack, by which its lines are found.
pub(crate) const FILE: &str = "script.js";

const PRELUDE: &str = include_str!("builtins/prelude.js");

impl Engine {
    /// An engine whose JavaScript may use `memory` bytes.
    pub(crate) fn new(memory: u64) -> Result<Self, Error> {
        let runtime = Runtime::new()?;
        runtime.set_memory_limit(usize::try_from(memory).unwrap_or(usize::MAX));
        runtime.set_max_stack_size(STACK);
        let context = Context::custom::<Intrinsics>(&runtime)?;
        let console = Console::default();
        let helpers = context.with(|ctx| {
            let prelude: Function<'_> = evaluate(&ctx, PRELUDE, "stepgate")?;
            let helpers: Object<'_> = prelude.call((builtins::host(&ctx, &console)?,))?;
            Ok::<_, Error>(Persistent::save(&ctx, helpers))
        })?;
        Ok(Self {
            helpers,
            console,
            context,
            _runtime: runtime,
        })
    }

    /// Does the job.
    pub(crate) fn answer(&self, job: &Job, code: &str, parameters: Vec<u8>, output: u64) -> Answer {
        let reply = self.context.with(|ctx| {
            let helpers = match self.helpers.clone().restore(&ctx) {
                Ok(helpers) => helpers,
                Err(error) => return broken(&error),
            };
            let run = Run {
                ctx: &ctx,
                helpers,
                code,
                output,
            };
            run.job(job, parameters).unwrap_or_else(|reply| reply)
        });
        Answer {
            reply,
            console: self.console.take(),
        }
    }
}

/// One job under way; a reply that ends it early travels as the error.
struct Run<'a, 'js> {
    ctx: &'a Ctx<'js>,
    helpers: Object<'js>,
    code: &'a str,
    output: u64,
}

impl<'js> Run<'_, 'js> {
    fn job(&self, job: &Job, parameters: Vec<u8>) -> Result<Reply, Reply> {
        let function = self.compile(&job.names)?;
        if job.only_read {
            return Ok(Reply::Readable);
        }
        self.prepare(job).map_err(|error| self.ours(&error))?;
        let arguments = self
            .arguments(job, parameters)
            .map_err(|error| self.ours(&error))?;
        let returned = function
            .call_arg(arguments)
            .map_err(|error| self.failed(&error))?;
        let returned = self.settled(returned)?;
        Writer::new(self.ctx, &self.helpers, self.output)
            .object(returned)
            .map_err(|refusal| refusal.into_reply(self))
    }

    /// Makes a function of the builder's code. Its first line is the second of what the engine
    /// reads, so that its columns are right.
    fn compile(&self, names: &[String]) -> Result<Function<'js>, Reply> {
        if let Some(at) = self.code.find('\0') {
            let (line, column) = place(self.code, at);
            return Err(syntax("the code contains a NUL character", line, column));
        }
        let source = format!("(function ({}) {{\n{}\n}})", names.join(", "), self.code);
        let function: Function<'js> =
            evaluate(self.ctx, &source, FILE).map_err(|_| self.unreadable())?;
        // Code such as `}) ; (function () {` leaves its function and is read as a program.
        let whole = self.helpers.get::<_, Function<'js>>("isSource");
        match whole.and_then(|whole| whole.call((function.clone(), source))) {
            Ok(true) => Ok(function),
            _ => Err(syntax(
                "the code closes the function that it stands in",
                1,
                1,
            )),
        }
    }

    fn prepare(&self, job: &Job) -> Result<(), Error> {
        let prepare: Function<'js> = self.helpers.get("prepare")?;
        prepare.call((job.now_millis, job.seed.to_vec()))
    }

    fn arguments(&self, job: &Job, parameters: Vec<u8>) -> Result<Args<'js>, Error> {
        let parameters = self.ctx.json_parse(parameters)?;
        let parameters: Object<'js> = parameters.get()?;
        let mut arguments = Args::new(self.ctx.clone(), job.names.len());
        for name in &job.names {
            arguments.push_arg(parameters.get::<_, Value<'js>>(name.as_str())?)?;
        }
        Ok(arguments)
    }

    /// The value itself, or that of a promise once everything that can happen has happened.
    fn settled(&self, returned: Value<'js>) -> Result<Value<'js>, Reply> {
        let Some(promise) = returned.as_promise().cloned() else {
            return Ok(returned);
        };
        match promise.finish::<Value<'js>>() {
            Ok(value) => Ok(value),
            Err(Error::WouldBlock) => Err(Reply::NeverSettles),
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn unreadable(&self) -> Reply {
        let thrown = thrown::describe(self.ctx, &self.helpers, self.code, self.ctx.catch());
        if thrown.out_of_memory {
            return Reply::OutOfMemory;
        }
        let (line, column) = thrown.place.unwrap_or((1, 1));
        // Beyond the code there is only the brace that closes its function.
        let end = place(self.code, self.code.len());
        if line > end.0 {
            return syntax(
                "the code ends too early; a bracket, a brace or a quote may be missing",
                end.0,
                end.1,
            );
        }
        let message = thrown.message.strip_prefix("SyntaxError: ");
        syntax(message.unwrap_or(&thrown.message), line, column)
    }

    /// The reply to an error that the script's own doing raised.
    fn failed(&self, error: &Error) -> Reply {
        if !error.is_exception() {
            return broken(error);
        }
        let thrown = thrown::describe(self.ctx, &self.helpers, self.code, self.ctx.catch());
        if thrown.out_of_memory {
            return Reply::OutOfMemory;
        }
        Reply::Thrown {
            message: thrown.message,
            line: thrown.place.map(|(line, _)| line),
        }
    }

    /// The reply to an error while no code of the builder was running.
    fn ours(&self, error: &Error) -> Reply {
        match self.failed(error) {
            Reply::Thrown { message, .. } => Reply::Broken { how: message },
            other => other,
        }
    }
}

impl crate::outcome::Explain for Run<'_, '_> {
    fn explain(&self, error: &Error) -> Reply {
        self.failed(error)
    }
}

fn evaluate<'js, T: rquickjs::FromJs<'js>>(
    ctx: &Ctx<'js>,
    source: &str,
    file: &str,
) -> Result<T, Error> {
    let mut options = EvalOptions::default();
    options.strict = false;
    options.filename = Some(file.to_owned());
    ctx.eval_with_options(source, options)
}

fn syntax(message: &str, line: u32, column: u32) -> Reply {
    Reply::Syntax {
        message: message.to_owned(),
        line,
        column,
    }
}

fn broken(error: &Error) -> Reply {
    Reply::Broken {
        how: error.to_string(),
    }
}

/// Line and column, from 1, of the byte at `at`.
fn place(text: &str, at: usize) -> (u32, u32) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (
        u32::try_from(line).unwrap_or(u32::MAX),
        u32::try_from(column).unwrap_or(u32::MAX),
    )
}
