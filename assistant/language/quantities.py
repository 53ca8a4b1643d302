"""Numbers as they are written, in figures or words, with what they count where that changes their value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from assistant.language.currencies import CURRENCY_WORD, SYMBOL, currency
from assistant.language.durations import days_of_one
from assistant.language.figures import FIGURE, SCALED, is_part, value_of
from assistant.language.number_words import (
    CARDINAL,
    FRACTIONS,
    MAGNITUDE,
    ORDINAL,
    PARTED,
    SMALL,
    UNITS,
    cardinals,
    magnitude,
    ordinal,
)
from assistant.language.shares import BARE_PART, end_of_point, is_measured, part_of

# 4.5% · 5 per cent · 5pc · 2 percentage points · 25bps
_SHARE = r"[ -]?(?:%|per[ -]?cent(?:age[ -]points?)?\b|(?-i:pc)\b|basis[ -]points?\b|(?-i:bps?)\b)"
_NO_PERIOD = "".join(rf"(?<!\b{each} )" for each in "first second third fourth last next 1st 2nd 3rd 4th".split()) + "".join(
    rf"(?!(?<=\b{each} )(?:third|fifth|tenth)\b)" for each in ("the", "its", "their", "his", "her")
)
_FIXED = {"twice": 2, "thrice": 3, "both": 2, "none": 0, "a fortnight": 2, "a century": 100, "a couple": 2}
_FIXED |= {"a decade": 10, "decade": 10, "two decades": 20, "three decades": 30, "four decades": 40}
_NUMBER = re.compile(
    # 2,500 · $3 billion · 38th · 49 percent · 2/3; not "9/11", "24/7", "1.2.3"
    rf"(?P<symbol>{SYMBOL})? ?"
    rf"(?(symbol)(?P<minus>[-−])?|(?<![\w.,/])(?<!\w\+)(?<![^\W\d]-))"
    rf"(?P<figure>{FIGURE})(?P<ordinal>st|nd|rd|th)?(?!\+\d|[/.,]\d)"
    rf"{SCALED}(?P<share>{_SHARE})?(?: (?P<currency>{CURRENCY_WORD}))?"
    # two thirds · half of · a quarter of · one-third; not "the fourth quarter of", "the third of its kind"
    rf"|(?!{PARTED})\b{_NO_PERIOD}(?P<fraction>(?:(?P<over>{'|'.join(UNITS[1:])}|a)[- ])?(?P<under>{'|'.join(FRACTIONS)}))"
    r"(?= of\b|[ -](?:the|a|an|as|percentage)\b)"
    rf"|(?!{PARTED})\b(?P<over2>{'|'.join(UNITS[1:10])})"
    r"(?:[- ](?P<under2>thirds|quarters|fifths|sixths|sevenths|eighths|tenths)|-(?P<under3>half|third|quarter|fifth|tenth))\b"
    rf"|\b{BARE_PART}"
    # sixth · thirty-seventh
    rf"|\b(?P<ordinal_word>{ORDINAL})(?:ly)?\b(?! of all)"
    # one hundred and twenty-five · two dozen · three million dollars
    rf"|\b(?P<once>{'|'.join(sorted(_FIXED, key=len, reverse=True))}|(?<=from )nothing)\b(?!(?: of)? {MAGNITUDE}\b)"
    rf"|\b(?P<words>{CARDINAL})\b(?P<share2>{_SHARE})?(?: (?P<currency2>{CURRENCY_WORD}))?",
    re.IGNORECASE,
)
# "Several hundred", "a multi-billion-dollar deal": nobody says how many.
_MAGNITUDE = re.compile(MAGNITUDE, re.IGNORECASE)
_NOT_SAID = re.compile(r"\b(?:several|few|many|couple|couple of|tens of|multi|\d+)[- ]$", re.IGNORECASE)
_RANGE = re.compile(r"(?P<between>and|or)|to|-|–")
_WRITTEN_AS_SHARE = re.compile(_SHARE, re.IGNORECASE)
# "Phase 2 and 30 percent": a number behind a name is its own; but "Between 2 and 30 percent".
_OF_A_NAME = re.compile(r"(?<![.!?] )(?<!^)\b(?!Between|From|Either)[A-Z][\w-]* $")
_BETWEEN = re.compile(r"\b(?:between|from) (?:about |around |some |roughly )?$", re.IGNORECASE)
_NOUN_BEFORE = re.compile(r"\b(?!(?:to|of|by|at|in|for|and|or|about|from|than|was|is|are|were)\b)[A-Za-z]{3,} $")
_END_AFTER = re.compile(r"\s*(?:[.,;:)]|$)")
_DEFINITE = re.compile(r"\b(?:the|these|those|its|their|both)(?: \w+)?\s*$", re.IGNORECASE)
_APPROXIMATE = re.compile(
    r"\b(?:about|around|roughly|some|nearly|almost|approximately|close to|an estimated|just over|just under)\s*$", re.IGNORECASE
)
_MINUS = re.compile(r"(?:\bminus |(?:^|(?<=[\s(])(?<![\d%]\s))[-−])$", re.IGNORECASE)
_BOUND = re.compile(
    r"\b(?P<negated>(?:no|not) )?(?:"
    r"(?P<least>at least|(?:more|greater|higher|longer|larger) than|(?:just |well )?(?:over|above)|a minimum of|upwards of"
    r"|in excess of)"
    r"|at most|(?:fewer|less|lower|shorter|smaller) than|(?:just |well )?(?:under|below)|a maximum of|up to|almost|nearly)\s*$",
    re.IGNORECASE,
)
_BOUND_AFTER = re.compile(
    r"(?:(?P<least>\+|-plus\b(?!-)| (?:or|and) (?:more|above|over|higher)\b)| (?:or|and) (?:fewer|less|below|under|lower)\b)",
    re.IGNORECASE,
)
_OF_TIME = re.compile(r"\W{0,9}(?:s|later|per)\b")  # "a second later"
_HALF_DAY = re.compile(r" ?([ap])\.?m\b", re.IGNORECASE)
_ROUNDED = Fraction(3, 100)  # by how much an approximate number may be off
_HALF_A_PERCENT = Fraction(1, 200)
_BEYOND = Fraction(3, 2)  # how far beyond "more than two weeks" what is meant by it may lie
_LONGEST_LEAD = 40  # characters before a number in which stands what tells of it


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount and its unit: a currency, "%" (the amount is then the fraction), "th" for ordinals, or None.

    A currency is its code, or its name with the country ("danish kroner") or, where none is said, without it ("kroner").

    approximate: written after "about" and the like. weak: a word such as "both" or "one" that often counts nothing. label: after
    its noun ("kilometre 38"), and so as good as an ordinal. bound: 1 after "at least" and the like, -1 after "at most", else 0.
    half_day: "a" or "p" before "m", as in "7pm", or "". days: of a unit of time, how many days one takes: by them "17 days" and
    "two weeks" are compared.
    """

    amount: Fraction
    unit: str | None = None
    approximate: bool = False
    weak: bool = False
    label: bool = False
    bound: int = 0
    half_day: str = ""
    days: Fraction | None = None

    def says_no_more_than(self, other: Quantity) -> bool:
        """Whether whoever says `other` also says this. An approximate number may be rounded, by 3 in a hundred at most, and
        so may one of another unit of time; a third is 33 percent.

        Bounds contradict each other only where they are of opposite directions; a number without one goes with either. What is
        not far beyond a bound is borne out as well: 17 days are more than two weeks.
        """
        if self.label and other.unit == "th":
            return self.amount == other.amount
        if self.bound * other.bound < 0 or not _units_agree(self.unit, other.unit):
            return False
        if self.half_day and other.half_day and self.half_day != other.half_day:
            return False
        mine, theirs = self.amount, other.amount
        is_rounded = self.approximate and not (other.unit is None and self.unit not in (None, "%", "th"))
        if self.days and other.days and self.days != other.days:
            mine, theirs, is_rounded = mine * self.days, theirs * other.days, True
        if self.bound and not self.approximate and self.bound * (theirs - mine) > 0 and _is_near(mine, theirs):
            return True
        is_endless = self.unit == other.unit == "%" and (_is_endless(mine) or _is_endless(theirs))
        off = max(abs(theirs) * _ROUNDED if is_rounded else 0, _HALF_A_PERCENT if is_endless else 0)
        return abs(mine - theirs) <= off


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
    for one in _with_shares([*_with_days(found, text)], text):
        yield one.start, one.end, one.quantity


