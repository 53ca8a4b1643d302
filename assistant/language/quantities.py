"""Numbers as they are written, in figures or words, with what they count where that changes their value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen"
).split()
_TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
    "sixteenth seventeenth eighteenth nineteenth"
).split()
_TENTHS = "_ _ twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth".split()
_SMALL = {word: number for number, word in enumerate(UNITS)} | {
    word: 10 * number for number, word in enumerate(_TENS) if number > 1
}
_ORDINAL = {word: number for number, word in enumerate(ORDINALS) if number} | {
    word: 10 * number for number, word in enumerate(_TENTHS) if number > 1
}
_FRACTIONS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5}
_FRACTIONS |= {"sixths": 6, "sevenths": 7, "eighths": 8, "tenths": 10, "tenth": 10}
_MAGNITUDES = {
    "hundred": 100,
    "thousand": 1000,
    "lakh": 10**5,
    "lakhs": 10**5,
    "million": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "crore": 10**7,
    "crores": 10**7,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
    "k": 1000,
}
_CURRENCIES = {
    "dollar": "USD",
    "euro": "EUR",
    "pound": "GBP",
    "rupee": "INR",
    "yen": "JPY",
    "yuan": "CNY",
    "krone": "kroner",
    "kroner": "kroner",
    "krona": "kronor",
    "kronor": "kronor",
    "franc": "francs",
    "peso": "pesos",
    "real": "reais",
    "rand": "rand",
    "won": "won",
    "rouble": "roubles",
}
_SYMBOLS = {"$": "USD", "US$": "USD", "A$": "AUD", "C$": "CAD", "€": "EUR", "£": "GBP", "₹": "INR", "Rs": "INR", "Rs.": "INR"}
_SYMBOLS |= {"¥": "JPY", "USD": "USD", "EUR": "EUR", "INR": "INR", "GBP": "GBP"}
_PLAIN = "|".join([*_SMALL, *(word for word in _MAGNITUDES if len(word) > 2), "dozen"])
_WORDS = (
    r"(?:(?:a|an) (?=hundred|thousand|million|billion|trillion|lakh|crore|dozen)|half a (?=million|billion|trillion|dozen))?"
    rf"(?:{_PLAIN})(?:(?:[- ]| and (?=\w+))(?:{_PLAIN}))*"
)
_DIGITS = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"(?:[ -]?(?:hundred|thousand|million|billion|trillion|lakhs?|crores?)\b|[ ]?(?:bn|mn|tn|m|k)\b)"
_CURRENCY_WORD = (
    r"(?:(?:US|American|Danish|Norwegian|Swedish|Australian|Indian) )?"
    r"(?:dollars?|euros?|pounds?|rupees?|yen|yuan|krone[r]?|kron[ao]r?|francs?|pesos?|rand|won|roubles?)\b"
)
_FIXED = {"twice": 2, "thrice": 3, "both": 2, "none": 0, "a fortnight": 2, "a century": 100, "a couple": 2}
_FIXED |= {"a decade": 10, "decade": 10, "two decades": 20, "three decades": 30, "four decades": 40}
_NUMBER = re.compile(
    # 2,500 · $3 billion · 38th · 49 percent · 2/3
    rf"(?P<symbol>US\$|A\$|C\$|[$€£₹¥]|\bRs\.?|\b(?:USD|EUR|INR|GBP)\b)? ?"
    rf"(?<![\w.,+/])(?<![^\W\d]-)(?P<figure>\d/[1-9]|{_DIGITS})(?P<ordinal>st|nd|rd|th)?(?!(?-i:-?[A-Z])|\+\d)"
    rf"(?P<scale>{_SCALE}*)(?!\w)(?P<percent>[ -]?(?:%|per ?cent\b)(?:age points)?)?(?: (?P<currency>{_CURRENCY_WORD}))?"
    # two thirds · half of · a quarter of
    rf"|\b(?P<fraction>(?P<over>{'|'.join(UNITS[1:])}|a)?[- ]?(?P<under>{'|'.join(_FRACTIONS)}))"
    r"(?= of\b|[ -](?:the|a|an|as)\b)(?! a (?:million|billion|trillion|dozen))"
    rf"|\b(?P<over2>{'|'.join(UNITS[2:10])})[- ](?P<under2>thirds|quarters|fifths|sixths|sevenths|eighths|tenths)\b"
    # sixth · thirty-seventh
    rf"|\b(?P<ordinal_word>(?:(?:{'|'.join(_TENS[2:])})[- ])?(?:{'|'.join(_ORDINAL)}))(?:ly)?\b(?! of all)"
    # one hundred and twenty-five · two dozen · three million dollars
    rf"|\b(?P<once>{'|'.join(sorted(_FIXED, key=len, reverse=True))}|(?<=from )nothing)\b"
    rf"|\b(?P<words>{_WORDS})\b(?P<percent2> (?:%|per ?cent\b))?(?: (?P<currency2>{_CURRENCY_WORD}))?",
    re.IGNORECASE,
)
_RANGE = re.compile(r"to|and|or|-|–")
_NOUN_BEFORE = re.compile(r"\b(?!(?:to|of|by|at|in|for|and|or|about|from|than|was|is|are|were)\b)[A-Za-z]{3,} $")
_END_AFTER = re.compile(r"\s*(?:[.,;:)]|$)")
_DEFINITE = re.compile(r"\b(?:the|these|those|its|their|both)(?: \w+)?\s*$", re.IGNORECASE)
_APPROXIMATE = re.compile(
    r"\b(?:about|around|roughly|some|nearly|almost|approximately|close to|just over|just under)\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount and its unit: a currency, "%" (the amount is then the fraction), "th" for ordinals, or None.

    approximate: written after "about" and the like. weak: a word such as "both" or "one" that often counts nothing. label: after
    its noun ("kilometre 38"), and so as good as an ordinal.
    """

    amount: Fraction
    unit: str | None = None
    approximate: bool = False
    weak: bool = False
    label: bool = False

    def says_no_more_than(self, other: Quantity) -> bool:
        """Whether whoever says `other` also says this. An approximate number may be rounded, by 3 in a hundred at most."""
        if self.label and other.unit == "th":
            return self.amount == other.amount
        if "th" in (self.unit, other.unit) and self.unit != other.unit:
            return False
        if self.unit and other.unit and self.unit != other.unit:
            return False
        if self.unit and self.unit not in ("%", "th") and other.unit is None:
            return self.amount == other.amount
        if self.approximate:
            return abs(self.amount - other.amount) <= abs(other.amount) * Fraction(3, 100)
        return self.amount == other.amount


