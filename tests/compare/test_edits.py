"""What changed between two versions of a text: golden pairs in three languages, and laws for any text.

`golden/edits/<case>.json` holds two versions and the edit between them, worked out by hand; places are left to a law.
"""

import json
import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.digests import SEED
from warehouse.compare import edits, folding
from warehouse.compare.alignment import differences
from warehouse.compare.edits import KINDS, Edit, Text
from warehouse.compare.kinds import kinds_of
from warehouse.compare.regions import Comparison
from warehouse.compare.vocabulary import Vocabulary
from warehouse.normalise.script import CYRILLIC_LOOKALIKES, SAME_DRAWING
from warehouse.project import PROJECT
from warehouse.reference.rows import SEEDS, load_reference

GOLDEN = sorted((PROJECT / "tests" / "golden" / "edits").glob("*.json"))
PLACES = ("before_start", "before_end", "after_start", "after_end")
BODIES = [line.partition("Source")[0] for line in SEED.read_text(encoding="utf-8").splitlines() if len(line) > 400]
RUSSIAN = (
    "16 мая 2025 года в городе Костанай прошло заседание. Выделено 1,5 млрд тенге, построено 1 500 домов (48%).\n"
    "«Работа идёт», — сказал аким Кумар Аксакалов. Температура -5 градусов, начало в 10:30, телефон: "
    "+7 (7172) 74-06-21."
)
KAZAKH = (
    "2025 жылғы 16 мамырда Астанада «Ұлттық өнім» көрмесі өтті. Көрмеге 250 кәсіпорын қатысты, 29,5 мың жоба.\n"
    "– Бұл бірінші көрме, – деді Серік Жұманғарин. 12.03.2025 күні 7 700 адам келді."
)
REAL = st.sampled_from([*BODIES, RUSSIAN, KAZAKH])
PIECES = st.sampled_from(
    [
        *"аяеiіAЯӘҚ5019.,:;-–—+%№?!/\\<>&()«»“”\"'’•\n\t \u00a0\u200b\u0301\u0306\u00ad😀",
        *("мая", "May", "2025", "16.05.2025", "1 500", "1,5", "млрд", "%", "процентов", "population", "The", "Астана"),
        *("<p>", "</b>", "&nbsp;", "\\u200b", "г.", "жылғы", "мамыр", "XXI", "й", "\r\n", "\u2028", "⸻", "_____"),
    ]
)
ANY = st.lists(PIECES, max_size=40).map("".join)
Transformed = Callable[[str, random.Random], str]
TEXTS = st.builds(Text, ANY, st.none() | ANY)


REFERENCE = load_reference(SEEDS)
VOCABULARY = Vocabulary.of(REFERENCE)


def compare(before: Text, after: Text) -> Edit:
    return edits.compare(before, after, VOCABULARY)


