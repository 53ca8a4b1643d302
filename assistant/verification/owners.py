"""Whose value it is, and whether it is the earlier or the later one: what tells apart two values that both stand there.

"Mali (4,900), Senegal (3,750)": a value belongs to the name last named before it. "$184 million, down from $236 million": what
stands behind "from" came before.
"""

from __future__ import annotations

import re
from typing import Literal

from assistant.language.names import Name
from assistant.language.values import Value
from assistant.verification.alignment import Alignment
from assistant.verification.analysis import Analysis

_ROUGHLY = (
    r"(?:(?:about|around|some|nearly|almost|roughly|just|an?|the|its|over|under|more than|less than|at least|only|record|earlier"
    r"|previous|estimated|forecast) )*"
)
_BEFORE = re.compile(rf"(?:\b(?P<earlier>from)|, (?P<compared>against|compared (?:with|to)|versus)|\b(?P<later>to)) {_ROUGHLY}$")
_BEHIND = re.compile(
    r"(?: [a-z]+)?(?:,? (?:(?:down|up|lower|higher) (?:from|on|than)|compared (?:with|to))|, (?:against|versus|from))\b"
)
_IN = re.compile(r"\b(?:in|at|near|off) (?:the )?$", re.IGNORECASE)
Turn = Literal["earlier", "later", ""]


def turn_of(analysis: Analysis, value: Value) -> Turn:
    """Whether a value is the one that something changed from, or the one that it changed to; "" where neither is said."""
    before = _BEFORE.search(analysis.text[: value.start])
    if before:
        return "later" if before["later"] else "earlier"
    return "later" if _BEHIND.match(analysis.text, value.end) else ""


def settled(a: Alignment, one: Value, ones: list[tuple[int, Value]], other: Value, others: list[tuple[int, Value]]) -> int:
    """1 where the passage says which of two values of the claim is which, and the claim has it the same; -1 where the claim has
    them exchanged; 0 where nothing says so. `ones` and `others` are their places."""
    turns = turn_of(a.claim, one), turn_of(a.claim, other)
    if set(turns) == {"earlier", "later"}:
        found = tuple({turn_of(a.analyses[index], place) for index, place in places} for places in (ones, others))
        if found == ({turns[0]}, {turns[1]}):
            return 1
        if found == ({turns[1]}, {turns[0]}):
            return -1
    mine, theirs = owner(a.claim, one), owner(a.claim, other)
    if mine is None or theirs is None or a.same(mine, theirs) or a.same(theirs, mine):
        return 0
    if _belong_to(a, ones, mine, theirs) and _belong_to(a, others, theirs, mine):
        return 1
    return -1 if _belong_to(a, ones, theirs, mine) and _belong_to(a, others, mine, theirs) else 0


def owner(analysis: Analysis, value: Value) -> Value | None:
    """The name named last before a value; None where that only says where something happened."""
    before = [other for other in analysis.values if isinstance(other.meaning, Name) and other.end <= value.start]
    return before[-1] if before and not _IN.search(analysis.text[: before[-1].start]) else None


def _belong_to(a: Alignment, places: list[tuple[int, Value]], name: Value, not_this: Value) -> bool:
    owners = [owner(a.analyses[index], place) for index, place in places]
    return bool(owners) and all(found and a.same(name, found) and not a.same(not_this, found) for found in owners)
