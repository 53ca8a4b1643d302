"""Follow-ups that are another question word and no more: "and where?", "in which city?", "why not?"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.leaning import PRONOUN
from assistant.answering.standing import Standing
from assistant.answering.word_classes import AUXILIARY, PREPOSITION, WH

_ASKED = re.compile(rf"^(?:{PREPOSITION} )?{WH}\b", re.IGNORECASE)
_WHEN_OF_EVENTS = r"(?: (?P<verb>happen|take place|signed|held|do(?:ne)?|agreed|announced|launched))?"
_BARE = re.compile(
    rf"^(?P<wh>(?:(?:by|with|for|to|from) whom)|when|where|who|why(?: not)?|how)(?: exactly)?"
    rf"(?: {AUXILIARY}(?: (?:it|that|this|they|those|these|he|she))?{_WHEN_OF_EVENTS})?\s*\?*$",
    re.IGNORECASE,
)
_WHICH = re.compile(r"^(?P<wh>(?:in |at |on |from )?(?:which|what) \w+)\s*\?*$", re.IGNORECASE)
_WHICH_ONE = re.compile(r"(?:which|what) (?P<one>[^?]+?) (?P<aux>was|were|is|are) (?P<rest>\w.*)", re.IGNORECASE)
# "Which pact did Peru sign in Lima?"
_WHAT_DID = re.compile(
    r"(?:what|which)(?: (?P<kind>(?!of\b)[\w-]+(?: [\w-]+){0,3}?))? (?P<did>did|does|do|will) (?P<done>[^?]+)", re.IGNORECASE
)
_WHETHER = re.compile(rf"{AUXILIARY}\b", re.IGNORECASE)


def asks_otherwise(rest: str) -> re.Match[str] | None:
    """Whether a follow-up is another question word and no more: "where?", "in which city?"."""
    return _BARE.match(rest) or _WHICH.match(rest)


def otherwise(asked: re.Match[str], rest: str, standing: Standing) -> Iterator[str]:
    """ "Where was that?", "in which city?": the question before with another question word."""
    word = asked["wh"].capitalize()
    verb = asked.groupdict().get("verb")
    own_verb = verb and not (verb == "happen" and standing.event != standing.topic)  # "why did that happen?"
    if standing.topic and own_verb and PRONOUN.search(rest):  # "where was it signed?"
        yield PRONOUN.sub(lambda _: standing.topic or "", rest, count=1)
    elif which := _WHICH_ONE.match(standing.text):
        yield f"{word} {which['aux']} the {which['one']} {which['rest']}"
    elif standing.done:
        if word != "Who":
            yield f"{word} was {standing.topic} {standing.done}?"
    elif word == "Who" and (found := re.search(rf"\b(?:was|were) {re.escape(standing.topic or '?')} (\w+)", standing.text, re.I)):
        yield f"Who {found[1]} {standing.topic}?"
    elif _ASKED.match(standing.text):
        yield _ASKED.sub(lambda _: word, standing.text, count=1)
    elif standing.topic:
        yield from _of_what_was_done(word, standing.topic, standing.text)


def _of_what_was_done(word: str, topic: str, before: str) -> Iterator[str]:
    """ "Which pact did Peru sign?", "when?"; "Has India joined the club?", "why not?"."""
    what = _WHAT_DID.match(before)
    if what and what["done"].startswith(f"{topic} "):
        verb, *behind = what["done"][len(topic) + 1 :].split()
        thing = [f"the {what['kind']}"] if what["kind"] else []
        yield f"{' '.join([word, what['did'], topic, verb, *thing, *behind])}?"
    elif _WHETHER.match(before):
        asked = before.replace(topic, f"{topic} not", 1) if word.endswith(" not") else before
        yield f"{word.removesuffix(' not')} {asked[0].lower()}{asked[1:]}"
