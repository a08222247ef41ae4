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
        a_renewal_is_remembered_by_what_comes_after,
        attack_22_a_loser_changes_nothing,
        attack_30_a_deleted_connection_is_not_brought_back,
        a_state_is_noted_for_its_version_only,
        of_many_writers_one_wins_each_version,
        cookies_have_a_generation_of_their_own,
        use_is_noted_once_a_minute,
        another_instance_sees_what_was_written,
        texts_of_any_kind_survive,
        uses_are_noted_for_many_at_once,
    }

    conformance! {
        crate::fixture::Sqlite::new(), page:
        pages_show_each_that_fits_once,
        what_is_deleted_in_between_shifts_nothing,
    }

    conformance! {
        crate::fixture::Sqlite::new(), set_up_link:
        a_link_sets_a_password_once_and_ends_sessions,
        a_link_ends_with_its_time_and_with_its_person,
    }

    conformance! {
        crate::fixture::Sqlite::new(), app_use:
        an_apps_uses_are_those_of_its_users,
    }

    conformance! {
        crate::fixture::Sqlite::new(), mark:
        a_mark_is_of_who_made_it,
    }

    conformance! {
        crate::fixture::Sqlite::new(), change:
        what_another_instance_writes_is_told_once,
        every_write_of_a_connection_is_told,
        what_was_refused_and_what_is_only_used_is_not_told,
        of_the_rest_the_kind_is_told,
        a_mark_that_is_not_this_stores_has_missed_all,
        who_looks_again_after_long_is_told_to_read_all,
    }

    conformance! {
        crate::fixture::Sqlite::new(), draft:
        a_draft_is_its_persons_and_written_over_the_version_that_was_read,
        drafts_are_bounded_and_go_with_their_person,
    }

    conformance! {
        crate::fixture::Sqlite::new(), setback:
        a_setback_is_seen_by_all_until_it_is_cleared_or_over,
    }

    conformance! {
        crate::fixture::Sqlite::new(), app_sso:
        settings_and_key_come_back_and_go_with_their_app,
        settings_are_replaced_over_the_version_that_was_read,
    }

    conformance! {
        crate::fixture::Sqlite::new(), identity:
        an_identity_is_replaced_over_the_version_that_was_read,
        an_identity_goes_with_its_owner,
        an_identity_outlasts_all_sessions_but_the_last,
        a_subject_is_one_person,
    }

    conformance! {
        crate::fixture::Sqlite::new(), lease:
        a_lease_is_held_by_one,
        attack_19_a_lease_ends_by_itself,
        attack_20_a_renewed_lease_outlives_its_time,
        a_lease_is_given_back_by_its_holder_only,
        fences_only_grow,
        a_fence_that_was_overtaken_writes_nothing,
        a_lease_that_ran_out_but_was_not_taken_still_writes,
        of_many_comers_one_gets_the_lease,
        a_lease_that_nobody_waits_for_is_given_back,
        a_lease_of_a_clock_that_went_astray_stalls_nobody,
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
        runs_of_everybody_are_listed,
        a_run_expires,
        a_run_is_saved_over_the_version_that_was_read,
        a_run_is_found_by_the_state_it_waits_for,
        runs_are_found_by_whose_they_are,
    }

    conformance! {
        crate::fixture::Sqlite::new(), definition:
        all_versions_are_kept,
        a_definition_is_saved_over_the_version_that_was_read,
        a_deleted_definition_keeps_its_versions,
    }

    conformance! {
        crate::fixture::Sqlite::new(), app:
        an_app_comes_back_as_it_was_made,
        an_app_is_changed_over_the_version_that_was_read,
        an_app_has_two_keys_at_most,
        the_last_use_of_a_key_is_noted,
        a_deleted_app_takes_all_that_is_its_users_along,
        attack_30_a_sign_in_that_ends_after_its_app_is_gone_stores_nothing,
    }

    conformance! {
        crate::fixture::Sqlite::new(), person:
        a_person_comes_back_as_they_were_made,
        a_person_is_changed_over_the_version_that_was_read,
        one_admin_is_always_left,
        a_new_password_and_being_kept_out_end_sessions,
        attack_57_a_password_that_was_replaced_while_it_was_compared_begins_no_session,
        a_deleted_person_takes_all_that_is_theirs_along,
    }

    conformance! {
        crate::fixture::Sqlite::new(), session:
        a_session_is_found_by_its_cookie_until_it_ends,
        sessions_are_ended_by_whose_they_are,
        a_use_of_a_session_is_noted_once_a_minute,
        a_token_is_found_by_its_hash_until_it_ends,
    }

    conformance! {
        crate::fixture::Sqlite::new(), ticket:
        a_ticket_is_taken_once,
        a_ticket_expires,
        a_nonce_is_spent_once,
        a_secret_of_the_server_is_made_once,
    }

    conformance! {
        crate::fixture::Sqlite::new(), blob:
        a_blob_opens_where_it_was_sealed_for,
        attack_58_a_blob_opens_nowhere_else,
        attack_58_an_altered_blob_opens_nowhere,
    }
}
