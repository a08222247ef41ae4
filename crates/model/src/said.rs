//! What Stepgate itself says to the person at a sign-in, as a closed set: each language says all of it, by kind and not by
//! its English words. What an API, a definition or an error in detail says stands in these as it came.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::words::Words;

/// One thing that is said. Its [`Display`](fmt::Display) is the English sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "said", rename_all = "snake_case")]
pub enum Said {
    // Of a field.
    /// It has to be filled in.
    Needed,
    /// None of the options.
    NotOffered,
    /// Not what the pattern asks for.
    WrongForm,
    /// No e-mail address.
    NotAnEmailAddress,
    /// No number.
    NotANumber,
    /// Fewer characters than the least.
    TooShort {
        /// The least.
        least: u32,
    },
    /// More characters than the most.
    TooLong {
        /// The most.
        most: u32,
    },

    // Of a form.
    /// What it is about was sent again.
    SentAgain,
    /// That did not work.
    NotSentAgain {
        /// Why.
        why: Words,
    },
    /// Its time is over, and it can be sent again.
    RanOut,
    /// Its time is over, and the sign-in with it.
    Expired {
        /// The form.
        step: String,
        /// How long it could be answered.
        seconds: u64,
    },
    /// Nobody was there.
    PersonNeeded,

    // Of a redirect that is not taken.
    /// It names no sign-in.
    RedirectOfNone {
        /// The parameter that would.
        parameter: String,
    },
    /// It names another.
    RedirectOfAnother,
    /// It names more than one.
    RedirectTwice,

    // Refusals.
    /// A status alone.
    RefusedByStatus {
        /// Its number and name.
        status: String,
    },
    /// A status and the API's own words.
    RefusedByStatusSaying {
        /// Its number and name.
        status: String,
        /// The words.
        why: String,
    },
    /// The API's own words.
    Refused {
        /// The words.
        why: String,
    },
    /// The API's own words, and its code.
    RefusedWithCode {
        /// The words.
        why: String,
        /// The code.
        code: String,
    },
    /// The API says no more than that it refuses.
    RefusedWithoutWords,
    /// The person said no at the API.
    Declined,
    /// `expect` says no, and has no words of its own.
    NotAsExpected {
        /// The step.
        step: String,
        /// The status of the reply, where there is one.
        status: Option<String>,
    },
    /// `poll` waited for nothing.
    NotHappened {
        /// How long.
        seconds: u64,
    },
    /// A refusal of something that was made for a time, where the clocks differ.
    RefusedByTheClock {
        /// The refusal.
        refusal: Words,
        /// The difference, as a sentence.
        difference: String,
    },
    /// The browser came back with a parameter too often.
    CallbackTwice {
        /// The parameter.
        parameter: String,
    },
    /// The browser came back without a parameter.
    CallbackWithout {
        /// The parameter.
        parameter: String,
    },
    /// The browser came back from another issuer (RFC 9207).
    OtherIssuer,
    /// The browser came back with another sign-in's `oauth_token`.
    OtherToken,
    /// A pushed authorization request was refused (RFC 9126).
    ParametersRefused {
        /// Why.
        why: String,
    },
    /// A request for a device code was refused (RFC 8628).
    NoCode {
        /// Why.
        why: String,
    },
    /// A device code was not entered in time.
    CodeRanOut {
        /// The step.
        step: String,
    },
    /// There is nothing to renew with.
    NoRefreshToken,
    /// The connector lies at another address now than at the sign-in that is to be renewed.
    AddressesChanged,
    /// The connector lies at another address now.
    Moved,
    /// The name and password that every call shows were refused.
    PasswordRefused,
    /// A renewal needs a person.
    NotRenewable,
    /// A name that cannot be sent.
    UserNameUnusable {
        /// Why.
        why: String,
    },
    /// A typed secret of one-time passwords that is none.
    TotpSecretUnusable {
        /// The step.
        step: String,
        /// Why.
        why: String,
    },
    /// Tokens that were not taken back (RFC 7009).
    NotRevoked {
        /// The status of the reply.
        status: String,
    },
    /// No single sign-on.
    NoSingleSignOn,
    /// A single sign-on that has ended.
    SingleSignOnOver {
        /// Why it was not renewed.
        why: String,
    },
    /// A single sign-on without a token that could be exchanged.
    NothingToExchange,

