"""The synthetic digests that the benchmarks run on: what they hold is what their truth file says."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from warehouse.digest.read import Contents, Listing, parse
from warehouse.project import PROJECT
from warehouse.reference.header_names import HeaderNames

GENERATOR = PROJECT / "benchmarks" / "corpus.py"
RELEASES = 3_000


def generate(out: Path, *options: str, releases: int = RELEASES) -> Path:
    command = [sys.executable, str(GENERATOR), "--releases", str(releases), "--out", str(out), *options]
    subprocess.run(command, check=True, capture_output=True)
    return out


def digests(corpus: Path, name: str) -> list[Path]:
    return sorted((corpus / name).glob("*.txt"))


def pages(corpus: Path, name: str) -> list[Contents]:
    return [contents for path in digests(corpus, name) for contents in parse([path.read_bytes()], HeaderNames())]


def listings(corpus: Path, name: str) -> list[Listing]:
    return [listing for contents in pages(corpus, name) for listing in contents.listings]


def read_frame(corpus: Path, name: str) -> pl.DataFrame:
    """What the parser reads, in the columns of the truth file, one row a release."""
    rows = [
        (*re.findall(r"/entities/([^/]+)/.*/details/([^?]+)", url)[0], title, sha256(body), listed, url)
        for _, _, title, listed, body, url, *_ in listings(corpus, name)
    ]
    columns = ["slug", "release_code", "title", "body_sha256", "first_listed", "url"]
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    first = frame.sort("first_listed").unique("release_code", keep="first", maintain_order=True)
    return first.sort("release_code")


def sha256(body: str | None) -> str | None:
    return None if body is None else hashlib.sha256(body.replace("\n", "").encode()).hexdigest()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("corpus"), "--changed", "0.1")


@pytest.fixture(scope="module")
def totals(corpus: Path) -> dict[str, object]:
    loaded: dict[str, object] = json.loads((corpus / "first.json").read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("name", ["first", "changed"])
def test_the_truth_names_every_release_with_title_body_date_and_url(corpus: Path, name: str) -> None:
    found = read_frame(corpus, name)
    truth = pl.read_parquet(corpus / f"{name}.parquet").sort("release_code").select(found.columns)
    assert found.equals(truth)


def test_the_totals_are_what_the_digests_hold(corpus: Path, totals: dict[str, object]) -> None:
    rejects = [reject.reason for contents in pages(corpus, "first") for reject in contents.rejects]
    assert {reason: rejects.count(reason) for reason in rejects} == totals["rejects"]
    assert len(listings(corpus, "first")) == totals["listings"]
    assert sum(path.stat().st_size for path in digests(corpus, "first")) == totals["bytes"]
    assert pl.read_parquet(corpus / "first.parquet")["body_sha256"].count() == totals["with_body"]


def test_every_kind_of_broken_item_occurs(totals: dict[str, object]) -> None:
    assert totals["rejects"] == {"impossible_date": 2, "trailer_without_title": 2, "foreign_source": 1}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    texts = [
        b"".join(path.read_bytes() for path in digests(generate(tmp_path / name, *seed, releases=500), "first"))
        for name, seed in (("one", []), ("two", []), ("other", ["--seed", "2"]))
    ]
    assert texts[0] == texts[1]
    assert texts[0] != texts[2]


def test_a_release_is_the_same_in_a_corpus_of_another_size(corpus: Path, tmp_path: Path) -> None:
    columns = ["release_code", "slug", "title", "body_sha256", "first_listed", "url"]
    small = pl.read_parquet(generate(tmp_path, releases=1_000) / "first.parquet").select(columns)
    assert small.equals(pl.read_parquet(corpus / "first.parquet").select(columns).head(1_000))


def test_the_second_set_differs_in_the_bodies_that_the_truth_calls_changed(corpus: Path) -> None:
    first = pl.read_parquet(corpus / "first.parquet")
    changed = pl.read_parquet(corpus / "changed.parquet")
    differs = first["body_sha256"].ne_missing(changed["body_sha256"])
    assert differs.equals(changed["is_changed"], check_names=False)
    assert 0.08 < differs.mean() < 0.12  # type: ignore[operator]
    unedited = ["release_code", "slug", "title", "first_listed", "url", "listings"]
    assert first.select(unedited).equals(changed.select(unedited))


def test_items_are_about_as_long_as_the_received_ones_and_as_often_without_a_body(
    totals: dict[str, int],
) -> None:
    assert 1_100 < totals["bytes"] / RELEASES < 1_350
    assert 0.42 < totals["without_body"] / RELEASES < 0.48


@pytest.mark.parametrize(
    ("trap", "pattern"),
    [
        ("trailer glued to the last word", r"\w[.!]?Source : https"),
        ("trailer after one space", r"\S Source : https"),
        ("trailer on a line of its own below a body", r"\n.{300,}\nSource"),
        ("blank line missing", r"/details/\S+\n[^\n]"),
        ("URL without language", r"/details/\d+\n"),
        ("text slug in place of the number", r"/details/[a-z][\w-]+\d"),
        ("date on a line of its own", r"\n\d\d\.\d\d\.\d{4}\n"),
        ("title with a date of its own", r"of \d\d\.\d\d\.\d{4} in .+ \d\d\.\d\d\.\d{4}\n"),
        ("title with quotes and a colon", r'\n"[^"\n]+": .+ \d\d\.\d\d\.\d{4}\n'),
        ("title that ends in a full stop", r"\w\. \d\d\.\d\d\.\d{4}\n"),
        ("glued sentences", r"[a-z]\.[A-Z][a-z]+ "),
        ("rule with a heading glued to it", r"\.⸻[A-Z]"),
        ("decimal comma", r"\d,\d trillion"),
        ("thousands comma", r"\d,000 tenge"),
        ("Cyrillic look-alikes in a Latin word", r"Теl\."),
        ("literal escape of a zero-width space", r"\\u200b"),
        ("word Source in a body", r"Source: own data"),
        ("Russian trailer", r"Источник : https"),
        ("Kazakh trailer", r"Дереккөз : https"),
        ("two header lines", r"^Enbekshi QazaQ\nSociety\n"),
    ],
)
def test_the_traps_of_real_digests_occur(corpus: Path, trap: str, pattern: str) -> None:
    texts = [path.read_text(encoding="utf-8") for path in digests(corpus, "first")]
    assert any(re.search(pattern, text) for text in texts), trap


def test_ids_fall_but_not_strictly_and_some_releases_are_listed_twice(corpus: Path) -> None:
    truth = pl.read_parquet(corpus / "first.parquet")
    ids = truth["release_code"].str.extract(r"(\d+)$").cast(pl.Int64)
    rises = (ids.diff().drop_nulls() > 0).mean()
    assert 0.01 < rises < 0.05  # type: ignore[operator]
    assert set(truth["listings"].unique()) == {1, 2}
