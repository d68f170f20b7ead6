"""The public holidays in `seeds/calendar/holidays.csv`."""

from datetime import date

from tests.desk.holidays import document
from warehouse.reference.holidays import HOLIDAYS, load_holidays


def test_the_file_has_what_the_library_works_out() -> None:
    assert HOLIDAYS.read_text(encoding="utf-8") == document(), "Write it again: make holidays"


def test_years_have_their_own_holidays_and_those_before_independence_none() -> None:
    day = {"date": date(2025, 12, 16), "name": "Independence Day"}
    assert day in load_holidays(2025, 2026).to_dicts()
    assert load_holidays(2025, 2026)["date"].dt.year().unique().to_list() == [2025, 2026]
    assert load_holidays(1920, 1990).is_empty()