def edit_of(before: str, after: str) -> Edit:
    return compare(Text("О заседании", before), Text("О заседании", after))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_an_edit_is_told_as_a_reader_would(path: Path) -> None:
    golden = json.loads(path.read_text(encoding="utf-8"))
    told = asdict(compare(Text(**golden["before"]), Text(**golden["after"])))
    for change in told["changes"]:
        for place in PLACES:
            del change[place]
    assert json.loads(json.dumps(told)) == golden["edit"]


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        ("5% роста", "5 процентов роста", ("wording",)),
        ("5% роста", "5 роста", ("number",)),
        ("896,000 hectares", "896 000 hectares", ("cosmetic",)),
        ("896,000 hectares", "896.1 hectares", ("number",)),
        ("1,5 млрд тенге", "1500 млн тенге", ("wording", "cosmetic")),
        ("1,50 тенге", "1.5 тенге", ("cosmetic",)),
        ("1.250 тенге", "1250 тенге", ("number",)),
        ("в 5 10-этажных домах", "в 510-этажных домах", ("number",)),
        ("5-й раз", "6-й раз", ("number",)),
        ("5-й раз", "5-го раз", ("wording",)),
        ("the 21st time", "the 22nd time", ("number", "wording")),
        ("в 2024 году", "в 2025 году", ("number",)),
        ("во II квартале", "в III квартале", ("number", "wording")),
        ("XXI ғасыр", "ХХІ ғасыр", ("cosmetic",)),
        ("тел. 74-06-21", "тел. 74 06 21", ("cosmetic",)),
        ("в 10:30", "в 10.30", ("cosmetic",)),
        ("16 мая 2025 года", "16.05.2025 года", ("wording",)),
        ("16.05.2025", "2025-05-16", ("cosmetic",)),
        ("16 мая открыто", "16 мая 2025 года открыто", ("wording",)),
        ("16-17 мая открыто", "16-18 мая открыто", ("date",)),
        ("May 16, 2025", "June 16, 2025", ("date",)),
        ("в мае 2025 года", "в июне 2025 года", ("date",)),
        ("2025 жылдың 3 қазанында", "2025 жылдың 4 қазанында", ("date",)),
        ("жил в г. Алматы тогда", "жил в г. Тараз тогда", ("name",)),
        ("вице-премьер С. Жумангарин сказал", "вице-премьер М. Жумангарин сказал", ("name",)),
        ("прошла в Астане встреча", "прошла встреча", ("name", "wording")),
        ("Иванов сказал. Петров ушёл", "Сидоров сказал. Петров ушёл", ("wording",)),
        ("в Казахстане", "в казахстане", ("wording",)),
        ("Это так.", "Это так?", ("wording",)),
        ("Это так,", "Это так", ("cosmetic",)),
        ("м\u0438\u0306", "мй", ("cosmetic",)),
        ("не смотря на", "несмотря на", ("cosmetic",)),
        ("😀", "💧", ("wording",)),
        ("•\t–", "⸻", ("cosmetic",)),
        ("oʻzbek ʼ", "o'zbek", ("cosmetic",)),
        ("a&#128512;", "a", ("wording",)),
    ],
)
def test_a_change_is_of_these_kinds(before: str, after: str, kinds: tuple[str, ...]) -> None:
    assert edit_of(before, after).kinds == kinds
    assert edit_of(after, before).kinds == kinds


def test_names_in_a_title_of_capitals_are_wording() -> None:
    told = compare(Text("Foreign Ministers Hold a Conversation", None), Text("Foreign Ministers Hold a Meeting", None))
    assert told.kinds == ("wording",)


def test_words_that_meet_by_chance_are_no_figures_that_changed() -> None:
    told = edit_of(BODIES[0], BODIES[8])
    assert told.changed_share > 0.5
    assert told.kind == "wording"


def test_a_body_that_is_blank_is_none() -> None:
    assert compare(Text("t", None), Text("t", " \n")).kinds == ("cosmetic",)


@given(TEXTS)
def test_two_versions_that_are_the_same_are_no_edit(text: Text) -> None:
    with pytest.raises(ValueError, match="the same"):
        compare(text, Text(text.title, text.body))


QUOTES, DASHES = '«»“”„"', "-–—‒−"


def respaced(text: str, chance: random.Random) -> str:
    return re.sub(r"\s+", lambda _: chance.choice([" ", "  ", "\n", "\u00a0", "\r\n", "\t", "\n\n", "\u2009 "]), text)


def requoted(text: str, chance: random.Random) -> str:
    return re.sub(f"[{QUOTES}]", lambda _: chance.choice(QUOTES), text)


def redashed(text: str, chance: random.Random) -> str:
    return re.sub(f"[{DASHES}]", lambda _: chance.choice(DASHES), text)


def with_unseen(text: str, chance: random.Random) -> str:
    at = chance.randrange(len(text) + 1)
    return text[:at] + chance.choice(["\u200b", "\ufeff", "\u00ad", "\u200d"]) + text[at:]


def decomposed(text: str, _: random.Random) -> str:
    return unicodedata.normalize("NFD", text)


def wrapped_in_markup(text: str, _: random.Random) -> str:
    return "".join(f'<p class="c">{line.replace(" ", "&nbsp;")}</p>' for line in text.split("\n"))


