"""All passages held against what was read of them, and the tables that say how it went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from labels import LANGUAGES, PARTS, Fact, Passage
from readers import PEERS, Read
from scores import MEASURES, Judgement, Score, agreement, judge, judge_offices, judge_resolution, powers_of_ten

JUDGES: dict[str, Callable[[Passage, Sequence[Fact]], Judgement]] = {
    **{name: partial(judge, measure=name) for name in MEASURES},
    "offices of people found": judge_offices,
    "short names resolved": judge_resolution,
}
"""The measures in the order of the tables."""

SIDES = ("subject", "approximation", "direction", "change")


@dataclass
class Evaluation:
    """What came out: judgements of each passage by measure, and figures wrong by a power of ten."""

    judgements: list[tuple[Passage, str, Judgement]] = field(default_factory=list)
    powers_of_ten: list[tuple[Passage, Fact, Fact, bool]] = field(default_factory=list)

    def score(self, part: str, language: str, measure: str) -> Score | None:
        """The sum over a part's passages in a language; None where it has none."""
        found = [j for p, m, j in self.judgements if (p.part, p.language, m) == (part, language, measure)]
        total = Score()
        for judgement in found:
            total.add(judgement.score)
        return total if found else None

    def agreement(self, part: str, language: str, side: str) -> Score:
        """On how many figures that are right a side is right too."""
        pairs = [
            pair
            for passage, measure, judgement in self.judgements
            if (passage.part, passage.language, measure) == (part, language, "figures")
            for pair in judgement.right
        ]
        return agreement(pairs, side)


def evaluate(passages: Iterable[Passage], read: Read) -> Evaluation:
    """Hold what was read of each passage against its labels."""
    evaluation = Evaluation()
    for passage in passages:
        facts = read.get((passage.part, passage.name), ())
        evaluation.judgements += ((passage, name, judge_of(passage, facts)) for name, judge_of in JUDGES.items())
        evaluation.powers_of_ten += ((passage, *error) for error in powers_of_ten(passage, facts))
    return evaluation


def tables(ours: Evaluation, peers: Evaluation | None) -> str:
    """Markdown: F1 by measure, language and part, sides of figures, powers of ten, and others' readers beside ours."""
    parts = [_scores(ours), _sides(ours), _powers_of_ten(ours)]
    if peers:
        parts.append(_beside(ours, peers))
    return "\n\n".join(parts)


def _scores(ours: Evaluation) -> str:
    rows = []
    for measure in JUDGES:
        for language in LANGUAGES:
            seed, development, test = (ours.score(part, language, measure) for part in PARTS)
            if test:
                shares = [*(part and part.f1 for part in (seed, development)), test.f1, test.precision, test.recall]
                rows.append([measure, language, *map(_share, shares), str(_labelled(test))])
    header = ["", "", "seed F1", "development F1", "test F1", "precision", "recall", "labels"]
    return table(header, rows)


def _sides(ours: Evaluation) -> str:
    rows = []
    for side in SIDES:
        shares = [ours.agreement("test", language, side) for language in LANGUAGES]
        rows.append([side, *(_share(score.recall) if _labelled(score) else "–" for score in shares)])
    return "Of the test's figures that are right, so are:\n\n" + table(["", *LANGUAGES], rows)


def _powers_of_ten(ours: Evaluation) -> str:
    counts: dict[tuple[str, bool], int] = defaultdict(int)
    for passage, _, _, is_flagged in ours.powers_of_ten:
        counts[passage.part, is_flagged] += 1
    rows = [[part, str(counts[part, False]), str(counts[part, True])] for part in PARTS]
    header = ["figures wrong by a power of ten", "silent", "with the right value as `alternative_value`"]
    return table(header, rows)


def _beside(ours: Evaluation, peers: Evaluation) -> str:
    rows = []
    for name, (language, measures) in PEERS.items():
        for measure in measures:
            cells = [
                _share(score and score.f1)
                for part in PARTS
                for score in (peers.score(part, language, measure), ours.score(part, language, measure))
            ]
            rows.append([f"{measure} ({language})", name, *cells])
    header = ["F1", "", *(f"{part}{who}" for part in PARTS for who in ("", ", ours"))]
    return table(header, rows)


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _labelled(score: Score) -> int:
    return score.right + score.missed


def _share(share: float | None) -> str:
    return "–" if share is None else f"{share:.3f}"
