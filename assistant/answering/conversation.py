"""Completes a follow-up question from the conversation, by rules: no language model."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.language.names import find_names
from assistant.types import Turn

_LEADING = re.compile(r"^(?:(?:and|but|or|so|ok|okay|also|then)[,\s]+)+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:(?:what|how) about|(?:and )?for)\s+", re.IGNORECASE)
_WH = re.compile(
    r"^(?:on |in |at |by )?(?:when|where|who|whom|why|how many|how much|how long|how|what year|what date|which year)\b",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^(?P<wh>(?:and |but )?(?:when|where|who|why|how))(?: exactly)?"
    r"(?: (?:was|is|were|are|did|does|do|has|had)(?: (?:it|that|this|they|those|these|he|she))?"
    r"(?: (?:happen|take place|signed|held|do(?:ne)?|agreed|announced))?)?\s*\?*$",
    re.IGNORECASE,
)
_A_TIME = r"(?:day|time|year|month|week|occasion|edition)\b"
_PRONOUN = re.compile(
    rf"\b(?:it|its|(?:that|this)(?! {_A_TIME})"
    r"|they|them|their|theirs|those|these|he|him|his|she|her|hers|there|then|the same"
    r"|the (?:former|latter|deal|pact|agreement|meeting|talks|dialogue|document|statement|exercise|call|leader|minister"
    r"|secretary))\b",
    re.IGNORECASE,
)
_AUXILIARY = r"(?:was|were|is|are|did|does|do|has|have|had|will|can|could|would|should)"
_ASKS = re.compile(rf"^(?:(?:in|at|on|from|to|by|for|of|with) )?(?:what|which|whose|{_AUXILIARY})\b", re.IGNORECASE)
_THAT_DAY = re.compile(rf"\b(?:that|this|the same) {_A_TIME}", re.IGNORECASE)
_WHICH = re.compile(r"^(?P<wh>(?:in |at |on |from )?(?:which|what) \w+)\s*\?*$", re.IGNORECASE)
_ONE = re.compile(r"\bones?\b", re.IGNORECASE)
_VERBS = (
    r"(?:signed|concluded|renewed|held|moved|designated|made|announced|agreed|launched|begin|began|start|started|take|took"
    r"|happen|happened|sign|become|became|appointed|established|expire|expired|inaugurated|join|joined|called|named|mean|means"
    r"|say|said|set|created|born|cover|covers|allow|allows|provide|provides|attend|attended|co-chaired|chaired|hosted|host|last|lasted|cost|come|came|enter|entered|apply|stand)"
)
_OWN_WORDS = 5  # from so many words on a follow-up asks something of its own
_TOPIC = re.compile(
    rf"\b{_AUXILIARY} (?P<topic>(?:the |a |an )?[^?]+?)"
    rf"(?= {_VERBS}\b| in (?:\d{{4}}|[A-Z])| on (?:\d|[A-Z])| between| about|\s*\?*$)",
)


def condense_question(question: str, history: Sequence[Turn]) -> tuple[str, ...]:
    """The ways in which a question may be meant, given the turns before it, the likeliest first; never empty. The last of
    several is both questions in full.

    A question that stands by itself comes back alone and unchanged. For a follow-up the search decides between the readings.
    """
    asked = [turn.content for turn in history if turn.role == "user"]
    if not asked or not _leans_on_history(question):
        return (question,)
    before = " ".join(asked[-1].split())
    earlier = [" ".join(text.split()) for text in asked[-3:-1]]
    # A chain of follow-ups leans on the last question that stood by itself.
    if earlier and _leans_on_history(before):
        before = condense_question(before, [Turn("user", text) for text in earlier])[0]
    readings = _readings(question, before)
    if readings and _asks_otherwise(question):
        return tuple(readings)  # with its own words taken for the question's, nothing is left to add
    return tuple(dict.fromkeys((*readings, *_under_its_names(question, before), f"{before.rstrip('?. ')}? {question}")))


def _asks_otherwise(question: str) -> re.Match[str] | None:
    """Whether a follow-up is another question word and no more: "and where?", "in which city?"."""
    rest = _ABOUT.sub("", _LEADING.sub("", question.strip())).strip()
    return _BARE.match(rest) or _WHICH.match(rest)


def _leans_on_history(question: str) -> bool:
    stripped = question.strip()
    if _LEADING.match(stripped) or _ABOUT.match(stripped) or _BARE.match(stripped) or _WHICH.match(stripped):
        return True
    words = stripped.rstrip("?!. ").split()
    return len(words) <= 2 or (len(words) <= 14 and any(found.search(stripped) for found in (_PRONOUN, _THAT_DAY, _ONE)))


def _readings(question: str, before: str) -> list[str]:
    rest = _ABOUT.sub("", _LEADING.sub("", question.strip())).strip()
    topic = _topic(before)
    if asked := _asks_otherwise(question):
        # "where was that?", "in which city?": the question before with another question word.
        word = _LEADING.sub("", asked["wh"]).capitalize()
        return [_WH.sub(word, before, count=1)] if _WH.match(before) else []
    if re.fullmatch(r"(?:in )?\d{4}[?!. ]*", rest):
        return [_with_year(before, re.sub(r"\D", "", rest))]
    if not topic:
        return []
    rest = _ONE.sub(_head(topic), rest)
    if _WH.match(rest) or _ASKS.match(rest):
        # "who signed it?": the topic in the pronoun's place.
        filled = _PRONOUN.sub(lambda found: _fit(found[0], topic), rest, count=1)
        return [filled] if filled != rest else []
    # "and the industrial security one?": the new words in the topic's place.
    return [before.replace(topic, rest.rstrip("?!. "), 1)]


def _under_its_names(question: str, before: str) -> list[str]:
    """The question alone, with the names that the one before it had and it hasn't; countries tell too little."""
    rest = _LEADING.sub("", question.strip()).rstrip("?!. ")
    names: list[tuple[int, int]] = []
    for start, end, name in find_names(before):
        if names and before[names[-1][1] : start] in (" and ", " of ", " of the "):  # "Basic Exchange and Cooperation Agreement"
            names[-1] = names[-1][0], end
        elif name.kind != "country":
            names.append((start, end))
    missing = [name for name in dict.fromkeys(before[slice(*span)] for span in names) if name.lower() not in rest.lower()]
    return [f"{rest[0].upper()}{rest[1:]} ({', '.join(missing)})?"] if missing and len(rest.split()) >= _OWN_WORDS else []


def _with_year(question: str, year: str) -> str:
    """The question about another year."""
    changed, found = re.subn(r"\b\d{4}\b", year, question, count=1)
    return changed if found else f"{question.rstrip('?. ')} in {year}?"


def _topic(question: str) -> str | None:
    """What a question is about: the words between its auxiliary and its verb."""
    found = _TOPIC.search(question)
    return found["topic"].strip() if found else None


def _head(topic: str) -> str:
    """The noun of a topic without what stands before it: "Secretary of Defence" of "the US Secretary of Defence"."""
    found = re.search(r"[\w+-]+ of .+$", topic)
    return found[0] if found else topic.rsplit(maxsplit=1)[-1]


def _fit(pronoun: str, topic: str) -> str:
    possessive = pronoun.lower() in {"its", "their", "his", "hers", "theirs"}
    return f"{topic}'s" if possessive else topic
