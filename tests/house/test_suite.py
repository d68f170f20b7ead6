"""How the suite runs: the files named in tests/desk/order.py are there."""

from tests.desk.order import LONGEST, TESTS


def test_files_that_are_to_begin_first_exist() -> None:
    assert [name for name in LONGEST if not (TESTS / f"{name}.py").exists()] == []
