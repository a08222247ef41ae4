//! All that the pages say, as one type: a language is one value of it, so that none can lack a text. What changes with
//! numbers and names is a function, since languages differ in more than words.

mod de;
mod en;
mod sentence;
#[cfg(test)]
mod tests;

pub(crate) use de::GERMAN;
pub(crate) use en::ENGLISH;

use model::{Said, Words};

/// A text with a name in it.
pub(crate) type Named = fn(&str) -> String;

impl Texts {
    /// Words in this language, where they are ours; else as they are.
    pub(crate) fn of(&self, words: &Words) -> String {
        match words.said() {
            Some(said) => (self.said)(said),
            None => words.to_string(),
        }
    }
}

/// A catalogue. A new language is a file beside `en.rs`, and a variant of `Language`.
pub(crate) struct Texts {
    /// The language's own name.
    pub(crate) name: &'static str,
    /// `ltr` or `rtl`.
    pub(crate) direction: &'static str,
    /// What the choice of languages is called.
    pub(crate) language: &'static str,
    /// What Stepgate itself says while a sign-in runs.
    pub(crate) said: fn(&Said) -> String,

    // The list.
    pub(crate) your_accounts: &'static str,
    pub(crate) nothing_to_sign_in: &'static str,
    pub(crate) all_ready: &'static str,
    pub(crate) ready_of: fn(usize, usize) -> String,
    pub(crate) continue_to: Named,
    pub(crate) back_to: Named,
    pub(crate) shared_title: &'static str,
    pub(crate) shared_by: Named,
    pub(crate) by_itself: &'static str,
    pub(crate) signed_in: &'static str,
    pub(crate) not_signed_in: &'static str,
    pub(crate) signed_out: &'static str,
    pub(crate) sign_in: &'static str,
    pub(crate) sign_in_again: &'static str,
    pub(crate) more: &'static str,
    /// The menu's own name, by its account.
    pub(crate) more_for: Named,
    pub(crate) switch_account: &'static str,
    pub(crate) sign_out: &'static str,
    pub(crate) sign_out_means: Named,
    pub(crate) clear: &'static str,
    pub(crate) clear_means: Named,
    pub(crate) add_account: &'static str,
    pub(crate) account_name: &'static str,
    pub(crate) account_name_help: &'static str,

    // Why somebody is signed out.
    pub(crate) why: &'static str,
    pub(crate) why_refused: Named,
    pub(crate) why_answer: Named,
    pub(crate) why_moved: Named,
    pub(crate) since: &'static str,
    pub(crate) what_to_do: &'static str,
    pub(crate) what_to_do_sign_in: Named,
    pub(crate) details: &'static str,
    pub(crate) reference: &'static str,

    // A sign-in.
    pub(crate) signing_in_to: Named,
    pub(crate) goes_on_by_itself: &'static str,
    pub(crate) check_again: &'static str,
    pub(crate) wants_to_know: Named,
    pub(crate) sign_in_at: Named,
    pub(crate) you_go_on_at: Named,
    pub(crate) next: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) close: &'static str,
    pub(crate) optional: &'static str,
    pub(crate) choose_one: &'static str,
    pub(crate) show_password: &'static str,
    pub(crate) hide_password: &'static str,
    pub(crate) tries_left: fn(u32) -> String,
    /// What stands before the time until which a sign-in waits.
    pub(crate) time_until: &'static str,
    pub(crate) with_a_code: Named,
    pub(crate) enter_code_at: &'static str,
    pub(crate) qr_for: Named,
    /// In seconds.
    pub(crate) time_left: fn(i64) -> String,
    pub(crate) send_again: &'static str,
    pub(crate) not_again: &'static str,
    pub(crate) image: &'static str,
    pub(crate) qr: &'static str,
    pub(crate) as_text: &'static str,
    pub(crate) another_account: &'static str,
    pub(crate) signed_in_as: Named,
    pub(crate) before_it_was: Named,
    pub(crate) keep_account: Named,
    pub(crate) go_back: &'static str,
    pub(crate) signed_in_to: Named,
    pub(crate) confirmed: &'static str,
    pub(crate) not_signed_in_to: Named,
    pub(crate) not_set_up: Named,
    pub(crate) no_answer: Named,
    pub(crate) our_fault: &'static str,
    pub(crate) kept_try_later: &'static str,
    pub(crate) took_too_long: &'static str,
    pub(crate) nothing_changed: &'static str,
    pub(crate) try_again: &'static str,
    pub(crate) back: &'static str,
    pub(crate) go_on: &'static str,

    // Windows of their own.
    pub(crate) one_moment: &'static str,
    pub(crate) go_on_in_window: Named,
    pub(crate) window_blocked: &'static str,
    pub(crate) window_closed: &'static str,
    pub(crate) open_window: &'static str,
    pub(crate) open_again: &'static str,
    pub(crate) use_this_tab: &'static str,
    pub(crate) copy_link: &'static str,
    pub(crate) link_copied: &'static str,
    pub(crate) open_in_browser: &'static str,
    pub(crate) close_this_window: &'static str,
    pub(crate) window_closes: &'static str,
    pub(crate) discard: &'static str,
    pub(crate) discard_yes: &'static str,
    pub(crate) discard_no: &'static str,
    pub(crate) offline: &'static str,

    // Before a sign-in, and where there is none.
    pub(crate) continue_as: Named,
    pub(crate) continue_as_question: Named,
    /// App, user, and connector where it is about one.
    pub(crate) about_to: fn(&str, &str, Option<&str>) -> String,
    pub(crate) sent_to_you: &'static str,
    pub(crate) going_on: &'static str,
    pub(crate) signed_in_already: &'static str,
    pub(crate) goes_on_elsewhere: &'static str,
    pub(crate) over_start_another: &'static str,
    pub(crate) go_back_to: Named,
    pub(crate) go_back_to_start: &'static str,
    pub(crate) link_ended: &'static str,
    pub(crate) ask_for_link: Named,
    pub(crate) nobody_here: &'static str,
    pub(crate) link_forged: &'static str,
    pub(crate) link_old: &'static str,
    pub(crate) link_used: &'static str,
    pub(crate) did_not_work: &'static str,
    pub(crate) nothing_here: &'static str,
    pub(crate) not_possible: &'static str,
}
