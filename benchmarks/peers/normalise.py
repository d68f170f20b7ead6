"""What the star says about a text, as a competent user would find it out: text by text, with `re` and lingua.

The same columns as this project's, by rules that are simpler than its own.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from functools import cache
from typing import TypedDict

from lingua import Language, LanguageDetector, LanguageDetectorBuilder

SAMPLE = 200  # characters that lingua is asked about
HEAD = 250  # characters in which a dateline is looked for
CODES = {Language.ENGLISH: "en", Language.RUSSIAN: "ru", Language.KAZAKH: "kk"}
PARAGRAPH = re.compile(
    r"(?<=[.!?…:;)»”\"])(?=[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ«“⸻•])|(?<=[a-zа-яёәғқңөұүһі]{3})(?=[A-ZА-ЯЁӘҒҚҢӨҰҮҺІ][a-zа-яёәғқңөұүһі]{2})"
)
SCRIPT_CHANGE = re.compile(r"[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]")
MIXED_WORD = re.compile(r"\b\w*(?:[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z])\w*\b")
MONTHS = {
    month: number
    for names in (
        "January February March April May June July August September October November December",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    )
    for number, month in enumerate(names.split(), 1)
}
NAMES = "|".join(MONTHS)
DATE = re.compile(
    rf"(?:(?P<m1>{NAMES})\s+(?P<d1>\d\d?),?\s+(?P<y1>\d{{4}}))|(?:(?P<d2>\d\d?)\s+(?P<m2>{NAMES})\s+(?P<y2>\d{{4}}))"
    rf"|(?:(?P<y3>\d{{4}})\s+\w+\.?\s+(?P<d3>\d\d?)\s+(?P<m3>{NAMES}))"
)
PLACE = re.compile(r"\s*(?:г\. ?)?([A-ZА-ЯӘҒҚҢӨҰҮҺІ][\w'’-]+(?: [A-ZА-ЯӘҒҚҢӨҰҮҺІ][\w'’-]+)?)(?: қ\.)?,")


class Normalised(TypedDict):
    """What is found in one title and body."""

    title_language: str | None
    body_language: str | None
    body_clean: str | None
    lookalike_words: str
    event_place: str | None
    event_date: datetime.date | None


NOTHING = Normalised(
    title_language=None, body_language=None, body_clean=None, lookalike_words="", event_place=None, event_date=None
)


@cache
def _detector() -> LanguageDetector:
    return LanguageDetectorBuilder.from_languages(*CODES).with_low_accuracy_mode().build()


def _language(text: str) -> str | None:
    found = _detector().detect_language_of(text[:SAMPLE])
    return CODES[found] if found else None


def _event(body: str) -> tuple[str | None, datetime.date | None]:
    head = body[:HEAD]
    found = DATE.search(head)
    if found is None:
        return None, None
    parts = found.groupdict()
    year, month, day = (next(parts[f"{name}{n}"] for n in "123" if parts[f"{name}{n}"]) for name in "ymd")
    place = PLACE.match(head, 0, found.start())
    try:
        return place[1] if place else None, datetime.date(int(year), MONTHS[month], int(day))
    except ValueError:
        return None, None


def normalise(title: str, body: str | None) -> Normalised:
    """Languages, restored paragraphs, mixed words and dateline of one release's text."""
    place, date = _event(body) if body else (None, None)
    clean = PARAGRAPH.sub("\n", body.replace("\\u200b", "")) if body else None
    return Normalised(
        title_language=_language(title),
        body_language=_language(body) if body else None,
        body_clean=unicodedata.normalize("NFC", clean) if clean else None,
        lookalike_words=" ".join(MIXED_WORD.findall(body)) if body and SCRIPT_CHANGE.search(body) else "",
        event_place=place,
        event_date=date,
    )
