"""Which phrase, time, noun or name of the question before a follow-up's takes the place of: the last one of its kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from assistant.answering.word_classes import (
    AUXILIARY,
    DETERMINERS,
    PREPOSITION,
    asks_for_a_noun,
    is_plural,
    is_preposition,
    is_verb,
)
from assistant.language.dates import MONTH, MONTHS, WEEKDAY
from assistant.language.names import Name, find_names

_UNIT = r"(?:year|month|week|day|quarter|season|decade|century|half|weekend|spring|summer|autumn|winter|morning|evening|night)"
_LOWER_MONTHS = "|".join(month for month in MONTHS if month not in ("march", "may"))  # those are verbs
_MONTH = rf"(?:{MONTH}|(?i:{_LOWER_MONTHS}))"
_DAY = rf"(?:(?i:{WEEKDAY})s?|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?)"
# "last year" stands where "in 2020" may stand.
_OF_NOW = rf"(?i:(?:last|this|next) (?:{_UNIT}|{_MONTH}|{WEEKDAY})|yesterday|today|tomorrow)"
_A_TIME = re.compile(rf"\b(?:(?:1[5-9]|20)\d{{2}}s?|{_MONTH}|{_DAY}|{_UNIT}s?|yesterday|today|tomorrow)(?!\w)")
_PART = rf"the (?:[\w-]+ ){{1,2}}{_UNIT}"
_ONLY_A_TIME = re.compile(
    rf"(?P<now>{_OF_NOW})|(?P<day>{_DAY}(?:,? \d{{4}})?)|{_MONTH}(?: \d{{4}})?|(?P<part>{_PART}(?: of \d{{4}})?)"
)
_ONE = re.compile(r"\bones?$")  # "at the tax one", behind "at the trade forum"
_YEAR_BEHIND = re.compile(r"\b(?:19|20)\d{2}$")
_BEGINS = re.compile(
    rf"\b(?P<preposition>{PREPOSITION}|about|against|near|over|into|between|per) (?=\S)|\b{_OF_NOW}\b", re.IGNORECASE
)
_IN_PLACES, _TO_PLACES = ("in", "at", "near"), ("to", "from")
_MANNERS = frozenset(
    "person total practice general public private cash detail theory fact part court all least last first".split()
)


class Phrase(NamedTuple):
    """A phrase: where it stands in a text, its preposition, if any, the words behind that, and whether they tell a "time" or a
    "place"."""

    start: int
    end: int
    preposition: str
    words: str
    kind: str


def in_its_place(phrase: str, before: str) -> str:
    """The question before with a phrase in the place of its last one of the same kind, or else behind it: "and in April?"."""
    new = next(_phrases(phrase, also_of=True), None)
    old = _counterpart(new, list(_phrases(before, also_of=new.preposition == "of"))) if new else None
    if not new or not old:
        return f"{before.rstrip('?!. ')} {phrase}?"
    phrase = _ONE.sub(lambda _: old.words.rsplit(maxsplit=1)[-1], phrase)
    return _exchanged(old, _with_the_year(phrase, old) if new.kind == "time" else phrase, before)


def time_in_its_place(time: str, before: str) -> str | None:
    """Likewise with a time that no preposition stands before: "and April?", "last year?"; None where it isn't one."""
    only = _ONLY_A_TIME.fullmatch(time)
    old = next((phrase for phrase in reversed(list(_phrases(before))) if phrase.kind == "time"), None)
    if not only or (only["part"] and not old):
        return None
    kept = old.preposition if old and (only["part"] or old.preposition not in ("in", "on", "")) else ""
    preposition = kept or ("" if only["now"] else "on" if only["day"] else "in")
    return in_its_place(f"{preposition} {time}".strip(), before)


def noun_in_its_place(noun: str, before: str, topic: str) -> str | None:
    """The question before with another noun in a phrase that has one like it, where the topic isn't like it: "How much is the
    toll for cars?", "and motorcycles?"."""
    if topic and _alike(noun, topic):
        return None
    old = next((phrase for phrase in reversed(list(_phrases(before, also_of=True))) if _alike(noun, phrase.words)), None)
    return _exchanged(old, f"{old.preposition} {noun}", before) if old else None


