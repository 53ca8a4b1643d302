"""Takes a question that compares things apart into a question about each, by rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.language.dates import MONTH
from assistant.language.number_words import ORDINAL
from assistant.language.years import YEAR

Relation = Literal["first", "last", "order", "before", "after", "before or after", "between", "more", "less", "moved", "changed"]

_END = r"\s*[?.!]*\s*$"
# "LEMOA or BECA", with what else is asked of them: "and how many", "and which came last".
_ONE = r"(?P<one>(?:(?! or )[^,:;?])+?)"
_OTHER = r"(?P<other>(?!(?:which|who)\b)(?:(?! (?:or|and (?:which|who)) )[^,;?])+?)"
_ALSO = r"(?:,? and (?:which|who) (?:\w+ )*?(?:first|last|later|earlier))?"
_PAIR = rf"{_ONE},? or {_OTHER}(?:, and (?:how (?:many|much)|when|by how \w+))?{_ALSO}{_END}"
_VERB = (
    r"(?:signed|concluded|agreed|made|held|founded|created|launched|announced|renewed|established|designated|published|built"
    r"|commissioned|ordered|inaugurated|adopted|introduced|opened|completed|delivered|born|appointed)"
)
_FIRST = r"(?:first|earlier|earliest|(?P<age>older|oldest)|sooner)"
_COSTS_MORE = r"(?P<costs>costs? (?:more|most)|(?:was|is|were|are) (?:the )?(?:more|most) expensive)"
_COSTS_LESS = r"(?P<costs>costs? (?:less|least)|(?:was|is|were|are) (?:the )?(?:cheaper|cheapest|less expensive))"
# "Was inflation higher in January 2023 or in December 2025?"; "Which was higher, the rate in 2023 or in 2024?"
_ACTED = r"(?P<subject>[\w-]+) (?P<act>[\w-]+) (?P<place>in|at|on|during)"
_IN = r"(?:in )?"
_TIME = rf"(?:(?:early|late|mid)[- ])?(?:\d{{1,2}} )?(?:{MONTH}(?: \d{{1,2}},?)?(?: {YEAR})?|{YEAR})"
_OF_TIMES = rf"{_IN}(?P<one>{_TIME}) (?:or|and|to|than) {_IN}(?P<other>{_TIME}){_END}"
_HIGHER, _LOWER = r"(?:higher|greater|larger|bigger|more)", r"(?:lower|smaller|fewer|less)"
_MOVE = r"(?:change|rise|fall|grow|increase|decrease|drop|climb|shrink|go up|go down|move)"
_LAST = r"(?:last|later|latest|(?P<age>newer|newest|younger)|more recent(?:ly)?|most recent(?:ly)?)"
_AS_HEAD = rf"^(?:which|what|who)\b[^,:;]*?(?:\b(?P<verb>{_VERB})\b[^,:;]*)?"
_OF_BOTH = (
    rf"^which of {_ONE} (?:and|or) {_OTHER} (?:was|is|were|came|happened|took place|began|started)\b"
    rf"(?: (?P<verb>{_VERB}))? ?"
)
_THING_DONE = rf"^(?:was|were|did|has|had) (?P<one>.+?) (?:(?P<verb>{_VERB})|come|came|happen|take place|(?P<begins>begin|start))"
_OTHER_DONE = rf"(?P<other>.+?)(?: was| were| did)?(?: {_VERB})?{_END}"
_WHICH_DID = r"^(?P<into>\w+ )?which (?P<what>[\w -]+?) (?P<rest>(?:did|do|does|has|have|had) .+?)"
# "Which party won more seats in May, …": each is asked how many it won.
_DID = {
    "won": "win", "got": "get", "took": "take", "had": "have", "has": "have", "sold": "sell", "lost": "lose", "made": "make",
    "paid": "pay", "spent": "spend", "built": "build", "bought": "buy", "sent": "send", "gave": "give", "received": "receive",
    "scored": "score", "earned": "earn", "employs": "employ", "employed": "employ", "produced": "produce", "killed": "kill",
    "injured": "injure", "cut": "cut", "hired": "hire", "raised": "raise", "ordered": "order", "carried": "carry",
}  # fmt: skip
_WHICH_WON = rf"^(?:which|who)(?: (?!(?:did|do|does)\b)[\w-]+)*? (?P<past>{'|'.join(_DID)})"
_WON_WHERE = r"(?P<where> (?:in|at|on|for|during) [^,:;?]+?)?"
_MORE, _FEWER = r"(?:more|most) (?P<noun>[\w-]+)", r"(?:fewer|less|fewest|least) (?P<noun>[\w-]+)"
_UNCOUNTED = frozenset("money time power energy oil gas support water land food aid".split())
# "LEMOA, COMCASA and BECA".
_LIST = r"(?P<list>[^:;?]+?)"
_LIST_END = rf"{_ALSO}(?:[?.!]+ (?:and )?(?:which|who)\b[^?]*)?{_END}"
_ORDER = r"^in (?:what|which) (?:\w+ )?(?:order|sequence)\b"
_CAME = r"(?:come|came|happen|take place|begin|start|occur)"
_PUT = r"^(?:put|place|arrange|order|sort|list)\b[^:]*\b(?:order|date|time|oldest|earliest|chronologically)\b"
_OF_THEM = rf"^which of {_LIST} (?:was|is|were|came|happened|took place|began|started)\b(?: (?P<verb>{_VERB}))? ?"
_CHANGE = r"(?:changed?|differs?|(?:is |are |was |were )?(?:the )?differences?|is different)"
_PATTERNS: tuple[tuple[str, Relation], ...] = (
    (rf"^who (?:is|was) (?P<aged>older|the oldest|the elder)[,:]? {_PAIR}", "more"),
    (rf"^who (?:is|was) (?P<aged>younger|the youngest)[,:]? {_PAIR}", "less"),
    (rf"{_AS_HEAD}\b{_FIRST}\b[^,:;]*[,:;] ?{_PAIR}", "first"),
    (rf"{_AS_HEAD}\b{_LAST}\b[^,:;]*[,:;] ?{_PAIR}", "last"),
    (rf"^{_ONE} or (?P<other>[^,:;?]+?)[,:;] ?(?:which|what|who)\b[^,:;?]*?\b{_FIRST}\b[^,:;?]*{_END}", "first"),
    (rf"^{_ONE} or (?P<other>[^,:;?]+?)[,:;] ?(?:which|what|who)\b[^,:;?]*?\b{_LAST}\b[^,:;?]*{_END}", "last"),
    (rf"{_OF_BOTH}{_FIRST}{_ALSO}{_END}", "first"),
    (rf"{_OF_BOTH}{_LAST}{_ALSO}{_END}", "last"),
    (rf"{_THING_DONE} before or after {_OTHER_DONE}", "before or after"),
    (rf"{_THING_DONE} (?:before|earlier than) {_OTHER_DONE}", "before"),
    (rf"{_THING_DONE} (?:after|later than) {_OTHER_DONE}", "after"),
    (
        # Not "how long did the talks between India and Pakistan last in 2001?"
        rf"^(?!.*(?<!the )\b(?:last|take|run|go on)(?: (?:in|on|at|during) [^?]*)?{_END})"
        rf"how (?:many (?P<unit>years|months|days)|long|much time)\b.*?\bbetween (?P<one>.+?) and (?P<other>.+?){_END}",
        "between",
    ),
    (rf"{_WHICH_DID} {_MORE}, {_PAIR}", "more"),
    (rf"{_WHICH_DID} {_FEWER}, {_PAIR}", "less"),
    (rf"{_WHICH_WON} {_MORE}{_WON_WHERE}, {_PAIR}", "more"),
    (rf"{_WHICH_WON} {_FEWER}{_WON_WHERE}, {_PAIR}", "less"),
    (rf"^(?:which|who|what) (?:\w+ )?{_COSTS_MORE}[,:]? {_PAIR}", "more"),
    (rf"^(?:which|who|what) (?:\w+ )?{_COSTS_LESS}[,:]? {_PAIR}", "less"),
    (
        rf"^did more {_ACTED} {_ONE} or (?:(?P=place) )?{_OTHER}{_END}",
        "more",
    ),
    (
        rf"^did fewer {_ACTED} {_ONE} or (?:(?P=place) )?{_OTHER}{_END}",
        "less",
    ),
    (rf"^(?:was|were|is|are) (?P<measured>.+?) {_HIGHER} {_OF_TIMES}", "more"),
    (rf"^(?:was|were|is|are) (?P<measured>.+?) {_LOWER} {_OF_TIMES}", "less"),
    (rf"^which (?:was|is) {_HIGHER}[,:]? (?P<measured>.+?) {_OF_TIMES}", "more"),
    (rf"^which (?:was|is) {_LOWER}[,:]? (?P<measured>.+?) {_OF_TIMES}", "less"),
    (rf"^(?:by )?how (?:much |far )?(?:did|has|have) (?P<measured>.+?) {_MOVE}d? (?:between|from) {_OF_TIMES}", "moved"),
    (
        rf"^(?:what|how) (?:has |have |had |did )?(?:\w+ )*?{_CHANGE} between (?P<one>.+?) and (?P<other>.+?){_END}",
        "changed",
    ),
    (rf"^how (?:do|does|did) (?P<one>.+?) and (?P<other>.+?) (?:differ|compare){_END}", "changed"),
    (rf"^how (?:does|did) (?P<one>.+?) (?:differ from|compare (?:with|to)) (?P<other>.+?){_END}", "changed"),
    (rf"^how (?:is|was) (?P<one>.+?) different from (?P<other>.+?){_END}", "changed"),
    (rf"^compare (?P<one>.+?) (?:and|with|to) (?P<other>.+?){_END}", "changed"),
    (rf"^(?P<one>[^,:;?]+?) (?:vs\.?|versus) (?P<other>[^,:;?]+?){_END}", "changed"),
    (rf"{_ORDER}[^:]*?(?:\b(?P<verb>{_VERB})\b[^:]*)?: ?{_LIST}{_LIST_END}", "order"),
    (
        rf"{_ORDER} (?:was|were|did|do|does|have|had) {_LIST} (?:been )?(?:(?P<verb>{_VERB})|{_CAME})\b[^:,;?]*{_LIST_END}",
        "order",
    ),
    (rf"{_PUT}[^:]*: ?{_LIST}{_LIST_END}", "order"),
    (rf"{_AS_HEAD}\b{_FIRST}\b[^,:;]*[,:;] ?{_LIST}{_LIST_END}", "first"),
    (rf"{_AS_HEAD}\b{_LAST}\b[^,:;]*[,:;] ?{_LIST}{_LIST_END}", "last"),
    (rf"{_OF_THEM}{_FIRST}{_LIST_END}", "first"),
    (rf"{_OF_THEM}{_LAST}{_LIST_END}", "last"),
)
_RULES = tuple((re.compile(pattern, re.IGNORECASE), relation) for pattern, relation in _PATTERNS)
_IS = re.compile(r"(?<=^what)['’]?s\b|(?<=^who)['’]?s\b", re.IGNORECASE)
_FEWEST = 3  # of a list; two are a pair, which has rules of its own, but for their order
_DOCUMENT = re.compile(
    r"\b(?:agreement|pact|memorandum|accord|treaty|annex|framework|arrangement|deal|act|minute|protocol|charter|contract)s?\b"
    r"|\b(?-i:[A-Z]{3,}A)\b",
    re.IGNORECASE,
)
_SPECIFIER = re.compile(rf"^(?:the )?(?:\d{{4}}|\d{{1,3}}(?:st|nd|rd|th)|{ORDINAL}|last|latest|newest)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A question taken apart: the things, how they are to be compared, and the ways to ask about all of them, likeliest first."""

    relation: Relation
    things: tuple[str, ...]
    ask: tuple[tuple[str, ...], ...]
    unit: str | None = None


