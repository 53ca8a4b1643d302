"""Completes a follow-up question from the conversation, by rules: no language model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.answering.leaning import AFTERWARDS, ONE, PERSON, PRONOUN, SPECIFIC, points_back
from assistant.answering.neighbours import (
    about_the_neighbour,
    in_other_order,
    is_a_place,
    is_the_neighbour,
    other_year,
    without_order,
)
from assistant.answering.standing import AUXILIARY, PREPOSITION, VERB, Standing
from assistant.language.names import find_names, long_names, may_be_people
from assistant.types import Turn

_LEADING = re.compile(r"^(?:(?:and|but|or|so|ok|okay|also|then)[,\s]+)+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how) about\s+", re.IGNORECASE)
_WH = r"(?:when|where|who|whom|why|how many|how much|how long|how|what year|what date|which year)"
_ASKED = re.compile(rf"^(?:{PREPOSITION} )?{_WH}\b", re.IGNORECASE)
_ASKS = re.compile(rf"^(?:{PREPOSITION} )?(?:what|which|whose|{_WH}|{AUXILIARY})\b", re.IGNORECASE)
_WHEN_OF_EVENTS = r"(?: (?P<verb>happen|take place|signed|held|do(?:ne)?|agreed|announced|launched))?"
_BARE = re.compile(
    rf"^(?P<wh>(?:(?:by|with|for|to|from) whom)|when|where|who|why|how)(?: exactly)?"
    rf"(?: {AUXILIARY}(?: (?:it|that|this|they|those|these|he|she))?{_WHEN_OF_EVENTS})?\s*\?*$",
    re.IGNORECASE,
)
_WHICH = re.compile(r"^(?P<wh>(?:in |at |on |from )?(?:which|what) \w+)\s*\?*$", re.IGNORECASE)
_WHICH_ONE = re.compile(r"(?:which|what) (?P<one>[^?]+?) (?P<aux>was|were|is|are) (?P<rest>\w.*)", re.IGNORECASE)
_MANY = re.compile(r"(?:they|them|their|theirs|those|these)", re.IGNORECASE)
_YEAR = re.compile(r"(?:in )?(\d{4})[?!. ]*")
# "In the 2024 edition, what was the ship called?"
_ASKED_AFTER = re.compile(rf"^(?P<where>{PREPOSITION} [^,?]+), (?P<asked>(?:what|which|whose|{_WH})\b[^?]+)\??$", re.IGNORECASE)
_ADVERBIAL = re.compile(rf"(?P<with>{PREPOSITION})(?: [\w-]+){{1,4}}[?!. ]*", re.IGNORECASE)
_WHO_DID = re.compile(rf"who (?:{VERB}|[a-z]{{3,}}ed)[?!. ]*", re.IGNORECASE)
_WITH = {"spoke": " at", "met": " at", "came": " to", "went": " to"}
_PLURAL = re.compile(r"(?:[\w+-]+ )?[\w+-]+s", re.IGNORECASE)
_MOST_PEOPLE = 3
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
    before, said = "", ""
    for turn in history:
        text = " ".join(turn.content.split())
        if turn.role != "user":
            said = text
        elif not before or (not _leans(text) and (not _may_lean(text) or SPECIFIC.search(text))):
            before, said = text, ""
        else:  # a chain of follow-ups leans on the last question that could be completed
            before, said = next(_completed(text, Standing.of(before), said), before), ""
    if not before or not (_leans(question) or _may_lean(question)):
        return (question,)
    standing = Standing.of(before)
    both = in_full([before], question)
    if not _leans(question):
        beside = _beside(question, standing)
        if SPECIFIC.search(question) and not _RELATIONAL.search(question):
            return tuple(dict.fromkeys((question, *beside, both)))
        return tuple(dict.fromkeys((*beside, *([] if _RELATIONAL.search(question) else [question]), both)))
    readings = list(dict.fromkeys(_completed(question, standing, said)))
    rest = stripped(question)
    if readings and _says_all(rest):
        return tuple(readings)  # with its own words taken for the question's, nothing is left to add
    if rest != question.strip() and _ASKS.match(rest) and not points_back(rest) and long_names(rest):
        readings.insert(0, rest)  # "And who leads NATO?" asks by itself
    beside = _beside(rest, standing) if _ASKS.match(rest) else []
    return tuple(dict.fromkeys((*readings, *(_under_its_names(question, before) or beside), both)))


def in_full(before: Sequence[str], question: str) -> str:
    """The question with those asked before it, each ended by a question mark: as the reader was trained to take them."""
    return " ".join([*(f"{each.rstrip('?!. ')}?" for each in before), question])


def stripped(question: str) -> str:
    """The question without "and" or "what about" before it, and its question word first."""
    rest = _ABOUT.sub("", _LEADING.sub("", question.strip())).strip()
    return _ASKED_AFTER.sub(lambda found: f"{found['asked'].rstrip()} {found['where'][0].lower()}{found['where'][1:]}?", rest)


def _beside(question: str, standing: Standing) -> list[str]:
    return [f"{question.rstrip('?!. ')} ({standing.topic})?"] if standing.topic else []


def _asks_otherwise(rest: str) -> re.Match[str] | None:
    """Whether a follow-up is another question word and no more: "where?", "in which city?"."""
    return _BARE.match(rest) or _WHICH.match(rest)


def _leans(question: str) -> bool:
    stripped = question.strip()
    if _SMALL_TALK.fullmatch(stripped):
        return False
    if _LEADING.match(stripped) or _ABOUT.match(stripped) or _asks_otherwise(stripped):
        return True
    words = stripped.rstrip("?!. ").split()
    return len(words) <= 2 or (len(words) <= 14 and points_back(stripped))


def _may_lean(question: str) -> bool:
    """Whether a question is short and says of nothing which: "Who were the hosts?"."""
    few = len(question.split()) <= _FEW_WORDS and not re.search(r"\d", question)
    return few and bool(_ASKS.match(question)) and not any(find_names(question))


def _completed(question: str, standing: Standing, said: str) -> Iterator[str]:
    """The follow-up as a question that stands by itself; likeliest first, none where no rule fits."""
    rest, before, topic = stripped(question), standing.text, standing.topic
    if asked := _asks_otherwise(rest):
        yield from _otherwise(asked, rest, standing)
    elif year := _YEAR.fullmatch(rest):
        yield from _of_the_year(year[1], standing)
    elif year_then := other_year(rest, before):
        yield from _of_the_year(year_then, standing)
    elif beside := in_other_order(rest, before) or about_the_neighbour(rest, before):
        yield beside
    elif _ASKS.match(rest):
        yield from _filled(rest, standing, said)
    elif phrase := _ADVERBIAL.fullmatch(rest):
        kept = re.sub(rf" {phrase['with']} [^?]+$", "", before.rstrip("?. "), flags=re.IGNORECASE)
        yield f"{kept} {rest.rstrip('?!. ')}?"
    elif topic and not is_the_neighbour(rest):
        rest = rest.rstrip("?!. ")
        if not ONE.search(rest):
            yield from _with_name(rest, before)
            if standing.counted and _PLURAL.fullmatch(rest):
                yield before.replace(standing.counted, rest, 1)
        elif described := standing.described:
            yield before.replace(described.phrase, ONE.sub(described.noun, rest), 1)
        # "and the industrial security one?": the new words in the topic's place.
        yield before.replace(topic, ONE.sub(lambda _: standing.head, rest), 1)


def _otherwise(asked: re.Match[str], rest: str, standing: Standing) -> Iterator[str]:
    """ "Where was that?", "in which city?": the question before with another question word."""
    word = asked["wh"].capitalize()
    if standing.topic and asked.groupdict().get("verb") and PRONOUN.search(rest):  # "where was it signed?" has a verb of its own
        yield PRONOUN.sub(lambda _: standing.topic or "", rest, count=1)
    elif which := _WHICH_ONE.match(standing.text):
        yield f"{word} {which['aux']} the {which['one']} {which['rest']}"
    elif standing.done:
        if word != "Who":
            yield f"{word} was {standing.topic} {standing.done}?"
    elif word == "Who" and (found := re.search(rf" (?:was|were) {re.escape(standing.topic or '?')} (\w+)", standing.text)):
        yield f"Who {found[1]} {standing.topic}?"
    elif _ASKED.match(standing.text):
        yield _ASKED.sub(lambda _: word, standing.text, count=1)


def _filled(rest: str, standing: Standing, said: str) -> Iterator[str]:
    """ "Who signed it?": the topic in the pronoun's place, the person spoken of in that of "he" and "her"."""
    topic = standing.topic
    if topic and (afterwards := AFTERWARDS.search(rest)) and not _is_a_name(topic):
        yield f"{rest[: afterwards.start()]}after {topic}{rest[afterwards.end() :]}"
        return
    with_one = (
        ONE.sub(lambda _: standing.head, rest)
        if topic and not re.search(r"\b(?:that|this) ones?\b", rest, re.IGNORECASE)
        else rest
    )
    with_topic = PRONOUN.sub(lambda found: _fit(found[0], _meant(found[0], standing)), with_one, count=1) if topic else with_one
    if not PERSON.search(with_topic):
        if with_topic != rest:
            yield with_topic
        elif topic and _WHO_DID.fullmatch(rest):
            asked = rest.rstrip("?!. ")
            yield f"{asked}{_WITH.get(asked.split()[-1].lower(), '')} {topic}?"
        return
    spoken_of = [topic] if topic and with_topic == with_one else []
    people = dict.fromkeys((*may_be_people(standing.text), *spoken_of, *may_be_people(said)))
    for person in list(people)[:_MOST_PEOPLE]:
        yield PERSON.sub(lambda found, person=person: _fit(found[0], person), with_topic)  # type: ignore[misc]


