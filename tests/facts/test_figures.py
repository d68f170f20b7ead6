"""Figures of texts by rule: values, units, ranges, composites, rates, inheritance, and what is kept out."""

import polars as pl
import pytest

from tests.facts.reading import read, reasons, rows, short

VALUES_AND_UNITS = [
    ("en", "The Government allocated 336 billion tenge.", ["336000000000 KZT"]),
    (
        "en",
        "29,5 thousand projects totaling 1,7 trillion tenge and 25.4 trillion",
        ["29500 count", "1700000000000 KZT", "25400000000000 KZT"],
    ),
    (
        "en",
        "KZT 580bn ($1.21bn), USD16.51 million, US$288 billion",
        ["580000000000 KZT", "1210000000 USD", "16510000 USD", "288000000000 USD"],
    ),
    ("en", "applications worth USD10.56 millionwere processed", ["10560000 USD"]),
    (
        "en",
        "17 km of networks, 1,500 sq. m, 2 million square meters, 350 MW",
        ["17 km", "1500 m2 (or 1.5)", "2000000 m2", "350 MW"],
    ),
    ("en", "45-apartment houses, a 27-year-old driver, a two-day visit", ["45 count", "27 year", "2 day"]),
    ("en", "Production doubled and trade grew 1.5-fold.", ["2 times", "1.5 times"]),
    ("en", "0.3 percentage points to 4.6%, 60 per cent", ["0.3 percentage_point", "4.6 percent", "60 percent"]),
    ("en", "300 students, 350 domestic manufacturers, 300 college students", ["300 person", "350 count", "300 person"]),
    ("en", "one hundred and twenty nurses of twelve regions", ["120 person", "12 count"]),
    ("ru", "1 млн 250 тыс. тенге, из них 400 млн – на дороги", ["1250000 KZT", "400000000 KZT"]),
    ("ru", "4 трлн 125,6 млрд тенге и 19 миллионов 765 тысяч человек", ["4125600000000 KZT", "19765000 person"]),
    ("ru", "15 школ на 4 500 мест и 350 рабочих мест", ["15 count", "4500 count", "350 count"]),
    ("ru", "300-местная школа, 45-квартирный дом, 12-летний мальчик", ["300 count", "45 count", "12 year"]),
    ("ru", "снизился на 0,3 процентных пункта, рост на 2,1 п.п.", ["0.3 percentage_point", "2.1 percentage_point"]),
    ("ru", "выросло вдвое, в два раза, в полтора раза", ["2 times", "2 times", "1.5 times"]),
    ("ru", "двое детей, 5-ти педагогам, 3-х призёров", ["2 person", "5 person", "3 person"]),
    (
        "ru",
        "2,1 млрд кВт·ч, 1 200 Гкал, 15,4 ц/га, 7,79 промилле",
        ["2100000000 kWh", "1200 Gcal", "15.4 centner_per_ha", "7.79 permille"],
    ),
    ("ru", "днём минус 31 градус, осадки до 20 мм, порывы 25 м/с", ["-31 degree_c", "20 mm", "25 m_s"]),
    ("kk", "27 млрд 400 млн теңге, оның ішінде 5,3 млрд – мектепке", ["27400000000 KZT", "5300000000 KZT"]),
    ("kk", "300 орындық мектеп, 45 пәтерлі үй, 12 жастағы бала", ["300 count", "45 count", "12 year"]),
    (
        "kk",
        "1,2 млрд-тан астам теңге, 5,2%-ға, 3,2 млрд АҚШ долларын",
        ["1200000000 KZT", "5.2 percent", "3200000000 USD"],
    ),
    ("kk", "0,3 пайыздық тармаққа, екі есе, 25 шақырым", ["0.3 percentage_point", "2 times", "25 km"]),
    ("kk", "жиырма бес дәрігер мен он бес мың тонна көмір", ["25 person", "15000 t"]),
    ("kk", "145 мың түлек қатысты, оның 120 мыңы шекті балл жинады", ["145000 person", "120000 person"]),
    ("kk", "120 тұрғын үй мен 120 тұрғын", ["120 count", "120 person"]),
]

