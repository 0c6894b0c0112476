"""What an earlier try has left, and no deployed stack has: as lines, with the commands."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ops.preflight import leftovers, removal, stacks
from ops.preflight.look import Look
from ops.preflight.plan import Named, Plan, Site
from ops.status.lines import Answer, Line, attention, ok, unknown
from ops.status.reasons import answer_to

LEFTOVER, KEYS = "leftovers", "keys"

Key = tuple[str, str, str]  # site, subject, which of them


def left(look: Look, things: Iterable[Named], found: Mapping[Key, Any]) -> list[Answer]:
    """Return what is there of the things that no deployed stack has."""
    return [
        _leftover(thing, left, _of(thing, found))
        for thing in things
        if (left := leftovers.KINDS[thing.type](look, thing))
    ]


def keys(look: Look, plan: Plan, site: Site, found: Mapping[Key, Any]) -> list[Answer]:
    """Return the keys of a site that no stack has any more, by their description."""
    texts = plan.key_texts.get(site, ())
    owned = {
        each
        for stack in found.values()
        if isinstance(stack, stacks.Found) and stack.is_deployed
        for each in stack.physical
    }
    answers = []
    for each in look.pages(site, "kms", "list_keys", "Keys"):
        key_id = each["KeyId"]
        answer = look.ask(site, "kms", "describe_key", KeyId=key_id)
        key = answer["KeyMetadata"]
        is_ours = key.get("Description") in texts and key["KeyState"] != "PendingDeletion"
        if is_ours and key_id not in owned:
            commands = "\n".join(removal.key(look, site, key_id))
            said = f'key {key_id}, "{key["Description"]}"'
            answers.append(attention(said, commands))
    return answers


def told(answer: Any, tell: Callable[[Any], list[Answer]] = list) -> list[Answer]:
    """Return the answers that a question has led to; one that failed has an unknown one."""
    return [answer_to(answer)] if isinstance(answer, Exception) else tell(answer)


def _of(thing: Named, found: Mapping[Key, Any]) -> Any:
    """Return the stack that a thing will belong to; a replica's is at another site."""
    stack = (each for (_, _, name), each in found.items() if name == thing.stack)
    here = found.get((str(thing.site), "stack", thing.stack))
    return here if here is not None else next(stack, None)


def is_owned(thing: Named, found: Mapping[Key, Any]) -> bool:
    """Return whether a deployed stack has the thing, so that it is in use."""
    stack = _of(thing, found)
    return isinstance(stack, stacks.Found) and stack.has(thing)


def _leftover(thing: Named, left: removal.Leftover, stack: Any) -> Answer:
    kind = thing.type.removeprefix("AWS::").replace("::", " ")
    said = f"{kind} {thing.name}"
    if isinstance(stack, Exception):
        return unknown(f"{said} is there, and whether {thing.stack} has it is not known")
    holds = f", which holds {left.holds}: look at it first" if left.holds else ""
    return attention(f"{said}{holds}", "\n".join(left.commands))


def lines(sites: Iterable[Site], answers: Mapping[Key, Any]) -> Iterator[Line]:
    """Yield what is left at all sites, in the order in which it can be removed."""
    for site in sites:
        left = {
            each
            for (of, about, _), answer in answers.items()
            if (of, about) == (str(site), LEFTOVER)
            for each in told(answer)
        }
        if not left:
            said = "none of the names that will be needed is taken"
            yield Line.of(LEFTOVER, str(site), ok(said))
    found = [
        Line.of(LEFTOVER, str(site), each)
        for which in (*leftovers.KINDS, KEYS)
        for site in sites
        for each in told(answers.get((str(site), LEFTOVER, which), ()))
    ]
    yield from dict.fromkeys(found)  # many calls may be denied alike
