//! Invariants: each numbered "Always true" at the head of a module has a test `inv_<number>_…` in the module's own files, or one from
//! outside named here, or a reason why a test cannot show it.

use crate::clean;
use std::collections::{BTreeMap, BTreeSet};
use testkit::source::{File, files};

/// Tests from outside: module, number, the test's file, the test.
const FROM_OUTSIDE: &[(&str, u32, &str, &str)] = &[
    ("devices/fleet/src/downtime/mod.rs", 1, "tests/it/downtime.rs", "inv_1_and_2_every_long_silence_is_one_row_whoever_noticed_it"),
    ("devices/fleet/src/downtime/mod.rs", 2, "tests/it/downtime.rs", "inv_1_and_2_every_long_silence_is_one_row_whoever_noticed_it"),
    ("devices/fleet/src/downtime/mod.rs", 3, "tests/it/downtime.rs", "inv_3_nobody_is_late_while_the_service_sleeps"),
    ("devices/fleet/src/downtime/mod.rs", 4, "tests/it/downtime.rs", "inv_4_planned_work_is_told_before_it_begins_and_does_not_count"),
    ("devices/fleet/src/downtime/mod.rs", 5, "tests/it/downtime.rs", "inv_5_each_rung_is_told_once_to_more_and_more_people"),
    ("devices/fleet/src/downtime/mod.rs", 6, "tests/it/downtime.rs", "inv_6_an_act_counts_what_stands_in_the_rows_and_says_the_same_again"),
    ("dashboards/web/src/api/mod.rs", 1, "tests/it/api.rs", "inv_1_every_route_is_described_and_everything_described_is_a_route"),
    ("dashboards/web/src/print/mod.rs", 1, "tests/it/print.rs", "inv_1_a_program_that_misbehaves_costs_its_document_and_nothing_else"),
    ("dashboards/web/src/print/mod.rs", 2, "tests/it/print.rs", "inv_2_no_more_print_and_no_more_wait_than_the_bounds"),
    ("hub/identity/src/consents/mod.rs", 1, "tests/it/consents.rs", "inv_1_the_ledger_and_the_texts_never_change"),
    ("hub/identity/src/consents/mod.rs", 2, "tests/it/consents.rs", "inv_2_nobody_speaks_for_a_child_that_is_not_theirs"),
    ("hub/identity/src/consents/mod.rs", 2, "tests/it/consents.rs", "inv_2_from_eighteen_on_the_pupil_speaks_alone"),
    ("hub/identity/src/consents/mod.rs", 3, "tests/it/consents.rs", "inv_3_when_guardians_differ_the_stricter_holds"),
    ("hub/identity/src/consents/mod.rs", 4, "tests/it/consents.rs", "inv_4_a_stop_is_open_exactly_while_the_last_word_is_no"),
    ("hub/identity/src/consents/mod.rs", 5, "tests/it/consents.rs", "inv_5_what_needs_a_yes_is_not_allowed_without_one"),
    ("hub/identity/src/consents/mod.rs", 6, "tests/it/consents.rs", "inv_6_a_word_to_an_old_text_is_refused"),
    ("hub/identity/src/consents/mod.rs", 7, "tests/it/consents.rs", "inv_7_a_word_from_paper_has_its_scan_and_who_wrote_it_down"),
    ("hub/identity/src/consents/mod.rs", 8, "tests/it/bounds.rs", "inv_6_no_page_behind_a_boundable_right_shows_another_class"),
    ("academic/people/src/certificates/mod.rs", 1, "tests/it/certificates.rs", "inv_1_and_2_a_guardian_takes_one_a_day_and_nobody_else_does"),
    ("academic/people/src/certificates/mod.rs", 2, "tests/it/certificates.rs", "inv_1_and_2_a_guardian_takes_one_a_day_and_nobody_else_does"),
    ("academic/people/src/certificates/mod.rs", 3, "tests/it/certificates.rs", "inv_3_anybody_checks_a_code_and_learns_initials_only"),
    ("academic/people/src/certificates/mod.rs", 4, "tests/it/certificates.rs", "inv_4_a_certificate_changes_no_more_but_that_it_is_revoked"),
    ("hub/safety/src/absences/document/mod.rs", 1, "tests/it/absences.rs", "inv_1_and_2_a_document_is_sealed_and_opens_for_the_family_and_who_may_at_the_school"),
    ("hub/safety/src/absences/document/mod.rs", 2, "tests/it/absences.rs", "inv_1_and_2_a_document_is_sealed_and_opens_for_the_family_and_who_may_at_the_school"),
    ("hub/safety/src/absences/document/mod.rs", 3, "tests/it/absences.rs", "inv_3_a_document_is_added_later_replaced_and_goes_with_its_note"),
    ("hub/safety/src/absences/mod.rs", 1, "tests/it/absences.rs", "inv_1_2_and_3_a_guardian_tells_once_takes_back_in_time_and_who_is_barred_is_nobody"),
    ("hub/safety/src/absences/mod.rs", 2, "tests/it/absences.rs", "inv_1_2_and_3_a_guardian_tells_once_takes_back_in_time_and_who_is_barred_is_nobody"),
    ("hub/safety/src/absences/mod.rs", 4, "tests/it/absences.rs", "inv_4_the_school_sees_by_class_writes_down_calls_and_takes_them_back"),
    ("hub/safety/src/arrivals/mod.rs", 1, "tests/it/arrivals.rs", "inv_1_and_2_who_has_not_come_is_told_of_once_and_who_came_or_is_excused_is_not"),
    ("hub/safety/src/arrivals/mod.rs", 2, "tests/it/arrivals.rs", "inv_2_on_a_day_without_lessons_nobody_is_missed"),
    ("hub/safety/src/arrivals/mod.rs", 3, "tests/it/arrivals.rs", "inv_3_silent_gates_raise_one_incident_and_what_comes_later_is_looked_at"),
    ("hub/safety/src/arrivals/mod.rs", 5, "tests/it/arrivals.rs", "inv_4_and_5_the_director_sets_the_times_and_everybody_sees_the_missing_of_their_classes"),
    ("hub/safety/src/blocks/mod.rs", 1, "tests/it/blocks.rs", "inv_1_and_2_a_guardian_blocks_once_takes_a_slip_back_and_others_do_not"),
    ("hub/safety/src/blocks/mod.rs", 2, "tests/it/blocks.rs", "inv_1_and_2_a_guardian_blocks_once_takes_a_slip_back_and_others_do_not"),
    ("hub/safety/src/blocks/mod.rs", 3, "tests/it/blocks.rs", "inv_3_what_is_done_with_a_blocked_card_is_a_use_of_it_and_nothing_of_its_holders"),
    ("hub/kernel/src/file.rs", 2, "tests/it/photos.rs", "inv_2_a_large_file_is_read_by_chunks"),
    ("hub/kernel/src/file.rs", 3, "tests/it/consents.rs", "inv_1_the_ledger_and_the_texts_never_change"),
    ("push/delivery/src/dispatch/mod.rs", 7, "tests/it/consents.rs", "inv_7_what_waits_in_rows_and_in_memory_is_stopped"),
    ("academic/people/src/iin/mod.rs", 1, "tests/it/iin.rs", "inv_1_and_4_twelve_digits_stand_nowhere_but_on_the_page_of_their_right"),
    ("academic/people/src/iin/mod.rs", 2, "tests/it/iin.rs", "inv_2_and_3_a_number_is_one_persons_and_a_neighbour_learns_nothing_of_it"),
    ("academic/people/src/iin/mod.rs", 3, "tests/it/iin.rs", "inv_2_and_3_a_number_is_one_persons_and_a_neighbour_learns_nothing_of_it"),
    ("academic/people/src/iin/mod.rs", 4, "tests/it/iin.rs", "inv_1_and_4_twelve_digits_stand_nowhere_but_on_the_page_of_their_right"),
    ("academic/people/src/find/mod.rs", 1, "tests/it/people_find.rs", "inv_1_nobody_is_found_beyond_the_readers_classes_and_school"),
    ("academic/people/src/find/mod.rs", 2, "tests/it/people_find.rs", "inv_2_what_was_typed_is_written_down_nowhere"),
    ("academic/people/src/pupils/list/mod.rs", 1, "tests/it/lists.rs", "inv_1_a_file_holds_exactly_whom_its_page_says_are_found"),
    ("academic/people/src/pupils/list/mod.rs", 2, "tests/it/lists.rs", "inv_2_nobody_finds_takes_away_or_deals_with_pupils_beyond_their_classes"),
    ("academic/people/src/pupils/list/mod.rs", 3, "tests/it/lists.rs", "inv_3_many_are_moved_by_one_act_and_brought_back_by_one_press"),
    ("academic/people/src/families/list/mod.rs", 1, "tests/it/lists.rs", "inv_2_nobody_finds_takes_away_or_deals_with_pupils_beyond_their_classes"),
    ("academic/people/src/families/list/mod.rs", 2, "tests/it/lists.rs", "guardians_are_found_by_their_own_name_a_childs_and_a_phone_and_codes_are_printed_for_many"),
    ("dashboards/live/src/home/mod.rs", 1, "tests/it/home.rs", "inv_1_each_task_appears_counts_disappears_and_is_told_to_who_may_do_it"),
    ("dashboards/live/src/home/mod.rs", 1, "tests/it/home.rs", "inv_1_who_has_some_classes_is_told_of_theirs_and_every_role_has_a_home"),
    ("dashboards/live/src/home/mod.rs", 2, "tests/it/home.rs", "inv_2_what_keeps_itself_fresh_asks_for_no_tasks"),
    ("academic/people/src/imports/mod.rs", 1, "tests/it/imports.rs", "inv_1_2_and_4_a_messy_list_is_mended_brought_in_and_changes_nothing_twice"),
    ("academic/people/src/imports/mod.rs", 2, "tests/it/imports.rs", "inv_1_2_and_4_a_messy_list_is_mended_brought_in_and_changes_nothing_twice"),
    ("academic/people/src/imports/mod.rs", 3, "tests/it/imports.rs", "inv_3_what_a_list_says_is_sealed_and_leaves"),
    ("academic/people/src/imports/mod.rs", 4, "tests/it/imports.rs", "inv_1_2_and_4_a_messy_list_is_mended_brought_in_and_changes_nothing_twice"),
    ("academic/people/src/imports/mod.rs", 5, "tests/it/imports.rs", "inv_5_what_nobody_used_is_taken_back_and_what_was_used_stays"),
    ("academic/people/src/imports/mod.rs", 6, "tests/it/imports.rs", "inv_6_what_goes_out_comes_in_and_changes_nothing"),
    ("academic/people/src/oneroster/mod.rs", 2, "tests/it/oneroster.rs", "inv_1_to_3_our_own_zip_is_right_names_nobody_barred_and_comes_in_again"),
    ("academic/people/src/oneroster/mod.rs", 3, "tests/it/oneroster.rs", "inv_1_to_3_our_own_zip_is_right_names_nobody_barred_and_comes_in_again"),
    ("academic/people/src/exports/mod.rs", 1, "tests/it/oneroster.rs", "inv_1_to_3_our_own_zip_is_right_names_nobody_barred_and_comes_in_again"),
    ("academic/people/src/exports/mod.rs", 2, "tests/it/oneroster.rs", "inv_1_to_3_our_own_zip_is_right_names_nobody_barred_and_comes_in_again"),
    ("academic/people/src/national/mod.rs", 2, "tests/it/national.rs", "inv_2_and_3_a_file_lacks_what_the_page_said_and_holds_iins_for_who_may_see_them"),
    ("academic/people/src/national/mod.rs", 3, "tests/it/national.rs", "inv_2_and_3_a_file_lacks_what_the_page_said_and_holds_iins_for_who_may_see_them"),
    ("academic/people/src/photos/mod.rs", 1, "tests/it/photos.rs", "inv_1_a_picture_is_taken_with_a_consent_only"),
    ("academic/people/src/photos/mod.rs", 2, "tests/it/photos.rs", "inv_2_a_withdrawn_picture_is_not_there_and_is_deleted_when_its_rule_says"),
    ("academic/people/src/photos/mod.rs", 3, "tests/it/photos.rs", "inv_3_a_new_picture_takes_the_place_of_the_old_one_and_can_be_removed"),
    ("academic/people/src/photos/mod.rs", 4, "tests/it/bounds.rs", "inv_6_no_page_behind_a_boundable_right_shows_another_class"),
    ("academic/people/src/classes/mod.rs", 3, "tests/it/register.rs", "inv_3_no_class_is_closed_while_somebody_is_in_it"),
    ("academic/people/src/years/mod.rs", 3, "tests/it/register.rs", "inv_3_a_school_says_one_thing_of_a_day"),
    ("academic/people/src/movement/mod.rs", 1, "tests/it/register.rs", "inv_1_times_of_a_pupil_never_overlap"),
    ("academic/people/src/movement/mod.rs", 2, "tests/it/register.rs", "inv_2_every_change_has_its_line_and_its_order"),
    ("academic/people/src/movement/mod.rs", 3, "tests/it/register.rs", "inv_3_what_was_taken_back_is_as_if_it_had_never_been"),
    ("academic/people/src/buildings/mod.rs", 1, "tests/it/buildings.rs", "inv_1_and_2_a_change_adds_a_version_and_the_second_of_two_is_refused"),
    ("academic/people/src/buildings/mod.rs", 2, "tests/it/buildings.rs", "inv_1_and_2_a_change_adds_a_version_and_the_second_of_two_is_refused"),
    ("academic/people/src/buildings/mod.rs", 3, "tests/it/buildings.rs", "inv_3_and_4_no_class_loses_its_building_before_its_year_ends"),
    ("academic/people/src/classes/mod.rs", 4, "tests/it/buildings.rs", "inv_3_and_4_no_class_loses_its_building_before_its_year_ends"),
    ("academic/people/src/orders/mod.rs", 1, "tests/it/register.rs", "inv_1_orders_at_once_have_numbers_without_gaps"),
    ("academic/people/src/orders/mod.rs", 2, "tests/it/register.rs", "inv_2_an_order_is_cancelled_and_never_changed"),
    ("academic/people/src/transfers/mod.rs", 2, "tests/it/register.rs", "inv_2_and_3_a_pupil_goes_to_another_school_with_data_and_history"),
    ("academic/people/src/transfers/mod.rs", 3, "tests/it/register.rs", "inv_2_and_3_a_pupil_goes_to_another_school_with_data_and_history"),
    ("academic/people/src/rollover/mod.rs", 2, "tests/it/register.rs", "inv_2_a_school_goes_into_a_year_once"),
    ("academic/people/src/rollover/mod.rs", 3, "tests/it/register.rs", "inv_3_a_rollover_taken_back_leaves_everything_as_it_was"),
    ("academic/people/src/classes/mod.rs", 1, "tests/it/schema.rs", "what_rooms_leave_to_an_index_is_there"),
    ("academic/people/src/confidential/mod.rs", 1, "tests/it/confidential.rs", "inv_1_a_thief_of_the_database_reads_nothing_and_swapped_rows_open_nothing"),
    ("academic/people/src/confidential/mod.rs", 2, "tests/it/confidential.rs", "inv_2_a_correction_adds_a_version_and_the_second_of_two_is_refused"),
    ("academic/people/src/confidential/mod.rs", 3, "tests/it/confidential.rs", "inv_3_and_4_psychology_asks_for_consent_and_reason_and_the_trail_tells_both"),
    ("academic/people/src/confidential/mod.rs", 4, "tests/it/confidential.rs", "inv_3_and_4_psychology_asks_for_consent_and_reason_and_the_trail_tells_both"),
    ("academic/people/src/organisation/mod.rs", 1, "tests/it/schema.rs", "what_rooms_leave_to_an_index_is_there"),
    ("academic/people/src/pupils/mod.rs", 1, "tests/it/schema.rs", "what_rooms_leave_to_an_index_is_there"),
    ("academic/people/src/pupils/mod.rs", 2, "tests/it/schema.rs", "what_rooms_leave_to_an_index_is_there"),
    ("academic/people/src/pupils/mod.rs", 3, "tests/it/people.rs", "inv_3_a_new_guardian_stands_on_the_childs_page_and_in_the_audit"),
    ("academic/people/src/organisation/mod.rs", 2, "tests/it/town.rs", "inv_2_a_shard_follows_from_the_code"),
    ("academic/people/src/pupils/mod.rs", 4, "tests/it/bounds.rs", "inv_6_no_page_behind_a_boundable_right_shows_another_class"),
    ("dashboards/live/src/school/mod.rs", 3, "tests/it/bounds.rs", "inv_6_no_page_behind_a_boundable_right_shows_another_class"),
    ("hub/identity/src/roles/mod.rs", 6, "tests/it/bounds.rs", "inv_6_no_page_behind_a_boundable_right_shows_another_class"),
    ("academic/people/src/pupils/card/mod.rs", 1, "tests/it/schema.rs", "what_rooms_leave_to_an_index_is_there"),
    ("academic/people/src/pupils/card/mod.rs", 2, "tests/it/cards.rs", "inv_2_a_former_value_stays_with_its_days_and_its_name_is_found"),
    ("academic/people/src/pupils/card/mod.rs", 3, "tests/it/cards.rs", "inv_3_a_correction_has_its_reason_and_audit_rows_hold_no_values"),
    ("academic/people/src/pupils/card/mod.rs", 4, "tests/it/bounds.rs", "inv_6_no_page_behind_a_boundable_right_shows_another_class"),
    ("academic/people/src/families/mod.rs", 1, "tests/it/cards.rs", "inv_1_who_is_ended_sees_nothing_from_the_answer_on"),
    ("academic/people/src/families/mod.rs", 2, "tests/it/cards.rs", "inv_2_a_guardian_of_this_school_is_linked_and_a_stranger_is_not_there"),
    ("academic/people/src/families/mod.rs", 3, "tests/it/cards.rs", "inv_3_who_has_some_classes_links_nobody_of_others"),
    ("academic/people/src/families/mod.rs", 4, "tests/it/cards.rs", "inv_2_a_guardian_of_this_school_is_linked_and_a_stranger_is_not_there"),
    ("academic/people/src/staff/mod.rs", 2, "tests/it/staff.rs", "inv_2_a_line_ends_or_is_struck_out_and_stays"),
    ("academic/people/src/staff/mod.rs", 3, "tests/it/staff.rs", "inv_3_who_is_dismissed_holds_nothing_from_the_answer_on"),
    ("academic/people/src/staff/mod.rs", 4, "tests/it/staff.rs", "inv_2_a_line_ends_or_is_struck_out_and_stays"),
    ("academic/people/src/social/mod.rs", 2, "tests/it/confidential.rs", "the_social_passport_counts_what_holds_and_says_no_few"),
    ("academic/people/src/social/mod.rs", 3, "tests/it/confidential.rs", "the_social_passport_counts_what_holds_and_says_no_few"),
    ("academic/people/src/doubles/mod.rs", 1, "tests/it/doubles.rs", "inv_1_who_looks_alike_is_found_and_who_is_told_apart_is_not"),
    ("academic/people/src/doubles/mod.rs", 2, "tests/it/doubles.rs", "inv_2_4_5_and_6_a_merge_leaves_nothing_behind_and_its_undo_nothing_changed"),
    ("academic/people/src/doubles/mod.rs", 3, "tests/it/doubles.rs", "inv_3_what_cannot_be_merged_is_refused_with_its_own_sentence"),
    ("academic/people/src/doubles/mod.rs", 4, "tests/it/doubles.rs", "inv_2_4_5_and_6_a_merge_leaves_nothing_behind_and_its_undo_nothing_changed"),
    ("academic/people/src/doubles/mod.rs", 5, "tests/it/doubles.rs", "inv_2_4_5_and_6_a_merge_leaves_nothing_behind_and_its_undo_nothing_changed"),
    ("academic/people/src/doubles/mod.rs", 6, "tests/it/doubles.rs", "inv_2_4_5_and_6_a_merge_leaves_nothing_behind_and_its_undo_nothing_changed"),
    ("academic/people/src/requests/mod.rs", 1, "tests/it/updates.rs", "inv_1_5_and_6_a_guardian_asks_within_bounds_and_who_is_barred_is_nobody"),
    ("academic/people/src/requests/mod.rs", 3, "tests/it/updates.rs", "inv_3_and_4_a_request_is_answered_once_and_never_over_what_nobody_saw"),
    ("academic/people/src/requests/mod.rs", 4, "tests/it/updates.rs", "inv_3_and_4_a_request_is_answered_once_and_never_over_what_nobody_saw"),
    ("academic/people/src/requests/mod.rs", 5, "tests/it/updates.rs", "inv_1_5_and_6_a_guardian_asks_within_bounds_and_who_is_barred_is_nobody"),
    ("academic/people/src/requests/mod.rs", 6, "tests/it/updates.rs", "inv_1_5_and_6_a_guardian_asks_within_bounds_and_who_is_barred_is_nobody"),
    ("academic/people/src/custody/mod.rs", 1, "tests/it/custody.rs", "inv_1_who_is_barred_from_the_data_finds_the_child_nowhere"),
    ("academic/people/src/custody/mod.rs", 2, "tests/it/custody.rs", "inv_2_a_limit_ends_and_stays_in_the_history"),
    ("academic/people/src/custody/mod.rs", 4, "tests/it/custody.rs", "inv_2_a_limit_ends_and_stays_in_the_history"),
    ("dashboards/app/src/children/mod.rs", 1, "tests/it/app.rs", "inv_1_a_stranger_does_not_find_the_child"),
    ("dashboards/live/src/board/mod.rs", 1, "tests/it/live.rs", "support_sees_the_worst_device_first_in_every_language"),
    ("dashboards/live/src/board/mod.rs", 2, "tests/it/live.rs", "inv_2_a_live_row_is_the_pages_row"),
    ("dashboards/live/src/departments/mod.rs", 1, "tests/it/departments.rs", "inv_1_a_district_sees_its_own_schools_and_nothing_else"),
    ("dashboards/live/src/departments/mod.rs", 2, "tests/it/departments.rs", "inv_2_no_person_and_no_small_number_leaves_the_database"),
    ("dashboards/live/src/school/mod.rs", 1, "tests/it/live.rs", "inv_1_the_stream_goes_on_where_it_stopped"),
    ("dashboards/live/src/school/mod.rs", 2, "tests/it/live.rs", "inv_2_a_live_line_is_the_pages_line"),
    ("dashboards/web/src/lib.rs", 1, "tests/it/web.rs", "inv_1_every_message_is_there_in_kazakh_russian_and_english"),
    ("dashboards/web/src/lib.rs", 1, "tests/tidy/templates.rs", "templates_have_no_words_of_their_own"),
    ("devices/fleet/src/connect/mod.rs", 2, "tests/it/live.rs", "a_stranger_gets_commands_with_the_password_once"),
    ("devices/fleet/src/dossier/mod.rs", 1, "tests/it/fleet.rs", "inv_1_a_dossier_tells_of_its_own_device_only"),
    ("devices/fleet/src/health/mod.rs", 1, "tests/it/fleet.rs", "inv_1_what_is_known_never_grows_older"),
    ("devices/fleet/src/registry/mod.rs", 1, "tests/it/schema.rs", "what_rooms_leave_to_an_index_is_there"),
    ("devices/fleet/src/registry/mod.rs", 3, "tests/it/fleet.rs", "inv_3_a_device_is_let_in_until_it_is_retired"),
    ("devices/fleet/src/registry/mod.rs", 4, "tests/it/fleet.rs", "inv_4_every_change_leaves_its_audit_row"),
    ("hub/engine/src/commit/mod.rs", 2, "tests/faults/sabotage.rs", "raising_the_cursor_before_the_events_are_stored_is_found_out"),
    ("hub/engine/src/commit/mod.rs", 3, "tests/faults/sabotage.rs", "acknowledging_before_the_commit_is_found_out"),
    ("hub/engine/src/commit/mod.rs", 4, "tests/it/engine/bad_input.rs", "data_that_the_database_refuses_is_found_by_halving"),
    ("hub/engine/src/ingest.rs", 1, "tests/it/engine/thread.rs", "a_pass_is_durable_before_it_is_acknowledged_and_then_pushed"),
    ("hub/engine/src/lane.rs", 1, "tests/faults/sabotage.rs", "acknowledging_before_the_commit_is_found_out"),
    ("hub/engine/src/lane.rs", 2, "tests/faults/kills.rs", "nothing_is_lost_while_everything_is_killed_in_turn"),
    ("hub/engine/src/lib.rs", 1, "tests/it/engine/thread.rs", "a_pass_is_durable_before_it_is_acknowledged_and_then_pushed"),
    ("hub/engine/src/lib.rs", 2, "tests/it/engine/thread.rs", "an_event_sent_twice_counts_once_and_is_acknowledged_twice"),
    ("hub/engine/src/lib.rs", 3, "tests/it/engine/bad_input.rs", "a_school_over_its_budget_is_shed_and_gets_everything_in_the_end"),
    ("hub/engine/src/lib.rs", 4, "tests/faults/panics.rs", "a_thousand_panics_lose_nothing_and_disturb_no_neighbour"),
    ("hub/identity/src/accounts/mod.rs", 4, "tests/it/identity.rs", "inv_4_signing_in_again_gives_a_fresh_token_and_ends_the_old_session"),
    ("hub/identity/src/accounts/mod.rs", 5, "tests/it/identity.rs", "inv_5_a_guardian_signs_in_sees_the_children_and_signs_out"),
    ("hub/identity/src/accounts/mod.rs", 7, "tests/it/identity_own.rs", "inv_7_a_changed_password_ends_every_session_and_renews_this_one"),
    ("hub/identity/src/breaches/mod.rs", 2, "tests/it/breaches.rs", "inv_2_what_was_registered_is_not_rewritten_by_the_application"),
    ("hub/identity/src/breaches/mod.rs", 3, "tests/it/breaches.rs", "inv_3_numbers_have_no_gaps_and_a_form_sent_twice_is_one_incident"),
    ("hub/identity/src/breaches/mod.rs", 4, "tests/it/breaches.rs", "inv_4_nobody_of_another_school_gets_onto_the_list_or_sees_it"),
    ("hub/identity/src/delegation/mod.rs", 1, "tests/it/delegation.rs", "inv_1_it_opens_nothing_that_the_giver_does_not_hold_and_ends_with_them"),
    ("hub/identity/src/delegation/mod.rs", 2, "tests/it/delegation.rs", "inv_2_it_ends_by_itself_or_when_giver_or_administrator_say_so"),
    ("hub/identity/src/delegation/mod.rs", 3, "tests/it/delegation.rs", "inv_3_it_is_not_handed_on_and_makes_nobody_anything"),
    ("hub/identity/src/delegation/mod.rs", 4, "tests/it/delegation.rs", "inv_4_a_colleague_stands_in_and_the_trail_says_for_whom"),
    ("hub/identity/src/factors/mod.rs", 1, "tests/it/identity_factors.rs", "inv_1_a_code_works_once"),
    ("hub/identity/src/factors/mod.rs", 2, "tests/it/identity_factors.rs", "inv_2_the_database_holds_no_secret_and_no_code"),
    ("hub/identity/src/factors/mod.rs", 3, "tests/it/identity_factors.rs", "inv_3_a_right_password_alone_opens_nothing"),
    ("hub/identity/src/factors/mod.rs", 4, "tests/it/identity_factors.rs", "inv_4_a_recovery_code_works_once"),
    ("hub/identity/src/factors/mod.rs", 5, "tests/it/identity_factors.rs", "inv_5_five_wrong_codes_end_a_half_open_session"),
    ("hub/identity/src/logins/invitations/mod.rs", 2, "tests/it/logins.rs", "inv_2_a_guardian_joins_by_a_code_once"),
    ("hub/identity/src/logins/invitations/mod.rs", 3, "tests/it/logins.rs", "inv_3_an_old_a_replaced_and_a_needless_code_are_answered_like_a_wrong_one"),
    ("hub/identity/src/logins/mod.rs", 1, "tests/it/roles.rs", "inv_2_who_hands_out_logins_by_a_role_of_the_school_hands_on_only_what_they_hold"),
    ("hub/identity/src/logins/mod.rs", 2, "tests/it/logins.rs", "inv_2_the_last_administrator_stays"),
    ("academic/people/src/organisation/mod.rs", 4, "tests/it/organisations.rs", "inv_4_a_school_is_founded_with_its_director_who_signs_in_and_works"),
    ("academic/people/src/organisation/mod.rs", 4, "tests/it/organisations.rs", "inv_4_nothing_stays_of_an_organisation_that_could_not_be_founded"),
    ("hub/identity/src/logins/mod.rs", 4, "tests/it/logins.rs", "inv_4_everybody_without_a_login_gets_one_on_one_sheet_and_nobody_two"),
    ("hub/identity/src/logins/mod.rs", 6, "tests/it/organisations.rs", "inv_4_a_school_is_founded_with_its_director_who_signs_in_and_works"),
    ("hub/identity/src/logins/mod.rs", 3, "tests/it/logins.rs", "inv_3_a_login_of_another_organisation_too_is_not_a_schools_to_take"),
    ("hub/identity/src/logins/mod.rs", 4, "tests/it/logins.rs", "inv_4_a_password_made_here_is_shown_once_and_ends_every_session"),
    ("hub/identity/src/logins/mod.rs", 5, "tests/it/logins.rs", "inv_5_a_role_counts_at_once_and_for_its_time"),
    ("hub/identity/src/accounts/identifiers/mod.rs", 1, "tests/it/recovery.rs", "inv_1_the_database_holds_no_identifier"),
    ("hub/identity/src/accounts/identifiers/mod.rs", 2, "tests/it/recovery.rs", "inv_2_one_identifier_opens_one_account"),
    ("hub/identity/src/accounts/identifiers/mod.rs", 3, "tests/it/recovery.rs", "inv_3_a_demo_takes_no_real_iin"),
    ("hub/identity/src/accounts/identifiers/mod.rs", 4, "tests/it/recovery.rs", "inv_4_an_email_counts_once_its_link_was_followed"),
    ("hub/identity/src/keys/mod.rs", 1, "tests/it/keys.rs", "inv_1_a_key_is_shown_once_and_kept_as_a_hash"),
    ("hub/identity/src/keys/mod.rs", 2, "tests/it/keys.rs", "inv_2_a_key_opens_the_api_and_nothing_else"),
    ("hub/identity/src/keys/mod.rs", 3, "tests/it/keys.rs", "inv_3_a_key_opens_no_more_than_its_owner_and_its_scopes"),
    ("hub/identity/src/keys/mod.rs", 4, "tests/it/keys.rs", "inv_4_a_bound_token_is_refused_from_elsewhere"),
    ("hub/identity/src/keys/mod.rs", 5, "tests/it/keys.rs", "inv_5_what_happens_to_keys_stands_in_the_audit"),
    ("hub/identity/src/recovery/mod.rs", 1, "tests/it/recovery.rs", "inv_1_a_link_works_once_in_time_and_for_its_address"),
    ("hub/identity/src/recovery/mod.rs", 2, "tests/it/recovery.rs", "inv_2_a_known_and_an_unknown_address_get_the_same_answer"),
    ("hub/identity/src/recovery/mod.rs", 3, "tests/it/recovery.rs", "inv_3_a_mailbox_is_not_flooded_and_its_owner_not_locked_out"),
    ("hub/identity/src/recovery/mod.rs", 4, "tests/it/recovery.rs", "inv_4_a_new_password_ends_every_session"),
    ("hub/identity/src/sessions/mod.rs", 6, "tests/it/identity_own.rs", "inv_6_new_rights_come_with_a_fresh_token"),
    ("hub/identity/src/passkeys/mod.rs", 1, "tests/it/passkeys.rs", "inv_1_the_database_holds_the_public_half_only"),
    ("hub/identity/src/passkeys/mod.rs", 2, "tests/it/passkeys.rs", "inv_2_a_question_is_answered_once_in_time_by_whom_it_was_asked"),
    ("hub/identity/src/passkeys/mod.rs", 3, "tests/it/passkeys.rs", "inv_3_a_passkey_opens_its_own_account_until_it_is_removed"),
    ("hub/identity/src/passkeys/mod.rs", 3, "tests/it/passkeys.rs", "inv_3_a_counter_that_went_back_tells_of_a_copy"),
    ("hub/identity/src/passkeys/mod.rs", 4, "tests/it/passkeys.rs", "inv_4_adding_asks_for_the_password_and_ends_what_was_open_elsewhere"),
    ("hub/identity/src/passkeys/mod.rs", 5, "tests/it/passkeys.rs", "inv_5_it_counts_as_the_second_factor_of_a_role_that_needs_one"),
    ("hub/identity/src/roles/mod.rs", 3, "tests/it/roles.rs", "inv_3_a_role_of_the_school_opens_what_it_holds_at_once_and_nothing_else"),
    ("hub/identity/src/roles/mod.rs", 4, "tests/it/roles.rs", "inv_4_what_happens_to_roles_stands_in_the_audit"),
    ("hub/identity/src/see_as/mod.rs", 1, "tests/it/see_as.rs", "inv_1_whatever_changes_something_is_refused"),
    ("hub/identity/src/see_as/mod.rs", 2, "tests/it/see_as.rs", "inv_2_nobody_looks_as_who_holds_more_or_belongs_elsewhere_too"),
    ("hub/identity/src/see_as/mod.rs", 3, "tests/it/see_as.rs", "inv_3_what_is_confidential_stays_closed"),
    ("hub/identity/src/see_as/mod.rs", 4, "tests/it/see_as.rs", "inv_4_it_ends_after_half_an_hour_and_when_the_seer_may_no_longer"),
    ("hub/identity/src/see_as/mod.rs", 5, "tests/it/see_as.rs", "inv_5_an_administrator_sees_what_a_parent_sees_and_the_parent_learns_of_it"),
    ("hub/identity/src/sessions/mod.rs", 1, "tests/it/identity.rs", "inv_1_the_database_does_not_hold_the_token"),
    ("hub/identity/src/sessions/mod.rs", 2, "tests/it/identity.rs", "inv_2_a_session_ends_when_nobody_uses_it"),
    ("hub/identity/src/sessions/mod.rs", 3, "tests/it/identity.rs", "inv_3_a_blocked_account_is_nobody_within_half_a_minute"),
    ("hub/identity/src/sessions/mod.rs", 4, "tests/it/identity_own.rs", "inv_4_devices_are_shown_by_an_id_and_ended_by_their_owner_only"),
    ("hub/identity/src/sessions/mod.rs", 5, "tests/it/identity_factors.rs", "inv_5_a_role_that_needs_it_sees_nothing_else_before"),
    ("hub/identity/src/erasure/mod.rs", 1, "tests/it/erasure.rs", "inv_1_a_guardian_with_another_child_stays_and_staff_are_not_erased_here"),
    ("hub/identity/src/erasure/mod.rs", 2, "tests/it/erasure.rs", "inv_2_and_4_of_a_leaver_and_a_guardian_without_children_nothing_is_left_but_numbers"),
    ("hub/identity/src/erasure/mod.rs", 3, "tests/it/erasure.rs", "inv_3_a_neighbour_schools_data_of_the_same_people_stay"),
    ("hub/identity/src/erasure/mod.rs", 4, "tests/it/erasure.rs", "inv_2_and_4_of_a_leaver_and_a_guardian_without_children_nothing_is_left_but_numbers"),
    ("hub/identity/src/erasure/mod.rs", 5, "tests/it/erasure.rs", "inv_5_a_job_that_is_killed_again_and_again_ends_the_same"),
    ("hub/identity/src/retention/mod.rs", 1, "tests/it/retention.rs", "inv_1_what_is_past_its_time_leaves_and_nothing_younger"),
    ("hub/identity/src/retention/mod.rs", 2, "tests/it/retention.rs", "inv_2_a_chain_still_verifies_when_its_oldest_parts_have_left_and_a_hand_is_still_found"),
    ("hub/identity/src/retention/mod.rs", 3, "tests/it/retention.rs", "inv_1_what_is_past_its_time_leaves_and_nothing_younger"),
    ("hub/kernel/src/job.rs", 1, "tests/it/jobs.rs", "inv_1_ordered_twice_while_open_it_is_one_job_and_a_night_has_one_too"),
    ("hub/kernel/src/job.rs", 2, "tests/it/jobs.rs", "inv_2_a_killed_runners_job_goes_on_behind_its_last_portion"),
    ("hub/kernel/src/job.rs", 2, "tests/it/jobs.rs", "inv_2_a_runner_that_lost_its_lease_changes_nothing"),
    ("hub/kernel/src/job.rs", 2, "tests/it/jobs.rs", "inv_2_two_runners_share_the_work_and_do_nothing_twice"),
    ("hub/kernel/src/job.rs", 3, "tests/it/jobs.rs", "inv_3_what_fails_again_and_again_is_failed_for_everybody_to_see"),
    ("hub/kernel/src/vault.rs", 3, "tests/it/confidential.rs", "a_rotation_seals_every_row_anew_and_the_old_key_goes_last"),
    ("hub/identity/src/trail/mod.rs", 1, "tests/it/trail.rs", "inv_1_what_cannot_be_written_down_is_not_shown"),
    ("hub/identity/src/trail/mod.rs", 1, "tests/it/trail.rs", "every_page_that_shows_people_writes_it_down"),
    ("hub/identity/src/trail/mod.rs", 2, "tests/it/trail.rs", "inv_2_no_role_of_the_application_changes_what_was_written"),
    ("hub/identity/src/trail/mod.rs", 4, "tests/it/trail.rs", "inv_4_many_chainers_at_once_make_one_chain"),
    ("hub/identity/src/trail/mod.rs", 5, "tests/it/trail.rs", "inv_5_what_a_page_shows_is_written_down_by_ids_with_role_and_origin"),
    ("hub/kernel/src/lib.rs", 2, "tests/tidy/words.rs", "only_the_kernel_reads_the_clock"),
    ("hub/kernel/src/lib.rs", 3, "dashboards/web/src/shell/tests.rs", "inv_2_a_cause_is_never_shown_but_an_id_to_quote_is"),
    ("hub/safety/src/access/mod.rs", 2, "tests/it/engine/thread.rs", "an_event_sent_twice_counts_once_and_is_acknowledged_twice"),
    ("hub/safety/src/canteen/mod.rs", 1, "tests/it/engine/thread.rs", "a_meal_is_recorded_with_item_and_price"),
    ("hub/server/src/migrate/mod.rs", 1, "tests/servers.rs", "inv_1_two_programs_migrate_one_after_the_other"),
    ("hub/server/src/migrate/mod.rs", 2, "tests/servers.rs", "inv_2_an_older_program_leaves_a_newer_schema_alone"),
    ("hub/server/src/migrate/mod.rs", 3, "tests/servers.rs", "inv_3_a_second_migration_changes_nothing"),
    ("push/delivery/src/channels/fcm/mod.rs", 3, "tests/it/delivery/dispatch.rs", "a_refused_access_token_is_exchanged_once_and_the_push_goes_out"),
    ("push/delivery/src/dispatch/mod.rs", 1, "tests/it/delivery/dispatch.rs", "inv_1_rows_of_a_dead_instance_are_taken_when_their_lease_is_over_and_not_before"),
    ("push/delivery/src/dispatch/mod.rs", 3, "tests/it/delivery/dispatch.rs", "inv_3_a_failed_push_is_repeated_after_ten_seconds_from_its_row"),
    ("push/delivery/src/dispatch/mod.rs", 4, "tests/it/delivery/dispatch.rs", "inv_4_old_news_is_given_up_without_a_send"),
    ("push/delivery/src/dispatch/mod.rs", 5, "tests/it/delivery/dispatch.rs", "inv_5_what_was_switched_off_while_it_waited_is_not_sent_again"),
    ("push/delivery/src/dispatch/mod.rs", 6, "tests/it/delivery/dispatch.rs", "inv_6_a_panic_is_one_sends_failure"),
    ("push/delivery/src/dispatch/mod.rs", 8, "tests/it/delivery/lanes.rs", "inv_8_entries_take_no_longer_while_a_rush_goes_out"),
    ("push/delivery/src/dispatch/mod.rs", 8, "tests/it/delivery/lanes.rs", "inv_8_an_old_backlog_in_the_rows_does_not_hide_an_entry_that_failed_once"),
    ("push/delivery/src/dispatch/mod.rs", 9, "tests/it/delivery/quiet.rs", "inv_9_what_waited_in_quiet_hours_comes_as_one_banner_also_after_a_restart"),
    ("push/delivery/src/announcements/mod.rs", 1, "tests/it/delivery/announcements.rs", "inv_1_2_and_4_it_is_sent_once_told_once_and_reminded_of_where_it_was_not_read"),
    ("push/delivery/src/announcements/mod.rs", 2, "tests/it/delivery/announcements.rs", "inv_1_2_and_4_it_is_sent_once_told_once_and_reminded_of_where_it_was_not_read"),
    ("push/delivery/src/announcements/mod.rs", 1, "tests/it/delivery/announcements.rs", "inv_1_and_3_staff_and_pupils_read_what_is_for_themselves"),
    ("push/delivery/src/announcements/mod.rs", 5, "tests/it/delivery/announcements.rs", "inv_5_a_draft_is_thrown_away_with_its_files"),
    ("push/delivery/src/announcements/mod.rs", 3, "tests/it/delivery/announcements.rs", "inv_3_nobody_reads_or_confirms_what_was_not_sent_to_them"),
    ("push/delivery/src/announcements/mod.rs", 5, "tests/it/delivery/announcements.rs", "inv_2_3_and_5_files_are_of_the_draft_then_of_the_readers"),
    ("push/delivery/src/announcements/mod.rs", 4, "tests/it/delivery/announcements.rs", "inv_1_2_and_4_it_is_sent_once_told_once_and_reminded_of_where_it_was_not_read"),
    ("push/delivery/src/hours/mod.rs", 3, "tests/it/delivery/quiet.rs", "inv_3_a_wish_is_kept_once_and_a_wrong_one_is_shown_again"),
    ("push/delivery/src/hours/mod.rs", 4, "tests/it/delivery/quiet.rs", "inv_4_and_5_a_wish_holds_at_a_school_that_comes_later"),
    ("push/delivery/src/switches/mod.rs", 5, "tests/it/delivery/quiet.rs", "inv_4_and_5_a_wish_holds_at_a_school_that_comes_later"),
    ("push/delivery/src/inbox/mod.rs", 1, "tests/it/delivery/pages.rs", "inv_1_a_guardian_sees_and_marks_their_own_notices_only"),
    ("push/delivery/src/inbox/mod.rs", 2, "tests/it/delivery/pages.rs", "inv_2_mark_all_read_spares_what_came_in_the_meantime"),
    ("push/delivery/src/issue/mod.rs", 2, "tests/it/delivery/issue.rs", "inv_2_every_guardian_gets_a_notice_and_every_phone_a_delivery"),
    ("push/delivery/src/issue/mod.rs", 3, "tests/it/delivery/issue.rs", "inv_3_a_push_has_its_row_open_and_leased"),
    ("push/delivery/src/log/mod.rs", 1, "tests/it/delivery/pages.rs", "the_log_says_why_somebody_was_not_told"),
    ("push/delivery/src/undelivered/mod.rs", 1, "tests/it/delivery/undelivered.rs", "inv_1_and_3_two_clicks_send_once_and_leave_one_row_in_the_trail"),
    ("push/delivery/src/undelivered/mod.rs", 1, "tests/it/delivery/undelivered.rs", "inv_1_what_fails_again_is_opened_by_a_page_made_anew_and_by_no_other"),
    ("push/delivery/src/undelivered/mod.rs", 2, "tests/it/delivery/undelivered.rs", "inv_2_and_4_what_is_no_news_any_more_is_counted_given_up_and_not_sent"),
    ("push/delivery/src/undelivered/mod.rs", 3, "tests/it/delivery/undelivered.rs", "inv_1_and_3_two_clicks_send_once_and_leave_one_row_in_the_trail"),
    ("push/delivery/src/undelivered/mod.rs", 3, "tests/it/delivery/undelivered.rs", "inv_3_one_alone_is_sent_and_the_others_wait"),
    ("push/delivery/src/undelivered/mod.rs", 4, "tests/it/delivery/undelivered.rs", "inv_2_and_4_what_is_no_news_any_more_is_counted_given_up_and_not_sent"),
    ("push/delivery/src/undelivered/mod.rs", 5, "tests/it/delivery/undelivered.rs", "inv_5_the_page_names_nobody_and_opens_to_the_supplier_alone"),
    ("push/delivery/src/phones/mod.rs", 1, "tests/it/delivery/phones.rs", "inv_1_a_phone_that_changes_hands_belongs_to_the_last"),
    ("push/delivery/src/phones/mod.rs", 2, "tests/it/delivery/phones.rs", "inv_2_registering_twice_changes_nothing_but_the_language"),
    ("push/delivery/src/phones/mod.rs", 3, "tests/it/delivery/phones.rs", "inv_3_only_ones_own_phone_can_be_removed"),
    ("push/delivery/src/channels/web_push/mod.rs", 1, "tests/it/delivery/web_push.rs", "inv_1_only_the_browser_that_subscribed_can_read_a_message"),
    ("push/delivery/src/channels/web_push/mod.rs", 2, "tests/it/delivery/web_push.rs", "inv_2_a_browser_is_told_of_an_entry_without_a_name_and_fetches_the_text_with_its_session"),
    ("push/delivery/src/channels/web_push/mod.rs", 3, "tests/it/delivery/web_push.rs", "inv_3_whatever_the_services_do_every_browser_that_is_there_is_told_and_nobody_early"),
    ("push/delivery/src/channels/telegram/mod.rs", 1, "push/delivery/src/channels/bucket.rs", "inv_1_no_second_has_more_than_the_service_takes"),
    ("push/delivery/src/channels/telegram/mod.rs", 5, "tests/it/delivery/telegram.rs", "inv_5_a_chat_that_is_written_to_too_fast_holds_up_no_other"),
    ("push/delivery/src/channels/mail/mod.rs", 1, "tests/it/delivery/mail.rs", "inv_1_to_3_letters_come_to_a_confirmed_address_of_what_was_chosen_until_the_server_says_nobody_is_there"),
    ("push/delivery/src/channels/mail/mod.rs", 4, "tests/it/delivery/mail.rs", "inv_1_to_3_letters_come_to_a_confirmed_address_of_what_was_chosen_until_the_server_says_nobody_is_there"),
    ("push/delivery/src/mailbox/mod.rs", 1, "tests/it/delivery/mail.rs", "inv_1_to_3_letters_come_to_a_confirmed_address_of_what_was_chosen_until_the_server_says_nobody_is_there"),
    ("push/delivery/src/mailbox/mod.rs", 2, "tests/it/delivery/mail.rs", "inv_1_to_3_letters_come_to_a_confirmed_address_of_what_was_chosen_until_the_server_says_nobody_is_there"),
    ("push/delivery/src/mailbox/mod.rs", 3, "tests/it/delivery/mail.rs", "inv_1_to_3_letters_come_to_a_confirmed_address_of_what_was_chosen_until_the_server_says_nobody_is_there"),
    ("push/delivery/src/links/mod.rs", 1, "tests/it/delivery/telegram.rs", "inv_1_a_code_works_once_for_ten_minutes_and_only_the_newest"),
    ("push/delivery/src/links/mod.rs", 2, "tests/it/delivery/telegram.rs", "inv_2_and_5_a_chat_belongs_to_who_linked_it_last_and_stop_ends_it"),
    ("push/delivery/src/links/mod.rs", 3, "tests/it/delivery/telegram.rs", "inv_3_and_4_two_who_listen_do_everything_once_and_whoever_tries_codes_is_not_answered"),
    ("push/delivery/src/links/mod.rs", 4, "tests/it/delivery/telegram.rs", "inv_3_and_4_two_who_listen_do_everything_once_and_whoever_tries_codes_is_not_answered"),
    ("push/delivery/src/links/mod.rs", 5, "tests/it/delivery/telegram.rs", "inv_2_and_5_a_chat_belongs_to_who_linked_it_last_and_stop_ends_it"),
    ("push/delivery/src/subscriptions/mod.rs", 1, "tests/it/delivery/web_push.rs", "inv_1_3_and_5_a_browser_belongs_to_who_subscribed_last_and_is_removed_by_its_owner_only"),
    ("push/delivery/src/subscriptions/mod.rs", 2, "tests/it/delivery/web_push.rs", "inv_2_and_4_nothing_is_taken_that_would_not_be_sent_to_and_ten_browsers_are_enough"),
    ("push/delivery/src/subscriptions/mod.rs", 3, "tests/it/delivery/web_push.rs", "inv_1_3_and_5_a_browser_belongs_to_who_subscribed_last_and_is_removed_by_its_owner_only"),
    ("push/delivery/src/subscriptions/mod.rs", 4, "tests/it/delivery/web_push.rs", "inv_2_and_4_nothing_is_taken_that_would_not_be_sent_to_and_ten_browsers_are_enough"),
    ("push/delivery/src/subscriptions/mod.rs", 5, "tests/it/delivery/web_push.rs", "inv_1_3_and_5_a_browser_belongs_to_who_subscribed_last_and_is_removed_by_its_owner_only"),
    ("tests/simulators/src/web_push/mod.rs", 2, "tests/it/delivery/web_push.rs", "inv_2_a_browser_is_told_of_an_entry_without_a_name_and_fetches_the_text_with_its_session"),
    ("push/delivery/src/subscriptions/mod.rs", 6, "tests/it/delivery/web_push.rs", "inv_6_a_new_address_takes_the_place_of_the_old_one_and_of_nobody_elses"),
    ("push/delivery/src/switches/mod.rs", 1, "tests/it/delivery/pages.rs", "inv_1_nobody_switches_for_another_ones_child"),
    ("push/delivery/src/switches/mod.rs", 2, "tests/it/delivery/pages.rs", "inv_2_a_switch_sent_twice_changes_once_and_the_next_notice_obeys"),
    ("tests/faults/main.rs", 3, "tests/faults/sabotage.rs", "the_same_load_leaves_a_sound_hub_green"),
    ("tests/simulators/src/fcm/mod.rs", 1, "tests/simulators/tests/fcm/behaviour.rs", "an_accepted_send_has_a_name_and_a_line"),
    ("tests/simulators/src/fcm/mod.rs", 2, "tests/simulators/tests/fcm/behaviour.rs", "a_device_token_tells_its_story"),
    ("tests/simulators/src/fcm/mod.rs", 3, "tests/simulators/tests/fcm/behaviour.rs", "a_stall_lasts_until_the_client_gives_up"),
];