def _with_days(found: list[_Found], text: str) -> Iterator[_Found]:
    """The numbers with the units of time behind them; of a range the unit stands behind the second: "two to three weeks"."""
    for number, one in enumerate(found):
        days = None if one.quantity.unit else days_of_one(text, one.start, one.end)
        after = found[number + 1] if number + 1 < len(found) else None
        if after and days is None and not (one.quantity.unit or after.quantity.unit):
            joined = _RANGE.fullmatch(text[one.end : after.start].strip())
            days = days_of_one(text, after.start, after.end) if joined else None
        yield replace(one, quantity=replace(one.quantity, days=days)) if days else one


def _with_shares(found: list[_Found], text: str) -> Iterator[_Found]:
    """The numbers, "one in eight" made one of two, and half a percentage point half of a hundredth."""
    at = 0
    while at < len(found):
        one, other = found[at], found[at + 1] if at + 1 < len(found) else None
        if other and (share := _as_share(one, other, text)):
            one, at = share, at + 1
        elif one.quantity.unit == "%" and (end := end_of_point(text, one.end)):
            one = replace(one, end=end, quantity=replace(one.quantity, amount=one.quantity.amount / 100))
        yield one
        at += 1


def _as_share(one: _Found, other: _Found, text: str) -> _Found | None:
    first, second = one.quantity, other.quantity
    if first.unit or second.unit or first.days or second.days:
        return None
    share = part_of(first.amount, text[one.end : other.start].strip(), second.amount, text[other.end : other.end + _LONGEST_LEAD])
    return replace(one, end=other.end, quantity=replace(first, amount=share, unit="%", weak=False)) if share else None


