"""What a change of a template means, by more than its one value."""

import re

from policies import patterns
from policies.changes import grants, legible
from policies.changes.differences import Difference
from policies.templates.statements import IDENTITY_POLICIES, ROLE
from policies.templates.template import ASSET, all_texts, as_list, as_text, is_function

# What every function's bundle is made of, beside a folder that is named like its construct.
SHARED = re.compile(r"naming\.py|services/([^/]+\.py|aws_client/.+|[^/]+/__init__\.py)")
OWN = re.compile(r"services/(?P<name>\w+)/.+")
# A host, as of a link or an address of mail, with the owner and the repository on it.
LINK = re.compile(r"(?:(?://|@|\bwww\.)[\w.:-]+|\b[\w-]+(?:\.[\w-]+)+(?=/))(?:/[\w.-]+){0,2}")
# What KMS, which takes least, takes in a tag; keys have at most 128 characters.
TAG = re.compile(r"(?!(?i:aws:))[\w .:/=+@-]{0,128}")
WORDS, ACTIONS, BODY, NARROWING, SAYING = patterns.beside(__file__).values()


def waits_for_less(difference: Difference) -> bool:
    """Return whether something that is still there is no longer waited for."""
    lost = {*as_list(difference.before)} - {*as_list(difference.after)}
    return any(each.logical_id in lost for each in difference.stack.resources())


def leads_elsewhere(difference: Difference) -> bool:
    """Return whether words lead to a host, or an owner on one, that they did not lead to.

    What is new may lead where anything of the base leads.
    """
    known = as_text(difference.before)
    if difference.before is None and difference.base:
        known = as_text(difference.base.template)
    words = difference.after
    if isinstance(words, dict) and not is_function(words):
        # A widget of a dashboard has its own in small letters.
        said = {**words, **words.get("Properties", {}), **words.get("properties", {})}
        words = " ".join(as_text(said[name]) for name in WORDS if name in said)
    return not {*LINK.findall(as_text(words))} <= {*LINK.findall(known)}


def decides_a_right(difference: Difference) -> str:
    """Return the tag that changes and that a policy goes by, in whichever stack that is."""
    sides = [*difference.where, difference.before, difference.after]
    said = "\n".join((as_text(sides), *all_texts(sides))).lower()
    return next((key or "any tag" for key in difference.tags if key.lower() in said), "")


def is_from_source(difference: Difference) -> bool:
    """Return whether a bundle is another one because its source is; unknown files may be."""
    names = (difference.before, difference.after)
    constructs = (difference.owner.path if difference.owner else "").lower().split("/")
    own = [found["name"] for each in difference.files or () if (found := OWN.fullmatch(each))]
    changed = (
        difference.files is None
        or any(map(SHARED.fullmatch, difference.files))
        or any(name.replace("_", "").lower() in constructs for name in own)
    )
    return changed and all(isinstance(name, str) and ASSET.fullmatch(name) for name in names)


def is_plain_resource(difference: Difference) -> bool:
    """Return whether a resource is new, says the usual, and an alarm tells its own topics."""
    if not _is_new(difference):
        return False
    properties = difference.after.get("Properties", {})
    told = [each for name in ACTIONS for each in as_list(properties.get(name))]
    return properties.keys() <= {*SAYING[difference.type]} and all(
        isinstance(each, dict) and each.keys() == {"Ref"} for each in told
    )


def new_words(difference: Difference) -> str:
    """Return what a new alarm that says the usual tells people."""
    said = difference.after.get("Properties", {}) if is_plain_resource(difference) else None
    return "" if said is None else as_text(said.get("AlarmDescription", "nothing"))


def is_read(difference: Difference) -> bool:
    """Return whether every grant in it is known; a whole resource must be new as well."""
    known = legible.is_policy(difference.where, difference.after)
    return known and (bool(difference.where) or _is_new(difference))


def is_only_policy(difference: Difference) -> bool:
    """Return whether the same holds, and no other policy of the template is for the same store.

    A store has one policy, and the one that is written last is what counts.
    """
    policy = difference.owner
    if policy is None or not is_read(difference):
        return False
    if policy.type in (*IDENTITY_POLICIES, ROLE):
        return True
    others = [each for each in difference.stack.resources() if each.logical_id != policy.logical_id]
    rivals = (each for each in others if each.type == policy.type)
    taken = {holder for each in rivals for holder in grants.holders(each)}
    # A name may be that of any store, one with a policy included.
    return {*grants.holders(policy)} <= {f"<{each.logical_id}>" for each in others} - taken


def _is_new(resource: Difference) -> bool:
    return resource.before is None and resource.after.keys() <= {*BODY}


def is_in_two_accounts(difference: Difference) -> bool:
    """Return whether a table has a replica in another account, with the same settings."""
    replicas = as_list(difference.owner.properties.get("Replicas")) if difference.owner else []
    return any("GlobalTableSettingsReplicationMode" in each for each in replicas)


def expires_nothing(difference: Difference) -> bool:
    """Return whether the time to live of a table goes, or is switched off."""
    value = difference.after
    enabled = value.get("Enabled") if isinstance(value, dict) else value
    return str(enabled).lower() in ("none", "false")


def is_of_takeover(difference: Difference) -> bool:
    """Return whether the mapping is one that operators switch on; a new one can't be in use."""
    mapping = difference.owner
    is_off = mapping is not None and mapping.properties.get("Enabled") is False
    return is_off and bool(difference.where or difference.before)


def is_plain_tag(difference: Difference) -> bool:
    """Return whether every service takes a tag, beside the others of the same resource."""
    tags = difference.owner.properties.get("Tags") if difference.owner else ()
    keys = [str(each.get("Key")).lower() for each in as_list(tags) if isinstance(each, dict)]
    is_written = all(map(TAG.fullmatch, all_texts(difference.after)))
    return is_written and len(keys) == len({*keys})
