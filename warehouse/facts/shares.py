"""Units that stand once in a list or sentence, and those that the words before a number give."""

import re

from warehouse.facts.before import previous_word
from warehouse.facts.figure_words import Words
from warehouse.facts.number import Number
from warehouse.facts.numerals import scale_up
from warehouse.facts.sentences import Sentence
from warehouse.facts.wording import CURRENCIES

_LIST = re.compile(
    r"[ \u00a0]?(?:,|,? ?(?:and|or|и|или|және|мен|пен|бен|немесе|&|против|against|versus|қарсы)|/)[ \u00a0]"
)
_AGE = re.compile(
    r"(?:\bage of|\baged|\bages|\bage (?:from|between)|(?:are|is|those|everyone) (?:under|over)"
    r"|возраст\w* (?:от |до |старше )?|старше|младше|жасы)\s?$"
)
_TEMPERATURE = re.compile(r"температур|temperature|градус|degree|мороз|frost|аяз|суық")
_NUMBER_OF = re.compile(
    r"number of|числ[оау]м?\b|численност\w+|количеств\w+|(?<!\w)саны\w*|(?<!\w)((?:population|населени|халық)\w*)"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_MONEY = re.compile(
    r"стоимост|сумм|бюджет|ущерб|штраф|доход|расход|инвестиц|субсид|грант|кредит|зарплат|пенси|пособи|минимум|выплат"
    r"|cost|worth|tenge|budget|loan|grant|damage|revenue|wage|pension|recovered|құны|сома|бюджет|қаржы|жалақы|шығын"
)
_DEATHS = re.compile(r"смертност|гибел|өлім|deaths|fatalit")
_PER_TIME = {("секундына", "m"): "m_s", ("секундына", "m3"): "m3_s", ("сағатына", "km"): "km_h"}
_SCALELESS = frozenset({"year", "times", "percent", "month", "day", "hour", "minute"})
NEAR = 400
"""Code points within which money of a sentence before gives its unit to `5 billion`."""
FOLLOWING = 16
"""Code points before a measure from which a range takes its unit: `ветер 15–20, порывы 25 м/с`."""
NEXT = 60
"""Code points within which a measure of the sentence before gives its unit to a decimal."""


class Shares:
    """Gives units to the numbers of one language that have none of their own."""

    def __init__(self, words: Words) -> None:
        self.words, self.language = words, words.language

    def share(self, text: str, figures: list[Number]) -> None:
        """Units that stand once in a list or sentence."""
        for at in range(len(figures) - 2, -1, -1):
            number, following = figures[at], figures[at + 1]
            if (
                number.unit
                or number.noun
                or following.start - number.end > 12
                or not _LIST.fullmatch(text[number.end : following.start])
            ):
                continue
            if following.power and not number.power and number.value < 1000 and following.unit != "count":
                number.other = number.value
                number.value, number.power = scale_up(number.value, following.power), following.power
                number.notation = number.rule = "list"
            if (following.unit or following.noun) and not self._is_age(text, number, None):
                number.unit, number.noun, number.is_open = following.unit, following.noun, following.is_open
                number.subject = number.subject or following.subject
        last: Number | None = None
        scaled: Number | None = None
        rate: Number | None = None
        for at, number in enumerate(figures):
            if self.language == "kk" and number.unit in ("m", "m3", "km"):
                number.unit = _per_time(number, last)
            if not number.unit and number.noun:
                number.unit = "person" if _is_of_deaths(text, number) else number.noun
            elif not number.unit and self._is_age(text, number, last):
                number.unit = "year"
            elif not number.unit and rate and _goes_on(number, rate):
                number.unit = rate.unit
            elif not number.unit:
                number.unit = _inherited(text, number, last, scaled)
                if number.unit == "person" and last and number.subject is None:
                    number.subject = last.subject
                is_wind = number.high is not None and number.is_open
                if number.unit == "count" and (number.power or is_wind):
                    number.unit = self._from_next(number, figures[at + 1 : at + 4])
                if number.unit == "count":
                    number.unit = self._by_clause(text, number, number.sentence)
            if number.power and number.unit not in ("", "count", "percent"):
                scaled = number
            rate = number if number.unit.startswith("per_") else rate
            if number.unit != "percent" and not number.unit.startswith("per_"):
                last = number
            elif last is None or number.sentence is not last.sentence:
                last = number if number.unit == "percent" else last

    @staticmethod
    def _is_age(text: str, number: Number, last: Number | None) -> bool:
        """Whether a number is an age by the word before it, or by the age before it: `aged 24 and 31`."""
        if _AGE.search(text[max(number.start - 40, 0) : number.start].lower()):
            return number.value < 120
        if last is None or last.unit != "year" or last.sentence is not number.sentence:
            return False
        return _LIST.fullmatch(text[last.end : number.start]) is not None

    @staticmethod
    def _from_next(number: Number, following: list[Number]) -> str:
        """The unit of the next scaled figure of the sentence: `городских – 5 млн (58%), сельских – 3 млн человек`."""
        sentence = number.sentence
        for each in following:
            if each.first >= sentence.end:
                break
            unit = each.unit or each.noun
            if unit != "percent":
                if number.high is not None:
                    is_next = each.start - number.end < FOLLOWING and _is_measure(each)
                    return unit if is_next and not number.power else "count"
                return unit if unit and each.power and (unit == "person" or unit in CURRENCIES) else "count"
        return "count"

    def _by_clause(self, text: str, number: Number, sentence: Sentence) -> str:
        """What a number without a noun counts, by the words before it: `the number of students`, `aged 12`."""
        clause = text[max(sentence.start, number.start - 90) : number.start].lower()
        around = text[max(sentence.start, number.start - 160) : min(sentence.end, number.end + 80)].lower()
        if (
            number.before.last == ","
            and text[number.last : number.last + 1] == ","
            and previous_word(text, number.first, self.words)[:1].isupper()
        ):
            # `Saryev, 84, has trained`
            return "year" if number.is_whole and 16 <= number.value <= 115 else "count"
        if number.is_negative and _TEMPERATURE.search(around):
            return "degree_c"
        if match := max(_NUMBER_OF.finditer(clause), key=re.Match.start, default=None):
            nouns = _LETTERS.findall(clause[match.end() :] if self.language != "kk" else clause[: match.start()])
            if match.group(1) or any(
                self.words.word(noun).noun for noun in (nouns[:3] if self.language != "kk" else nouns[-2:])
            ):
                return "person"
        if number.power >= 6 and number.is_open and _MONEY.search(clause):
            return "KZT"
        is_changed = number.high is not None or bool(number.change)
        if is_changed and _DEATHS.search(clause):
            return "person"
        if is_changed and any(self.words.word(noun).noun for noun in _LETTERS.findall(clause)[-6:]):
            return "person"
        return "count"


def _is_of_deaths(text: str, number: Number) -> bool:
    """Whether cases that are counted are people: `смертность снизилась до 33 случаев`."""
    if not number.next_word.lower().startswith("случа"):
        return False
    return _DEATHS.search(text, max(number.start - 80, 0), number.start) is not None


def _per_time(number: Number, last: Number | None) -> str:
    """The unit of Kazakh speeds, such as `секундына 15 метр`, and of the second of two."""
    if number.change == "to" and last and last.change == "from" and last.unit in ("m_s", "km_h"):
        return last.unit
    return _PER_TIME.get((number.before.last, number.unit), number.unit)


def _inherited(text: str, number: Number, last: Number | None, scaled: Number | None) -> str:
    """The unit of a number that has none: that of a figure before it, or of the scaled one before it; else `count`."""
    sentence = number.sentence
    if number.power:
        if scaled and (scaled.sentence is sentence or _is_money(scaled, number)):
            return scaled.unit
        is_near = last and last.sentence is sentence
        return last.unit if last and is_near and last.unit not in _SCALELESS else "count"
    if last is None or last.unit in ("", "count", "percent", "times"):
        return "count"
    is_whole = number.value.is_integer() and number.high is None
    if last.sentence is not sentence and last.unit in CURRENCIES:
        clause = text[max(sentence.start, number.start - 60) : number.start].lower()
        is_near = number.is_open and number.first - last.end < NEXT
        return last.unit if is_near and number.value >= 100 and _MONEY.search(clause) else "count"
    if last.sentence is not sentence:
        # `Урожайность 15,3 ц/га. В прошлом году было 13,9.`
        return (
            last.unit
            if not is_whole and number.is_open and _is_measure(last) and number.first - last.end < NEXT
            else "count"
        )
    if last.unit == "person" and not is_whole:
        return "count"
    if last.unit == "person" or (number.is_open and _is_measure(last)):
        return last.unit
    return last.unit if not is_whole and number.is_open and last.unit in {*CURRENCIES, "year"} else "count"


def _goes_on(number: Number, rate: Number) -> bool:
    """Whether a decimal is one more rate of a sentence: `1,2 случая на 100 тыс. населения, заболеваемость — 31,5`."""
    is_decimal = not number.value.is_integer() and number.is_open and not number.power
    return is_decimal and rate.sentence is number.sentence


def _is_money(scaled: Number, number: Number) -> bool:
    return scaled.unit in CURRENCIES and number.power >= 6 and number.first - scaled.end < NEAR


def _is_measure(number: Number) -> bool:
    """Whether a figure measures a thing in a unit of its own, such as length, weight or speed."""
    return (
        number.unit not in CURRENCIES and number.unit not in _SCALELESS and number.unit not in ("", "count", "person")
    )
