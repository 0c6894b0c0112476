from tests.policy.changes.updates import reported
from tests.policy.templates import Body, resource

KIND = "takeover-reset"


def mapping(body: Body | None = None, /, *, enabled: bool = False, batch: int = 100) -> Body:
    return resource("AWS::Lambda::EventSourceMapping", body or {}, Enabled=enabled, BatchSize=batch)


def test_a_changed_property_of_the_mapping_that_waits_is_told() -> None:
    assert reported(KIND, {"M": mapping()}, {"M": mapping(batch=50)}) == ["M: BatchSize"]
    assert reported(KIND, {"M": mapping()}, {"M": mapping(enabled=True)}) == ["M: Enabled"]


def test_a_mapping_that_is_deleted_is_told() -> None:
    assert reported(KIND, {"M": mapping()}, {}) == ["M: "]


def test_what_does_not_touch_it_is_no_danger() -> None:
    ordered = mapping({"DependsOn": ["X"]})

    assert reported(KIND, {"M": mapping()}, {"M": ordered}) == []
    assert reported(KIND, {}, {"M": mapping()}) == []


def test_a_mapping_that_is_always_on_may_change() -> None:
    on = {"M": mapping(enabled=True)}

    assert reported(KIND, on, {"M": mapping(enabled=True, batch=50)}) == []