/// Shown by no test yet, or by no test at all: module, number, reason. This list only shrinks.
const WITHOUT: &[(&str, u32, &str)] = &[
    ("hub/engine/src/ingest.rs", 2, "the broker's setting is what deploy's own tests compare; the bound itself is Mosquitto's"),
    ("hub/engine/src/lane.rs", 3, "the queue's bound is shown through the budget only (engine, 3)"),
    ("hub/kernel/src/lib.rs", 1, "a type: there is no other constructor of a transaction"),
    ("hub/server/src/embedded/mod.rs", 2, "another major version of PostgreSQL is not at hand where the tests run"),
    ("hub/server/src/up/mod.rs", 3, "the order of stopping is one list in `up`; `up_heals…` shows that nothing is lost by it"),
    ("push/delivery/src/dispatch/mod.rs", 2, "needs a write that fails at the right moment; faults show its effect, that nothing is sent twice without a kill"),
    ("push/delivery/src/inbox/mod.rs", 3, "the statement's own `read_at is null`; no test marks twice yet"),
    ("push/delivery/src/issue/mod.rs", 1, "statements are counted by the bench, not by a test"),
    ("push/delivery/src/log/mod.rs", 2, "the row types have no column for a text"),
    ("push/delivery/src/switches/mod.rs", 3, "audit rows of switches are not read by a test yet"),
    ("tests/faults/main.rs", 1, "a rule for the tests themselves: their deadlines enforce it"),
    ("tests/faults/main.rs", 2, "a rule for the tests themselves"),
];