def _numbers_of(match: re.Match[str], text: str) -> Iterator[_Found]:
    if match["words"]:
        yield from _cardinals_of(match, text)
    elif quantity := _quantity(match, text):
        start = match.start() + len(match[0]) - len(match[0].lstrip())
        start, quantity = _as_bounded(quantity, text, start, match.end())
        scale = magnitude(match["scale"] or "")
        yield _Found(start, match.end(), quantity, scale if scale >= 1000 else 1)


def _cardinals_of(match: re.Match[str], text: str) -> Iterator[_Found]:
    numbers = cardinals(match["words"].lower())
    for number, (begin, end, amount, scale) in enumerate(numbers, start=1):
        last = match if number == len(numbers) else None  # what stands behind the words is the last one's
        start, after = match.start("words") + begin, match.start("words") + end
        if _MAGNITUDE.match(text, start) and _NOT_SAID.search(_before(text, start)):
            continue
        quantity = _in_words(amount, last, text, start, after)
        after = match.end() if last else after
        start, quantity = _as_bounded(quantity, text, start, after)
        yield _Found(start, after, quantity, scale)


def _as_range(one: _Found, other: _Found, text: str) -> tuple[_Found, _Found] | None:
    """Both ends of a range, the one with the scale and the unit that only the other has: "3 to 5 million", "Rs 10-15 crore".

    None where they are none: where the words between don't join them, the first belongs to a name, or the second isn't larger.
    """
    joined = _RANGE.fullmatch(text[one.end : other.start].strip())
    first, second = one.quantity, other.quantity
    if not joined or "th" in (first.unit, second.unit) or (joined["between"] and _OF_A_NAME.search(_before(text, one.start))):
        return None
    share = _WRITTEN_AS_SHARE.search(text, other.start, other.end)
    if "%" in (first.unit, second.unit) and not share:
        return None  # "up 3.2% to 4.5bn", "one to two thirds"
    if joined["between"] == "and" and first.unit == second.unit and not _BETWEEN.search(_before(text, one.start)):
        return None  # "12 died and 2 million fled" may be said shorter, too
    amount = first.amount * other.scale if one.scale == 1 and first.amount < 1000 else first.amount
    if first.unit is None and second.unit is not None:
        amount = _of_one(first.amount, share[0]) if share else amount
        if share or amount <= second.amount:
            first = replace(first, amount=amount, unit=second.unit, weak=False, label=False)
    elif amount < second.amount:
        first = replace(first, amount=amount)
        if second.unit is None and first.unit not in (None, "%"):
            second = replace(second, unit=first.unit, weak=False, label=False)
    return replace(one, quantity=first), replace(other, quantity=second)


