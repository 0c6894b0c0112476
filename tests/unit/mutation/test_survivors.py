from pathlib import Path

from mutation import survivors
from mutation.survivors import Change

ROOT = Path(__file__).resolve().parents[3]
DIFF = """\
# services.a.first.x_double__mutmut_3: survived
--- services/a/first.py
+++ services/a/first.py
@@ -1,3 +1,3 @@
 def double(number):
-    if number > 0:
+    if number >= 0:
         return number + number
"""
CHANGE = Change("services.a.first.x_double", "if number > 0:", "if number >= 0:")


def test_a_change_is_read_from_its_diff() -> None:
    assert Change.of("services.a.first.x_double__mutmut_3", DIFF) == CHANGE


def test_a_named_survivor_is_stale_once_its_line_has_changed(tmp_path: Path) -> None:
    module = tmp_path / "services" / "a" / "first.py"
    module.parent.mkdir(parents=True)
    module.write_text("def double(number):\n    if number > 0:\n")
    assert CHANGE.stands_in_sources(tmp_path)
    module.write_text("def double(number):\n    if number > 1:\n")
    assert not CHANGE.stands_in_sources(tmp_path)


def test_a_named_survivor_of_a_module_that_is_gone_is_stale(tmp_path: Path) -> None:
    assert not CHANGE.stands_in_sources(tmp_path)


def test_every_named_survivor_has_a_reason_and_still_stands() -> None:
    named = survivors.read()
    assert named
    assert all(reason.strip() for reason in named.values())
    assert not [change for change in named if not change.stands_in_sources(ROOT)]
