//! The pages in German have no English word of the catalogue in them, and every language says all that is said by kind.

use crate::problem::Problem;
use crate::screen::cards::{Account, Card, Needed, Whose};
use crate::screen::language::Language;
use crate::screen::layout::Page;
use crate::screen::list::{ListFrame, list};
use crate::screen::progress::{Frame, progress};
use crate::screen::refused::{Refused, foreign_form};
use crate::screen::texts::{ENGLISH, GERMAN, Texts};
use crate::signing_in::NeededWhy;
use axum::body::to_bytes;
use axum::response::{IntoResponse, Response};
use connection::{AttemptFailure, AttemptState, FaultOf, WaitingFor};
use flow::{Exhibited, Open, Prompt, PromptChoice, PromptExhibit, PromptField, Show};
use maud::{Markup, html};
use model::{FieldKind, Said, TextRule, Words};
use std::collections::BTreeSet;

/// What stands for everything that is not ours to translate.
const THEIRS: &str = "Zzyx";

/// Words that are the same in both, or names.
const BOTH: [&str; 4] = ["app", "code", "link", "name"];

/// Every word that the catalogue's file has in a text.
fn words(source: &str) -> BTreeSet<String> {
    // What stands in braces is a name of ours, not a word.
    let texts = source.split('"').skip(1).step_by(2);
    let pieces = texts.flat_map(|text| text.split('{'));
    let said = pieces.map(|piece| piece.split_once('}').map_or(piece, |(_, after)| after));
    let words = said.flat_map(|text| text.split(|letter: char| !letter.is_alphabetic()));
    words
        .filter(|word| word.chars().count() > 2)
        .map(str::to_lowercase)
        .collect()
}

/// English words that German does not have.
fn english() -> BTreeSet<String> {
    let german = words(include_str!("de.rs"));
    let english = words(include_str!("en.rs"));
    english
        .into_iter()
        .filter(|word| !german.contains(word) && !BOTH.contains(&word.as_str()))
        .collect()
}

/// What people read of a page, and what is read out to them.
fn read(page: &str) -> String {
    let body = page.split_once("<body").map_or(page, |(_, body)| body);
    let mut text = String::new();
    for (number, piece) in body.split('<').enumerate() {
        let (tag, shown) = match number {
            0 => ("", piece),
            _ => piece.split_once('>').unwrap_or((piece, "")),
        };
        for name in ["aria-label=\"", "alt=\"", "title=\"", "data-hide=\""] {
            let said = tag
                .split_once(name)
                .and_then(|(_, rest)| rest.split_once('"'));
            text.push_str(said.map_or("", |(said, _)| said));
            text.push(' ');
        }
        text.push_str(shown);
        text.push(' ');
    }
    text
}

fn assert_german(page: &str) {
    let text = read(page);
    let english = english();
    let found: Vec<_> = text
        .split(|letter: char| !letter.is_alphabetic())
        .filter(|word| english.contains(&word.to_lowercase()))
        .collect();
    assert!(found.is_empty(), "{found:?} in {text}");
}

fn sign_in(state: &AttemptState, texts: &'static Texts) -> String {
    let frame = Frame {
        base: "/b",
        list: "/l",
        run: "r1",
        connector: "zzyx",
        connector_title: THEIRS,
        app_title: THEIRS,
        open: None,
        until: 0,
        form_token: "t",
        now: 0,
        texts,
    };
    let (title, body) = progress(state, &frame);
    html! { h1 { (title) } (body) }.into_string()
}

fn whole(page: Page<'_>) -> Response {
    page.at("/zzyx").into_response()
}