def _as_bounded(quantity: Quantity, text: str, start: int, end: int) -> tuple[int, Quantity]:
    """Where the number begins, and what it is, once the words around it are read: "minus", "about", "at least", "or more"."""
    if quantity.unit == "th":
        return start, quantity
    lead = _before(text, start)
    if minus := _MINUS.search(lead):
        start -= len(lead) - minus.start()
        quantity, lead = replace(quantity, amount=-quantity.amount), lead[: minus.start()]
    direction = 0
    if bound := _BOUND.search(lead):
        direction = 1 if bool(bound["least"]) != bool(bound["negated"]) else -1
    elif bound := _BOUND_AFTER.match(text, end):
        direction = 1 if bound["least"] else -1
    return start, replace(quantity, approximate=bool(_APPROXIMATE.search(lead)), bound=direction)


def _before(text: str, at: int) -> str:
    return text[max(0, at - _LONGEST_LEAD) : at]


def _is_endless(amount: Fraction) -> bool:
    """Whether its decimals have no end, as those of a third."""
    return 10**12 % amount.denominator != 0


def _is_near(one: Fraction, other: Fraction) -> bool:
    """Whether neither is more than half as large again as the other."""
    smaller, larger = sorted((abs(one), abs(other)))
    return larger <= _BEYOND * smaller


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
    if match["bare"] and not is_measured(_before(text, match.start())):
        under = match["bare_under"].lower()
        return None if under in ("half", "quarter") else Quantity(Fraction(FRACTIONS[under]), "th")
    under = match["bare_under"] or match["under"] or match["under2"] or match["under3"]
    if under:
        over = (match["over"] or match["over2"] or "one").lower()
        return Quantity(Fraction(SMALL.get(over, 1), FRACTIONS[under.lower()]), "%")
    return None


def _figure(match: re.Match[str], text: str) -> Quantity:
    figure = match["figure"]
    amount = value_of(figure) * magnitude(match["scale"] or "") * (-1 if match["minus"] else 1)
    if match["ordinal"]:
        return Quantity(amount, "th")
    if share := match["share"]:
        return Quantity(_of_one(amount, share), "%")
    unit = currency(match["symbol"], match["currency"])
    if is_part(figure) and not match["scale"] and unit is None:
        return Quantity(amount, "%")
    is_last = bool(_NOUN_BEFORE.search(_before(text, match.start("figure"))) and _END_AFTER.match(text, match.end()))
    half_day = _HALF_DAY.match(text, match.end())
    return Quantity(amount, unit, label=unit is None and is_last, half_day=half_day[1].lower() if half_day else "")


def _of_one(amount: Fraction, share: str) -> Fraction:
    """The fraction that percent, or basis points, are."""
    return amount / (10_000 if "b" in share.lower() else 100)


def _ordinal(match: re.Match[str], text: str) -> Quantity | None:
    """None for seconds of time."""
    words = match["ordinal_word"].lower()
    if words.endswith("second") and _OF_TIME.match(text, match.end()):
        return None
    return Quantity(Fraction(ordinal(words)), "th", weak=words == "first")


def _in_words(amount: Fraction, match: re.Match[str] | None, text: str, start: int, end: int) -> Quantity:
    """`match` tells the unit behind the last of several numbers; None for the others."""
    if match and (share := match["share2"]):
        return Quantity(_of_one(amount, share), "%")
    unit = currency(None, match["currency2"]) if match else None
    alone = text[start:end].lower() == "one" and unit is None
    definite = _DEFINITE.search(_before(text, start))
    return Quantity(amount, unit, weak=alone or (bool(definite) and amount <= 4))
