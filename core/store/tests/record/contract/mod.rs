//! The contract of the record. Each function takes a fresh place and must hold on every database; `contract_suite!`
//! makes a test of each. To put another database under contract, implement [`Place`] and name it in the macro.

pub(crate) mod audit;
pub(crate) mod batches;
pub(crate) mod cycles;
pub(crate) mod definitions;
pub(crate) mod dumps;
pub(crate) mod opening;
pub(crate) mod periods;
pub(crate) mod runs;
pub(crate) mod samples;
pub(crate) mod sources;
pub(crate) mod users;
pub(crate) mod warnings;

use zhengai_store::{Address, Record};

/// Where a record can be opened again and again, and touched behind its back.
pub(crate) trait Place {
    /// Another place of the same kind, with nothing in it.
    fn sibling(&self) -> Self;
    /// Where it is.
    fn address(&self) -> Address;
    /// Opens the record, with the clock of [`samples::clock`].
    async fn open(&self) -> Record;
    /// Runs a statement outside the record, as somebody with a database tool would, all guards switched off.
    async fn tamper(&self, sql: &'static str);
}

/// Makes one test of each function of the contract for the place that the expression gives; without a place there is
/// nothing to test.
macro_rules! contract_suite {
    ($place:expr; $($area:ident: $($name:ident),+ $(,)?;)+) => {$($(
        #[tokio::test]
        async fn $name() {
            let Some(place) = $place else { return };
            $crate::contract::$area::$name(&place).await;
        }
    )+)+};
}
pub(crate) use contract_suite;

/// The whole contract, for the place that the expression gives.
macro_rules! every_contract {
    ($place:expr) => {
        $crate::contract::contract_suite! { $place;
            opening:
                many_may_open_a_new_record_at_once,
                a_reader_opens_beside_a_change_under_way;
            dumps:
                a_dump_is_the_same_from_either_database,
                a_dump_is_one_state_while_others_write,
                a_dump_goes_into_an_empty_record_only,
                a_dump_that_was_touched_is_refused_and_leaves_nothing,
                a_dump_of_an_older_program_is_brought_to_the_newest_schema,
                a_dump_of_a_newer_program_is_refused;
            audit:
                a_change_tells_who_when_what_before_and_after,
                a_refused_change_leaves_no_audit_row_and_nothing_else,
                an_empty_chain_is_sound,
                a_changed_row_is_found,
                a_changed_reason_is_found,
                a_removed_row_is_found,
                a_removed_last_row_is_found,
                an_end_that_was_rewritten_is_found,
                reordered_rows_are_found,
                an_added_row_is_found,
                writers_at_the_same_time_do_not_corrupt_the_chain,
                a_note_is_a_row_of_its_own,
                listing_filters_and_gives_the_newest,
                a_change_by_nobody_is_refused,
                a_reopened_record_goes_on_where_it_stopped;
            batches:
                a_batch_goes_from_staging_to_applied,
                moves_that_the_life_of_a_batch_does_not_allow_are_refused,
                a_batch_interrupted_while_applying_can_be_offered_again,
                a_batch_is_not_refused_or_failed_without_a_reason,
                batches_are_found_by_dataset_and_state;
            runs:
                a_run_finishes_with_findings_and_warnings_in_one_audit_row,
                a_settled_run_never_changes,
                a_run_that_cannot_save_a_warning_keeps_nothing_of_its_outcome,
                only_a_finished_run_of_the_same_period_supersedes_and_only_once,
                a_run_needs_an_open_cycle_when_it_names_one,
                runs_are_found_by_period_and_state;
            cycles:
                a_cycle_walks_its_steps_and_closes,
                steps_that_the_template_does_not_allow_are_refused,
                a_closed_cycle_never_changes,
                a_template_without_steps_makes_no_cycle;
            warnings:
                a_warning_is_raised_with_its_reason_and_first_event,
                a_second_open_warning_of_one_identity_is_refused,
                a_closed_warning_makes_room_for_a_new_one_even_in_one_save,
                clearing_the_condition_does_not_close_the_handling,
                a_pending_warning_that_is_withdrawn_was_never_there,
                what_people_did_meanwhile_is_not_overwritten_by_a_run,
                an_action_on_an_outdated_view_is_refused,
                each_human_action_is_one_audit_row_and_one_event,
                many_transitions_are_one_transaction_and_one_audit_row,
                many_at_once_are_one_change_with_a_row_for_each,
                a_comment_leaves_the_warning_and_its_revision,
                what_an_undo_writes_names_the_row_that_it_takes_back,
                people_filter_sort_page_and_count,
                warnings_are_found_by_every_filter;
            definitions:
                publishing_makes_versions_that_stay,
                a_threshold_set_again_withdraws_the_earlier_one,
                a_users_dataset_keeps_its_versions,
                a_draft_is_kept_saved_again_and_thrown_away,
                a_draft_that_somebody_else_saved_in_between_is_not_overwritten,
                a_plugin_choice_is_kept_and_repeating_it_writes_nothing,
                a_setting_is_kept_and_repeating_it_writes_nothing;
            sources:
                a_source_is_kept_changed_and_removed,
                a_cursor_moves_with_the_batch_that_is_applied_and_with_nothing_else,
                a_cursor_of_a_refused_move_stays_where_it_was,
                a_batch_of_a_source_that_was_removed_leaves_no_cursor,
                a_sync_ends_once,
                a_crashing_version_is_kept_out_until_it_is_enabled_again,
                a_crash_of_what_ships_is_kept_without_a_choice,
                trust_is_an_audit_word_of_its_own;
            users:
                a_user_is_added_changed_and_kept_out,
                a_role_is_given_moved_and_taken_away,
                a_token_is_found_by_its_hash_until_it_is_revoked,
                the_hash_of_a_token_stands_nowhere_but_in_its_row,
                when_a_token_was_used_is_no_decision;
            periods:
                a_period_is_settled_step_by_step_and_signing_is_final,
                an_exception_counts_until_it_is_taken_back,
                an_exception_needs_reason_name_and_an_end_ahead;
        }
    };
}
pub(crate) use every_contract;
