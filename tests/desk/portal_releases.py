"""Releases as the portal of the tests has them, and its pages and JSON of them."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from tests.desk.digests import SEED

LANGUAGES = ("kk", "ru", "en")
ALMATY = ZoneInfo("Asia/Almaty")

WORDS = {
    "kk": ("Қаралым саны", "Қызмет бағыттары", "Сондай-ақ оқыңыз"),
    "ru": ("Количество просмотров", "Направления деятельности", "Читайте также"),
    "en": ("Number of views", "Areas of activity", "Read also"),
}
MONTHS = {
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан".split(),
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),
    "en": "January February March April May June July August September October November December".split(),
}


@dataclass
class Text:
    """One language of a release. `paragraphs` are plain text; `body` is HTML in their place, "" for a text without."""

    title: str
    paragraphs: list[str] = field(default_factory=list)
    body: str | None = None

    @property
    def html(self) -> str | None:
        """The body as fragments; None where the portal has none."""
        if self.body is not None:
            return self.body or None
        return "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in self.paragraphs) or None


@dataclass
class Release:
    """A release; `created` is ISO 8601 as the portal writes it; `directions` are ids and titles by language."""

    slug: str
    created: str
    texts: dict[str, Text]
    directions: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text_slug: str = ""


def seed_releases() -> dict[str, Release]:
    """All 20 releases of the seed's digest, in three languages each."""
    named = re.findall(r"/entities/([^/\s]+)/press/news/details/([^/?\s]+)", SEED.read_text("utf-8"))
    return {code: invent(code, slug, datetime(2025, 5, 16, 6, tzinfo=UTC)) for slug, code in named}


def invent_releases(count: int, *, slug: str = "mfa", first: int = 1_000_001) -> dict[str, Release]:
    """So many releases of one publisher, ten minutes apart."""
    begin = datetime(2025, 7, 1, 4, 0, tzinfo=UTC)
    return {str(first + n): invent(str(first + n), slug, begin + timedelta(minutes=10 * n)) for n in range(count)}


def invent(code: str, slug: str, created: datetime) -> Release:
    """A release with a text in each language, all different from those of others."""
    number = int(code) if code.isdecimal() else len(code)
    texts = {
        "kk": Text(
            f"Министрлікте № {code} жиын өтті",
            [
                f"Астана, {created.day} мамыр. Министрлікте өңір жолдарының жай-күйі туралы № {code} жиын өтті.",
                f"Жиынға {number % 90 + 10} өкіл қатысып, 1,{number % 10} трлн теңгенің жұмсалуын талқылады.",
                "Қорытынды хаттама «Ашық үкімет» порталында жарияланады.",
            ],
        ),
        "ru": Text(
            f"В министерстве прошло совещание № {code}",
            [
                f"Астана, {created.day} мая. В министерстве прошло совещание № {code} о состоянии дорог региона.",
                f"В нём участвовали {number % 90 + 10} представителей; обсудили расходы в 1,{number % 10} трлн тенге.",
                "Итоговый протокол будет опубликован на портале «Открытое правительство».",
            ],
        ),
        "en": Text(
            f"Meeting No. {code} was held at the ministry",
            [
                f"Astana, May {created.day}. Meeting No. {code} on the state of the roads was held at the ministry.",
                f"{number % 90 + 10} representatives took part & discussed spending 1.{number % 10} trillion tenge.",
                "The minutes will be published on the portal “Open Government”.",
            ],
        ),
    }
    direction = {"kk": "Көлік", "ru": "Транспорт", "en": "Transport"}
    return Release(slug, f"{created:%Y-%m-%dT%H:%M:%S}Z", texts, [("77", direction)])


def page_html(release: Release, language: str) -> str:
    """The details page as the portal renders it for some."""
    text = release.texts[language]
    views, directions, related = WORDS[language]
    moment = datetime.fromisoformat(release.created).astimezone(ALMATY)
    date = f"{moment.day} {MONTHS[language][moment.month - 1]} {moment.year} {moment:%H:%M}"
    topics = "".join(
        f'<a href="/memleket/entities/{release.slug}/activities/{key}">{escape(names[language])}</a>'
        for key, names in release.directions
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(text.title)}</title></head>'
        '<body><div id="root"><header><nav><a href="/">GOV.KZ</a></nav></header>'
        f'<main><h1 class="title">{escape(text.title)}</h1><div class="date">{date}</div>'
        f'<div class="views"><span>{views}:</span> 61</div><div class="body">{text.html or ""}</div>'
        f'<h3>{directions}</h3><div class="tags">{topics}</div><h3>{related}</h3>'
        f'<a href="/memleket/entities/{release.slug}/press/news/details/1">…</a></main>'
        "<footer>© GOV.KZ</footer></div></body></html>"
    )


def item_json(code: str, release: Release, language: str, *, document: bool = False) -> dict[str, Any]:
    """A release as JSON; `document` wraps its body in a whole document, as TinyMCE saves it."""
    text = release.texts[language]
    body = text.html
    if document and body is not None:
        body = (
            f"<!DOCTYPE html>\n<html>\n<head>\n</head>\n<body>\n{body.replace('</p>', '&nbsp;</p>')}\n</body>\n</html>"
        )
    return {
        "id": int(code) if code.isdecimal() else code,
        "title": text.title,
        "slug": release.text_slug or f"release-{code}",
        "body": body,
        "created_date": release.created,
        "heropic": None,
        "alt_image": None,
        "short_description": None,
        "projects": release.slug,
        "directions": [{"id": key, "title": names[language]} for key, names in release.directions],
    }