    // What to do.
    /// Begin anew.
    StartAgain,
    /// The same, for another code.
    StartAgainForACode,
    /// The same, after a redirect from which nothing was taken.
    StartAgainNothingSent,
    /// The same, and in the right window.
    StartAgainInItsWindow,
    /// Somebody may have made it so.
    MixedUp,
    /// Sign in anew.
    SignInAgain,
    /// The same, as the address is new.
    SignInAgainAtTheAddress,
    /// The same, with what may be missing.
    SignInAgainForRefreshTokens,
    /// A page came in the place of JSON.
    HtmlPage,
    /// No proof of anybody's consent came back.
    WithoutVerifier,
    /// What a secret of one-time passwords looks like.
    TotpSecretForm,
    /// Single sign-on comes first.
    SingleSignOnFirst,
    /// Single sign-on comes first, anew.
    SingleSignOnAgain,

    // Of a page.
    /// It is none of ours.
    ForeignForm,
    /// What to do then.
    LoadAgain,
    /// There is none, or none for whoever asks.
    NoSuch {
        /// What.
        what: String,
    },
}

impl Said {
    /// The same, with what is not ours in it masked.
    #[must_use]
    pub fn masked(&self, mask: &dyn Fn(&str) -> String) -> Self {
        let mut said = self.clone();
        match &mut said {
            Self::NotSentAgain { why } => *why = why.masked(mask),
            Self::RefusedByTheClock {
                refusal,
                difference,
            } => {
                *refusal = refusal.masked(mask);
                *difference = mask(difference);
            }
            Self::RefusedByStatusSaying { why, .. }
            | Self::Refused { why }
            | Self::ParametersRefused { why }
            | Self::NoCode { why }
            | Self::UserNameUnusable { why }
            | Self::TotpSecretUnusable { why, .. }
            | Self::SingleSignOnOver { why } => *why = mask(why),
            Self::RefusedWithCode { why, code } => {
                *why = mask(why);
                *code = mask(code);
            }
            // Nothing in these came from an API.
            Self::Needed
            | Self::NotOffered
            | Self::WrongForm
            | Self::NotAnEmailAddress
            | Self::NotANumber
            | Self::TooShort { .. }
            | Self::TooLong { .. }
            | Self::SentAgain
            | Self::RanOut
            | Self::Expired { .. }
            | Self::PersonNeeded
            | Self::RedirectOfNone { .. }
            | Self::RedirectOfAnother
            | Self::RedirectTwice
            | Self::RefusedByStatus { .. }
            | Self::RefusedWithoutWords
            | Self::Declined
            | Self::NotAsExpected { .. }
            | Self::NotHappened { .. }
            | Self::CallbackTwice { .. }
            | Self::CallbackWithout { .. }
            | Self::OtherIssuer
            | Self::OtherToken
            | Self::CodeRanOut { .. }
            | Self::NoRefreshToken
            | Self::AddressesChanged
            | Self::Moved
            | Self::PasswordRefused
            | Self::NotRenewable
            | Self::NotRevoked { .. }
            | Self::NoSingleSignOn
            | Self::NothingToExchange
            | Self::StartAgain
            | Self::StartAgainForACode
            | Self::StartAgainNothingSent
            | Self::StartAgainInItsWindow
            | Self::MixedUp
            | Self::SignInAgain
            | Self::SignInAgainAtTheAddress
            | Self::SignInAgainForRefreshTokens
            | Self::HtmlPage
            | Self::WithoutVerifier
            | Self::TotpSecretForm
            | Self::SingleSignOnFirst
            | Self::SingleSignOnAgain
            | Self::ForeignForm
            | Self::LoadAgain
            | Self::NoSuch { .. } => {}
        }
        said
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let characters = |count: u32| match count {
            1 => "1 character".to_owned(),
            count => format!("{count} characters"),
        };
        let fixed = match self {
            Self::Needed => "This is needed.",
            Self::NotOffered => "Choose one of the options.",
            Self::WrongForm => "This does not have the right form.",
            Self::NotAnEmailAddress => "This is not an e-mail address.",
            Self::NotANumber => "This is not a number.",
            Self::TooShort { least } => {
                return write!(f, "This has fewer than {}.", characters(*least));
            }
            Self::TooLong { most } => {
                return write!(f, "This has more than {}.", characters(*most));
            }
            Self::SentAgain => "Sent again.",
            Self::NotSentAgain { why } => return write!(f, "It could not be sent again. {why}"),
            Self::RanOut => "This took too long. Have it sent again.",
            Self::Expired { step, seconds } => {
                return write!(
                    f,
                    "This took too long. The form `{step}` had to be answered within {seconds} seconds."
                );
            }
            Self::PersonNeeded => "A person is needed to go on.",
            Self::RedirectOfNone { parameter } => {
                return write!(
                    f,
                    "it does not say which sign-in it belongs to (no `{parameter}`)"
                );
            }
            Self::RedirectOfAnother => "it belongs to another sign-in, or one that is over",
            Self::RedirectTwice => "a parameter that must come once came twice",
            Self::RefusedByStatus { status } => {
                return write!(f, "The API refused (status {status}).");
            }
            Self::RefusedByStatusSaying { status, why } => {
                return write!(f, "The API refused (status {status}): {why}");
            }
            Self::Refused { why } => return write!(f, "The API refused: {why}"),
            Self::RefusedWithCode { why, code } => {
                return write!(f, "The API refused: {why} ({code})");
            }
            Self::RefusedWithoutWords => "The API refused: an error without a message",
            Self::Declined => "The API refused: it was declined there",
            Self::NotAsExpected {
                step,
                status: Some(status),
            } => {
                return write!(
                    f,
                    "What the API answered to step `{step}` is not what it expects (status {status})."
                );
            }
            Self::NotAsExpected { step, status: None } => {
                return write!(f, "Step `{step}` did not end as it expects.");
            }
            Self::NotHappened { seconds } => {
                return write!(f, "What was waited for did not happen within {seconds} s.");
            }
            Self::RefusedByTheClock {
                refusal,
                difference,
            } => {
                let stop = match refusal.ends_with(['.', '!', '?']) {
                    true => "",
                    false => ".",
                };
                return write!(f, "{refusal}{stop} {difference}");
            }
            Self::CallbackTwice { parameter } => {
                return write!(
                    f,
                    "The API sent the browser back with more than one `{parameter}`."
                );
            }
            Self::CallbackWithout { parameter } => {
                return write!(f, "The API sent the browser back without `{parameter}`.");
            }
            Self::OtherIssuer => {
                "The browser came back from another issuer than the one it was sent to, or from one that does not name itself."
            }
            Self::OtherToken => {
                "The browser came back with an `oauth_token` that this sign-in was not given: it belongs to another one."
            }
            Self::ParametersRefused { why } => {
                return write!(
                    f,
                    "The API did not take the authorization parameters: {why}"
                );
            }
            Self::NoCode { why } => return write!(f, "The API gave no code: {why}"),
            Self::CodeRanOut { step } => {
                return write!(
                    f,
                    "The code of step `{step}` ran out before it was entered."
                );
            }
            Self::NoRefreshToken => {
                "The API gave no refresh token, so this session cannot be renewed."
            }
            Self::AddressesChanged => "The connector's addresses have changed since the sign-in.",
            Self::PasswordRefused => "The API refused the user name and password.",
            Self::Moved => "The connector's addresses have changed.",
            Self::NotRenewable => "This session cannot be renewed without a person.",
            Self::UserNameUnusable { why } => return f.write_str(why),
            Self::TotpSecretUnusable { step, why } => return write!(f, "`{step}.secret` {why}."),
            Self::NotRevoked { status } => return write!(f, "it answered with status {status}."),
            Self::NoSingleSignOn => "The user has not signed in by single sign-on.",
            Self::SingleSignOnOver { why } => {
                return write!(
                    f,
                    "The user's single sign-on is over, and could not be renewed: {why}."
                );
            }
            Self::NothingToExchange => {
                "The user's single sign-on brought no token that could be exchanged."
            }
            Self::StartAgain => "Start again.",
            Self::StartAgainForACode => "Start again for a new one.",
            Self::StartAgainNothingSent => "Nothing was sent to it. Start again.",
            Self::StartAgainInItsWindow => {
                "Nothing was sent to the API. Start again, and finish it in the window that it opens."
            }
            Self::MixedUp => "Nothing was sent to it. Somebody may be trying to mix up sign-ins.",
            Self::SignInAgain => "Sign in again.",
            Self::SignInAgainAtTheAddress => {
                "Sign in again: a credential never goes to a new address."
            }
            Self::SignInAgainForRefreshTokens => {
                "Sign in again. If the API has refresh tokens, it may want a scope such as `offline_access` for them."
            }
            Self::HtmlPage => "The API answered with an HTML page where JSON was expected.",
            Self::WithoutVerifier => {
                "Without it anybody could have agreed. Either the person said no, or the API speaks OAuth 1.0 without the repair of 1.0a."
            }
            Self::TotpSecretForm => {
                "Expected are the letters A to Z and the digits 2 to 7 that the API shows where its authenticator app is set up, or the whole `otpauth://totp/…` address."
            }
            Self::SingleSignOnFirst => {
                "Sign in to Stepgate by an identity provider, or hand the user's identity over."
            }
            Self::SingleSignOnAgain => {
                "Sign in by the identity provider again, or hand the user's identity over anew."
            }
            Self::ForeignForm => {
                "This form was not sent by a page of ours in this browser, or it is too old."
            }
            Self::LoadAgain => {
                "Go back, load the page again, and send the form once more. Cookies must be allowed."
            }
            Self::NoSuch { what } => return write!(f, "There is no such {what}."),
        };
        f.write_str(fixed)
    }
}