RANGES = [
    ("en", "a speed from 90 to 110 km/h", ["90..110 km_h"]),
    ("en", "the number of students from 2.6 to 5.2 thousand", ["2600..5200 person"]),
    ("en", "between 5 and 10 million tenge", ["5000000..10000000 KZT"]),
    ("en", "increased by 0.3% to 2.1 billion pieces", ["0.3 percent", "2100000000 count"]),
    ("ru", "10–15% и 15-20 градусов, -15...-18 градусов", ["10..15 percent", "15..20 degree_c", "-15..-18 degree_c"]),
    ("ru", "от 500 тыс. до 1,5 млн тенге", ["500000..1500000 KZT"]),
    ("ru", "пять-шесть раз", ["5..6 times"]),
    ("ru", "зарплата выросла с 120 до 150 тыс. тенге", ["120000 KZT", "150000 KZT"]),
    ("kk", "2,6-дан 5,2 мыңға дейін", ["2600..5200 count"]),
    ("kk", "жалақы 120-дан 150-ге жетті", ["120 count", "150 count"]),
    ("kk", "18 бен 35 жас аралығындағы", ["18..35 year"]),
]

RATES_AND_LISTS = [
    ("en", "The growth rate per 1000 population was 4.62 people.", ["4.62 per_1000"]),
    ("en", "7.79 cases per 1,000 live births and 45.3 per 100,000 population", ["7.79 per_1000", "45.3 per_100000"]),
    ("ru", "8,4 на 1000 населения", ["8.4 per_1000"]),
    ("kk", "1000 тұрғынға шаққанда 4,62", ["4.62 per_1000"]),
    (
        "en",
        "601.4 thousand people, including urban – 374.4 thousand (62.3%), rural – 227.0 thousand",
        ["601400 person", "374400 person", "62.3 percent", "227000 person"],
    ),
    ("en", "3183 people arrived, 5259 left", ["3183 person", "5259 person"]),
    ("en", "a decrease of -2093 people, amounted to - 3199 people", ["-2093 person", "3199 person"]),
    ("ru", "сельское –7714 человек", ["7714 person"]),
    ("ru", "120, 130 и 150 млн тенге", ["120000000 KZT (or 120)", "130000000 KZT (or 130)", "150000000 KZT"]),
    ("ru", "24 и 31 года", ["24 year", "31 year"]),
]

NOTATION = [
    ("en", "9,664 people", ["9664 person"]),
    ("en", "9,664 million tons", ["9664000 t (or 9664000000)"]),
    (
        "en",
        "The total of 9,664 million tons, 9,100 million in 2023; 1.5 million and 8.2 million tons",
        ["9664000 t (or 9664000000)", "9100000 t (or 9100000000)", "1500000 t", "8200000 t"],
    ),
    ("en", "1,430,117 people and 1,234.5 ha", ["1430117 person", "1234.5 ha"]),
    ("ru", "896,000 гектаров", ["896000 ha"]),
    ("ru", "1.700 га", ["1700 ha (or 1.7)"]),
    ("ru", "3,125 тонны", ["3.125 t (or 3125)"]),
    ("ru", "20 333 530 человек, 1 000 тенге", ["20333530 person", "1000 KZT"]),
    ("kk", "85 000 теңге, 18448,6 мың адам", ["85000 KZT", "18448600 person"]),
    ("en", "In 2024 300 schools and 2½ hectares", ["300 count", "2.5 ha"]),
    ("en", "They built on 7002024½ hectares of land", ["7002024.5 ha"]),
]


@pytest.mark.parametrize(("language", "text", "figures"), [*VALUES_AND_UNITS, *RANGES, *RATES_AND_LISTS, *NOTATION])
def test_values_and_units(language: str, text: str, figures: list[str]) -> None:
    assert short(language, text) == figures


