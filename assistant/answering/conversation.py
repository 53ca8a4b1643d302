"""Completes a follow-up question from the conversation, by rules: no language model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.answering.counterparts import is_a_name
from assistant.answering.fragments import in_place
from assistant.answering.leaning import PRONOUN, SPECIFIC, points_back
from assistant.answering.neighbours import (
    about_the_neighbour,
    in_other_order,
    is_a_place,
    other_year,
    without_order,
)
from assistant.answering.people import PERSON, fit
from assistant.answering.pronouns import MANY, filled, with_noun
from assistant.answering.question_words import asks_otherwise, otherwise
from assistant.answering.standing import Standing
from assistant.answering.word_classes import ASKING, ASKS, AUXILIARY, PREPOSITION, WH
from assistant.language.names import find_names, long_names
from assistant.types import Turn

_LEADING = re.compile(r"^(?:(?:and|but|or|so|ok|okay|also|then)[,\s]+)+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how) about\s+", re.IGNORECASE)
# "And Australia, when was it invited?"
_NO_THING = rf"(?:what|which|whose|{WH}|{AUXILIARY}|no|yes|i|well|hm+|lol|wow|really|sorry|wait|right)\b"
_NAMED_FIRST = re.compile(
    rf"(?P<thing>(?!{_NO_THING})[^\s,?]+(?: [^\s,?]+){{0,5}}?)(?:,| [–-]) "
    rf"(?P<asked>{ASKING}[^?]+\??)$",
    re.IGNORECASE,
)
_HE_DID = re.compile(r"\b(?:he|she)\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:in )?(\d{4})[?!. ]*")
# "In the 2024 edition, what was the ship called?"
_ASKED_AFTER = re.compile(rf"^(?P<where>{PREPOSITION} [^,?]+), (?P<asked>(?:what|which|whose|{WH})\b[^?]+)\??$", re.IGNORECASE)
# These are of something: a question that doesn't say of what means what was spoken of before.
_RELATIONAL = re.compile(
    r"\bthe (?:hosts?|votes?|winners?|dates?|place|venue|price|costs?|reasons?|outcome|results?|participants?|members?|leaders?"
    r"|(?:first|second|third|next|last|previous) (?:meetings?|rounds?|editions?|visits?|reviews?|summits?|talks)"
    r"|terms?|details?|troops|soldiers|ships|aircraft|signatories|speakers?|delegations?|themes?|aims?|purpose|goals?)\b",
    re.IGNORECASE,
)
# Asks nothing, so it has nothing to complete.
_SMALL_TALK = re.compile(
    r"(?:\W|\b(?:thanks?|thank you|thx|cheers|ok(?:ay)?|yes|yeah|no|nope|hi|hello|hey|bye|goodbye|great|good|nice|cool|fine"
    r"|got it|i see|sure|please|very|much|so|a lot)\b)*",
    re.IGNORECASE,
)
_OWN_WORDS = 5  # from so many words on a follow-up asks something of its own
_FEW_WORDS = 8  # a question of no more words and without a name may mean what was spoken of before


def condense_question(question: str, history: Sequence[Turn]) -> tuple[str, ...]:
    """The ways in which a question may be meant, given the turns before it, the likeliest first; never empty. The last of
    several is both questions in full.

    A question that stands by itself comes back alone and unchanged. For a follow-up the search decides between the readings.
    """
    before, said, last = "", "", ""
    for turn in history:
        text = " ".join(turn.content.split())
        if turn.role != "user":
            said = text
        elif not before or (not _leans(text) and (not _may_lean(text) or SPECIFIC.search(text))):
            before, said = text, ""
        else:  # a chain of follow-ups leans on the last question that could be completed
            said = "" if _goes_on_about(last, text) else said
            completed = next(_completed(text, Standing.of(before), said), before)
            before, said = completed if completed != stripped(text) or long_names(text) else before, ""
        last = text if turn.role == "user" else last
    if not before or not (_leans(question) or _may_lean(question)):
        return (question,)
    said = "" if _goes_on_about(last, question) else said
    standing = Standing.of(before)
    both = in_full([before], question)
    if not _leans(question):
        beside = _beside(question, standing)
        if SPECIFIC.search(question) and not _RELATIONAL.search(question):
            return tuple(dict.fromkeys((question, *beside, both)))
        return tuple(dict.fromkeys((*beside, *([] if _RELATIONAL.search(question) else [question]), both)))
    readings = [each for each in dict.fromkeys(_completed(question, standing, said)) if each != before]
    rest = stripped(question)
    if readings and _says_all(rest):
        return tuple(readings)  # with its own words taken for the question's, nothing is left to add
    if rest != question.strip() and ASKS.match(rest) and not points_back(rest) and long_names(rest):
        readings.insert(0, rest)  # "And who leads NATO?" asks by itself
    beside = _beside(rest, standing) if ASKS.match(rest) else []
    return tuple(dict.fromkeys((*readings, *(_under_its_names(question, before) or beside), both)))


def in_full(before: Sequence[str], question: str) -> str:
    """The question with those asked before it, each ended by a question mark: as the reader was trained to take them."""
    return " ".join([*(f"{each.rstrip('?!. ')}?" for each in before), question])


def stripped(question: str) -> str:
    """The question without "and" or "what about" before it, and its question word first."""
    rest = _ABOUT.sub("", _LEADING.sub("", question.strip())).strip()
    return _ASKED_AFTER.sub(lambda found: f"{found['asked'].rstrip()} {found['where'][0].lower()}{found['where'][1:]}?", rest)


def _goes_on_about(last: str, question: str) -> bool:
    """Whether two follow-ups on end speak of one person, so that the answer in between names nobody new to speak of: "whom did he
    meet?", "and his job?"."""
    he, following = _HE_DID.search(last), PERSON.search(question)
    return he is not None and following is not None and (he[0].lower() == "he") == (following[0].lower() in ("he", "him", "his"))


