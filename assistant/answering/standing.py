"""What a question that stands by itself asks about, told by its grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from assistant.answering.subject import before_the_predicate, before_the_verb, without_ends
from assistant.answering.word_classes import ASKS, AUXILIARY, PREPOSITION, VERB, is_preposition, may_be_base

# Another participle ends the subject only where nothing but a phrase follows: "confirmed by the Senate".
_PARTICIPLE = rf"[a-z]{{3,}}ed(?=\s*\?*$| {PREPOSITION}\b)"
_COUNTED = re.compile(rf"how many (?P<thing>[^?]+?) {AUXILIARY}\b", re.IGNORECASE)
# What a question is about: what stands between auxiliary and verb ("was the agreement signed"), or after the verb ("signed it").
_SUBJECT = re.compile(
    rf"\b(?i:{AUXILIARY}) (?P<topic>(?:the |a |an )?[^?]+?)"
    rf"(?= (?:{VERB}|{_PARTICIPLE})\b| in (?:\d{{4}}|[A-Z])| on (?:\d|[A-Z])| between| about|\s*\?*$)"
)
_UNTIL = r"(?= in (?:\d{4}|[A-Z])| on (?:\d|[A-Z])| between| about| for |\s*\?*$)"
_OF_A_KIND = rf"(?:which|what|how many)(?: (?!{AUXILIARY}\b)[\w-]+){{1,3}}?"
_OBJECT = re.compile(
    rf"^(?:who|{_OF_A_KIND}) (?P<verb>{VERB}|[a-z]{{3,}}ed)(?P<off> part in| over| {PREPOSITION})?"
    rf" (?P<topic>(?!{AUXILIARY}\b)[^?]+?){_UNTIL}",
    re.IGNORECASE,
)
# Behind "who" any word is a verb; behind "which company" only what looks like one.
_IRREGULAR = (
    "beat|broke|brought|caught|chose|cut|died|drew|drove|fell|flew|fought|found|gave|grew|heard|hit|kept|knew|laid|left|lost|paid"
    "|quit|rose|sang|sank|saw|sent|shot|shut|sold|sought|spent|stole|struck|sued|swam|taught|threw|told|withdrew"
)
_NO_VERB = rf"(?:{AUXILIARY}|{PREPOSITION}|may|might|must|else|exactly|once|first|also|really|later)"
_ACTED_UPON = re.compile(
    rf"^(?:who (?!{_NO_VERB}\b)[a-z]{{2,}}|{_OF_A_KIND} (?:{_IRREGULAR}))(?: (?:part in|over|off|out|up|down|{PREPOSITION}))?"
    rf" (?P<topic>(?!(?:{AUXILIARY}|{PREPOSITION}|what|which|who)\b)[^?]+?){_UNTIL}",
    re.IGNORECASE,
)
# "Which helicopter can lift the gun?"
_ACTED = re.compile(
    rf"(?P<verb>[a-z]{{3,}})(?<!\bthe)(?: (?:{PREPOSITION}|against|over|out|up|off))?"
    rf" (?P<topic>(?:(?:the|an?) |(?=[A-Z]))[^?]+?){_UNTIL}"
)
_ASKS_BY_WHOM = re.compile(r"(?:who|what|which [\w -]+|how many [\w -]+) ", re.IGNORECASE)
_DID = re.compile(r"(?:did|does|do|will|can|could|would|should)\b", re.IGNORECASE)
_DONE_BY = re.compile(r"(?:(?:which|what) (?P<asked>[\w-]+(?: [\w-]+){0,2}) |.*? )?(?:did|does|do|will) ", re.IGNORECASE)
_OBJECT_BEHIND = re.compile(
    r" [a-z]+ (?P<object>(?:(?:the|an?) |(?=[A-Z]))(?P<noun>[^?,]+?))"
    rf"(?= (?!of )(?:{PREPOSITION}|between|about|over|when|while|as|than)\b|\s*\?*$)"
)
_CLAUSE = re.compile(r"(?<!,) (?:that|which|who)\b")
_COPULAR = re.compile(r"(?:who|what|which [\w-]+|how many [\w-]+) (?:is|are|was|were)\b", re.IGNORECASE)
_WHICH = re.compile(rf"(?:which|what) (?:of the )?(?P<kind>(?!{AUXILIARY}\b)[^?]+?) {AUXILIARY}\b", re.IGNORECASE)
_FEW = 4
# "The third meeting of the forum" has a date of its own.
_OWNER = re.compile(
    r"(?P<whose>[^,]+?)['’]s? \w|(?P<name>[A-Z][\w-]*(?: [A-Z][\w-]*)*) [a-z-]+(?<!s)(?: [a-z-]+(?<!s))?$"
    r"|(?:the|an?) (?:[a-z-]+ )*?(?!meeting|round|edition|session|summit|visit|part|series|group|member)[a-z-]+ of (?P<of>.+)"
)
_BEHIND_THE_NOUN = re.compile(rf" (?:(?!of\b){PREPOSITION}|that|which|who)\b.*")  # "the plant in Leeds"
_ACRONYM_BEHIND = re.compile(r"(?<=[a-z])(?: [A-Z]{3,})+$")  # "the logistics agreement LEMOA"
_NOUN_PHRASE = re.compile(
    rf"\b(?:the|an?) (?:[\w+-]+ )+?(?P<head>[a-z]{{3,}})(?= (?:{PREPOSITION}|between|{VERB})\b| {_PARTICIPLE}|\s*\?*$)"
)


class Described(NamedTuple):
    """A description, and the noun that it ends in."""

    phrase: str
    noun: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A question that stands by itself: what it is about, and of one like "Who signed it?" what was done to that."""

    text: str
    topic: str | None
    done: str | None

    @classmethod
    def of(cls, text: str) -> Standing:
        """What a question is about, as far as its grammar tells."""
        if found := _OBJECT.match(text):
            return cls(text, without_ends(found["topic"]) or None, "held" if found["off"] else found["verb"])
        if found := _ACTED_UPON.match(text):
            return cls(text, found["topic"].strip(), None)
        subject = _SUBJECT.search(text)
        if not subject:
            return cls(text, None if ASKS.match(text) else _named_alone(text), None)
        behind = text[subject.start("topic") :].rstrip("?!. ")
        did = _DID.match(subject[0])
        acted = _ACTED.match(behind) if did and _ASKS_BY_WHOM.fullmatch(text[: subject.start()]) else None
        if acted and (not acted["topic"][0].isupper() or may_be_base(acted["verb"])):
            topic = acted["topic"]
        else:
            topic = (before_the_verb(behind) if did else None) or before_the_predicate(without_ends(subject["topic"]))
        if _COPULAR.match(text) and _CLAUSE.search(subject["topic"]):
            topic = behind  # "Who was on the plane that crashed in Lima?"
        return cls(text, without_ends(topic) or _of_a_kind(text), None)

    @property
    def event(self) -> str | None:
        """What happened, in a question with "did" or "will": "the tram drivers strike"; else the topic."""
        found = _DONE_BY.match(self.text)
        return self.text[found.end() :].rstrip("?!. ") if found and self.topic else self.topic

    @property
    def object(self) -> str | None:
        """What somebody did something to: "the supply pact" of "When did India conclude the supply pact?"; "the helicopter of the
        navy" of "Which helicopter did the navy order?"."""
        found = _DONE_BY.match(self.text)
        behind = self.text[found.end() :] if found else ""
        if not found or not self.topic or not behind.startswith(f"{self.topic} "):
            return None
        acted = _OBJECT_BEHIND.match(behind, len(self.topic))
        if found["asked"]:
            return f"the {found['asked']} of {self.topic}"
        return (f"the {acted['noun']}" if acted["object"].startswith("a") else acted["object"]) if acted else None

    @property
    def head(self) -> str:
        """The noun of the topic without what stands before it: "Secretary of Defence" of "the US Secretary of Defence"."""
        if self.counted:
            return self.counted
        topic = _BEHIND_THE_NOUN.split(_ACRONYM_BEHIND.sub("", self.topic or ""), maxsplit=1)[0]
        found = re.search(r"[\w+-]+ of .+$", topic)
        return found[0] if found else topic.rsplit(maxsplit=1)[-1]

    @property
    def noun(self) -> str | None:
        """What "one" stands for: a noun of the question; None where it has only names, as "India and Japan"."""
        topic = self.topic or ""
        if self.described:
            return self.described.noun
        return self.head if topic and not all(word == "and" or word[0].isupper() for word in topic.split()) else None

    @property
    def owner(self) -> str:
        """Whose that is which the topic names: "Norvik" of "Norvik's profit" and "the profit of Norvik"; else the topic."""
        topic = self.topic or ""
        found = _OWNER.match(topic)
        return (found["whose"] or found["name"] or found["of"]) if found else topic

    @property
    def counted(self) -> str | None:
        """What is counted: "Apache helicopters" of "How many Apache helicopters were bought?"."""
        found = _COUNTED.match(self.text)
        return found["thing"] if found else None

    @property
    def described(self) -> Described | None:
        """What a question describes where its topic is a mere name: "the logistics agreement" of "When did India sign the
        logistics agreement with the US?"."""
        found = None if (self.topic or "the ").startswith(("the ", "a ", "an ")) else _NOUN_PHRASE.search(self.text)
        return Described(found[0], found["head"]) if found else None


def _of_a_kind(text: str) -> str | None:
    """What "which" or "how many" is asked of, where nothing else is spoken of: "the trial" of "Which trial was dropped?"."""
    if found := _COUNTED.match(text):
        return found["thing"]
    found = _WHICH.match(text)
    return f"the {found['kind']}" if found else None


def _named_alone(text: str) -> str | None:
    """What a question without a verb begins with: "Inflation" of "Inflation in Drevia in February?"."""
    words = text.rstrip("?!. ").split()
    phrase = next((at for at, word in enumerate(words) if at and word != "of" and is_preposition(word)), len(words))
    return " ".join(words[:phrase]) if 0 < phrase <= _FEW and (phrase < len(words) or phrase <= 3) else None