def with_look_alikes(text: str, chance: random.Random) -> str:
    swap = SAME_DRAWING
    return "".join(sign.translate(swap) if chance.random() < 0.3 else sign for sign in text)


@pytest.mark.parametrize(
    "transformed", [respaced, requoted, redashed, with_unseen, decomposed, wrapped_in_markup, with_look_alikes]
)
@given(text=REAL, chance=st.integers(0, 9999).map(random.Random))
def test_typography_of_a_real_text_is_cosmetic(transformed: Transformed, text: str, chance: random.Random) -> None:
    after = transformed(text, chance)
    if after != text:
        told = edit_of(text, after)
        assert (told.kinds, told.changed_share, told.changes, told.numbers) == (("cosmetic",), 0, (), ())


@pytest.mark.parametrize("transformed", [respaced, requoted, with_unseen])
@given(
    text=ANY.filter(lambda text: "\\" not in text and "<" not in text and "&" not in text),
    chance=st.integers(0, 9999).map(random.Random),
)
def test_typography_of_any_text_is_cosmetic(transformed: Transformed, text: str, chance: random.Random) -> None:
    after = transformed(text, chance)
    if after != text:
        assert edit_of(text, after).kinds == ("cosmetic",)


@given(st.one_of(REAL, ANY), st.integers(0, 9), st.data())
def test_another_digit_is_another_number_or_date(text: str, digit: int, data: st.DataObject) -> None:
    digits = [at for at, sign in enumerate(text) if sign.isascii() and sign.isdigit() and sign != str(digit)]
    digits = [at for at in digits if not re.search(r"\\u[0-9]*$", text[max(at - 6, 0) : at])]
    if not digits:
        return
    at = data.draw(st.sampled_from(digits))
    told = edit_of(text, f"{text[:at]}{digit}{text[at + 1 :]}")
    assert told.kind in ("number", "date")
    assert told.kinds == (told.kind,)
    assert bool(told.numbers) == (told.kind == "number")


@given(TEXTS, TEXTS)
def test_places_cut_the_changes_out_and_leave_the_same_words(before: Text, after: Text) -> None:
    if before == after:
        return
    changes = compare(before, after).changes
    for change in changes:
        old, new = getattr(before, change.part) or "", getattr(after, change.part) or ""
        assert old[change.before_start : change.before_end] == change.before
        assert new[change.after_start : change.after_end] == change.after
        assert change.op == ("insert" if not change.before else "delete" if not change.after else "replace")
    for part in ("title", "body"):
        ends = [(change.before_end, change.after_end) for change in changes if change.part == part]
        starts = [(change.before_start, change.after_start) for change in changes if change.part == part]
        assert all(
            end <= start
            for ends_, starts_ in zip(ends, starts[1:], strict=False)
            for end, start in zip(ends_, starts_, strict=True)
        )


@given(TEXTS, TEXTS)
def test_versions_swapped_give_the_mirrored_edit(before: Text, after: Text) -> None:
    if before == after:
        return
    told, mirrored = compare(before, after), compare(after, before)
    swap = {"body_added": "body_removed", "body_removed": "body_added", "insert": "delete", "delete": "insert"}
    assert mirrored.kinds == tuple(swap.get(kind, kind) for kind in told.kinds)
    assert mirrored.changed_share == told.changed_share
    assert mirrored.numbers == tuple((new, old) for old, new in told.numbers)
    assert [(change.op, change.after, change.before) for change in mirrored.changes] == [
        (swap.get(change.op, change.op), change.before, change.after) for change in told.changes
    ]


@given(TEXTS, TEXTS)
def test_kinds_are_told_in_their_order_and_only_a_cosmetic_edit_changes_no_words(before: Text, after: Text) -> None:
    if before == after:
        return
    told = compare(before, after)
    assert told.kind == told.kinds[0]
    assert list(told.kinds) == sorted(set(told.kinds), key=KINDS.index)
    assert (told.changed_share == 0) == (told.kinds == ("cosmetic",)) == (not told.changes)
    assert told.changed_share <= 1


