"""Digests written in code, as a person would write them down, and the digest that the repository carries."""

from dataclasses import dataclass

from warehouse.project import PROJECT

SEED = PROJECT / "seeds" / "digests" / "law-2025-05-21.txt"

MEETING = "The ministry held a meeting on the state of the roads in the region and heard reports of its departments."
MEETING_EDITED = f"{MEETING} A second meeting is planned for the autumn, and the akims of all districts will take part."
MEETING_RU = "Министерство провело совещание о состоянии дорог в регионе и заслушало отчёты всех департаментов."

CUT_OFF = "A title whose item was cut off 22.05.2025\nThe body of it, and no source any m"
"""What stands at the end of a digest whose transfer broke off."""


@dataclass(frozen=True)
class Item:
    """One item of a digest, as a person would write it down."""

    code: str
    body: str | None = MEETING
    title: str = "Roads of the region were discussed at the ministry"
    listed: str = "21.05.2025"
    slug: str = "transport"

    def __str__(self) -> str:
        body = f"{self.body}\n" if self.body else ""
        url = f"https://www.gov.kz/memleket/entities/{self.slug}/press/news/details/{self.code}?lang=kk"
        return f"{self.title} {self.listed}\n{body}Source : {url}\n"


def digest(*items: Item, section: str | None = "Law") -> str:
    """The text of a digest with these items under one header, or under none."""
    return "\n".join([*([section] if section else []), *map(str, items)])