def _beside(question: str, standing: Standing) -> list[str]:
    """The question with what the one before was about behind it, or, for "they", with the things that it counted."""
    about = (standing.counted if MANY.search(question) else None) or standing.topic
    return [f"{question.rstrip('?!. ')} ({about})?"] if about else []


def _leans(question: str) -> bool:
    stripped = question.strip()
    if _SMALL_TALK.fullmatch(stripped):
        return False
    if _LEADING.match(stripped) or _ABOUT.match(stripped) or asks_otherwise(stripped):
        return True
    words = stripped.rstrip("?!. ").split()
    return len(words) <= 2 or (len(words) <= 14 and points_back(stripped))


def _may_lean(question: str) -> bool:
    """Whether a question is short and says of nothing which: "Who were the hosts?"."""
    few = len(question.split()) <= _FEW_WORDS and not re.search(r"\d", question)
    return few and bool(ASKS.match(question)) and not any(find_names(question))


def _completed(question: str, standing: Standing, said: str) -> Iterator[str]:
    """The follow-up as a question that stands by itself; likeliest first, none where no rule fits."""
    rest, before = stripped(question), standing.text
    if asked := asks_otherwise(rest):
        yield from otherwise(asked, rest, standing)
    elif year := _YEAR.fullmatch(rest):
        yield from _of_the_year(year[1], standing)
    elif year_then := other_year(rest, before):
        yield from _of_the_year(year_then, standing)
    elif beside := in_other_order(rest, before) or about_the_neighbour(rest, before):
        yield beside
    elif (named := _NAMED_FIRST.match(rest)) and not _SMALL_TALK.fullmatch(named["thing"]):
        yield from _of_the_named(named["thing"], named["asked"], standing, said)
    elif ASKS.match(rest):
        yield from filled(rest, standing, said)
    else:
        is_one_word = rest == question.strip() and " " not in rest  # whose capital tells nothing: "Range?"
        yield from in_place(rest if not is_one_word or any(find_names(rest)) else rest.lower(), standing, said)


def _of_the_named(thing: str, asked: str, standing: Standing, said: str) -> Iterator[str]:
    """ "And the tax one, when was that?", "and Peru, how much did it pay?": the question says first what it is about."""
    if PERSON.fullmatch(thing):
        yield from _completed(asked, standing, said)
    elif asks_otherwise(asked):
        for text in _completed(thing, standing, said):
            yield from _completed(asked, Standing.of(text), "")
    elif pronouns := [found for found in (PRONOUN.search(asked), PERSON.search(asked)) if found]:
        first = min(pronouns, key=lambda found: found.start())
        yield f"{asked[: first.start()]}{fit(first, with_noun(thing, standing))}{asked[first.end() :]}"


def _says_all(rest: str) -> bool:
    one_word = asks_otherwise(rest) or _YEAR.fullmatch(rest) or is_a_place(rest)
    return bool(one_word) or is_a_name(rest.rstrip("?!. "))


def _of_the_year(year: str, standing: Standing) -> Iterator[str]:
    """The question about another year; where it named none, also the one about what the year had of that kind."""
    changed, found = re.subn(r"\b\d{4}\b", year, standing.text, count=1)
    if found:
        yield changed
        return
    if standing.topic and standing.topic.startswith("the "):
        when = re.match(rf"when (was|were) {re.escape(standing.topic)} (?!held\b)(\w+)", standing.text, re.IGNORECASE)
        if when:  # not when, but which, is asked of a year
            yield f"Which {standing.head} {when[1]} {when[2]} in {year}?"
        elif not standing.text.lower().startswith("when"):
            yield standing.text.replace(standing.topic, f"the {standing.head} of {year}", 1)
    yield f"{without_order(standing.text).rstrip('?. ')} in {year}?"


def _under_its_names(question: str, before: str) -> list[str]:
    """The question alone, with the names that the one before it had and it hasn't; countries tell too little."""
    rest = _LEADING.sub("", question.strip()).rstrip("?!. ")
    names = long_names(before, (" of ", " of the ", " and "))  # "Basic Exchange and Cooperation Agreement"
    missing = [name for name in dict.fromkeys(before[slice(*span)] for span in names) if name.lower() not in rest.lower()]
    return [f"{rest[0].upper()}{rest[1:]} ({', '.join(missing)})?"] if missing and len(rest.split()) >= _OWN_WORDS else []
