//! A sign-in as JSON shows it: what it waits for, or how it ended. What was typed is not in it.

use crate::api::moment::Moment;
use crate::signing_in::{SigningIn, waits_for_page};
use connection::{AttemptFailure, AttemptState, AttemptView, WaitingFor};
use flow::{Exhibited, Open, Prompt, PromptExhibit, PromptField, Show};
use serde::Serialize;
use utoipa::ToSchema;

/// A sign-in.
#[derive(Serialize, ToSchema)]
pub(crate) struct RunView {
    pub(crate) id: String,
    #[schema(example = "wiki")]
    connector: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<String>,
    /// The connection's name, where it was given one.
    #[serde(skip_serializing_if = "Option::is_none")]
    connection: Option<String>,
    /// `working`, `waiting`, `signed_in`, `stepped_up`, `failed`, `expired` or `cancelled`.
    #[schema(example = "waiting")]
    state: &'static str,
    /// What a person has to do, where it waits for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting_for: Option<WaitingView>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<FailureView>,
    /// The connection that has the credential, once signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    connection_id: Option<String>,
    /// When it ends at the latest.
    expires_at: Moment,
}

/// What a person has to do.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WaitingView {
    /// Fill in a form.
    Form(FormView),
    /// Open a page in the person's browser.
    Open(OpenView),
    /// Enter a code at an address, on any device; the sign-in then goes on by itself.
    Show(ShowView),
    /// Say by `confirm` whether another account takes the place of the connection's.
    ConfirmIdentity(IdentityView),
}

/// A form.
#[derive(Serialize, ToSchema)]
pub(crate) struct FormView {
    /// The step, by which it is answered.
    #[schema(example = "form1")]
    step: String,
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// What is shown above the fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    show: Vec<ExhibitView>,
    fields: Vec<FieldView>,
    /// Why it is asked again.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attempts_left: Option<u32>,
    /// What was just done because the person asked for it: that something was sent again.
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<String>,
    /// How often `resend` may still be asked for; left out: not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    resends_left: Option<u32>,
    /// Until when it can be answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<Moment>,
    /// Whether that time is over: then it takes no answer before `resend`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    expired: bool,
}

/// Something to see: one of `text`, `image` and `qr`.
#[derive(Default, Serialize, ToSchema)]
pub(crate) struct ExhibitView {
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
    /// A `data:` URL of a PNG, JPEG, GIF or WebP image of at most 256 KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "data:image/png;base64,…")]
    image: Option<String>,
    /// What a QR code says.
    #[serde(skip_serializing_if = "Option::is_none")]
    qr: Option<String>,
    /// That QR code: an `svg` element.
    #[serde(skip_serializing_if = "Option::is_none")]
    svg: Option<String>,
}

