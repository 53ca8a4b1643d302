"""What a question that stands by itself asks about, told by its grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

PREPOSITION = r"(?:in|at|on|from|to|by|for|of|with|since|until|under|during|after|before|according to)"
AUXILIARY = r"(?:was|were|is|are|did|does|do|has|have|had|will|can|could|would|should)"
VERB = (
    r"(?:signed|concluded|renewed|held|moved|designated|made|announced|agreed|launched|begin|began|start|started|take|took"
    r"|happen|happened|sign|become|became|appointed|established|expire|expired|inaugurated|join|joined|called|named|mean|means"
    r"|say|said|set|created|born|cover|covers|allow|allows|provide|provides|attend|attended|co-chaired|chaired|hosted|host|last"
    r"|lasted|cost|come|came|enter|entered|apply|stand|won|led|opened|hosts|chairs|run|runs|ran|end|ends|go|went|work|works|serve"
    r"|include|includes|contain|contains|require|requires|involve|involves|offer|offers|concern|concerns|follow|follows|differ|write|wrote|speak"
    r"|spoke|meet|met|discuss|get|got|buy|bought|order|build|lead|win)"
)
# Another participle ends the subject only where nothing but a phrase follows: "confirmed by the Senate".
_PARTICIPLE = rf"[a-z]{{3,}}ed(?=\s*\?*$| {PREPOSITION}\b)"
_COUNTED = re.compile(rf"how many (?P<thing>[^?]+?) {AUXILIARY}\b", re.IGNORECASE)
# What a question is about: what stands between auxiliary and verb ("was the agreement signed"), or after the verb ("signed it").
_SUBJECT = re.compile(
    rf"\b{AUXILIARY} (?P<topic>(?:the |a |an )?[^?]+?)"
    rf"(?= (?:{VERB}|{_PARTICIPLE})\b| in (?:\d{{4}}|[A-Z])| on (?:\d|[A-Z])| between| about|\s*\?*$)"
)
_OBJECT = re.compile(
    rf"^(?:who|(?:which|what|how many)(?: (?!{AUXILIARY}\b)[\w-]+){{1,3}}?) (?P<verb>{VERB}|[a-z]{{3,}}ed)"
    rf"(?P<off> part in| over| {PREPOSITION})? (?P<topic>[^?]+?)"
    rf"(?= in (?:\d{{4}}|[A-Z])| on (?:\d|[A-Z])| between| about| for |\s*\?*$)",
    re.IGNORECASE,
)

_DID = re.compile(r"(?:did|does|do|will|can|could|would|should)\b")
_NAMED = re.compile(
    r"((?:[A-Z][\w.’'-]*)(?: (?:(?:and|of|the) )?[A-Z\d][\w.’'-]*)*(?<![’']s))"
    rf" (?!(?:{PREPOSITION}|and|or|between|about)\b)[a-z]{{3,}}"
)
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
            return cls(text, found["topic"].strip(), "held" if found["off"] else found["verb"])
        subject = _SUBJECT.search(text)
        topic = subject["topic"].strip() if subject else ""
        # "did Leon Panetta ask to …": a verb that isn't known ends the subject all the same.
        named = _NAMED.match(topic) if subject and _DID.match(subject[0]) else None
        return cls(text, (named[1] if named else topic) or None, None)

    @property
    def head(self) -> str:
        """The noun of the topic without what stands before it: "Secretary of Defence" of "the US Secretary of Defence"."""
        if self.counted:
            return self.counted
        topic = _ACRONYM_BEHIND.sub("", self.topic or "")
        found = re.search(r"[\w+-]+ of .+$", topic)
        return found[0] if found else topic.rsplit(maxsplit=1)[-1]

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
