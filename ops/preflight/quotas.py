"""Whether the account's quotas are enough for what the product needs at once."""

from collections.abc import Mapping

from ops.preflight import needs
from ops.preflight.look import Look
from ops.preflight.plan import Plan, Site
from ops.status.lines import Answer, attention, ok, unknown


def builds(look: Look, plan: Plan, site: Site) -> list[Answer]:
    """Return whether CodeBuild runs as many builds at once as the pipeline may start."""
    return [
        _builds(look, site, environment, size, needed)
        for (environment, size), needed in needs.builds(plan, site).items()
    ]


def _builds(look: Look, site: Site, environment: str, size: str, needed: int) -> Answer:
    what = f"builds at once ({environment}, {size})"
    code = needs.BUILDS.get((environment, size))
    if code is None:
        return unknown(f"{what}: the code of this quota is not in ops/preflight/needs.py")
    if isinstance(value := applied(look, site, "codebuild", code), Answer):
        return value
    said = f"{value} {what}, and the pipeline may start {needed}"
    if value >= needed:
        return ok(said)
    means = (
        "no build can run"
        if value < 1
        else "a second push fails a stage that is good, which is then rolled back"
    )
    return attention(f"{said}: {means}", increase(look, site, "codebuild", code, needed))


def functions(look: Look, plan: Plan, site: Site) -> list[Answer]:
    """Return whether Lambda runs as many functions at once as the product may need."""
    planned = needs.runs(plan, site)
    if not planned.functions:
        return []
    limits = look.ask(site, "lambda", "get_account_settings")["AccountLimit"]
    value, needed = int(limits["ConcurrentExecutions"]), planned.at_once
    said = (
        f"{value:,} functions at once, of {needed} that may be needed: {planned.functions} once, "
        f"{planned.lanes} batches of each of {needs.SHARDS_OF_A_NEW_TABLE} shards, "
        f"{planned.ranges} ranges of a large file"
    )
    if value >= needed:
        return [ok(said)]
    means = "a backlog takes all of it, so files wait and the canary's alarms fire"
    code = needs.LAMBDA_AT_ONCE
    return [attention(f"{said}; {means}", increase(look, site, "lambda", code, DEFAULTS[code]))]


def events(look: Look, plan: Plan, site: Site) -> list[Answer]:
    """Return whether EventBridge takes the calls that the stream consumer begins at once."""
    needed = needs.runs(plan, site).calls
    if not needed:
        return []
    code = needs.PUT_EVENTS
    if isinstance(value := applied(look, site, "events", code), Answer):
        return [value]
    said = f"{value:,} PutEvents calls a second; the batches of a new table begin {needed} at once"
    if value >= needed:
        return [ok(said)]
    means = "a backlog is announced more slowly, with calls that are refused and repeated"
    return [attention(f"{said}: {means}", increase(look, site, "events", code, DEFAULTS[code]))]


# AWS's own defaults in both regions, which are asked for where an account has less.
DEFAULTS: Mapping[str, int] = {needs.LAMBDA_AT_ONCE: 1000, needs.PUT_EVENTS: 10_000}


def applied(look: Look, site: Site, service: str, code: str) -> int | Answer:
    """Return the value that applies to the account, or the answer that it isn't known."""
    asked = {"ServiceCode": service, "QuotaCode": code}
    if found := look.ask(site, "service-quotas", "get_service_quota", **asked):
        return int(found["Quota"]["Value"])
    usual = look.ask(site, "service-quotas", "get_aws_default_service_quota", **asked)
    value = f"; AWS's default is {usual['Quota']['Value']:,.0f}" if usual else ""
    return unknown(f"Service Quotas has no value of {service} {code} for this account{value}")


def increase(look: Look, site: Site, service: str, code: str, wanted: int) -> str:
    """Return the command that asks AWS for more."""
    return look.command(
        site,
        *("service-quotas", "request-service-quota-increase", "--service-code", service),
        *("--quota-code", code, "--desired-value", str(wanted)),
    )
