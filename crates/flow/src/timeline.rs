//! What a run tells while it advances: the timeline of a test, and what a masker must know.

use outbound::Jar;
use secret::{SecretString, Sensitive};

use crate::outputs::Outputs;
use crate::watched::SeenHop;

/// Hears what a run does, as it does it.
pub trait Observer: Send {
    /// Something happened.
    fn event(&mut self, event: Event);

    /// Whether it wants to hear of [`Event::Exchanged`], [`Event::Kept`] and [`Event::Console`], which hold everything in the clear: for a
    /// builder's own test of a flow, and nothing else.
    fn wants_detail(&self) -> bool {
        false
    }
}

/// Hears nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&mut self, _event: Event) {}
}

impl<F: FnMut(Event) + Send> Observer for F {
    fn event(&mut self, event: Event) {
        self(event);
    }
}

/// One thing that happened in a run.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A step begins, or goes on after a pause.
    StepStarted {
        /// Its id.
        step: String,
        /// Its kind, as the definition writes it.
        kind: &'static str,
    },
    /// The step's `when` says no.
    StepSkipped {
        /// Its id.
        step: String,
    },
    /// A request goes out; token calls and discovery included.
    RequestSent {
        /// The step that sends it.
        step: String,
        /// The method.
        method: String,
        /// The whole URL.
        url: Sensitive,
    },
    /// A redirect was followed.
    Redirected {
        /// The step whose request it was.
        step: String,
        /// The status that redirected.
        status: u16,
        /// Where to.
        url: Sensitive,
    },
    /// The reply is there, after any redirects.
    ReplyReceived {
        /// The step that asked.
        step: String,
        /// The last status.
        status: u16,
        /// Time since the request began.
        millis: u64,
        /// Size of the decoded body.
        bytes: usize,
    },
    /// A request and its reply, hop by hop. Only for who wants detail.
    Exchanged(Box<Exchange>),
    /// What a step that is done, or has failed, has left behind so far. Only for who wants detail.
    Kept(Box<Kept>),
    /// A value was picked out of a reply.
    Extracted {
        /// The step.
        step: String,
        /// The output's name.
        name: String,
        /// The value, as text.
        value: Sensitive,
    },
    /// A condition was judged.
    Judged {
        /// The step.
        step: String,
        /// Which of its conditions: `when`, `expect` or `until`.
        what: &'static str,
        /// What it said.
        holds: bool,
    },
    /// The step has its outputs.
    StepDone {
        /// Its id.
        step: String,
        /// How long it took, pauses not counted.
        millis: u64,
    },
    /// The step failed.
    StepFailed {
        /// Its id.
        step: String,
        /// Why.
        message: Sensitive,
    },
    /// The run goes back to a form.
    WentBack {
        /// The step that failed.
        from: String,
        /// The form.
        to: String,
    },
    /// Something is sent again for a form, because the person asked for it.
    SentAgain {
        /// The form.
        form: String,
        /// The step that runs again, and those after it.
        from: String,
    },
    /// The run waits for a person, a redirect, a code that is entered elsewhere, or a time.
    Waiting {
        /// The step that waits.
        step: String,
        /// What for: `form`, `browser`, `code` or `time`.
        what: &'static str,
    },
    /// A redirect to the callback URL was not taken, and the run still waits.
    CallbackRefused {
        /// Why.
        why: String,
    },
    /// The code of a step said a line by `console`. Only for who wants detail.
    Console {
        /// The step.
        step: String,
        /// How it was said: `debug`, `log`, `info`, `warn` or `error`.
        level: &'static str,
        /// The line.
        text: Sensitive,
    },
    /// Something is not as it should be, and the run goes on.
    Warning {
        /// The step concerned, if one is.
        step: Option<String>,
        /// What, and what to do. It may quote the API, so it is masked before it is shown.
        message: String,
    },
    /// A secret came to be known, and must be masked in everything shown from here on.
    Learned(SecretString),
}

/// A request and its reply.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The step that asked.
    pub step: String,
    /// Every hop, in order.
    pub hops: Vec<SeenHop>,
    /// The body of the last reply as text; none where none came, or it was not read here.
    pub body: Option<Sensitive>,
}

/// What a step left behind.
#[derive(Clone)]
pub struct Kept {
    /// The step.
    pub step: String,
    /// Its outputs alone.
    pub outputs: Outputs,
    /// The jar as it is now.
    pub jar: Jar,
}

// Cookies are secrets; the outputs hide themselves.
impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Kept")
            .field("step", &self.step)
            .field("outputs", &self.outputs)
            .finish_non_exhaustive()
    }
}