def decompose(question: str) -> Comparison | None:
    """The parts of a question that compares things; None for any other question."""
    question = _IS.sub(" is", " ".join(question.split()))
    for rule, relation in _RULES:
        if not (found := rule.match(question)):
            continue
        groups = found.groupdict()
        things = _listed(groups["list"], relation) if "list" in groups else _both_whole(groups["one"], groups["other"])
        if not things:
            continue
        if not groups.get("measured") and any(_SPECIFIER.match(thing) for thing in things):
            return None  # "between 2005 and 2015" names no things
        asked = zip(*(_questions(relation, thing, groups) for thing in things), strict=False)
        return Comparison(relation, things, tuple(asked), groups.get("unit"))
    return None


def _listed(things: str, relation: Relation) -> tuple[str, ...]:
    """The things of a list; none where it is too short to be one. "The pact between India and Japan" is one thing."""
    *listed, last = re.split(r",? or |, ", things)
    last = last.removeprefix("and ")
    listed += [last] if " or " in things or " between " in last else last.rsplit(" and ", 1)
    return tuple(listed) if len(listed) >= (2 if relation == "order" else _FEWEST) else ()


def _both_whole(one: str, other: str) -> tuple[str, str]:
    """ "the 2005" and "the 2015 frameworks" are the 2005 framework and the 2015 framework; "March" and "May 2020" are of one
    year."""
    words = other.split()
    if re.fullmatch(MONTH, one) and re.fullmatch(rf"{MONTH} {YEAR}", other):
        return f"{one} {words[-1]}", other
    if _SPECIFIER.match(one) and len(words) > 1 and not _SPECIFIER.match(other):
        at = next((i for i, word in enumerate(words) if _SPECIFIER.match(word)), None)
        if at is not None and words[at + 1 :]:
            last = words[-1]
            single = last[:-3] + "y" if last.endswith("ies") else last.removesuffix("s")
            head = " ".join([*words[at + 1 : -1], single])
            return f"{one} {head}", f"{' '.join(words[: at + 1])} {head}"
    return one, other


