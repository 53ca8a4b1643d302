"""What a question that stands by itself asks about, told by its grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
    rf"^(?:who|(?:which|what|how many)(?: [\w-]+){{1,3}}?) (?P<verb>{VERB}|[a-z]{{3,}}ed)"
    rf"(?P<off> part in| over| {PREPOSITION})? (?P<topic>[^?]+?)"
    rf"(?= in (?:\d{{4}}|[A-Z])| on (?:\d|[A-Z])| between| about| for |\s*\?*$)",
    re.IGNORECASE,
)


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
        return cls(text, subject["topic"].strip() if subject else None, None)

    @property
    def head(self) -> str:
        """The noun of the topic without what stands before it: "Secretary of Defence" of "the US Secretary of Defence"."""
        if counted := _COUNTED.match(self.text):
            return counted["thing"]
        found = re.search(r"[\w+-]+ of .+$", self.topic or "")
        return found[0] if found else (self.topic or "").rsplit(maxsplit=1)[-1]
