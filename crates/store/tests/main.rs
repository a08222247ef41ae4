//! The store through its public face: what every backend must do, and what the files on disk must bear.

#![allow(clippy::unwrap_used, reason = "what goes wrong here fails the test")]
#![allow(
    clippy::print_stdout,
    reason = "a child process tells the test what it did"
)]

mod canary;
mod conformance;
mod files;
mod fixture;
mod keys;
mod processes;
mod tampering;

/// Runs cases of the conformance suite, all of one module, against the backend that the expression makes.
macro_rules! conformance {
    ($backend:expr, $module:ident: $($case:ident),* $(,)?) => {
        mod $module {
            $(
                #[tokio::test]
                async fn $case() {
                    crate::conformance::$module::$case(&$backend).await;
                }
            )*
        }
    };
}

mod sqlite {
    //! The conformance suite on SQLite.

    conformance! {
        crate::fixture::Sqlite::new(), connection:
        a_connection_comes_back_as_it_was_made,
        connections_are_found_by_whose_they_are,
        a_listing_shows_every_owner_and_environment,
        a_new_credential_takes_the_old_ones_place_once,
        attack_22_a_loser_changes_nothing,
        attack_30_a_deleted_connection_is_not_brought_back,
        a_state_is_noted_for_its_version_only,
        of_many_writers_one_wins_each_version,
        cookies_have_a_generation_of_their_own,
        use_is_noted_once_a_minute,
        another_instance_sees_what_was_written,
        texts_of_any_kind_survive,
    }

    conformance! {
        crate::fixture::Sqlite::new(), lease:
        a_lease_is_held_by_one,
        a_lease_of_a_clock_that_went_astray_stalls_nobody,
        attack_19_a_lease_ends_by_itself,
        attack_20_a_renewed_lease_outlives_its_time,
        a_lease_is_given_back_by_its_holder_only,
        fences_only_grow,
        a_fence_that_was_overtaken_writes_nothing,
        a_lease_that_ran_out_but_was_not_taken_still_writes,
        of_many_comers_one_gets_the_lease,
        a_lease_that_nobody_waits_for_is_given_back,
    }

    conformance! {
        crate::fixture::Sqlite::new(), secret:
        secrets_are_kept_per_environment,
        a_removed_secret_is_gone,
        a_new_data_key_leaves_old_values_readable,
    }

    conformance! {
        crate::fixture::Sqlite::new(), run:
        a_run_is_taken_up_again_once,
        a_run_expires,
        a_run_is_saved_over_the_version_that_was_read,
    }
}