async fn text_of(response: Response) -> String {
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

fn cards(texts: &'static Texts) -> Markup {
    let account = |needed: Option<NeededWhy>| Account {
        id: "c1".to_owned(),
        version: 1,
        label: Some(THEIRS.to_owned()),
        needed: needed.map(|why| Needed {
            why,
            detail: THEIRS.into(),
            since: 0,
        }),
    };
    let card = |whose| Card {
        connector: "zzyx".to_owned(),
        title: THEIRS.to_owned(),
        host: "zzyx".to_owned(),
        whose,
        opens_page: false,
    };
    let all = [
        card(Whose::Shared),
        card(Whose::Itself),
        card(Whose::User(Vec::new())),
        card(Whose::User(vec![account(None)])),
        card(Whose::User(vec![
            account(Some(NeededWhy::Refused)),
            account(Some(NeededWhy::AnswerMissing)),
            account(Some(NeededWhy::Moved)),
        ])),
    ];
    let frame = ListFrame {
        base: "/b",
        form_token: "t",
        app_title: THEIRS,
        return_to: Some("https://zzyx"),
        about: None,
        texts,
    };
    html! { (list(&all, &frame)) (list(&all[..2], &frame)) (list(&[], &frame)) }
}

fn theirs() -> String {
    THEIRS.to_owned()
}

/// One of each kind, each from the one before: a kind that is left out does not compile.
fn after(said: Option<&Said>) -> Option<Said> {
    Some(match said {
        None => Said::Needed,
        Some(Said::Needed) => Said::NotOffered,
        Some(Said::NotOffered) => Said::WrongForm,
        Some(Said::WrongForm) => Said::NotAnEmailAddress,
        Some(Said::NotAnEmailAddress) => Said::NotANumber,
        Some(Said::NotANumber) => Said::TooShort { least: 7 },
        Some(Said::TooShort { .. }) => Said::TooLong { most: 7 },
        Some(Said::TooLong { .. }) => Said::SentAgain,
        Some(Said::SentAgain) => Said::NotSentAgain {
            why: refused(THEIRS),
        },
        Some(Said::NotSentAgain { .. }) => Said::RanOut,
        Some(Said::RanOut) => Said::Expired {
            step: theirs(),
            seconds: 7,
        },
        Some(Said::Expired { .. }) => Said::PersonNeeded,
        Some(Said::PersonNeeded) => Said::RedirectOfNone {
            parameter: theirs(),
        },
        Some(Said::RedirectOfNone { .. }) => Said::RedirectOfAnother,
        Some(Said::RedirectOfAnother) => Said::RedirectTwice,
        Some(Said::RedirectTwice) => Said::RefusedByStatus { status: theirs() },
        Some(Said::RefusedByStatus { .. }) => Said::RefusedByStatusSaying {
            status: theirs(),
            why: theirs(),
        },
        Some(Said::RefusedByStatusSaying { .. }) => Said::Refused { why: theirs() },
        Some(Said::Refused { .. }) => Said::RefusedWithCode {
            why: theirs(),
            code: theirs(),
        },
        Some(Said::RefusedWithCode { .. }) => Said::RefusedWithoutWords,
        Some(Said::RefusedWithoutWords) => Said::Declined,
        Some(Said::Declined) => Said::NotAsExpected {
            step: theirs(),
            status: Some(theirs()),
        },
        Some(Said::NotAsExpected { .. }) => Said::NotHappened { seconds: 7 },
        Some(Said::NotHappened { .. }) => Said::RefusedByTheClock {
            refusal: refused(THEIRS),
            difference: theirs(),
        },
        Some(Said::RefusedByTheClock { .. }) => Said::CallbackTwice {
            parameter: theirs(),
        },
        Some(Said::CallbackTwice { .. }) => Said::CallbackWithout {
            parameter: theirs(),
        },
        Some(Said::CallbackWithout { .. }) => Said::OtherIssuer,
        Some(Said::OtherIssuer) => Said::OtherToken,
        Some(Said::OtherToken) => Said::ParametersRefused { why: theirs() },
        Some(Said::ParametersRefused { .. }) => Said::NoCode { why: theirs() },
        Some(Said::NoCode { .. }) => Said::CodeRanOut { step: theirs() },
        Some(Said::CodeRanOut { .. }) => Said::NoRefreshToken,
        Some(Said::NoRefreshToken) => Said::AddressesChanged,
        Some(Said::AddressesChanged) => Said::Moved,
        Some(Said::Moved) => Said::PasswordRefused,
        Some(Said::PasswordRefused) => Said::NotRenewable,
        Some(Said::NotRenewable) => Said::UserNameUnusable { why: theirs() },
        Some(Said::UserNameUnusable { .. }) => Said::TotpSecretUnusable {
            step: theirs(),
            why: theirs(),
        },
        Some(Said::TotpSecretUnusable { .. }) => Said::NotRevoked { status: theirs() },
        Some(Said::NotRevoked { .. }) => Said::NoSingleSignOn,
        Some(Said::NoSingleSignOn) => Said::SingleSignOnOver { why: theirs() },
        Some(Said::SingleSignOnOver { .. }) => Said::NothingToExchange,
        Some(Said::NothingToExchange) => Said::StartAgain,
        Some(Said::StartAgain) => Said::StartAgainForACode,
        Some(Said::StartAgainForACode) => Said::StartAgainNothingSent,
        Some(Said::StartAgainNothingSent) => Said::StartAgainInItsWindow,
        Some(Said::StartAgainInItsWindow) => Said::MixedUp,
        Some(Said::MixedUp) => Said::SignInAgain,
        Some(Said::SignInAgain) => Said::SignInAgainAtTheAddress,
        Some(Said::SignInAgainAtTheAddress) => Said::SignInAgainForRefreshTokens,
        Some(Said::SignInAgainForRefreshTokens) => Said::HtmlPage,
        Some(Said::HtmlPage) => Said::WithoutVerifier,
        Some(Said::WithoutVerifier) => Said::TotpSecretForm,
        Some(Said::TotpSecretForm) => Said::SingleSignOnFirst,
        Some(Said::SingleSignOnFirst) => Said::SingleSignOnAgain,
        Some(Said::SingleSignOnAgain) => Said::ForeignForm,
        Some(Said::ForeignForm) => Said::LoadAgain,
        Some(Said::LoadAgain) => Said::NoSuch { what: theirs() },
        Some(Said::NoSuch { .. }) => return None,
    })
}

fn refused(status: &str) -> Words {
    let status = status.to_owned();
    Said::RefusedByStatus { status }.into()
}

fn form() -> Prompt {
    let field = |kind, answer: &str| {
        let mut field = PromptField {
            key: "zzyx".to_owned(),
            kind,
            label: THEIRS.to_owned(),
            help: None,
            placeholder: None,
            required: kind != FieldKind::Email,
            default: None,
            options: vec![PromptChoice {
                value: THEIRS.to_owned(),
                label: THEIRS.to_owned(),
            }],
            rule: TextRule {
                pattern: Some("[a-z]+".to_owned()),
                min_length: Some(2),
                max_length: Some(4),
            },
            otherwise: None,
            error: None,
        };
        field.error = field.problem(answer);
        field
    };
    Prompt {
        step: "f".to_owned(),
        title: THEIRS.to_owned(),
        text: None,
        show: vec![
            PromptExhibit {
                label: None,
                shown: Exhibited::Qr(THEIRS.to_owned()),
            },
            PromptExhibit {
                label: None,
                shown: Exhibited::Image("data:image/png;base64,AA".to_owned()),
            },
        ],
        fields: vec![
            field(FieldKind::Text, ""),
            field(FieldKind::Text, "a"),
            field(FieldKind::Password, "abcde"),
            field(FieldKind::Text, "AB"),
            field(FieldKind::Choice, "q"),
            field(FieldKind::Email, "q"),
            field(FieldKind::Number, "q"),
        ],
        error: Some(refused("400")),
        attempts_left: Some(2),
        notice: Some(Said::SentAgain.into()),
        resends_left: Some(1),
        expires_at: Some(300),
        expired: false,
    }
}

fn states() -> Vec<AttemptState> {
    let failed = |whose_fault, passing| {
        AttemptState::Failed(AttemptFailure {
            code: "zzyx".to_owned(),
            cause: "zzyx".to_owned(),
            step: None,
            whose_fault,
            message: refused("403"),
            help: Some(Said::StartAgain.into()),
            passing,
        })
    };
    let url = || "https://zzyx".parse().unwrap();
    let expired = Prompt {
        expired: true,
        resends_left: Some(0),
        error: Some(Said::RanOut.into()),
        ..form()
    };
    vec![
        AttemptState::Working,
        AttemptState::Waiting(WaitingFor::Form(form())),
        AttemptState::Waiting(WaitingFor::Form(expired)),
        AttemptState::Waiting(WaitingFor::Open(Open {
            step: "s".to_owned(),
            url: url(),
            state: None,
            refused: None,
        })),
        AttemptState::Waiting(WaitingFor::Show(Show {
            step: "s".to_owned(),
            code: THEIRS.to_owned(),
            url: url(),
            complete_url: None,
            expires_at: 0,
        })),
        AttemptState::Waiting(WaitingFor::ConfirmIdentity {
            old: THEIRS.to_owned(),
            new: THEIRS.to_owned(),
        }),
        failed(FaultOf::Caller, false),
        failed(FaultOf::Builder, false),
        failed(FaultOf::Api, true),
        failed(FaultOf::Stepgate, true),
        AttemptState::Expired,
        AttemptState::Cancelled,
    ]
}

#[test]
fn a_page_in_english_would_be_found_out() {
    let page = cards(&ENGLISH).into_string();
    let english = english();
    let text = read(&page).to_lowercase();
    assert!(
        ["ready", "signed", "again"]
            .iter()
            .all(|word| english.contains(*word) && text.contains(word))
    );
}

#[test]
fn the_list_is_german() {
    assert_german(&cards(&GERMAN).into_string());
}

#[test]
fn a_sign_in_is_german_however_it_stands() {
    for state in states() {
        assert_german(&sign_in(&state, &GERMAN));
    }
    let form = sign_in(&AttemptState::Waiting(WaitingFor::Form(form())), &GERMAN);
    assert!(form.contains("Du hast dafür 5 Minuten."), "{form}");
}

#[tokio::test]
async fn refusals_and_the_frame_are_german() {
    for problem in [
        foreign_form(),
        Problem::not_found("page"),
        Problem::not_found("sign-in"),
        Problem::not_found("connector"),
    ] {
        let page = Refused::page(problem, Language::German);
        // The code is for machines and for whoever reads the log.
        assert_german(&text_of(page).await.replace("not_found", ""));
    }
    let body = html! { p { (THEIRS) } };
    let page = whole(Page::new(Language::German, THEIRS, None, body));
    let text = text_of(page).await;
    // The way to the other language stands in that language.
    assert_german(&text.replace("English", ""));
}

#[test]
fn every_kind_is_said_in_every_language() {
    let all: Vec<Said> = std::iter::successors(after(None), |said| after(Some(said))).collect();
    for language in Language::ALL {
        let texts = language.texts();
        let said = |said: &Said| texts.of(&said.clone().into());
        let mut known = BTreeSet::new();
        for one in &all {
            let (here, english) = (said(one), one.to_string());
            assert!(!here.trim().is_empty(), "{one:?}");
            if language == Language::English {
                assert_eq!(here, english);
                assert!(known.insert(here), "{one:?} is said as another is");
                continue;
            }
            assert_ne!(here, english, "{one:?}");
            let english = [
                "the", "this", "it", "you", "again", "with", "not", "is", "of",
            ];
            let mut words = here.split(|letter: char| !letter.is_alphabetic());
            let found = words.find(|word| english.contains(&word.to_lowercase().as_str()));
            assert_eq!(found, None, "{here}");
        }
    }
}

#[test]
fn what_an_api_or_a_definition_says_stays() {
    let status = || "400 Bad Request".to_owned();
    let why = "No. Said Zzyx.".to_owned();
    let refusal = Words::from(Said::RefusedByStatusSaying {
        status: status(),
        why,
    });
    let difference = "This machine's clock is 1 h ahead of zzyx.test's.".to_owned();
    let table = [
        (
            refusal.clone(),
            "Das wurde abgelehnt (Status 400 Bad Request): No. Said Zzyx.",
        ),
        (
            Said::NotSentAgain { why: refusal }.into(),
            "Es ließ sich nicht noch einmal senden. Das wurde abgelehnt (Status 400 Bad Request): No. Said Zzyx.",
        ),
        (
            Said::RefusedByTheClock {
                refusal: Said::RefusedByStatus { status: status() }.into(),
                difference,
            }
            .into(),
            "Das wurde abgelehnt (Status 400 Bad Request). This machine's clock is 1 h ahead of zzyx.test's.",
        ),
        ("Sent again.".into(), "Sent again."),
        ("".into(), ""),
    ];
    for (words, expected) in table {
        assert_eq!(GERMAN.of(&words), expected);
    }
}
