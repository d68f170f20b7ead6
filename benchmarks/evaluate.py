"""Measure how well facts are read: against `tests/labelled`, beside what others read with.

    python benchmarks/evaluate.py [--show-test] [--language ru] [--measure people]

prints precision, recall and F1 by part, language and kind, figures that are wrong by a power of ten, and every miss and
false alarm with the text around it; those of the test part only where they are asked for, for rules are not tuned on
it. A whole run also puts its tables into `docs/facts.md`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from evaluation import Evaluation, evaluate, tables
from labels import LANGUAGES, PARTS, Fact, Passage, passages
from readers import read_ours, read_peers

HERE = Path(__file__).parent
DOCUMENT = HERE.parent / "docs" / "facts.md"
AROUND = 40


def main() -> None:
    """Read the command line and all passages, print, and write the tables into the document."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", choices=LANGUAGES, help="only passages in this one")
    parser.add_argument("--measure", help="list only misses and false alarms of this measure")
    parser.add_argument("--show-test", action="store_true", help="list those of the test part too: not while tuning")
    parser.add_argument("--document", type=Path, default=DOCUMENT, help="where the tables go")
    parser.add_argument("--peers-python", type=Path, default=HERE / ".venv-readers" / "bin" / "python")
    arguments = parser.parse_args()
    texts = [p for part in PARTS for p in passages(part) if arguments.language in {None, p.language}]
    ours = evaluate(texts, read_ours(texts))
    peers = None
    if arguments.peers_python.exists():
        peers = evaluate(texts, read_peers(texts, arguments.peers_python))
    else:
        print(f"no peers: {arguments.peers_python} does not exist, `make evaluate` makes it", file=sys.stderr)
    shown = PARTS if arguments.show_test else PARTS[:2]
    print("\n".join(line for part in shown for line in misses(ours, part, arguments.measure)))
    print(tables(ours, peers))
    if peers and not arguments.language:
        write(tables(ours, peers), arguments.document)
        print(f"wrote {arguments.document}")


def misses(evaluation: Evaluation, part: str, measure: str | None = None) -> Iterator[str]:
    """A line for each miss and false alarm of a part, by measure and passage."""
    for passage, name, judgement in evaluation.judgements:
        if passage.part == part and (measure or name) == name:
            for sign, facts in (("missed", judgement.missed), ("false", judgement.false)):
                for fact in facts:
                    yield f"{part} {passage.name} {name} {sign}: {_around(passage, fact)} {_values(fact)}"


def _around(passage: Passage, fact: Fact) -> str:
    text = passage.text(fact.field)
    before, after = text[max(fact.start - AROUND, 0) : fact.start], text[fact.end : fact.end + AROUND]
    surface = fact.surface if len(fact.surface) <= 3 * AROUND else f"{fact.surface[:AROUND]}…{fact.surface[-AROUND:]}"
    return f"{before}[{surface}]{after}".replace("\n", "⏎")


def _values(fact: Fact) -> str:
    """What a fact says beside its surface."""
    values = {
        "figure": (fact.value, fact.value_high, fact.unit, fact.alternative),
        "promise": (fact.deadline,),
        "quote": (fact.key,),
        "office": (fact.key,),
    }.get(fact.kind, ())
    return " ".join(str(word) for word in values if word is not None)


def write(text: str, document: Path) -> None:
    """Put the tables between the markers of the document."""
    before, begin, rest = document.read_text(encoding="utf-8").partition("<!-- facts: begin -->\n")
    _, end, after = rest.partition("<!-- facts: end -->")
    document.write_text(f"{before}{begin}\n{text}\n\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
