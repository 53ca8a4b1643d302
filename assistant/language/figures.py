"""Figures as they are written, and what makes them larger: "1,20,000", "2½", "10:30", "5bn"."""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction

_PARTS = "¼½¾⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"
_MOST_DIGITS = 40  # a longer row of digits is no number that anybody means
_RUN = rf"\d{{1,{_MOST_DIGITS}}}"
# 3 1/2 · 10:30 · 2½ · 1,20,000.5 · 2.5 · .5
FIGURE = (
    rf"(?:\d{{1,3}}[ -])?\d/[1-9]|\d{{1,2}}(?::[0-5]\d){{1,2}}(?!:)|(?:{_RUN} ?)?[{_PARTS}]"
    rf"|\d{{1,3}}(?:,\d{{2,3}}){{1,{_MOST_DIGITS // 3}}}(?:\.{_RUN})?|{_RUN}(?:\.{_RUN})?|\.{_RUN}"
)
# "The 100m race" and "5 m high" are metres, "100m people" are millions.
_OF_METRES = (
    r"(?! (?:races?|sprints?|hurdles|relays?|dash|freestyle|butterfly|backstroke|breaststroke|medley|steeplechase|final|high|long"
    r"|wide|tall|deep|thick|above|below|away|apart|across|offshore|from)\b)"
)
_SCALE = (
    r"(?:[ -]?(?:hundred|thousand|million|billion|trillion|lakhs?|lacs?|crores?)\b"
    rf"|[ ]?(?:bn|mn|tn|bln|mln|trn|cr|k|m{_OF_METRES})\b)"
)
# What may be written onto a figure and leaves it a number, as no other letters do ("C-130J").
_JOINED = (
    r"(?:[ap]\.?m\b\.?|(?:[kcm]?m|km/?h|k?mph|kph|k[gt]|m[lg]|[kMGT]Wh?|[kMG]?Hz|[KMGT]B|ft|lbs?|°[CF]?|ºC|hrs?|mins?|secs?"
    r"|(?-i:pc|bps?|b?hp|cc|ha|p|x)|(?:(?<=\d\d)|(?<=\.\d))(?-i:[CF]))\b)"
)
# In "$3B" a letter is a scale, as it is behind no bare figure: "the 3B".
SCALED = rf"(?P<scale>(?(symbol)[BMKT]\b|(?!))|(?!(?!-?{_JOINED})(?-i:-?[A-Z])){_SCALE}*)(?:(?!\w)|(?={_JOINED}))"


def value_of(figure: str) -> Fraction:
    """ "10:30" is 10.30, as some write it."""
    if figure[-1] in _PARTS:
        return int(figure[:-1] or 0) + Fraction(unicodedata.numeric(figure[-1])).limit_denominator(8)
    *whole, rest = re.split(r"[ -](?=\d/)", figure)
    hours, colon, minutes = rest.partition(":")
    return Fraction(f"{hours}.{minutes.replace(':', '')}" if colon else rest.replace(",", "")) + sum(map(int, whole))


def is_part(figure: str) -> bool:
    """Whether it is written as a part of one: "½", "2/3"."""
    return (figure[-1] in _PARTS or "/" in figure) and value_of(figure) < 1