def names_in_its_place(words: str, before: str, topic: str | None) -> Iterator[str]:
    """ "And South Korea?": the name in the place of each that it may stand for, the likeliest first: of one of its kind, if there
    is one, or else of one as long, of what the question is about, of the last."""
    [(_, _, new), *_] = find_names(f"and {words}")
    found = list(find_names(before))
    of_its_kind = [each for each in found if each[2].kind == new.kind != ""]
    about = (topic or "").removeprefix("the ")

    def likeness(each: tuple[int, int, Name]) -> tuple[bool, bool, int]:
        start, end, name = each
        return len(name.words) == len(new.words), before[start:end] == about, start

    for start, end, _ in sorted(of_its_kind or found, key=likeness, reverse=True):
        article = len("the ") if before[:start].lower().endswith(" the ") else 0
        yield f"{before[: start - article]}{words}{before[end:]}"


def is_a_name(words: str) -> bool:
    """Whether it is one name and nothing else: "South Korea", "the ECB"; a capital counts as one behind "and"."""
    behind_and = f"and {words.removeprefix('the ')}"
    return [behind_and[start:end] for start, end, _ in find_names(behind_and)] == [behind_and[4:]]


def _alike(noun: str, other: str) -> bool:
    """Whether both are several things without an article, or end in the same noun."""
    one, two = noun.split(), other.split()
    bare = is_plural(one[-1]) and is_plural(two[-1]) and not ({one[0].lower(), two[0].lower()} & DETERMINERS)
    return bare or (one[-1] == two[-1] and len(two) > 1)


def _phrases(text: str, *, also_of: bool = False) -> Iterator[Phrase]:
    names = [start for start, _, _ in find_names(text)]
    for found in _BEGINS.finditer(text):
        preposition = (found["preposition"] or "").lower()
        if preposition == "of" and not also_of:
            continue
        words = _up_to_the_next(text[found.end() :]) if preposition else found[0]
        start = found.end() if preposition else found.start()
        if words:
            named = any(start <= name < start + len(words) for name in names)
            yield Phrase(found.start(), start + len(words), preposition, words, _kind(preposition, words, named))


def _up_to_the_next(text: str) -> str:
    """The words before the next phrase or verb; what "of" joins to them belongs to them."""
    taken: list[str] = []
    for word in re.split(r"[,;:?!()]", text, maxsplit=1)[0].split():
        ends = (is_preposition(word) and word.lower() != "of") or re.fullmatch(AUXILIARY, word)
        if ends or (taken and is_verb(word) and not asks_for_a_noun(taken[-1])):
            break
        taken.append(word)
    return " ".join(taken)


def _kind(preposition: str, words: str, named: bool) -> str:
    if not named and _A_TIME.search(words):
        return "time"
    each = words.lower().split()
    bare = each[0] not in DETERMINERS and not is_plural(each[-1]) and each[0] not in _MANNERS  # "in norland"
    return "place" if preposition in _IN_PLACES + _TO_PLACES and (named or bare) else ""


def _counterpart(new: Phrase, phrases: list[Phrase]) -> Phrase | None:
    """The last of the phrases that tells the same, if possible with the same preposition."""
    same = [old for old in phrases if old.kind == new.kind]
    beside = [old for old in same if old.preposition == new.preposition]
    if new.kind == "place":
        beside = beside or [old for old in same if {old.preposition, new.preposition} <= {*_IN_PLACES}]
    elif new.kind == "time":
        beside = same
    return beside[-1] if beside else None


def _with_the_year(phrase: str, old: Phrase) -> str:
    """The year stays where only the month changes: "in April 2023" behind "in February 2023"."""
    year = _YEAR_BEHIND.search(old.words)
    if not year or re.search(r"\d{4}", phrase):
        return phrase
    if re.search(rf"(?:{_DAY}|{_MONTH})$", phrase):
        return f"{phrase} {year[0]}"
    return f"{phrase} of {year[0]}" if re.search(rf" {_UNIT}$", phrase) and not re.search(_OF_NOW, phrase) else phrase


def _exchanged(old: Phrase, new: str, text: str) -> str:
    return f"{text[: old.start]}{new}{text[old.end :]}"