LINES = [
    "Об этом сообщает пресс служба акимата области. ",
    "The ministry will report on further steps later.",
    "Бұл туралы министрліктің баспасөз қызметі хабарлады. ",
    "Итоги подвели 16 мая 2025 года: построено 1 500 домов, рост на 5,5 %.\n",
    '<p class="c">Работа по этой программе идёт дальше</p> ',
]
AROUND = st.lists(st.sampled_from(LINES), max_size=9).map("".join)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, str]:
    """A real text, and the same with a few pieces put in or in the place of others."""
    before = after = draw(REAL)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(after)))
        after = after[:at] + draw(PIECES) + after[at + draw(st.integers(0, 9)) :]
    return before, after


@given(st.one_of(edited(), st.tuples(ANY, ANY)), AROUND, AROUND)
def test_what_need_not_be_read_changes_nothing(versions: tuple[str, str], head: str, tail: str) -> None:
    before, after = (head + version + tail for version in versions)

    def regions_of(compared: Comparison) -> list[object]:
        regions = [
            (compared.places(region), kinds_of(compared, region, by_chance=by_chance))
            for region in compared.regions
            for by_chance in (False, True)
        ]
        words = (compared.total, compared.changed, compared.capitals_say_nothing)
        return [regions, words, compared.has_cosmetic()]

    assert regions_of(Comparison.at_the_middle("body", before, after, VOCABULARY)) == regions_of(
        Comparison("body", before, after, VOCABULARY)
    )


@given(edited(), AROUND, AROUND)
def test_a_longer_text_around_an_edit_leaves_its_kinds_and_changes(
    versions: tuple[str, str], head: str, tail: str
) -> None:
    if versions[0] == versions[1]:
        return
    # Whatever was put in at the ends, a plain word stands before it and three behind it.
    before, after = (f"word {version} three plain words" for version in versions)
    head, tail = f"{head}And one ", f" behind it. {tail}"
    near, far = edit_of(before, after), edit_of(head + before + tail, head + after + tail)
    assert (far.kinds, far.numbers) == (near.kinds, near.numbers)
    assert [change.op for change in far.changes] == [change.op for change in near.changes]
    shifted = [tuple(getattr(change, place) + len(head) for place in PLACES) for change in near.changes]
    assert [tuple(getattr(change, place) for place in PLACES) for change in far.changes] == shifted


@given(st.one_of(REAL, ANY))
def test_words_without_their_places_are_the_same(text: str) -> None:
    assert folding.surfaces(text) == folding.words(text).surfaces


WORDS = st.lists(st.sampled_from("abcde"), max_size=30)


@given(WORDS, WORDS)
def test_what_lies_between_differences_is_equal(before: list[str], after: list[str]) -> None:
    at = [0, 0]
    for region in [*differences(before, after), None]:
        ends = (region.i1, region.j1) if region else (len(before), len(after))
        assert before[at[0] : ends[0]] == after[at[1] : ends[1]]
        at = [region.i2, region.j2] if region else at


def test_of_long_texts_the_shortest_alignment_is_found() -> None:
    chance = random.Random(5)
    before = [str(chance.randrange(3000)) for _ in range(30_000)]
    after = ["first", *before[:9_000], "put in", *before[9_000:20_000], *before[20_010:], "last"]
    assert [(region.i2 - region.i1, region.j2 - region.j1) for region in differences(before, after)] == [
        (0, 1),
        (0, 1),
        (10, 0),
        (0, 1),
    ]
    other = [str(chance.randrange(3000)) for _ in range(30_000)]
    assert sum(region.i2 - region.i1 for region in differences(before, other)) > 20_000


def test_the_look_alikes_of_both_scripts_are_pairs() -> None:
    assert [*map(chr, SAME_DRAWING)] == [*CYRILLIC_LOOKALIKES]
    assert all(letter.isalpha() and "LATIN" in unicodedata.name(letter) for letter in SAME_DRAWING.values())
