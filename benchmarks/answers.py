"""Answers of the portal as an archive: pages of synthetic releases, four of five as JSON, the fifth as rendered pages.

python benchmarks/answers.py --pages 10000 --out DIR
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import sys
from collections.abc import Iterator
from html import escape
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from releases import BLOCK, Release, Writer
from warehouse.keys import release_key
from warehouse.portal.archive.attempt import Attempt
from warehouse.portal.archive.warc import Archive
from warehouse.portal.exchange import Answer, Target
from warehouse.portal.read import graphql, html

PORTAL = "https://www.gov.kz"
BEGIN = datetime.datetime(2025, 6, 1)  # noqa: DTZ001 - UTC without zone, as answers have it
RENDERED_EVERY = 5
SENTENCES = 3  # of a paragraph


def bodies(pages: int, seed: int) -> Iterator[Release]:
    """So many releases that have a body."""
    writer = Writer(2 * pages + BLOCK, seed)
    blocks = (writer.block(start, start + BLOCK, True) for start in range(0, 2 * pages + BLOCK, BLOCK))
    return islice((one for block in blocks for one in block if one.body is not None), pages)


def markup(body: str, layout: random.Random) -> str:
    """A body as TinyMCE saves it: styled spans, non-breaking spaces, empty paragraphs, a link here and there."""
    sentences = escape(body.replace("\n", " "), quote=False).split(". ")
    paragraphs = []
    for start in range(0, len(sentences), SENTENCES):
        text = ".&nbsp;".join(sentences[start : start + SENTENCES])
        style = f'<span style="font-family: Arial; font-size: {layout.choice((12, 14))}pt;">{text}</span>'
        paragraphs.append(f'<p style="text-align: justify;">{layout.choice((text, style))}</p>')
        if layout.random() < 0.2:
            paragraphs.append("<p>&nbsp;</p>")
    link = '<p><a href="https://www.gov.kz/memleket/entities/mfa" target="_blank">gov.kz</a></p>'
    inside = "\n".join([*paragraphs, link])
    return f"<!DOCTYPE html>\n<html>\n<head>\n</head>\n<body>\n{inside}\n</body>\n</html>"


def as_json(release: Release, body: str) -> bytes:
    """The answer of the GraphQL route."""
    directions = [{"id": "77", "title": "Transport"}]
    item = {"id": int(release.code), "title": release.title, "slug": "a-release", "body": body}
    news = [{**item, "created_date": f"{release.listed}T06:00:00Z", "directions": directions}]
    return json.dumps({"data": {"news": news}}, ensure_ascii=False).encode()


def as_page(release: Release, body: str) -> bytes:
    """The page as the portal renders it."""
    menu = "".join(f'<li><a href="/memleket/entities/mfa/about/{n}">Section {n}</a></li>' for n in range(20))
    listed = release.listed
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(release.title)}</title></head>'
        f"<body><header><nav><ul>{menu}</ul></nav></header><main><h1>{escape(release.title)}</h1>"
        f'<div class="date">{listed.day} {listed:%B} {listed.year} 11:00</div>'
        f'<div class="views">Number of views: 61</div><div>{body}</div>'
        "<h3>Areas of activity</h3><div><a>Transport</a></div><h3>Read also</h3><a>Another release</a></main>"
        "<footer>© GOV.KZ</footer></body></html>"
    ).encode()


def write_answers(folder: Path, pages: int, seed: int = 1) -> int:
    """Write an archive of so many answers into `folder`; returns the bytes of their bodies."""
    layout, size = random.Random(seed), 0
    with Archive(folder) as archive:
        for number, release in enumerate(bodies(pages, seed)):
            key, code, portal_id = release_key(release.code)
            if portal_id is None:
                continue
            target = Target(key, code, release.slug, "en")
            is_page = number % RENDERED_EVERY == 0
            request = (html if is_page else graphql).page_request(PORTAL, target)
            body = (as_page if is_page else as_json)(release, markup(release.body or "", layout))
            kind = "text/html; charset=utf-8" if is_page else "application/json"
            at = BEGIN + datetime.timedelta(seconds=number)
            answer = Answer(request.url, at, 0.1, 200, {"content-type": kind}, body)
            archive.append(Attempt.page("a-run", target, request, answer))
            size += len(body)
    return size


def main() -> None:
    """Read the command line and write an archive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    size = write_answers(arguments.out, arguments.pages, arguments.seed)
    print(f"{arguments.out}: about {arguments.pages:,} answers, {size / 1e6:,.1f} MB")


if __name__ == "__main__":
    main()