KEPT_OUT = [
    (
        "en",
        "On May 15-16, 2025, and from 20 to 25 June",
        {"15": "date", "16": "date", "2025": "year", "20": "date", "25": "date"},
    ),
    (
        "en",
        "for 2026–2030, in the 1990s, the 8th forum",
        {"2026": "year", "2030": "year", "1990s": "year", "8th": "ordinal"},
    ),
    (
        "en",
        "Phone: +7 (7172) 74-06-21, the 111 Hotline",
        {"7": "phone", "7172": "phone", "74": "phone", "06": "phone", "21": "phone", "111": "phone"},
    ),
    (
        "en",
        "AN-24, CRJ 200, 5G, Covid-19, ISO 9001",
        {"24": "name", "200": "code", "5G": "name", "19": "name", "9001": "code"},
    ),
    (
        "en",
        "Article 45, Order No. 12-NQ, School No. 5, Phase 2",
        {"45": "article", "12-NQ": "law", "5": "law", "2": "article"},
    ),
    ("en", "ended 3:1, at 10:00 a.m., two-thirds", {"3:1": "score", "10:00": "time", "two-thirds": "fraction"}),
    ("en", "Address:180000, c.Semey", {"180000": "postcode"}),
    ("en", "www.gov.kz/details/997859", {"997859": "name"}),
    (
        "ru",
        "16.05.2025, с 20 по 21 мая, 2024-2025 учебный год",
        {"16.05.2025": "date", "20": "date", "21": "date", "2024": "year", "2025": "year"},
    ),
    (
        "ru",
        "8-й раз, 90-х годов, 20-миллионный, 3 место",
        {"8-й": "ordinal", "90-х": "year", "20-миллионный": "ordinal", "3": "ordinal"},
    ),
    (
        "ru",
        "по ч. 3 ст. 297 и статье 18-1, школа № 25",
        {"3": "article", "297": "article", "18": "article", "1": "article", "25": "law"},
    ),
    (
        "ru",
        "в 15 часов, с 9.00 до 18.00 часов, 8.10 утра",
        {"15": "time", "9.00": "time", "18.00": "time", "8.10": "time"},
    ),
    ("ru", "за 5 месяцев 2025 года, 2 квартал", {"5": "period", "2025": "year", "2": "period"}),
    ("ru", "ул. Абая, 25, кабинет 305, БИН 123456789012", {"25": "address", "305": "form", "123456789012": "code"}),
    (
        "ru",
        "двадцать первый, две трети, 80-летию",
        {"двадцать": "ordinal", "две": "fraction", "80-летию": "anniversary"},
    ),
    ("ru", "трасса М-36, АИ-95", {"36": "name", "95": "name"}),
    (
        "kk",
        "2025 жылғы 16 мамырда, 8-ші, 5-сынып, 24-орынға",
        {"2025": "year", "16": "date", "8-ші": "ordinal", "5-сынып": "ordinal", "24-орынға": "ordinal"},
    ),
    (
        "kk",
        "сағат 15-те, 1-тоқсанда, 80 жылдығы, №25",
        {"15-те": "time", "1-тоқсанда": "ordinal", "80": "anniversary", "25": "law"},
    ),
    ("kk", "112 қызметіне хабарласыңыз", {"112": "phone"}),
    ("ru", "один из домов", {"один": "one"}),
]


@pytest.mark.parametrize(("language", "text", "kept_out"), KEPT_OUT)
def test_numbers_that_are_no_figures_are_kept_out_with_the_reason(
    language: str, text: str, kept_out: dict[str, str]
) -> None:
    assert (short(language, text), reasons(language, text)) == ([], kept_out)


