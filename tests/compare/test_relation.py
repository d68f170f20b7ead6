"""The digest's text beside the portal's: cases in three languages, some made from the seed, and laws for any text."""

import random
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.digests import SEED
from warehouse.compare.alignment import MOST_ALIGNED
from warehouse.compare.edits import Text
from warehouse.compare.relation import Relation, relate

LINES = SEED.read_text(encoding="utf-8").splitlines()
RELEASES = [
    Text(title.rsplit(" ", 1)[0], body.partition("Source")[0].strip())
    for title, body in pairwise(LINES)
    if len(body) > 400
]
SCHOOL, ARKALYK, KOKSHETAU = RELEASES[:3]
ARKALYK_TITLE = ARKALYK.title
# What the portal's page of the release says, with the paragraphs that the newspaper lost.
PORTAL_ARKALYK = Text(
    ARKALYK_TITLE.replace("’", "'"),
    re.sub(r"(?<=[a-z0-9%][.])(?=[A-Z])|⸻|(?<=[a-z])(?=[A-Z])", "\n\n", str(ARKALYK.body)).replace('"', "”"),
)
RU = Text(
    "В министерстве обсудили дороги региона",
    "Министерство провело совещание о состоянии дорог в регионе и заслушало отчёты всех департаментов. "
    "В совещании приняли участие акимы районов и представители подрядных организаций. "
    "По итогам 2024 года отремонтировано 1 500 км дорог, на эти цели выделено 25,4 млрд тенге. "
    "Министр поручил завершить работы до 1 ноября и усилить контроль за качеством.",
)
RU_OTHER = Text(
    "В Кокшетау открыли новую школу на 900 мест",
    "Сегодня в Кокшетау распахнула двери новая общеобразовательная школа. В торжественной церемонии участвовали "
    "ученики, родители и педагоги. Здание оснащено современными кабинетами физики, химии и робототехники, "
    "спортивным залом и бассейном. Строительство велось в рамках проекта «Келешек мектептері».",
)
KK = Text(
    "Астанада «Ұлттық өнім» көрмесі өтті",
    "Астанада отандық тауар өндірушілердің «Ұлттық өнім» көрмесі өтті. Көрмеге еліміздің барлық өңірінен 250-ден астам "
    "кәсіпорын қатысты. Шараны Премьер-Министрдің орынбасары Серік Жұманғарин ашты. Көрмеде тұрмыстық техника, "
    "құрылыс материалдары, азық-түлік және киім ұсынылды. Үкімет шағын және орта бизнесті қолдауды жалғастырады.",
)
KK_OTHER = Text(
    "Шымкентте мұғалімдер күніне арналған концерт болды",
    "Кеше Шымкент қаласының орталық алаңында ұстаздарға арналған мерекелік кеш ұйымдастырылды. Қала әкімі үздік "
    "педагогтерді марапаттап, оларға алғыс хаттар табыс етті. Белгілі әншілер ән шырқап, билер биленді. "
    "Мерекелік шараға мыңдаған тұрғын жиналып, соңында отшашу атылды.",
)


def first_sentences(body: str | None, count: int) -> str:
    return ". ".join(str(body).split(". ")[:count])


