"""Numbers of one text put together: rates, composites, ranges, and units that a list shares."""

from itertools import pairwise

from warehouse.facts.figure_words import Words
from warehouse.facts.number import Number
from warehouse.facts.numerals import Votes, votes_of
from warehouse.facts.ranges import FURTHEST_APART, Ranges
from warehouse.facts.rates import Rates
from warehouse.facts.sentences import Sentences
from warehouse.facts.shares import Shares
from warehouse.facts.values import set_plain_value, set_value, settle


class Combiner:
    """Puts together the numbers of texts in one language."""

    def __init__(self, words: Words) -> None:
        self.language = words.language
        self._rates, self._ranges, self._shares = Rates(words), Ranges(words), Shares(words)

    def combine(self, text: str, numbers: list[Number], sentences: Sentences) -> list[Number]:
        """The figures of a text, of its numbers; what is part of another figure is gone from them."""
        self._rates.mark(text, numbers, sentences)
        figures = [number for number in numbers if not number.reason]
        if not figures:
            return []
        sentence, end = sentences.at(figures[0].first), 0
        for number in figures:
            if number.first >= end:
                sentence = sentences.at(number.first)
                end = sentence.end
            number.sentence = sentence
        doubtful = [number for number in figures if not set_plain_value(number)]
        votes = votes_of(number.raw for number in figures if number.raw) if doubtful else Votes()
        for number in doubtful:
            set_value(number, votes, self.language)
        for at in range(len(figures) - 2, -1, -1):
            if figures[at].power:
                self._ranges.composite(text, figures[at], figures[at + 1])
        figures = [number for number in figures if not (number.is_part or number.reason)]
        for first, second in pairwise(figures):
            if second.start - first.end <= FURTHEST_APART and not first.is_part:
                self._ranges.range(text, first, second)
        figures = [number for number in figures if not number.is_part]
        self._shares.share(text, figures)
        for number in doubtful:
            if number.raw and number.rule == "figure" and not number.reason:
                set_value(number, votes, self.language)
        if doubtful:
            settle(figures)
        return figures