CONTEXTS = [
    ("en", "over 80 items", "more_than", "none", "none"),
    ("en", "almost 40%", "about", "none", "none"),
    ("en", "up to 70 passengers", "up_to", "none", "none"),
    ("en", "at least 19 million tons", "at_least", "none", "none"),
    ("en", "50 people or more", "at_least", "none", "none"),
    ("en", "the population decreased by 1.4 thousand people", "none", "down", "by"),
    ("en", "the share increased to 15%", "none", "up", "to"),
    ("en", "17.0% less than in 2024", "none", "down", "by"),
    ("ru", "не менее 50 школ", "at_least", "none", "none"),
    ("ru", "вырос на 12,3%", "none", "up", "by"),
    ("ru", "сократился до 5 тыс. человек", "none", "down", "to"),
    ("ru", "около 5 тысяч человек", "about", "none", "none"),
    ("kk", "300-ден астам адам", "more_than", "none", "none"),
    ("kk", "150-ге жуық кәсіпкер", "about", "none", "none"),
    ("kk", "30 минутқа дейін", "up_to", "none", "none"),
    ("kk", "кемінде 50 адам", "at_least", "none", "none"),
    ("kk", "100 адамнан кем емес", "at_least", "none", "none"),
    ("kk", "7,5 пайызға өсті", "none", "up", "by"),
]


@pytest.mark.parametrize(("language", "text", "approximation", "direction", "change"), CONTEXTS)
def test_how_exact_a_figure_is_and_what_changed(
    language: str, text: str, approximation: str, direction: str, change: str
) -> None:
    (row,) = rows(language, text)
    assert (row["approximation"], row["direction"], row["change"]) == (approximation, direction, change)


@pytest.mark.parametrize(
    ("language", "text", "period"),
    [
        ("en", "In 2024, 336 billion tenge was allocated.", "2024-01-01 2024-12-31"),
        ("en", "As of April 1, 2025 it amounted to 601.4 thousand people.", "2025-04-01 2025-04-01"),
        ("en", "In January-March 2025 684 people were born.", "2025-01-01 2025-03-31"),
        ("ru", "На 2025–2027 годы запланировано 217 объектов.", "2025-01-01 2027-12-31"),
        ("ru", "Во 2 квартале 2025 года введено 12 школ.", "2025-04-01 2025-06-30"),
        ("kk", "2024 жылы 12 мектеп салынды.", "2024-01-01 2024-12-31"),
    ],
)
def test_the_period_that_a_figure_is_of(language: str, text: str, period: str) -> None:
    assert {f"{row['period_start']} {row['period_end']}" for row in rows(language, text)} == {period}


def test_subject_and_sentence_are_places_of_the_text() -> None:
    text = "KIS was founded.The school teaches 350 domestic manufacturers from all regions. It is new."
    (row,) = rows("en", text)
    assert text[row["sentence_start"] : row["sentence_end"]] == (
        "The school teaches 350 domestic manufacturers from all regions."
    )
    assert text[row["subject_start"] : row["subject_end"]] == row["subject"] == "domestic manufacturers"


def test_what_is_planned_is_of_the_future() -> None:
    assert [row["is_future"] for row in rows("ru", "Планируется построить 12 школ. Построено 5 школ.")] == [True, False]


def test_a_text_of_another_language_has_no_figures_and_is_named() -> None:
    for language in ("other", "mixed", None):
        figures = read(language, "5 km")
        assert (figures.figures.height, figures.kept_out.height, figures.unread.height) == (0, 0, 1)


def test_a_null_text_has_none() -> None:
    assert [frame.height for frame in read("en", None)] == [0, 0, 0]


def test_the_columns_of_the_texts_come_first_and_the_rule_has_a_version() -> None:
    figures = read("en", "5 km and 7 km", "none", "8 km").figures
    assert figures["number"].to_list() == [0, 0, 2]
    assert figures["rule"].str.contains(r"^[a-z_]+@[0-9a-f]{12}$").all()
    assert figures.schema["value"] == pl.Float64