def find_numbers(text: str) -> Iterator[tuple[int, int, Quantity]]:
    """(start, end, quantity) of each number in the text, in order. "49 to 74 percent" is two percentages."""
    found: list[tuple[int, int, Quantity]] = []
    for match in _NUMBER.finditer(text):
        quantity = _quantity(match, text)
        if quantity is None:
            continue
        start = match.start()
        while text[start] == " ":
            start += 1
        if quantity.unit not in (None, "th") and found:
            before_start, before_end, before = found[-1]
            if before.unit is None and _RANGE.fullmatch(text[before_end:start].strip()):
                amount = before.amount / 100 if quantity.unit == "%" else _scaled(before.amount, quantity.amount, match)
                found[-1] = before_start, before_end, Quantity(amount, quantity.unit, before.approximate)
        found.append((start, match.end(), quantity))
    yield from found


@lru_cache(maxsize=4096)
def ordinals(text: str) -> Mapping[str, Fraction]:
    """The ordinals of a text as it writes them, in lower case, with what they count to: "5th" and "fifth" are both 5."""
    return {text[start:end].lower(): found.amount for start, end, found in find_numbers(text) if found.unit == "th"}


def _scaled(amount: Fraction, other: Fraction, match: re.Match[str]) -> Fraction:
    """In "3 to 5 billion dollars" the three are billions too."""
    scale = _scale(match["scale"] or "")
    return amount * scale if scale > 1 and amount < 1000 <= other else amount


