"""People and eponyms, each rule by texts that show it."""

import polars as pl
import pytest

from tests.facts.cases import unmark
from warehouse.facts.mentions import mentions


def people(text: str, language: str) -> pl.DataFrame:
    """The people and eponyms of one text."""
    texts = pl.DataFrame({"id": [1], "field": ["body"], "language": [language], "text": [text]})
    return mentions(texts).filter(pl.col("kind").is_in(["person", "eponym"]))


CASES = {
    "en": {
        "office before": "[P Olzhas Bektenov|Prime Minister of Kazakhstan] met farmers.",
        "office behind": "[P Hans Dewaele|Chairman of the School (KIS)], Chairman of the School (KIS), came.",
        "comma before, right side first": "The head, [P Aida Omarova|chief doctor], chief doctor, spoke.",
        "comma before, nothing behind": "The deputy akim, [P Aida Omarova|deputy akim], spoke.",
        "two offices joined": "Then [P Serik Ospanov|Deputy Prime Minister – Minister of Trade] spoke.",
        "office with a list": "[P Rachel Jones|Head of Art, Science and Law], Head of Art, Science and Law, came.",
        "office of capitals": "The UNICEF Regional Director, [P Regina De Dominicis|UNICEF Regional Director], left.",
        "stops at a verb": "The President visited the plant and [P Marat Alimov|director of the plant] spoke.",
        "person before ends it": "[P Aida Omarova|doctor], doctor, and [P Nurlan Serikov|coach] came.",
        "surname alone": "[P Kanat Sharipov] came. [P Sharipov] left.",
        "initials later": "[P Kanat Sharipov] came.Later [P K. Sharipov] left.",
        "capitals": "Thanks to [P AISULU ABULKHANOVA|Chief sensei] for all.",
        "particles": "There [P Sultan bin Ahmed Al Jaber|Minister of Industry] and [P Ludwig van Beethoven] met.",
        "two-letter surnames": "Then [P Viktor Li|boxer] and [P Sergey Ten] won.",
        "title before a surname": "Then [P De Dominicis|Director] left.",
        "possessive": "[P Kanat Sharipov]'s plan was adopted.",
        "glued sentences": "It was held by [P Kanat Sharipov].During the meeting all spoke.",
        "named after": "The university named after [E Abylkas Saginov] opened.",
        "streets": "Houses on [E Vernadsky] and [E Kapcevich] streets.",
        "university": "Students of [E Nazarbayev] University won.",
        "title case": "New Housing Program Launched. Smart City Project Presented.",
        "degrees are no initials": "In the steppe it is 34 °C.Snow fell.",
    },
    "ru": {
        "office before": "Выступил [P Кумар Аксакалов|аким Костанайской области].",
        "Казахстана between": "Так [P Олжас Бектенов|Премьер-Министр Республики Казахстан] и решил.",
        "rank behind the office": "Тут [P НУРГАЗИН Бауыржан|начальник департамента полковник полиции] сказал.",
        "a nominative begins a clause": "По поручению Президента [P Акмарал Асанова|министр здравоохранения] прибыла.",
        "genitive hangs on it": "Здесь [P Берик Уалиев|заместитель акима области].",
        "company in quotes": "Гость – [P Сергей Ким|директор ТОО «Агро-Плюс»].",
        "behind a dash": "[P Жасулан Садыков|студент колледжа] – студент колледжа, победил.",
        "cases": "Вручили [P Олжасу Бектенову], затем [P Бектенова] поблагодарили.",
        "surname first": "Позвали [P Ахметова Данияра Болатовича|прокурора города].",
        "initials behind": "Подписал [P Махметов Н.С.|директор].",
        "acting": "Сообщил [P Даулет Алимбаев|и.о. руководителя управления].",
        "two people": "Встретились [P Марат Оспанов] и [P Айгуль Серикова].",
        "имени": "Школа имени [E Ахмета Байтурсынова] открыта.",
        "улица": "На улице [E Абая] ремонт.",
        "genitives are no surnames": "Барьеров не будет. Студентов ждут.",
        "adjectives are no surnames": "Призовой фонд вырос. Большой театр открыт.",
        "Latin name": "Приехал [P Mark Johnson|профессор].",
    },
    "kk": {
        "genitive before": "Содан [P Олжас Бектенов|Қазақстан Республикасының Премьер-Министрі] сөйледі.",
        "deputy": "Келген [P Болат Әбенов|облыс әкімінің орынбасары] еді.",
        "locative ends it": "Астанада [P Ғани Бейсенов|Оқу-ағарту министрі] сөйледі.",
        "accusative inside": "Бүгін [P Светлана Жақыпова|халықты қорғау министрі] келді.",
        "company": "Дейді [P Нұрлан Сәрсенов|«Агро» ЖШС директоры].",
        "cases": "Бұл [P Дастан Рысбековпен|Ұлытау облысының әкімі] келісілді.",
        "initials": "[P Гүлмира Асанова] келді. [P Г. Асанова] айтты.",
        "patronymic": "Мұнда [P Қасымова Гүлмира Сәрсенбайқызы|бөлім басшысы] болды.",
        "атындағы": "Бұл [E Мұхтар Әуезов] атындағы мектеп.",
        "two people in a row": "Финалда [P Нұрболат Серікбаев] [P Акбар Рахимовты] жеңді.",
        "көшесі": "Жол [E Сәкен Сейфуллин] көшесінде.",
    },
}


@pytest.mark.parametrize(("language", "name"), [(language, name) for language in CASES for name in CASES[language]])
def test_people_are_read_with_their_offices(language: str, name: str) -> None:
    marked = CASES[language][name]
    text, wanted = unmark(with_offices(marked))
    found = people(text, language)
    assert found.select("kind", "surface", "office").rows() == wanted


def with_offices(marked: str) -> str:
    """The text with each office before its person, unless it stands in the text already."""
    text, wanted = unmark(marked)
    for _, surface, office in wanted:
        if office and office not in text:
            marked = marked.replace(f"[P {surface}|", f"{office} [P {surface}|")
    return marked


def test_a_name_by_initials_resolves_to_the_full_mention() -> None:
    text = "Kanat Sharipov came. Later K. Sharipov and Sharipov left."
    found = people(text, "en")
    spans = found.select("resolved_start", "resolved_end").unique().rows()
    assert [text[start:end] for start, end in spans] == ["Kanat Sharipov"]
    assert found["name_key"].unique().to_list() == ["kanat sharipov"]


def test_a_person_has_one_key_in_three_scripts() -> None:
    keys = [
        people("Prime Minister Olzhas Bektenov met", "en")["name_key"][0],
        people("Встретились с Олжасом Бектеновым.", "ru")["name_key"][0],
        people("Олжас Бектеновтің айтуынша", "kk")["name_key"][0],
    ]
    assert keys == ["oljas bektenov"] * 3


def test_namesakes_of_one_text_are_not_one() -> None:
    found = people("Аида Омарова и Марат Омаров выступили. А. Омарова ушла.", "ru")
    assert found["name_key"].to_list() == ["aida omarov", "marat omarov", "aida omarov"]
