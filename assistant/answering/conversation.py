"""Completes a follow-up question from the conversation, by rules: no language model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.language.names import find_names, long_names
from assistant.language.quantities import ORDINALS, UNITS
from assistant.types import Turn

_LEADING = re.compile(r"^(?:(?:and|but|or|so|ok|okay|also|then)[,\s]+)+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how) about\s+", re.IGNORECASE)
_PREPOSITION = r"(?:in|at|on|from|to|by|for|of|with|since|until|under|during|after|before|according to)"
_AUXILIARY = r"(?:was|were|is|are|did|does|do|has|have|had|will|can|could|would|should)"
_VERB = (
    r"(?:signed|concluded|renewed|held|moved|designated|made|announced|agreed|launched|begin|began|start|started|take|took"
    r"|happen|happened|sign|become|became|appointed|established|expire|expired|inaugurated|join|joined|called|named|mean|means"
    r"|say|said|set|created|born|cover|covers|allow|allows|provide|provides|attend|attended|co-chaired|chaired|hosted|host|last"
    r"|lasted|cost|come|came|enter|entered|apply|stand|won|led|opened|hosts|chairs|run|runs|ran|end|ends|go|went|work|works|serve"
    r"|include|includes|contain|contains|require|requires|involve|involves|offer|offers|concern|concerns|follow|follows|differ|write|wrote|speak"
    r"|spoke|meet|met|discuss|get|got|buy|bought|order|build|lead|win)"
)
# Another participle ends the subject only where nothing but a phrase follows: "confirmed by the Senate".
_PARTICIPLE = rf"[a-z]{{3,}}ed(?=\s*\?*$| {_PREPOSITION}\b)"
_WH = r"(?:when|where|who|whom|why|how many|how much|how long|how|what year|what date|which year)"
_ASKED = re.compile(rf"^(?:{_PREPOSITION} )?{_WH}\b", re.IGNORECASE)
_ASKS = re.compile(rf"^(?:{_PREPOSITION} )?(?:what|which|whose|{_WH}|{_AUXILIARY})\b", re.IGNORECASE)
_WHEN_OF_EVENTS = r"(?: (?P<verb>happen|take place|signed|held|do(?:ne)?|agreed|announced|launched))?"
_BARE = re.compile(
    rf"^(?P<wh>(?:(?:by|with|for|to|from) whom)|when|where|who|why|how)(?: exactly)?"
    rf"(?: {_AUXILIARY}(?: (?:it|that|this|they|those|these|he|she))?{_WHEN_OF_EVENTS})?\s*\?*$",
    re.IGNORECASE,
)
_WHICH = re.compile(r"^(?P<wh>(?:in |at |on |from )?(?:which|what) \w+)\s*\?*$", re.IGNORECASE)
_WHICH_ONE = re.compile(r"(?:which|what) (?P<one>[^?]+?) (?P<aux>was|were|is|are) (?P<rest>\w.*)", re.IGNORECASE)
_COUNTED = re.compile(rf"how many (?P<thing>[^?]+?) {_AUXILIARY}\b", re.IGNORECASE)
_A_TIME = r"(?:day|time|year|month|week|occasion|edition)\b"
_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_PRONOUN = re.compile(
    rf"\b(?:(?:that|this) ones?|it|its|(?<!after )(?<!before )(?:that|this)(?! {_A_TIME})"
    r"|they|them|their|theirs|those|these|there|then|the same"
    r"|the (?:former|latter|deal|pact|agreement|meeting|talks|dialogue|document|statement|exercise|call|leader|minister"
    r"|secretary))\b",
    re.IGNORECASE,
)
_THAT_DAY = re.compile(rf"\b(?:that|this|the same) {_A_TIME}", re.IGNORECASE)
_ONE = re.compile(r"\bones?\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:in )?(\d{4})[?!. ]*")
_NUMBERS = UNITS[1:11]
_LATER = re.compile(
    rf"(?:in )?(?:the (?P<which>previous|next|following) year|(?:the|an?|(?P<count>\d{{1,2}}|{'|'.join(_NUMBERS)})) years?"
    r" (?P<side>before|after|earlier|later)(?: that)?)[?!. ]*",
    re.IGNORECASE,
)
_ORDINALS = ORDINALS[1:11]
_ORDER = rf"(?:{'|'.join(_ORDINALS)}|inaugural|latest|last|\d+(?:st|nd|rd|th))"
_ORDINAL = re.compile(rf"\b{_ORDER}\b", re.IGNORECASE)
_ONLY_ORDINAL = re.compile(rf"(?:the )?({_ORDER})(?: one)?[?!. ]*", re.IGNORECASE)
# "the round before that one", "the next one": by its number where the question before has one.
_NEIGHBOUR = re.compile(
    r"(?:the )?(?:[\w+-]+ (?P<side>before|after)(?: (?:that|it|this)(?: one)?)?|(?P<order>next|previous|following)(?: one)?)"
    r"[?!. ]*",
    re.IGNORECASE,
)
# "the meeting before that", asked about: the neighbour of "the 17th Defence Policy Group".
_NEIGHBOUR_OF_THAT = re.compile(r"\bthe [\w+-]+ (?P<side>before|after) (?:that|it|this)(?: one)?\b", re.IGNORECASE)
_NUMBERED = re.compile(rf"\bthe (?P<order>{_ORDER})(?P<thing>(?: [A-Z\d][\w+-]*)+| [\w+-]+)")
# "In the 2024 edition, what was the ship called?"
_ASKED_AFTER = re.compile(rf"^(?P<where>{_PREPOSITION} [^,?]+), (?P<asked>(?:what|which|whose|{_WH})\b[^?]+)\??$", re.IGNORECASE)
_ADVERBIAL = re.compile(rf"(?P<with>{_PREPOSITION})(?: [\w-]+){{1,4}}[?!. ]*", re.IGNORECASE)
# What a question is about: what stands between auxiliary and verb ("was the agreement signed"), or after the verb ("signed it").
_SUBJECT = re.compile(
    rf"\b{_AUXILIARY} (?P<topic>(?:the |a |an )?[^?]+?)"
    rf"(?= (?:{_VERB}|{_PARTICIPLE})\b| in (?:\d{{4}}|[A-Z])| on (?:\d|[A-Z])| between| about|\s*\?*$)"
)
_OBJECT = re.compile(
    rf"^(?:who|(?:which|what|how many)(?: [\w-]+){{1,3}}?) (?P<verb>{_VERB}|[a-z]{{3,}}ed)"
    rf"(?P<off> part in| over| {_PREPOSITION})? (?P<topic>[^?]+?)"
    rf"(?= in (?:\d{{4}}|[A-Z])| on (?:\d|[A-Z])| between| about| for |\s*\?*$)",
    re.IGNORECASE,
)
_WHO_DID = re.compile(rf"who (?:{_VERB}|[a-z]{{3,}}ed)[?!. ]*", re.IGNORECASE)
_MOST_PEOPLE = 3
# "the logistics agreement" is specific enough to stand by itself, "the hosts" is not.
_SPECIFIC = re.compile(rf"\b(?:the|an?) (?!\w+ (?:{_AUXILIARY}|{_VERB}|{_PREPOSITION})\b)[\w-]+ [\w-]+", re.IGNORECASE)
# These are of something: a question that doesn't say of what means what was spoken of before.
_RELATIONAL = re.compile(
    r"\bthe (?:hosts?|votes?|winners?|dates?|place|venue|price|costs?|reasons?|outcome|results?|participants?|members?|leaders?"
    r"|terms?|details?|troops|soldiers|ships|aircraft|signatories|speakers?|delegations?|themes?|aims?|purpose|goals?)\b",
    re.IGNORECASE,
)
_OWN_WORDS = 5  # from so many words on a follow-up asks something of its own
_FEW_WORDS = 8  # a question of no more words and without a name may mean what was spoken of before


@dataclass(frozen=True, slots=True)
class _Standing:
    """A question that stands by itself: what it is about, and of one like "Who signed it?" what was done to that."""

    text: str
    topic: str | None
    done: str | None

    @classmethod
    def of(cls, text: str) -> _Standing:
        if found := _OBJECT.match(text):
            return cls(text, found["topic"].strip(), "held" if found["off"] else found["verb"])
        subject = _SUBJECT.search(text)
        return cls(text, subject["topic"].strip() if subject else None, None)

    @property
    def head(self) -> str:
        """The noun of the topic without what stands before it: "Secretary of Defence" of "the US Secretary of Defence"."""
        if counted := _COUNTED.match(self.text):
            return counted["thing"]
        found = re.search(r"[\w+-]+ of .+$", self.topic or "")
        return found[0] if found else (self.topic or "").rsplit(maxsplit=1)[-1]


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
        elif not before or (not _leans(text) and (not _may_lean(text) or _SPECIFIC.search(text))):
            before, said = text, ""
        else:  # a chain of follow-ups leans on the last question that could be completed
            before, said = next(_completed(text, _Standing.of(before), said), before), ""
    if not before or not (_leans(question) or _may_lean(question)):
        return (question,)
    standing = _Standing.of(before)
    in_full = f"{before.rstrip('?. ')}? {question}"
    if not _leans(question):
        beside = _beside(question, standing)
        if _SPECIFIC.search(question):
            return tuple(dict.fromkeys((question, *beside, in_full)))
        return tuple(dict.fromkeys((*beside, *([] if _RELATIONAL.search(question) else [question]), in_full)))
    readings = list(dict.fromkeys(_completed(question, standing, said)))
    if readings and _says_all(_stripped(question)):
        return tuple(readings)  # with its own words taken for the question's, nothing is left to add
    beside = _beside(_stripped(question), standing) if _ASKS.match(_stripped(question)) else []
    return tuple(dict.fromkeys((*readings, *(_under_its_names(question, before) or beside), in_full)))


def _beside(question: str, standing: _Standing) -> list[str]:
    return [f"{question.rstrip('?!. ')} ({standing.topic})?"] if standing.topic else []


def _stripped(question: str) -> str:
    """The question without "and" or "what about" before it, and its question word first."""
    rest = _ABOUT.sub("", _LEADING.sub("", question.strip())).strip()
    return _ASKED_AFTER.sub(lambda found: f"{found['asked'].rstrip()} {found['where'][0].lower()}{found['where'][1:]}?", rest)


def _asks_otherwise(rest: str) -> re.Match[str] | None:
    """Whether a follow-up is another question word and no more: "where?", "in which city?"."""
    return _BARE.match(rest) or _WHICH.match(rest)


def _leans(question: str) -> bool:
    stripped = question.strip()
    if _LEADING.match(stripped) or _ABOUT.match(stripped) or _asks_otherwise(stripped):
        return True
    words = stripped.rstrip("?!. ").split()
    return len(words) <= 2 or (len(words) <= 14 and any(found.search(stripped) for found in (_PRONOUN, _PERSON, _THAT_DAY, _ONE)))


def _may_lean(question: str) -> bool:
    """Whether a question is short and says of nothing which: "Who were the hosts?"."""
    few = len(question.split()) <= _FEW_WORDS and not re.search(r"\d", question)
    return few and bool(_ASKS.match(question)) and not any(find_names(question))


def _completed(question: str, standing: _Standing, said: str) -> Iterator[str]:
    """The follow-up as a question that stands by itself; likeliest first, none where no rule fits."""
    rest, before, topic = _stripped(question), standing.text, standing.topic
    if asked := _asks_otherwise(rest):
        yield from _otherwise(asked, rest, standing)
    elif year := _YEAR.fullmatch(rest):
        yield from _of_the_year(year[1], standing)
    elif year_then := _other_year(rest, before):
        yield from _of_the_year(year_then, standing)
    elif order := _order(rest, before):
        yield _ORDINAL.sub(lambda _: order, before, count=1)
    elif (that := _NEIGHBOUR_OF_THAT.search(rest)) and (neighbour := _neighbour(that["side"], before)):
        yield f"{rest[: that.start()]}{neighbour}{rest[that.end() :]}"
    elif _ASKS.match(rest):
        yield from _filled(rest, standing, said)
    elif phrase := _ADVERBIAL.fullmatch(rest):
        kept = re.sub(rf" {phrase['with']} [^?]+$", "", before.rstrip("?. "), flags=re.IGNORECASE)
        yield f"{kept} {rest.rstrip('?!. ')}?"
    elif topic and not _NEIGHBOUR.fullmatch(rest):
        rest = rest.rstrip("?!. ")
        if not _ONE.search(rest):
            yield from _with_name(rest, before)
        # "and the industrial security one?": the new words in the topic's place.
        yield before.replace(topic, _ONE.sub(lambda _: standing.head, rest), 1)


def _otherwise(asked: re.Match[str], rest: str, standing: _Standing) -> Iterator[str]:
    """ "Where was that?", "in which city?": the question before with another question word."""
    word = asked["wh"].capitalize()
    if standing.topic and asked.groupdict().get("verb") and _PRONOUN.search(rest):  # "where was it signed?" has a verb of its own
        yield _PRONOUN.sub(lambda _: standing.topic or "", rest, count=1)
    elif which := _WHICH_ONE.match(standing.text):
        yield f"{word} {which['aux']} the {which['one']} {which['rest']}"
    elif standing.done:
        if word != "Who":
            yield f"{word} was {standing.topic} {standing.done}?"
    elif word == "Who" and (found := re.search(rf" (?:was|were) {re.escape(standing.topic or '?')} (\w+)", standing.text)):
        yield f"Who {found[1]} {standing.topic}?"
    elif _ASKED.match(standing.text):
        yield _ASKED.sub(lambda _: word, standing.text, count=1)


def _filled(rest: str, standing: _Standing, said: str) -> Iterator[str]:
    """ "Who signed it?": the topic in the pronoun's place, the person spoken of in that of "he" and "her"."""
    topic = standing.topic
    with_one = (
        _ONE.sub(lambda _: standing.head, rest)
        if topic and not re.search(r"\b(?:that|this) ones?\b", rest, re.IGNORECASE)
        else rest
    )
    with_topic = _PRONOUN.sub(lambda found: _fit(found[0], topic), with_one, count=1) if topic else with_one
    if not _PERSON.search(with_topic):
        if with_topic != rest:
            yield with_topic
        elif topic and _WHO_DID.fullmatch(rest):
            yield f"{rest.rstrip('?!. ')} {topic}?"
        return
    spoken_of = [topic] if topic and with_topic == with_one else []
    people = dict.fromkeys((*_people(standing.text), *spoken_of, *_people(said)))
    for person in list(people)[:_MOST_PEOPLE]:
        yield _PERSON.sub(lambda found, person=person: _fit(found[0], person), with_topic)  # type: ignore[misc]