def _quantity(match: re.Match[str], text: str) -> Quantity | None:
    if match["figure"]:
        return _figure(match, text)
    if match["ordinal_word"]:
        return _ordinal(match, text)
    if match["once"]:
        once = match["once"].lower()
        return Quantity(Fraction(_FIXED.get(once, 0)), weak=once in ("both", "a couple", "decade"))
    under = match["under"] or match["under2"]
    if under:
        over = (match["over"] or match["over2"] or "one").lower()
        return Quantity(Fraction(_SMALL.get(over, 1), _FRACTIONS[under.lower()]), "%", _is_approximate(match, text))
    return _in_words(match, text)


def _figure(match: re.Match[str], text: str) -> Quantity:
    amount = Fraction(match["figure"].replace(",", "")) * _scale(match["scale"])
    if match["ordinal"]:
        return Quantity(amount, "th")
    if match["percent"] or "/" in match["figure"]:
        return Quantity(amount / 100 if match["percent"] else amount, "%", _is_approximate(match, text))
    unit = _currency(match["symbol"], match["currency"])
    label = unit is None and bool(_NOUN_BEFORE.search(text[: match.start("figure")]) and _END_AFTER.match(text[match.end() :]))
    return Quantity(amount, unit, _is_approximate(match, text), label=label)


def _ordinal(match: re.Match[str], text: str) -> Quantity | None:
    """None for seconds of time."""
    words = re.split(r"[- ]", match["ordinal_word"].lower())
    if words[-1] == "second" and re.match(r"\W*(?:s|later|per)\b", text[match.end() :]):
        return None
    tens = _SMALL[words[0]] if len(words) == 2 else 0
    return Quantity(Fraction(tens + _ORDINAL[words[-1]]), "th", weak=words == ["first"])


def _in_words(match: re.Match[str], text: str) -> Quantity:
    amount = _value_of_words(match["words"].lower())
    approximate = _is_approximate(match, text)
    if match["percent2"]:
        return Quantity(amount / 100, "%", approximate)
    unit = _currency(None, match["currency2"])
    alone = match["words"].lower() == "one" and unit is None
    definite = _DEFINITE.search(text[: match.start()])
    return Quantity(amount, unit, approximate, weak=alone or (bool(definite) and amount <= 4))


def _is_approximate(match: re.Match[str], text: str) -> bool:
    return bool(_APPROXIMATE.search(text[: match.start()]))


def _scale(words: str | None) -> int:
    product = 1
    for word in re.findall(r"[a-z]+", (words or "").lower()):
        product *= _MAGNITUDES[word]
    return product


def _currency(symbol: str | None, word: str | None) -> str | None:
    if symbol:
        return _SYMBOLS.get(symbol.strip()) or _SYMBOLS.get(symbol.strip().upper())
    if not word:
        return None
    last = word.lower().split()[-1]
    return _CURRENCIES.get(last) or _CURRENCIES.get(last.rstrip("s"))


def _value_of_words(words: str) -> Fraction:
    total, current = Fraction(0), Fraction(0)
    one = Fraction(1)
    half = words.startswith("half a ")
    for word in re.findall(r"[a-z]+", words):
        if word in _SMALL:
            current += _SMALL[word]
        elif word == "dozen":
            current = (current or one) * 12
        elif word in _MAGNITUDES:
            scale = _MAGNITUDES[word]
            if scale == 100:
                current = (current or one) * 100
            elif current:
                total, current = total + current * scale, Fraction(0)
            else:
                total = (total or one) * scale
    value = total + current
    return value / 2 if half else value