def _meant(pronoun: str, standing: Standing) -> str:
    """What a pronoun stands for: several things for those that were counted, else the topic."""
    counted = standing.counted if _MANY.fullmatch(pronoun) else None
    return counted or standing.topic or ""


def _says_all(rest: str) -> bool:
    one_word = _asks_otherwise(rest) or _YEAR.fullmatch(rest) or is_a_place(rest)
    return bool(one_word) or _is_a_name(rest)


def _is_a_name(words: str) -> bool:
    """Whether it is one name and nothing else: "South Korea?"."""
    words = words.rstrip("?!. ").removeprefix("the ")
    return [words[start:end] for start, end, _ in find_names(words)] == [words]


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


def _with_name(new: str, before: str) -> Iterator[str]:
    """ "And South Korea?": the name in the place of one of its kind, the last of them first."""
    if not _is_a_name(new):
        return
    names = list(find_names(new))
    like = [(start, end) for start, end, name in find_names(before) if name.kind == names[0][2].kind]
    for start, end in reversed(like):
        yield before[:start] + new[names[0][0] :] + before[end:]


def _under_its_names(question: str, before: str) -> list[str]:
    """The question alone, with the names that the one before it had and it hasn't; countries tell too little."""
    rest = _LEADING.sub("", question.strip()).rstrip("?!. ")
    names = long_names(before, (" of ", " of the ", " and "))  # "Basic Exchange and Cooperation Agreement"
    missing = [name for name in dict.fromkeys(before[slice(*span)] for span in names) if name.lower() not in rest.lower()]
    return [f"{rest[0].upper()}{rest[1:]} ({', '.join(missing)})?"] if missing and len(rest.split()) >= _OWN_WORDS else []


def _fit(pronoun: str, name: str) -> str:
    return f"{name}'s" if pronoun.lower() in {"its", "their", "his", "hers", "theirs"} else name