/// A module with the numbers it promises.
struct Module {
    file: &'static File,
    promises: BTreeSet<u32>,
}

fn modules() -> Vec<Module> {
    let sources = files().iter().filter(|file| file.is(".rs") && (file.path.contains("/src/") || file.below("tests")));
    let promising = sources.filter_map(|file| {
        let head: Vec<&str> = file.text.lines().take_while(|line| line.starts_with("//!")).collect();
        let list = head.iter().skip_while(|line| !line.contains("Always true"));
        let promises: BTreeSet<u32> = list.filter_map(|line| line.strip_prefix("//!  ")?.split_once(". ")?.0.parse().ok()).collect();
        (!promises.is_empty()).then_some(Module { file, promises })
    });
    promising.collect()
}

/// Whether a file belongs to a module: `mod.rs` and `lib.rs` have their folder, another file has itself and the folder of its name.
fn covers(module: &File, file: &File) -> bool {
    match module.name() {
        "lib.rs" => module.folder().strip_suffix("/src").is_some_and(|home| file.below(home)),
        "mod.rs" | "main.rs" => file.below(module.folder()),
        _ => file.path == module.path || module.path.strip_suffix(".rs").is_some_and(|folder| file.below(folder)),
    }
}

/// The innermost promising module that a file belongs to.
fn home_of<'a>(modules: &'a [Module], file: &File) -> Option<&'a Module> {
    modules.iter().filter(|module| covers(module.file, file)).max_by_key(|module| (module.file.folder().len(), module.file.path == file.path))
}