CASES = [
    ("en: a body of the seed, its paragraphs restored", ARKALYK, PORTAL_ARKALYK, "same", 1.0),
    ("ru: quotes, dashes and markup", RU, Text(RU.title, f"<p>{RU.body}</p>".replace(". ", ".</p><p>")), "same", 1.0),
    ("kk: quotes and spaces", KK, Text(KK.title, str(KK.body).replace("«", "“").replace(" ", "\u00a0 ")), "same", 1.0),
    ("en: the first half", Text(ARKALYK_TITLE, str(ARKALYK.body)[:2000]), PORTAL_ARKALYK, "shortened", None),
    ("ru: the first two sentences", Text(RU.title, first_sentences(RU.body, 2)), RU, "shortened", 1.0),
    ("kk: a part without a word", Text(KK.title, str(KK.body).replace("Көрмеге", "")[:140]), KK, "shortened", 1.0),
    ("ru: one figure differs", RU, Text(RU.title, str(RU.body).replace("25,4", "24,5")), "different", None),
    ("ru: the portal has less", RU, Text(RU.title, first_sentences(RU.body, 2)), "different", None),
    ("en: other words about the same", Text(KOKSHETAU.title, (
        "Two more apartment houses will soon be handed over to residents of Kokshetau. Akim Marat Akhmetzhanov visited "
        "the buildings at the intersection of Vernadsky and Kapcevich streets, where only landscaping efforts remain."
    )), KOKSHETAU, "different", None),
    ("en: another title and body", SCHOOL, PORTAL_ARKALYK, "other_release", None),
    ("en: another body, right title", Text(ARKALYK_TITLE, KOKSHETAU.body), PORTAL_ARKALYK, "other_release", None),
    ("ru: another title and body", RU_OTHER, RU, "other_release", None),
    ("ru: another body under the right title", Text(RU.title, RU_OTHER.body), RU, "other_release", None),
    ("kk: another title and body", KK_OTHER, KK, "other_release", None),
    ("kk: another body under the right title", Text(KK.title, KK_OTHER.body), KK, "other_release", None),
    ("too few words tell nothing", Text("О погоде", "Подробности следуют."), RU, "different", 0.0),
    ("no body in the digest", Text(RU.title, None), RU, "no_digest_body", 0.0),
    ("a blank body in the digest", Text(RU.title, " \n\u200b"), RU, "no_digest_body", 0.0),
    ("no body on the portal", RU, Text(RU.title, None), "no_portal_body", 0.0),
    ("no body at all", Text(RU.title, None), Text(RU.title, ""), "no_digest_body", 0.0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("digest", "portal", "kind", "shared"), [pytest.param(*case, id=name) for name, *case in CASES]
)
def test_the_digest_relates_to_the_portal(digest: Text, portal: Text, kind: str, shared: float | None) -> None:
    told = relate(digest, portal)
    assert told.kind == kind
    assert shared is None or told.shared == shared


def test_bodies_of_the_seed_are_never_taken_for_each_other() -> None:
    for digest in RELEASES:
        for portal in RELEASES:
            told = relate(digest, portal)
            assert told == Relation("same", 1.0) if digest == portal else told.kind == "other_release"


def test_most_bodies_of_the_seed_are_known_for_others_under_the_right_title() -> None:
    swapped = [
        relate(Text(own.title, other.body), own).kind for own in RELEASES for other in RELEASES if own is not other
    ]
    assert set(swapped) == {"other_release", "different"}
    assert swapped.count("different") <= 3, "but for releases of the foreign ministry about talks"


def test_a_body_that_another_page_has_is_that_releases_whatever_the_titles_say() -> None:
    conversation, children = RELEASES[10], RELEASES[6]
    digest = Text(SCHOOL.title, children.body)
    assert relate(digest, SCHOOL).kind == "different"
    assert relate(digest, SCHOOL, others=[conversation]).kind == "different"
    assert relate(digest, SCHOOL, others=[conversation, children]).kind == "other_release"


def test_the_share_counts_words_of_the_digest_in_order() -> None:
    portal = Text("t", "one two three four five six seven eight nine ten")
    assert relate(Text("t", "two nine seven eight"), portal).shared == 0.75


def test_of_bodies_too_long_to_be_aligned_runs_of_words_are_looked_up() -> None:
    sentences = [f"Sentence {number} says that item {number * 7} was built. " for number in range(MOST_ALIGNED // 40)]
    portal = Text("t", "".join(sentences))
    assert relate(Text("t", "New words. " * (MOST_ALIGNED // 9)), portal).shared == 0


ANY = st.one_of(
    st.sampled_from([text.body for text in (*RELEASES, RU, KK)]),
    st.lists(st.sampled_from("one два үш 4 . , « » \n – The".split(" ")), max_size=40).map(" ".join),
)


@given(ANY, ANY)
def test_any_two_bodies_relate(digest: str, portal: str) -> None:
    told = relate(Text("t", digest), Text("t", portal))
    assert told.kind in {"same", "shortened", "different", "other_release", "no_digest_body", "no_portal_body"}
    assert 0 <= told.shared <= 1
    assert told.shared == 1 or told.kind != "same"


@given(st.sampled_from([*RELEASES, RU, KK]), st.integers(0, 9999).map(random.Random))
def test_lost_line_breaks_and_other_spaces_leave_a_text_the_same(text: Text, chance: random.Random) -> None:
    respaced = re.sub(r"\s+", lambda _: chance.choice([" ", "\n\n", "\u00a0", " \u200b"]), str(text.body))
    assert relate(text, Text(text.title, respaced)).kind == "same"