/// A field of a form.
#[derive(Serialize, ToSchema)]
pub(crate) struct FieldView {
    #[schema(example = "username")]
    key: String,
    /// `text`, `number`, `email`, `password`, `otp` or `choice`.
    #[serde(rename = "type")]
    #[schema(example = "text")]
    kind: &'static str,
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    placeholder: Option<String>,
    required: bool,
    /// What it holds to begin with; never that of a password or code.
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    options: Vec<OptionView>,
    /// A regular expression that the whole answer matches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<String>,
    /// What to say of an answer that does not match it.
    #[serde(rename = "else", skip_serializing_if = "Option::is_none")]
    otherwise: Option<String>,
    /// The least number of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<u32>,
    /// The greatest number of characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<u32>,
    /// What is wrong with the last answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// An option of a choice.
#[derive(Serialize, ToSchema)]
pub(crate) struct OptionView {
    value: String,
    label: String,
}

/// A page to open.
#[derive(Serialize, ToSchema)]
pub(crate) struct OpenView {
    /// The address. The first browser that opens it is the one in which the sign-in goes on.
    url: String,
    /// Why the page that came back last was not taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    refused: Option<String>,
}

/// A code to enter elsewhere.
#[derive(Serialize, ToSchema)]
pub(crate) struct ShowView {
    /// The step that waits.
    #[schema(example = "login")]
    step: String,
    /// The code.
    #[schema(example = "WDJB-MJHT")]
    code: String,
    /// Where it is entered.
    #[schema(example = "https://id.example.org/device")]
    url: String,
    /// The same with the code in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    complete_url: Option<String>,
    /// The address as a QR code: an `svg` element.
    #[serde(skip_serializing_if = "Option::is_none")]
    qr: Option<String>,
    /// When the code runs out.
    expires_at: Moment,
}

/// Two accounts.
#[derive(Serialize, ToSchema)]
pub(crate) struct IdentityView {
    /// Whose the connection is.
    old: String,
    /// Who signed in.
    new: String,
}

/// Why a sign-in failed.
#[derive(Serialize, ToSchema)]
pub(crate) struct FailureView {
    #[schema(example = "sign_in_refused")]
    code: String,
    /// What exactly.
    cause: String,
    /// What happened, for people.
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    /// `caller`, `builder`, `api` or `stepgate`.
    whose_fault: &'static str,
    /// `no`, or `later` where the same may work then.
    retry: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<String>,
}

impl RunView {
    /// What may be told of a sign-in.
    pub(crate) fn of(signing_in: &SigningIn, view: AttemptView) -> Self {
        let open_url = waits_for_page(&view.state).map(|_| signing_in.open_url(&view));
        let (mut waiting_for, mut error, mut connection_id) = (None, None, None);
        let state = view.state.name();
        match view.state {
            AttemptState::Waiting(waiting) => {
                waiting_for = Some(match waiting {
                    WaitingFor::Form(prompt) => WaitingView::Form(prompt.into()),
                    // The API's own address carries the `state`, which is for the browser that is bound alone.
                    WaitingFor::Open(open) => WaitingView::Open(OpenView {
                        url: open_url.map(String::from).unwrap_or_default(),
                        refused: open.refused.map(String::from),
                    }),
                    WaitingFor::Show(show) => WaitingView::Show(show.into()),
                    WaitingFor::ConfirmIdentity { old, new } => {
                        WaitingView::ConfirmIdentity(IdentityView { old, new })
                    }
                });
            }
            AttemptState::SignedIn { connection_id: id }
            | AttemptState::SteppedUp { connection_id: id } => connection_id = Some(id),
            AttemptState::Failed(failure) => error = Some(failure.into()),
            AttemptState::Working | AttemptState::Expired | AttemptState::Cancelled => {}
        }
        Self {
            id: view.id,
            connector: view.connector,
            environment: view.environment,
            connection: view.name,
            state,
            waiting_for,
            error,
            connection_id,
            expires_at: Moment(view.expires_at),
        }
    }
}

impl From<Prompt> for FormView {
    fn from(prompt: Prompt) -> Self {
        Self {
            step: prompt.step,
            title: prompt.title,
            text: prompt.text,
            show: prompt.show.into_iter().map(ExhibitView::from).collect(),
            fields: prompt.fields.into_iter().map(FieldView::from).collect(),
            error: prompt.error.map(String::from),
            attempts_left: prompt.attempts_left,
            notice: prompt.notice.map(String::from),
            resends_left: prompt.resends_left,
            expires_at: prompt.expires_at.map(Moment),
            expired: prompt.expired,
        }
    }
}

impl From<PromptExhibit> for ExhibitView {
    fn from(exhibit: PromptExhibit) -> Self {
        let mut view = Self {
            label: exhibit.label,
            ..Self::default()
        };
        match exhibit.shown {
            Exhibited::Text(text) => view.text = Some(text),
            Exhibited::Image(url) => view.image = Some(url),
            Exhibited::Qr(text) => {
                view.svg = flow::qr_svg(&text);
                view.qr = Some(text);
            }
        }
        view
    }
}

impl From<Open> for OpenView {
    /// With the API's own address: for somebody whose browser is known by its session.
    fn from(open: Open) -> Self {
        Self {
            url: open.url.into(),
            refused: open.refused.map(String::from),
        }
    }
}

impl From<Show> for ShowView {
    fn from(show: Show) -> Self {
        Self {
            qr: flow::qr_svg(show.scanned().as_str()),
            step: show.step,
            code: show.code,
            url: show.url.into(),
            complete_url: show.complete_url.map(String::from),
            expires_at: Moment(show.expires_at),
        }
    }
}

impl From<PromptField> for FieldView {
    fn from(field: PromptField) -> Self {
        let options = field.options.into_iter().map(|option| OptionView {
            value: option.value,
            label: option.label,
        });
        Self {
            key: field.key,
            kind: field.kind.name(),
            label: field.label,
            help: field.help,
            placeholder: field.placeholder,
            required: field.required,
            default: field.default.filter(|_| !field.kind.is_secret()),
            options: options.collect(),
            pattern: field.rule.pattern,
            otherwise: field.otherwise,
            min_length: field.rule.min_length,
            max_length: field.rule.max_length,
            error: field.error.map(String::from),
        }
    }
}

impl From<AttemptFailure> for FailureView {
    fn from(failure: AttemptFailure) -> Self {
        Self {
            code: failure.code,
            cause: failure.cause,
            detail: failure.message.into(),
            help: failure.help.map(String::from),
            whose_fault: failure.whose_fault.name(),
            retry: if failure.passing { "later" } else { "no" },
            step: failure.step,
        }
    }
}
