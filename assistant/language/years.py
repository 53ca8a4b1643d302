"""Whether four figures are a year or count something: "the 2018 elections", "2018 delegates", "a 2000-bed hospital"."""

from __future__ import annotations

import re

YEAR = r"(?:1[0-9]|20)\d{2}"
_LONG_AGO = 1700  # of so early a year news seldom speaks, unless a word before it says that it is one
_LONGEST_LEAD = 40  # characters before the figures in which such words stand

# No year, whatever is said before: "2000%", "since 1100 GMT", "Flight 1549", "USD 2000".
_HAS_UNIT = re.compile(r"%|[ -]?°| ?per ?cent| (?:GMT|UTC|IST|hrs|USD|EUR|GBP|INR)\b")
_IS_NUMBERED = re.compile(
    r"\b(?:flights?|resolutions?|articles?|sections?|rooms?|pages?|numbers?|no\.|channel|sector|clause|paragraph"
    r"|hill|bus|train|killed|killing|injured|injuring|wounded|wounding|displaced|displacing|arrested|detained|employs?|employing"
    r"|scored|USD|EUR|GBP|INR|Rs\.?) $",
    re.IGNORECASE,
)
# Measures, and what is joined by a hyphen: "after 1000 days", "a 1500-strong force"; but "in 2018 days of rain".
_MEASURED = re.compile(
    r"[ -](?:years|days|weeks|months|hours|minutes|seconds|km|kilomet(?:re|er)s?|met(?:re|er)s?|miles?|feet|yards|acres|hectares"
    r"|kg|kilograms?|tonnes?|tons?|lit(?:re|er)s?|[kMG]Wh?|(?:kilo|mega|giga)watts?|square|hundred|thousand|million|billion"
    r"|trillion|lakh|crore|odd)\b"
    r"|-(?!(?:style|era|like|vintage|born|bound|based|built|made|model|level|type|only|present|election|poll|\w+ed)\b)[a-z]{3,}"
)
# Counted more often than they are of a year.
_THINGS = (
    "soldiers troops people persons men women children boys girls workers employees staff delegates civilians visitors tourists"
    " passengers students pupils teachers doctors nurses patients members refugees migrants residents villagers families"
    " households officers police policemen personnel volunteers protesters protestors demonstrators supporters fans spectators"
    " voters votes candidates inmates prisoners guests participants survivors victims fighters militants rebels pilgrims devotees"
    " farmers engineers scientists athletes customers users deaths cases jobs homes houses flats ships boats aircraft planes jets"
    " flights tanks vehicles cars buses trucks weapons rifles missiles shells rockets drones bombs seats beds rooms copies shares"
    " points runs hospitals villages shops stores companies firms pages trees tickets doses dollars euros pounds rupees yen yuan"
    " kroner"
)
_NOT_BETWEEN = "is are was were has had and or to in on at by for with as than when while until saw brought marked"
_BETWEEN = rf"(?:(?!(?:{_NOT_BETWEEN.replace(' ', '|')})\b)[\w-]*[^\Ws] )?"  # "2018 foreign delegates"
_COUNTED = re.compile(rf" {_BETWEEN}(?:{_THINGS.replace(' ', '|')})\b(?!['’])| (?:a (?:day|week|month|year)|per (?!capita)\w+)\b")
_SEVERAL = re.compile(rf" {_BETWEEN}(?!this\b|less\b|always\b|perhaps\b|across\b|towards\b)[a-z]{{3,}}s\b")
_HOW_MANY = re.compile(
    r"\b(?:than|at least|at most|nearly|almost|approximately|roughly|estimated|total of|up to|as many as|only|another) $",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"\b(?:(?:in|since|by|from|between|until|till|before|after|during)(?: about| around)?|early|late|mid|\d{4} (?:and|or|to))"
    r"[ -]$",
    re.IGNORECASE,
)
# "Grew by 2000 people", "one in 1000".
_LEADS_TO_A_COUNT = re.compile(
    r"\b(?:(?:\w{2,}ed|\w{2,}en|rose|fell|grew|up|down|rise|fall|grow|increase|decrease|drop|won|lost) by"
    r"|(?:one|(?<![\d.,])[1-9]) in) $",
    re.IGNORECASE,
)
# They lead to a year unless it may be a round number: "the 2000 soldiers".
_MAY_LEAD = re.compile(r"\b(?:the|this|its|their|his|her)[ -]$|['’]s $", re.IGNORECASE)
_DATES = re.compile(r"(?:\b(?:year|circa|c\.|AD|dated?|about|around) |\()$", re.IGNORECASE)
_IS_A_NUMBER = re.compile(r" (?:of|more|others|are|were|have|had|remain)\b")
_OF_AN_ERA = re.compile(r" (?:AD|BCE?|CE)\b")
_PAIR = re.compile(rf"(?: to | and | or )({YEAR})\b")
_OF_A_PAIR = re.compile(rf"\b({YEAR}) (?:to|and|or) $")


def is_counted(text: str, start: int, end: int) -> bool:
    """Whether four figures are no year: those that begin at `start` and end at `end`, or are the first of a span up to there."""
    before = text[max(0, start - _LONGEST_LEAD) : start]
    if _OF_AN_ERA.match(text, end):
        return False
    if _HAS_UNIT.match(text, end) or _IS_NUMBERED.search(before):
        return True
    is_round = _is_round(text[start:])
    # "Between 1500 and 2000 people": either is counted where both may be.
    if is_round and (other := _PAIR.match(text, end)) and _is_round(other[1]) and _counts(text, *other.span(1), ""):
        return True
    if is_round and (one := _OF_A_PAIR.search(before)) and _is_round(one[1]) and _counts(text, start, end, ""):
        return True
    if _LEADS.search(before) and not _LEADS_TO_A_COUNT.search(before):
        return is_round and bool(_MEASURED.match(text, end))
    return _counts(text, start, end, before) or (int(text[start : start + 4]) < _LONG_AGO and not _is_dated(text, start, before))


def _counts(text: str, start: int, end: int, before: str) -> bool:
    """Whether something follows that can be counted."""
    if _MEASURED.match(text, end):
        return True
    is_round, may_lead, is_span = _is_round(text[start:]), bool(_MAY_LEAD.search(before)), end - start > 4
    if _COUNTED.match(text, end) and (is_round or not (may_lead or is_span)):
        return True
    return bool(_SEVERAL.match(text, end)) and bool(_HOW_MANY.search(before) or (is_round and not may_lead))


def _is_dated(text: str, start: int, before: str) -> bool:
    """Whether what stands before makes a year even of so early a number; "of 1200" is mostly of a number."""
    if _IS_A_NUMBER.match(text, start + 4):
        return False
    of_a_year = before.endswith(" of ") and not text.startswith("00", start + 2)
    return bool(_MAY_LEAD.search(before) or _DATES.search(before)) or of_a_year


def _is_round(year: str) -> bool:
    """Whether it begins a century, or is of long ago: it may well be a number."""
    return year[2:4] == "00" or int(year[:4]) < 1900
