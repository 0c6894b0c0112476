"""Everything that is asked before a deployment, and a line for each question, answered or not.

First whose credentials these are: an account that is not the one in ``cdk.json`` is asked nothing
else. Then the stacks, because what a deployed stack has is no leftover. Then all the rest at once.
A question that can't be answered has a line that says so; a verdict of "ready" needs them all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import naming
from ops.preflight import account, leftovers, quotas, remains, stacks, toolkit
from ops.preflight.look import Look
from ops.preflight.plan import Plan, Site
from ops.preflight.remains import KEYS, LEFTOVER, Key
from ops.status.asking import Asker
from ops.status.lines import Answer, Line, State, attention, ok, unknown, verdict
from ops.status.reasons import answer_to

AT_ONCE = 8
# Of as many questions as that; a call fails for good within about a minute.
LIMIT_S = 100.0

Question = Callable[[], Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Findings:
    """The lines by site, in the order in which they are shown."""

    lines: tuple[Line, ...]

    @property
    def verdict(self) -> State:
        """Return the state of the whole: ready, a finding, or not known."""
        return verdict(self.lines)


class Survey:
    """Looks at the accounts of a plan; ``anonymous`` is a client of S3 without credentials."""

    def __init__(self, plan: Plan, look: Look, anonymous: Any) -> None:
        self._plan, self._look, self._anonymous = plan, look, anonymous
        self._asker: Asker[Key, Any] = Asker()

    def look(self) -> Findings:
        """Ask everything once."""
        wrong = self._identities()
        lines: list[Line] = list(wrong.values())
        good = [name for name, line in wrong.items() if line.state is State.OK]
        sites = [site for site in self._plan.sites if site.account in good]
        found = self._stacks(sites)
        answers = self._ask(dict(self._questions(sites, found)))
        for site in self._plan.sites:
            if site in sites:
                lines += self._of_site(site, found, answers)
            else:
                said = f"nothing is known of it: see the line of account {site.account}"
                lines.append(Line.of("everything", str(site), unknown(said)))
        return Findings(lines=(*lines, *remains.lines(sites, answers)))

    def _identities(self) -> dict[str, Line]:
        """Return a line for each account: whether the credentials are its own."""
        plan = self._plan
        wanted = dict.fromkeys((plan.account, plan.standby_account))
        known = [each for each in wanted if each in self._look.accounts()]
        site = {each: next(s for s in plan.sites if s.account == each) for each in wanted}
        asked = {
            (each, "", ""): partial(self._look.ask, site[each], "sts", "get_caller_identity")
            for each in known
        }
        answers = self._asker.ask(asked, LIMIT_S)
        return {
            each: Line.of("account", "", _identity(each, answers.get((each, "", ""))))
            for each in wanted
        }

    def _stacks(self, sites: Iterable[Site]) -> dict[Key, Any]:
        questions = {
            (str(site), "stack", name): partial(stacks.read, self._look, site, name)
            for site in sites
            for name in self._plan.stack_names(site)
        }
        return self._ask(questions)

    def _ask(self, questions: Mapping[Key, Question]) -> dict[Key, Any]:
        """Ask some at a time: services throttle an account that asks everything at once."""
        answers: dict[Key, Any] = {}
        keys = list(questions)
        for first in range(0, len(keys), AT_ONCE):
            some = {key: questions[key] for key in keys[first : first + AT_ONCE]}
            answers |= self._asker.ask(some, LIMIT_S)
        return answers

    def _questions(
        self, sites: Iterable[Site], found: Mapping[Key, Any]
    ) -> Iterator[tuple[Key, Question]]:
        plan, look = self._plan, self._look
        for site in sites:
            key = str(site)
            yield (key, "region", ""), partial(account.region, look, site)
            if naming.BOOTSTRAP_STACK in plan.stack_names(site):
                yield (key, "policies", ""), partial(toolkit.policies, look, plan, site)
            yield (key, "bootstrap", ""), partial(toolkit.role, look, plan, site)
            for of, arn in account.connection_arns(plan):
                if of == site:
                    yield (key, "connection", ""), partial(account.connection, look, site, arn)
            yield (key, "CodeBuild", ""), partial(quotas.builds, look, plan, site)
            yield (key, "Lambda", ""), partial(quotas.functions, look, plan, site)
            yield (key, "EventBridge", ""), partial(quotas.events, look, plan, site)
            names = partial(account.bucket_names, self._anonymous, look, plan, site)
            yield (key, "bucket names", ""), names
            for type_ in leftovers.KINDS:
                things = [each for each in plan.named if (each.type, each.site) == (type_, site)]
                if free := [each for each in things if not remains.is_owned(each, found)]:
                    yield (key, LEFTOVER, type_), partial(remains.left, look, free, found)
            yield (key, LEFTOVER, KEYS), partial(remains.keys, look, plan, site, found)

    def _of_site(
        self, site: Site, found: Mapping[Key, Any], answers: Mapping[Key, Any]
    ) -> Iterator[Line]:
        name = str(site)
        for (of, _, _), stack in found.items():
            if of == name:
                told = remains.told(stack, lambda each: [stacks.judge(self._look, each)])
                yield from (Line.of("stack", name, each) for each in told)
        for (of, about, _), answer in answers.items():
            if of == name and about != LEFTOVER:
                yield from (Line.of(about, name, each) for each in remains.told(answer))


def _identity(wanted: str, answer: Any) -> Answer:
    if answer is None:
        return unknown(
            f"{wanted}: no credentials of the standby's account were given", "--standby-profile"
        )
    if isinstance(answer, Exception):
        return answer_to(answer)
    who = answer["Arn"].rpartition(":")[2]
    if answer["Account"] == wanted:
        return ok(f"{wanted}, as {who}")
    return attention(
        f"these are credentials of {answer['Account']}, and cdk.json says {wanted}",
        "use those of the account, or correct cdk.json and run make synth",
    )
