"""Words for numbers and what they are worth: "two hundred and three", "half a million", "thirty-seventh"."""

from __future__ import annotations

import re
from fractions import Fraction

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
SMALL = {word: number for number, word in enumerate(UNITS)} | {
    word: 10 * number for number, word in enumerate(_TENS) if number > 1
}
_ORDINAL = {word: number for number, word in enumerate(ORDINALS) if number} | {
    word: 10 * number for number, word in enumerate(_TENTHS) if number > 1
}
FRACTIONS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fifth": 5, "fifths": 5}
FRACTIONS |= {"sixths": 6, "sevenths": 7, "eighths": 8, "tenths": 10, "tenth": 10}
_MAGNITUDES = {
    "dozen": 12,
    "hundred": 100,
    "thousand": 1000,
    "lakh": 10**5,
    "lakhs": 10**5,
    "lac": 10**5,
    "lacs": 10**5,
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
_WHOLE_MAGNITUDES = [word for word in _MAGNITUDES if len(word) > 3]
_PLAIN = "|".join([*SMALL, *_WHOLE_MAGNITUDES])
MAGNITUDE = rf"(?:{'|'.join(_WHOLE_MAGNITUDES)})\b"
# How often the magnitude behind it is taken, longest first; "half" is otherwise a share.
_PARTS = {
    ("three", "quarters", "of", "a"): Fraction(3, 4),
    ("a", "quarter", "of", "a"): Fraction(1, 4),
    ("half", "a"): Fraction(1, 2),
    ("a", "half"): Fraction(1, 2),
    ("half",): Fraction(1, 2),
    ("a",): Fraction(1),
    ("an",): Fraction(1),
}
PARTED = rf"(?:{'|'.join('[- ]'.join(words) for words in _PARTS)})[- ](?={MAGNITUDE})"
# Words that may be of one number, or of several: `cardinals` tells.
CARDINAL = (
    rf"(?:{PARTED})?(?:{_PLAIN})(?:(?:[- ]| and (?=\w+))(?:{_PLAIN}))*"
    rf"(?:[- ]and[- ]an?[- ](?:half|quarter)\b(?:[- ]{MAGNITUDE})?)?"
)
ORDINAL = rf"(?:(?:{'|'.join(_TENS[2:])})[- ])?(?:{'|'.join(_ORDINAL)})"


def cardinals(words: str) -> list[tuple[int, int, Fraction, int]]:
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


def ordinal(words: str) -> int:
    """What "thirty-seventh" counts to."""
    *tens, last = re.split(r"[- ]", words.lower())
    return sum(SMALL[each] for each in tens) + _ORDINAL[last]


def magnitude(words: str) -> int:
    """The product of the magnitudes: "lakh crore" is a hundred thousand times ten million."""
    product = 1
    for word in re.findall(r"\w+", words.lower()):
        product *= _MAGNITUDES.get(word, 1)  # a letter may only look like one of these
    return product


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
        if last and not has_rest and following < len(words) and words[following] in SMALL:  # "two hundred and three"
            rest, end, _ = _number_at(words, following, last)
            if rest < last and not (end < len(words) and _MAGNITUDES.get(words[end], 0) == last):
                amount, after, has_rest = amount + rest, end, True
                continue
        if word == "and" and (part := FRACTIONS.get(words[min(after + 2, len(words) - 1)])):
            amount, after, has_rest = amount + Fraction(last or 1, part), after + 3, True
            continue
        break
    return amount, after, scale


def _lead(words: list[str], at: int) -> tuple[Fraction, int]:
    """What a number begins with, below a hundred, and where that ends; a magnitude alone counts once."""
    for part, amount in _PARTS.items():
        if tuple(words[at : at + len(part)]) == part:
            return amount, at + len(part)
    word, following = words[at], words[at + 1] if at + 1 < len(words) else ""
    if word not in SMALL:
        return Fraction(1), at
    if SMALL[word] >= 20 and 1 <= SMALL.get(following, 0) <= 9:
        return Fraction(SMALL[word] + SMALL[following]), at + 2
    return Fraction(SMALL[word]), at + 1
