"""Numbers as they are written, in figures or words, with what they count where that changes their value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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
    "b": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
    "t": 10**12,
    "k": 1000,
}
_CURRENCIES = {
    "dollar": "dollars",
    "euro": "EUR",
    "pound": "pounds",
    "rupee": "rupees",
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
# The currencies whose country goes without saying, and how it is said; "kroner" may be Danish or Norwegian.
_HOME = {
    "dollars": ("USD", ("us", "u.s.", "american")),
    "pounds": ("GBP", ("uk", "british")),
    "rupees": ("INR", ("indian",)),
}
_COUNTRIES = (
    r"(?:US|U\.S\.|American|Canadian|Australian|New Zealand|Hong Kong|Singapore|(?:New )?Taiwan|UK|British|Egyptian|Lebanese"
    r"|Syrian|Sudanese|Indian|Pakistani|Sri Lankan|Nepalese|Mauritian|Japanese|Chinese|Danish|Norwegian|Swedish|Icelandic|Swiss"
    r"|Mexican|Philippine|Argentine|Colombian|Chilean|Russian|Belarusian|South Korean|South African)"
)
_SYMBOLS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "₹": "INR", "RS": "INR", "RS.": "INR", "¥": "JPY"}
_SYMBOLS |= {"USD": "USD", "EUR": "EUR", "INR": "INR", "GBP": "GBP"}
_SYMBOLS |= {"A$": "australian dollars", "AU$": "australian dollars", "C$": "canadian dollars", "CA$": "canadian dollars"}
_SYMBOLS |= {"HK$": "hong kong dollars", "NZ$": "new zealand dollars", "S$": "singapore dollars", "NT$": "new taiwan dollars"}
_PLAIN = "|".join([*_SMALL, *(word for word in _MAGNITUDES if len(word) > 2), "dozen"])
_WORDS = (
    r"(?:(?:a|an) (?=hundred|thousand|million|billion|trillion|lakh|crore|dozen)|half a (?=million|billion|trillion|dozen))?"
    rf"(?:{_PLAIN})(?:(?:[- ]| and (?=\w+))(?:{_PLAIN}))*"
)
_PART = "¼½¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_DIGITS = rf"(?:\d+ ?)?[{_PART}]|\d{{1,3}}(?:,\d{{2,3}})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"(?:[ -]?(?:hundred|thousand|million|billion|trillion|lakhs?|crores?)\b|[ ]?(?:bn|mn|tn|m|k)\b)"
# What may be written onto a figure and leaves it a number, as no other letters do ("C-130J").
_JOINED = (
    r"(?:[ap]\.?m\b\.?|(?:[kcm]m|km/?h|k?mph|kph|k[gt]|m[lg]|[kMGT]Wh?|[kMG]?Hz|[KMGT]B|ft|lbs?|°[CF]?|ºC|hrs?|mins?|secs?)\b)"
)
# In "$3B" a letter is a scale, as it is behind no bare figure: "the 3B".
_SCALED = rf"(?P<scale>(?(symbol)[BMKT]\b|(?!))|(?!(?!-?{_JOINED})(?-i:-?[A-Z])){_SCALE}*)(?:(?!\w)|(?={_JOINED}))"
_CURRENCY_WORD = (
    rf"(?:{_COUNTRIES} )?"
    r"(?:dollars?|euros?|pounds?|rupees?|yen|yuan|krone[r]?|kron[ao]r?|francs?|pesos?|rand|won|roubles?)\b"
)
_FIXED = {"twice": 2, "thrice": 3, "both": 2, "none": 0, "a fortnight": 2, "a century": 100, "a couple": 2}
_FIXED |= {"a decade": 10, "decade": 10, "two decades": 20, "three decades": 30, "four decades": 40}
_NUMBER = re.compile(
    # 2,500 · $3 billion · 38th · 49 percent · 2/3
    rf"(?P<symbol>\b(?-i:[A-Z]{{1,3}})\$|[$€£₹¥]|\bRs\.?|\b(?:USD|EUR|INR|GBP)\b)? ?"
    rf"(?<![\w.,+/])(?<![^\W\d]-)(?P<figure>\d/[1-9]|{_DIGITS})(?P<ordinal>st|nd|rd|th)?(?!\+\d)"
    rf"{_SCALED}(?P<percent>[ -]?(?:%|per ?cent\b)(?:age points)?)?(?: (?P<currency>{_CURRENCY_WORD}))?"
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
_MINUS = re.compile(r"(?:\bminus |(?:^|(?<=[\s(])(?<![\d%]\s))[-−])$", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?P<negated>(?:no|not) )?(?:"
    r"(?P<least>at least|(?:more|greater|higher|longer|larger) than|(?:just |well )?(?:over|above)|a minimum of|upwards of)"
    r"|at most|(?:fewer|less|lower|shorter|smaller) than|(?:just |well )?(?:under|below)|a maximum of|up to|almost|nearly)\s*$",
    re.IGNORECASE,
)
_HALF_DAY = re.compile(r" ?([ap])\.?m\b", re.IGNORECASE)
_LONGEST_LEAD = 30  # characters before a number in which its sign and its bound stand


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount and its unit: a currency, "%" (the amount is then the fraction), "th" for ordinals, or None.

    A currency is its code, or its name with the country ("danish kroner") or, where none is said, without it ("kroner").

    approximate: written after "about" and the like. weak: a word such as "both" or "one" that often counts nothing. label: after
    its noun ("kilometre 38"), and so as good as an ordinal. bound: 1 after "at least" and the like, -1 after "at most", else 0.
    half_day: "a" or "p" before "m", as in "7pm", or "".
    """

    amount: Fraction
    unit: str | None = None
    approximate: bool = False
    weak: bool = False
    label: bool = False
    bound: int = 0
    half_day: str = ""

    def says_no_more_than(self, other: Quantity) -> bool:
        """Whether whoever says `other` also says this. An approximate number may be rounded, by 3 in a hundred at most.

        Bounds contradict each other only where they are of opposite directions; a number without one goes with either.
        """
        if self.label and other.unit == "th":
            return self.amount == other.amount
        if self.bound * other.bound < 0 or not _units_agree(self.unit, other.unit):
            return False
        if self.half_day and other.half_day and self.half_day != other.half_day:
            return False
        currency_added = other.unit is None and self.unit not in (None, "%", "th")
        if self.approximate and not currency_added:
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
        start, quantity = _as_led_to(quantity, text, start)
        if quantity.unit not in (None, "th") and found:
            before_start, before_end, before = found[-1]
            if before.unit is None and _RANGE.fullmatch(text[before_end:start].strip()):
                amount = before.amount / 100 if quantity.unit == "%" else _scaled(before.amount, quantity.amount, match)
                found[-1] = before_start, before_end, replace(before, amount=amount, unit=quantity.unit, weak=False, label=False)
        found.append((start, match.end(), quantity))
    yield from found


