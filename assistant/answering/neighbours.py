"""The one before, the year after: what a follow-up means by its place beside what was asked."""

from __future__ import annotations

import re

from assistant.language.number_words import ORDINALS, UNITS

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
_NEIGHBOUR_OF_THAT = re.compile(
    r"\bthe (?:[\w+-]+ (?P<side>before|after) (?:that|it|this)(?: one)?\b|one (?P<side2>before|after)(?=\W*$))", re.IGNORECASE
)
_NUMBERED = re.compile(rf"\bthe (?P<order>{_ORDER})(?P<thing>(?: [A-Z\d][\w+-]*)+| [\w+-]+(?: of(?: the)?(?: [A-Z\d][\w+-]*)+)?)")
# "Their first summit" too, without what it is of.
_ANY_NUMBERED = re.compile(rf"\b(?:the|its|their|his|her) {_ORDER} (?P<thing>[\w+-]+)")


def is_a_place(rest: str) -> bool:
    """Whether a follow-up says only which in a row is meant: "the second", "the year before", "the next one"."""
    return bool(_LATER.fullmatch(rest) or _ONLY_ORDINAL.fullmatch(rest) or is_the_neighbour(rest))


def is_the_neighbour(rest: str) -> bool:
    """Whether it says only that the one beside it is meant."""
    return bool(_NEIGHBOUR.fullmatch(rest))


def other_year(rest: str, before: str) -> str | None:
    """ "The year before", "ten years later": counted from the year of the question before, if it has one."""
    found, known = _LATER.fullmatch(rest), re.search(r"\b(?:19|20)\d{2}\b", before)
    if not found or not known:
        return None
    count = (found["count"] or "one").lower()
    years = int(count) if count.isdigit() else _NUMBERS.index(count) + 1
    back = (found["side"] or found["which"] or "").lower() in ("before", "earlier", "previous")
    return str(int(known[0]) + (-years if back else years))


def in_other_order(rest: str, before: str) -> str | None:
    """The question before with another ordinal: the one that a follow-up gives and no more, or that of the neighbour."""
    known = _ORDINAL.search(before)
    if not known:
        return None
    given, neighbour = _ONLY_ORDINAL.fullmatch(rest), _NEIGHBOUR.fullmatch(rest)
    order = given[1] if given else _beside(known[0], neighbour["side"] or neighbour["order"]) if neighbour else None
    return _ORDINAL.sub(lambda _: order, before, count=1) if order else None


def about_the_neighbour(rest: str, before: str) -> str | None:
    """ "Who came to the meeting before that?", with the neighbour of the numbered thing that the question before speaks of."""
    that, numbered = _NEIGHBOUR_OF_THAT.search(rest), _NUMBERED.search(before)
    order = _beside(numbered["order"], that["side"] or that["side2"]) if that and numbered else None
    if not that or not numbered or not order:
        return None
    return f"{rest[: that.start()]}the {order}{numbered['thing']}{rest[that.end() :]}"


def numbered_one(around_one: list[str], before: str, topic: str) -> str | None:
    """ "The first one in person", cut at "one", behind "Where did they hold their first summit?": the thing that the question
    before numbers outside of its topic."""
    known = _ANY_NUMBERED.search(before)
    if len(around_one) != 2 or not _ORDINAL.search(around_one[0]) or not known or known[0] in topic:
        return None
    return f"{before[: known.start()]}{around_one[0]}{known['thing']}{around_one[1]}{before[known.end() :]}"


def without_order(text: str) -> str:
    """The text without its first ordinal: "the third summit" is "the summit"."""
    return re.sub(rf"(?<=\bthe ){_ORDER} ", "", text, count=1)


def _beside(order: str, side: str) -> str | None:
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