def _questions(relation: Relation, thing: str, groups: dict[str, str | None]) -> tuple[str, ...]:
    if relation == "changed":
        return f"What does {thing} provide for?", f"What is {thing}?"
    if relation in {"more", "less", "moved"}:
        return (_how_much(thing, groups),)
    if verb := groups.get("verb"):
        return (f"When was {thing} {verb.lower()}?",)
    begin = f"When did {thing} begin?"
    if groups.get("age") and not _DOCUMENT.search(thing):
        return f"When did {thing} first take place?", begin  # what comes every year begins every year
    if groups.get("begins"):
        return (begin,)
    signed, was = f"When was {thing} signed?", f"When was {thing}?"
    return (signed, was) if _DOCUMENT.search(thing) else (was, begin)


def _past(verb: str) -> str:
    """ "Died", for "die"; a listed irregular form, else the regular one."""
    known = {base: past for past, base in _DID.items() if past not in ("has", "employs")}
    return known.get(verb) or (f"{verb}d" if verb.endswith("e") else f"{verb}ed")


def _how_much(thing: str, groups: dict[str, str | None]) -> str:
    if measured := groups.get("measured"):
        return f"What was {measured} in {thing}?"
    if groups.get("aged"):
        return f"How old is {thing}?"
    if groups.get("costs"):
        return f"How much did {thing} cost?"
    if act := groups.get("act"):
        return f"How many {groups['subject']} {_past(act)} {groups['place']} {thing}?"
    noun = groups["noun"] or ""
    many = "much" if noun.lower() in _UNCOUNTED else "many"
    if past := groups.get("past"):
        return f"How {many} {noun} did {thing} {_DID[past.lower()]}{groups.get('where') or ''}?"
    return f"How {many} {noun} {groups['rest']} {(groups.get('into') or '').lower()}{thing}?"