@lru_cache(maxsize=4096)
def ordinals(text: str) -> Mapping[str, Fraction]:
    """The ordinals of a text as it writes them, in lower case, with what they count to: "5th" and "fifth" are both 5."""
    return {text[start:end].lower(): found.amount for start, end, found in find_numbers(text) if found.unit == "th"}


def _as_led_to(quantity: Quantity, text: str, start: int) -> tuple[int, Quantity]:
    """Where the number begins, and what it is, once the words before it are read: "minus", "about", "at least"."""
    if quantity.unit == "th":
        return start, quantity
    lead = text[max(0, start - _LONGEST_LEAD) : start]
    if minus := _MINUS.search(lead):
        start -= len(lead) - minus.start()
        quantity, lead = replace(quantity, amount=-quantity.amount), lead[: minus.start()]
    bound = _BOUND.search(lead)
    direction = 0 if bound is None else 1 if bool(bound["least"]) != bool(bound["negated"]) else -1
    return start, replace(quantity, approximate=bool(_APPROXIMATE.search(lead)), bound=direction)


def _units_agree(one: str | None, other: str | None) -> bool:
    """Whether two amounts may be of one unit: what isn't said may be any, save "th", and "kroner" may be "danish kroner"."""
    if one == other:
        return True
    if "th" in (one, other):
        return False
    return not one or not other or one.endswith(f" {other}") or other.endswith(f" {one}")


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
        return Quantity(Fraction(_SMALL.get(over, 1), _FRACTIONS[under.lower()]), "%")
    return _in_words(match, text)


def _figure(match: re.Match[str], text: str) -> Quantity:
    figure = match["figure"]
    amount = _value_of_figure(figure) * _scale(match["scale"])
    if match["ordinal"]:
        return Quantity(amount, "th")
    if match["percent"]:
        return Quantity(amount / 100, "%")
    unit = _currency(match["symbol"], match["currency"])
    if "/" in figure or (figure in _PART and not match["scale"] and unit is None):
        return Quantity(amount, "%")
    label = unit is None and bool(_NOUN_BEFORE.search(text[: match.start("figure")]) and _END_AFTER.match(text[match.end() :]))
    half_day = _HALF_DAY.match(text, match.end())
    return Quantity(amount, unit, label=label, half_day=half_day[1].lower() if half_day else "")


def _value_of_figure(figure: str) -> Fraction:
    if figure[-1] not in _PART:
        return Fraction(figure.replace(",", ""))
    return int(figure[:-1] or 0) + Fraction(unicodedata.numeric(figure[-1])).limit_denominator(8)


def _ordinal(match: re.Match[str], text: str) -> Quantity | None:
    """None for seconds of time."""
    words = re.split(r"[- ]", match["ordinal_word"].lower())
    if words[-1] == "second" and re.match(r"\W*(?:s|later|per)\b", text[match.end() :]):
        return None
    tens = _SMALL[words[0]] if len(words) == 2 else 0
    return Quantity(Fraction(tens + _ORDINAL[words[-1]]), "th", weak=words == ["first"])


def _in_words(match: re.Match[str], text: str) -> Quantity:
    amount = _value_of_words(match["words"].lower())
    if match["percent2"]:
        return Quantity(amount / 100, "%")
    unit = _currency(None, match["currency2"])
    alone = match["words"].lower() == "one" and unit is None
    definite = _DEFINITE.search(text[: match.start()])
    return Quantity(amount, unit, weak=alone or (bool(definite) and amount <= 4))


def _scale(words: str | None) -> int:
    product = 1
    for word in re.findall(r"[a-z]+", (words or "").lower()):
        product *= _MAGNITUDES[word]
    return product


def _currency(symbol: str | None, word: str | None) -> str | None:
    if symbol:
        written = symbol.strip().upper()
        return _SYMBOLS.get(written, written)
    if not word:
        return None
    *country, noun = word.lower().split()
    currency = _CURRENCIES.get(noun) or _CURRENCIES[noun.rstrip("s")]
    land = " ".join(country)
    code, home = _HOME.get(currency, (currency, ()))
    return f"{land} {currency}" if land and land not in home and not currency.isupper() else code


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
