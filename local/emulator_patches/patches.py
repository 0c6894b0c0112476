"""All patches."""

from collections.abc import Callable, Mapping

from local.emulator_patches import authorization, cloudformation, functions

# By the gap that each closes, or makes smaller, in ``local.patched_gaps``.
PATCHES: Mapping[str, Callable[[], None]] = {
    "metric-math": cloudformation.accept_metric_math,
    "pipelines": cloudformation.accept_pipelines,
    "policies-of-access-points": cloudformation.keep_policies_of_access_points,
    "disabled-mappings": cloudformation.show_disabled_mappings,
    "tags-of-roles": authorization.know_tags_of_roles,
    "functions-of-mappings": authorization.know_functions_of_mappings,
    "aliases-of-keys": authorization.know_aliases_of_keys,
    "roles-of-sessions": authorization.know_roles_of_sessions,
    "leading-keys": authorization.know_leading_keys,
    "names-of-actions": authorization.name_actions_as_iam_does,
    "resources-of-streams": authorization.know_streams_and_restored_tables,
    "listing-alarms": authorization.authorize_listing_alarms,
    "permissions-boundaries": cloudformation.set_boundaries_of_roles,
    "system-tags": cloudformation.tag_with_stacks,
    "python-version": functions.run_on_their_own_python,
    "last-lines-of-logs": functions.report_all_that_was_logged,
}
