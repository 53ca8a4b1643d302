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
    "dozen": 12,
    "hundred": 100,
    "thousand": 1000,
    "lakh": 10**5,
    "lakhs": 10**5,
    "million": 10**6,
    "mln": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "crore": 10**7,
    "crores": 10**7,
    "cr": 10**7,
    "billion": 10**9,
    "bln": 10**9,
    "bn": 10**9,
    "b": 10**9,
    "trillion": 10**12,
    "trn": 10**12,
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
_WHOLE_MAGNITUDES = [word for word in _MAGNITUDES if len(word) > 3]
_PLAIN = "|".join([*_SMALL, *_WHOLE_MAGNITUDES])
# Words that may be of one number, or of several: `_numbers_in` tells.
_WORDS = (
    r"(?:(?:a|an) (?=hundred|thousand|million|billion|trillion|lakh|crore|dozen)|half a (?=million|billion|trillion|dozen))?"
    rf"(?:{_PLAIN})(?:(?:[- ]| and (?=\w+))(?:{_PLAIN}))*"
    rf"(?: and an? (?:half|quarter)\b(?: (?:{'|'.join(_WHOLE_MAGNITUDES)})\b)?)?"
)
_PART = "¼½¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_MOST_DIGITS = 40  # a longer row of digits is no number that anybody means
_RUN = rf"\d{{1,{_MOST_DIGITS}}}"
_DIGITS = rf"(?:{_RUN} ?)?[{_PART}]|\d{{1,3}}(?:,\d{{2,3}}){{1,{_MOST_DIGITS // 3}}}(?:\.{_RUN})?|{_RUN}(?:\.{_RUN})?|\.{_RUN}"
# "The 100m race" and "5 m high" are metres, "100m people" are millions.
_OF_METRES = (
    r"(?! (?:races?|sprints?|hurdles|relays?|dash|freestyle|butterfly|backstroke|breaststroke|medley|steeplechase|final|high|long"
    r"|wide|tall|deep|thick|above|below|away|apart|across|offshore|from)\b)"
)
_SCALE = (
    r"(?:[ -]?(?:hundred|thousand|million|billion|trillion|lakhs?|crores?)\b"
    rf"|[ ]?(?:bn|mn|tn|bln|mln|trn|cr|k|m{_OF_METRES})\b)"
)
# What may be written onto a figure and leaves it a number, as no other letters do ("C-130J").
_JOINED = (
    r"(?:[ap]\.?m\b\.?|(?:[kcm]?m|km/?h|k?mph|kph|k[gt]|m[lg]|[kMGT]Wh?|[kMG]?Hz|[KMGT]B|ft|lbs?|°[CF]?|ºC|hrs?|mins?|secs?)\b)"
)
# In "$3B" a letter is a scale, as it is behind no bare figure: "the 3B".
_SCALED = rf"(?P<scale>(?(symbol)[BMKT]\b|(?!))|(?!(?!-?{_JOINED})(?-i:-?[A-Z])){_SCALE}*)(?:(?!\w)|(?={_JOINED}))"
_CURRENCY_WORD = (
    rf"(?:{_COUNTRIES} )?"
    r"(?:dollars?|euros?|pounds?|rupees?|yen|yuan|krone[r]?|kron[ao]r?|francs?|pesos?|rand|won|roubles?)\b"
)
_NO_PERIOD = "".join(rf"(?<!\b{each} )" for each in "first second third fourth last next 1st 2nd 3rd 4th".split()) + "".join(
    rf"(?!(?<=\b{each} )(?:third|fifth|tenth)\b)" for each in ("the", "its", "their", "his", "her")
)
_FIXED = {"twice": 2, "thrice": 3, "both": 2, "none": 0, "a fortnight": 2, "a century": 100, "a couple": 2}
_FIXED |= {"a decade": 10, "decade": 10, "two decades": 20, "three decades": 30, "four decades": 40}
_NUMBER = re.compile(
    # 2,500 · $3 billion · 38th · 49 percent · 2/3
    rf"(?P<symbol>\b(?-i:[A-Z]{{1,3}})\$|[$€£₹¥]|\bRs\.?|\b(?:USD|EUR|INR|GBP)(?![^\W\d]))? ?"
    rf"(?(symbol)(?P<minus>[-−])?|(?<![\w.,/])(?<!\w\+)(?<![^\W\d]-))"
    rf"(?P<figure>\d/[1-9]|{_DIGITS})(?P<ordinal>st|nd|rd|th)?(?!\+\d)"
    rf"{_SCALED}(?P<percent>[ -]?(?:%|per ?cent(?:age points?)?\b))?(?: (?P<currency>{_CURRENCY_WORD}))?"
    # two thirds · half of · a quarter of; not "the fourth quarter of", "the third of its kind"
    rf"|\b{_NO_PERIOD}(?P<fraction>(?:(?P<over>{'|'.join(UNITS[1:])}|a)[- ])?(?P<under>{'|'.join(_FRACTIONS)}))"
    r"(?= of\b|[ -](?:the|a|an|as)\b)(?! a (?:million|billion|trillion|dozen))"
    rf"|\b(?P<over2>{'|'.join(UNITS[2:10])})[- ](?P<under2>thirds|quarters|fifths|sixths|sevenths|eighths|tenths)\b"
    # sixth · thirty-seventh
    rf"|\b(?P<ordinal_word>(?:(?:{'|'.join(_TENS[2:])})[- ])?(?:{'|'.join(_ORDINAL)}))(?:ly)?\b(?! of all)"
    # one hundred and twenty-five · two dozen · three million dollars
    rf"|\b(?P<once>{'|'.join(sorted(_FIXED, key=len, reverse=True))}|(?<=from )nothing)\b"
    rf"|\b(?P<words>{_WORDS})\b(?P<percent2> (?:%|per ?cent\b))?(?: (?P<currency2>{_CURRENCY_WORD}))?",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(?P<between>and|or)|to|-|–")
# "Phase 2 and 30 percent": a number behind a name is its own; but "Between 2 and 30 percent".
_OF_A_NAME = re.compile(r"(?<![.!?] )(?<!^)\b(?!Between|From|Either)[A-Z][\w-]* $")
_BETWEEN = re.compile(r"\b(?:between|from) (?:about |around |some |roughly )?$", re.IGNORECASE)
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


@dataclass(frozen=True, slots=True)
class _Found:
    """A number of a text. `scale` is the largest magnitude from a thousand on that is written with it, else 1."""

    start: int
    end: int
    quantity: Quantity
    scale: int


def find_numbers(text: str) -> Iterator[tuple[int, int, Quantity]]:
    """(start, end, quantity) of each number in the text, in order. "49 to 74 percent" is two percentages, "$3-5 billion" two
    amounts of money."""
    found: list[_Found] = []
    for match in _NUMBER.finditer(text):
        if not match["figure"] and not match[0].isascii():
            continue  # letters that only look like those of a number's word
        for one in _numbers_of(match, text):
            if found and (ends := _as_range(found[-1], one, text)):
                found[-1:] = ends
            else:
                found.append(one)
    for one in found:
        yield one.start, one.end, one.quantity


def _numbers_of(match: re.Match[str], text: str) -> Iterator[_Found]:
    if match["words"]:
        numbers = _numbers_in(match["words"].lower())
        for number, (start, end, amount, scale) in enumerate(numbers, start=1):
            last = match if number == len(numbers) else None  # what stands behind the words is the last one's
            span = match.start("words") + start, match.start("words") + end
            begin, quantity = _as_led_to(_in_words(amount, last, text, *span), text, span[0])
            yield _Found(begin, match.end() if last else span[1], quantity, scale)
        return
    if found := _quantity(match, text):
        start = match.start()
        while text[start] == " ":
            start += 1
        start, quantity = _as_led_to(found, text, start)
        scale = _scale(match["scale"])
        yield _Found(start, match.end(), quantity, scale if scale >= 1000 else 1)


def _as_range(one: _Found, other: _Found, text: str) -> tuple[_Found, _Found] | None:
    """Both ends of a range, the one with the scale and the unit that only the other has: "3 to 5 million", "Rs 10-15 crore".

    None where they are none: where the words between don't join them, the first belongs to a name, or the second isn't larger.
    """
    joined = _RANGE.fullmatch(text[one.end : other.start].strip())
    first, second = one.quantity, other.quantity
    if not joined or "th" in (first.unit, second.unit) or (joined["between"] and _OF_A_NAME.search(text[: one.start])):
        return None
    if joined["between"] == "and" and first.unit == second.unit and not _BETWEEN.search(text[: one.start]):
        return None  # "12 died and 2 million fled" may be said shorter, too
    amount = first.amount * other.scale if one.scale == 1 and first.amount < 1000 else first.amount
    if first.unit is None and second.unit is not None:
        amount = first.amount / 100 if second.unit == "%" else amount
        if second.unit == "%" or amount <= second.amount:
            first = replace(first, amount=amount, unit=second.unit, weak=False, label=False)
    elif amount < second.amount:
        first = replace(first, amount=amount)
        if second.unit is None and first.unit not in (None, "%"):
            second = replace(second, unit=first.unit, weak=False, label=False)
    return replace(one, quantity=first), replace(other, quantity=second)


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
    return None


def _figure(match: re.Match[str], text: str) -> Quantity:
    figure = match["figure"]
    amount = _value_of_figure(figure) * _scale(match["scale"]) * (-1 if match["minus"] else 1)
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


def _in_words(amount: Fraction, match: re.Match[str] | None, text: str, start: int, end: int) -> Quantity:
    """`match` tells the unit behind the last of several numbers; None for the others."""
    if match and match["percent2"]:
        return Quantity(amount / 100, "%")
    unit = _currency(None, match["currency2"]) if match else None
    alone = text[start:end].lower() == "one" and unit is None
    definite = _DEFINITE.search(text[:start])
    return Quantity(amount, unit, weak=alone or (bool(definite) and amount <= 4))


def _scale(words: str | None) -> int:
    product = 1
    for word in re.findall(r"\w+", (words or "").lower()):
        product *= _MAGNITUDES.get(word, 1)  # a letter may only look like one of these
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


def _numbers_in(words: str) -> list[tuple[int, int, Fraction, int]]:
    """(start, end, amount, scale) of each number in words that are joined by blanks, hyphens and "and": "two hundred and three"
    is one, "two and three million" two."""
    tokens = list(re.finditer(r"[a-z]+", words))
    each = [token[0] for token in tokens]
    found, at = [], 0
    while at < len(tokens):
        if each[at] == "and":
            at += 1
            continue
        amount, after, scale = _number_at(each, at)
        found.append((tokens[at].start(), tokens[after - 1].end(), amount, scale))
        at = after
    return found


def _number_at(words: list[str], at: int, below: float = float("inf")) -> tuple[Fraction, int, int]:
    """The number that begins at a word, made of magnitudes below one given; where it ends, and its scale."""
    amount, after = _lead(words, at)
    last, scale, has_rest = 0, 1, False
    while after < len(words):
        word = words[after]
        if last < _MAGNITUDES.get(word, 0) < below:  # "two hundred thousand"
            last = _MAGNITUDES[word]
            amount, after, scale, has_rest = amount * last, after + 1, max(scale, last if last >= 1000 else 1), False
            continue
        following = after + (word == "and")
        if last and not has_rest and following < len(words) and words[following] in _SMALL:  # "two hundred and three"
            rest, end, _ = _number_at(words, following, last)
            if rest < last and not (end < len(words) and _MAGNITUDES.get(words[end], 0) == last):
                amount, after, has_rest = amount + rest, end, True
                continue
        if word == "and" and (part := _FRACTIONS.get(words[min(after + 2, len(words) - 1)])):
            amount, after, has_rest = amount + Fraction(last or 1, part), after + 3, True
            continue
        break
    return amount, after, scale


def _lead(words: list[str], at: int) -> tuple[Fraction, int]:
    """What a number begins with, below a hundred, and where that ends; a magnitude alone counts once."""
    word, following = words[at], words[at + 1] if at + 1 < len(words) else ""
    if word == "half":
        return Fraction(1, 2), at + 2
    if word in ("a", "an"):
        return Fraction(1), at + 1
    if word not in _SMALL:
        return Fraction(1), at
    if _SMALL[word] >= 20 and 1 <= _SMALL.get(following, 0) <= 9:
        return Fraction(_SMALL[word] + _SMALL[following]), at + 2
    return Fraction(_SMALL[word]), at + 1