def _says_all(rest: str) -> bool:
    one_word = (
        _asks_otherwise(rest)
        or _YEAR.fullmatch(rest)
        or _LATER.fullmatch(rest)
        or _ONLY_ORDINAL.fullmatch(rest)
        or _NEIGHBOUR.fullmatch(rest)
    )
    return bool(one_word) or _is_a_name(rest)


def _other_year(rest: str, before: str) -> str | None:
    """ "The year before", "ten years later": counted from the year of the question before, if it has one."""
    found, known = _LATER.fullmatch(rest), re.search(r"\b(?:19|20)\d{2}\b", before)
    if not found or not known:
        return None
    count = (found["count"] or "one").lower()
    years = int(count) if count.isdigit() else _NUMBERS.index(count) + 1
    back = (found["side"] or found["which"] or "").lower() in ("before", "earlier", "previous")
    return str(int(known[0]) + (-years if back else years))


def _order(rest: str, before: str) -> str | None:
    """What is to stand in place of the ordinal of the question before: the one that a follow-up gives and no more, or that of the
    neighbour."""
    known = _ORDINAL.search(before)
    if known and (given := _ONLY_ORDINAL.fullmatch(rest)):
        return given[1]
    neighbour = _NEIGHBOUR.fullmatch(rest)
    return _beside_in_order(known[0], neighbour["side"] or neighbour["order"]) if neighbour and known else None


