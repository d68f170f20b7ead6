"""Put what was measured into docs/operations.md, between the markers of its name."""

from pathlib import Path

from warehouse.project import PROJECT

DOCUMENT = PROJECT / "docs" / "operations.md"


def write(name: str, text: str, document: Path = DOCUMENT) -> None:
    """Put Markdown between `<!-- name: begin -->` and `<!-- name: end -->`. Raises ValueError without them."""
    before, _, after = _split(name, document)
    document.write_text(f"{before}\n{text}\n{after}", encoding="utf-8")


def read(name: str, document: Path = DOCUMENT) -> str:
    """What stands there. Raises ValueError without the markers."""
    return _split(name, document)[1].strip()


def _split(name: str, document: Path) -> tuple[str, str, str]:
    """A document up to the first marker, what is between them, and from the second on."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, has_begin, rest = document.read_text(encoding="utf-8").partition(begin)
    between, has_end, after = rest.partition(end)
    if not (has_begin and has_end):
        raise ValueError(f"{document} has no {begin} … {end}")
    return before + begin, between, end + after