/// Every `fn inv_<number>_…` with its file.
fn tests() -> Vec<(&'static File, u32, &'static str)> {
    let mut found = Vec::new();
    for file in files().iter().filter(|file| file.is(".rs") && !file.below("tests/tidy")) {
        for rest in file.text.split("fn inv_").skip(1) {
            let name = rest.split('(').next().unwrap_or_default();
            found.extend(name.split('_').next().and_then(|number| number.parse().ok()).map(|number| (file, number, name)));
        }
    }
    found
}

fn has_test(path: &str, name: &str) -> bool {
    files().iter().any(|file| file.path == path && file.text.contains(&format!("fn {name}(")))
}

#[test]
fn every_invariant_has_its_test() {
    let modules = modules();
    let mut shown: BTreeMap<(&str, u32), usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (file, number, name) in tests() {
        let outside = FROM_OUTSIDE.iter().any(|(_, _, path, test)| *path == file.path && test.strip_prefix("inv_") == Some(name));
        match home_of(&modules, file) {
            Some(module) if module.promises.contains(&number) => *shown.entry((&module.file.path, number)).or_default() += 1,
            _ if outside => {}
            Some(module) => wrong.push(format!("{}: inv_{name}: {} promises no {number}", file.path, module.file.path)),
            None => wrong.push(format!("{}: inv_{name}: say in tests/tidy/invariants.rs which module's {number} it shows", file.path)),
        }
    }
    for (module, number, path, name) in FROM_OUTSIDE {
        *shown.entry((module, *number)).or_default() += 1;
        if !has_test(path, name) {
            wrong.push(format!("{module}: {number} is to be shown by {path}, which has no {name}"));
        }
    }
    for module in &modules {
        for number in &module.promises {
            let path = module.file.path.as_str();
            let tested = shown.contains_key(&(path, *number));
            let without = WITHOUT.iter().any(|(one, other, _)| *one == path && other == number);
            match (tested, without) {
                (false, false) => wrong.push(format!("{path}: no test shows invariant {number}")),
                (true, true) => wrong.push(format!("{path}: invariant {number} has its test now; take it off the list")),
                _ => {}
            }
        }
    }
    let listed = FROM_OUTSIDE.iter().map(|(module, number, _, _)| (module, number)).chain(WITHOUT.iter().map(|(module, number, _)| (module, number)));
    for (module, number) in listed {
        if !modules.iter().any(|one| one.file.path == *module && one.promises.contains(number)) {
            wrong.push(format!("{module}: promises no {number}, but tests/tidy/invariants.rs lists it"));
        }
    }
    clean(&wrong);
}

#[test]
fn every_crate_promises_something_or_says_what_it_is() {
    let crates = files().iter().filter(|file| file.name() == "Cargo.toml" && file.text.contains("[package]"));
    let mut wrong = Vec::new();
    for manifest in crates {
        let heads = [format!("{}/src/lib.rs", manifest.folder()), format!("{}/src/main.rs", manifest.folder())];
        let head = files().iter().find(|file| heads.contains(&file.path));
        let lines = head.map_or(0, |file| file.text.lines().take_while(|line| line.starts_with("//!")).count());
        if lines < 3 {
            wrong.push(format!("{}: its head is {lines} lines; a newcomer needs a paragraph", manifest.folder()));
        }
    }
    clean(&wrong);
}