def _beside_in_order(order: str, side: str) -> str | None:
    """The ordinal before or after one in words or figures; None where there is none, or it is no number ("the last")."""
    step = -1 if side.lower() in ("before", "previous") else 1
    if order.lower() in _ORDINALS:
        at = _ORDINALS.index(order.lower()) + step
        return _ORDINALS[at] if 0 <= at < len(_ORDINALS) else None
    count = int(order[:-2]) + step if order[0].isdigit() else 0
    return _in_figures(count) if count > 0 else None


def _in_figures(count: int) -> str:
    """3 as "3rd", 12 as "12th"."""
    teens = count % 100 in (11, 12, 13)
    return f"{count}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(count % 10, 'th')}"


def _neighbour(side: str, before: str) -> str | None:
    """What comes before or after the numbered thing that the question before speaks of."""
    numbered = _NUMBERED.search(before)
    order = _beside_in_order(numbered["order"], side) if numbered else None
    return f"the {order}{numbered['thing']}" if numbered and order else None


def _is_a_name(words: str) -> bool:
    """Whether it is one name and nothing else: "South Korea?"."""
    words = words.rstrip("?!. ").removeprefix("the ")
    return [words[start:end] for start, end, _ in find_names(words)] == [words]


def _of_the_year(year: str, standing: _Standing) -> Iterator[str]:
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
    without = re.sub(rf"(?<=\bthe ){_ORDER} ", "", standing.text, count=1)
    yield f"{without.rstrip('?. ')} in {year}?"


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


def _people(text: str) -> list[str]:
    return [text[start:end] for start, end, name in find_names(text) if name.kind in ("person", "")]


def _fit(pronoun: str, name: str) -> str:
    return f"{name}'s" if pronoun.lower() in {"its", "their", "his", "hers", "theirs"} else name
