"""Write `seeds/calendar/holidays.csv`, the public holidays of Kazakhstan as the library `holidays` works them out."""

from holidays import country_holidays

from warehouse.reference.holidays import HOLIDAYS, YEARS


def document() -> str:
    """The file: a line a day, in order."""
    days = country_holidays("KZ", years=YEARS, language="en_US")
    lines = (f"{day.isoformat()},{name}" for day, name in sorted(days.items()) if day.year in YEARS)
    return "\n".join(["date,name", *lines, ""])


if __name__ == "__main__":
    HOLIDAYS.write_text(document(), encoding="utf-8")
