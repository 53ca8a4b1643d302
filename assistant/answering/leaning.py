"""Which words of a question stand for something said before it, and not for something in the question itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.answering.people import PERSON, ROLE
from assistant.answering.word_classes import AUXILIARY, PREPOSITION, VERB
from assistant.language.names import find_names

# "the logistics agreement" is specific enough to stand by itself, "the hosts" is not.
SPECIFIC = re.compile(rf"\b(?:the|an?) (?!\w+ (?:{AUXILIARY}|{VERB}|{PREPOSITION})\b)[\w-]+ [\w-]+", re.IGNORECASE)
# "Where did she go afterwards?": after what was spoken of.
AFTERWARDS = re.compile(r"\b(?:afterwards?|next|after (?:that|it|this)|then)(?=\W*$)", re.IGNORECASE)
# Not the number: "one F414 engine".
ONE = re.compile(rf"\bones?\b(?! (?!(?:{AUXILIARY}|{PREPOSITION}|{VERB}|between|that|which|who)\b)\w)", re.IGNORECASE)
_A_TIME = r"(?:day|time|year|month|week|occasion|edition)\b"
_A_THING = r"(?:deal|pact|agreement|meeting|talks|dialogue|document|statement|exercise|call|leader|minister|secretary)\b"
# "that" points back after these, before a thing, and at the end; elsewhere it joins: "the base that it allows", "said that".
_BEFORE_THAT = """was were is are did does do has have had will can could would should in at on from to by for of with about and
or than""".split()
_POINTING = "|".join(f"(?<={word} )" for word in _BEFORE_THAT)
_THAT = rf"(?:(?:{_POINTING}|^)that(?! {_A_TIME})|(?<!after )(?<!before )that(?=\W*$| {_A_THING}))"
# Not "how many ships are there in the fleet".
_THERE = (
    r"(?:(?<=was )there(?=\W*$)|(?<=were )there(?=\W*$)"
    r"|(?:(?<=who was )|(?<=who were )|(?<!is )(?<!are )(?<!was )(?<!were ))there)"
)
# Not "How long did it take to …?", "What is it called when …?".
_IT = r"it(?! (?:costs?|takes?|took|means?)\b[^?]* (?:to|for)\b| (?:called|known|\w+est)\b[^?]* (?:when|if|as|in)\b)"
# "the call from Hegseth", "the dialogue mechanisms": the question says which.
_SAYS_WHICH = (
    r" (?:of|between|with|from|at|about|over|under|for (?:the|an?)) \w"
    rf"| (?!(?:{AUXILIARY}|{VERB}|{PREPOSITION}|when|then)\b)[a-z]"
)
PRONOUN = re.compile(
    rf"\b(?:(?:that|this) ones?|{_IT}|its|{_THAT}|(?<!after )(?<!before )this(?! {_A_TIME})"
    rf"|they|them|their|theirs|(?:those|these)(?! (?:who|that|which|days))|{_THERE}|then"
    rf"|the same(?![^?]* as\b)|the (?:former|latter|{_A_THING}(?!{_SAYS_WHICH})))\b",
    re.IGNORECASE,
)
_THAT_DAY = re.compile(rf"\b(?:(?:that|the same) {_A_TIME}(?![^?]* as\b)|this (?:occasion|edition|time)\b)", re.IGNORECASE)
_BREAK = re.compile(r"[.;:!?,]\s|\s[-–—]\s")
_JOINT = re.compile(
    r"\b(?:when|while|after|before|that|as|if|because|until|since|and|although|though|where|says?|said|told \w+) $", re.IGNORECASE
)
_TOLD = re.compile(r"\b(?:says?|said|told|announced?|claim(?:s|ed)?|promised?)\b.* that $|\b(?:says?|said|told \w+) $", re.I)
# A clause that asks something of its own: "What is the 2+2 for, i.e. what guidance does it give?"
_CLAUSE = re.compile(rf"(?:what|which|whose|who|when|where|why|how|{AUXILIARY})(?: \S+){{3,}}", re.IGNORECASE)
_LATER = re.compile(r"\b(?:after|before|because|until|since|while|once|although|though)\b", re.IGNORECASE)
_BECAUSE = re.compile(r"\b(?:because|although|though|if) $", re.IGNORECASE)
_AFTER_PREPOSITION = re.compile(rf"\b{PREPOSITION}(?: the)? $", re.IGNORECASE)
_OFFICE = re.compile(rf"\b{ROLE}\b", re.IGNORECASE)
_OF_A_KIND = re.compile(rf"(?:which|what) (?!{AUXILIARY}\b)\w", re.IGNORECASE)
_SEVERAL = re.compile(rf"(?<!\bof )(?<!\bin )\b(?!(?:{AUXILIARY})\b)[a-z]{{3,}}(?<!s)s\b", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")


def points_back(question: str) -> bool:
    """Whether a word of the question stands for something that the question doesn't name."""
    unquoted = _QUOTED.sub(lambda found: " " * len(found[0]), question)
    return any(not _said_before(unquoted, found) for found in _pointers(unquoted))


def _pointers(question: str) -> Iterator[re.Match[str]]:
    for words in (PRONOUN, PERSON, _THAT_DAY, ONE, AFTERWARDS):
        yield from words.finditer(question)


def _said_before(question: str, pointer: re.Match[str]) -> bool:
    """Whether the question itself says before the pointer what it stands for: "What did Parrikar say when he signed it?"."""
    word, before, behind = pointer[0].lower(), question[: pointer.start()], question[pointer.end() :]
    ends = [found.start() for found in _BREAK.finditer(before)]
    if ends and (before[ends[-1]] == ":" or _CLAUSE.match(before[: ends[-1]]) or _speaks_of(before[: ends[-1]], word)):
        return True
    match word:
        case "he" | "she" | "they":
            joined = _JOINT.search(before)
            said = joined is not None and _speaks_of(before[: joined.start()], word)
            said = said or bool(_TOLD.search(before) and (_SEVERAL if word == "they" else _OFFICE).search(before))
        case "his":
            said = bool(_people(before) or _OFFICE.search(before))
        case "him" | "her":
            of_hers = word == "her" and re.match(r" [a-z]{3}", behind)
            said = bool(_people(before) or _OFFICE.search(before)) if of_hers else len(_people(before)) > 1
        case "its" | "their":
            said = _speaks_of(before, word) or (word == "their" and bool(_SEVERAL.search(before)))
        case "it":
            later = _LATER.search(before)
            said = later is not None and bool(SPECIFIC.search(before[: later.start()]) or _things(before[: later.start()]))
            said = said or bool((_TOLD.search(before) or _BECAUSE.search(before)) and _speaks_of(before, word))
            said = said or _begins_with_a_name(before)
        case "one":
            said = bool(_OF_A_KIND.match(question) or SPECIFIC.search(before)) and not behind.strip(" ?!.")
        case _:
            said = False
    return said


def _speaks_of(text: str, pronoun: str) -> bool:
    """Whether the text has what a pronoun after it may stand for."""
    if PERSON.fullmatch(pronoun):
        return bool(_people(text))
    named = [name for start, _, name in find_names(text) if not _AFTER_PREPOSITION.search(text[:start])]
    if pronoun == "they":
        return len(named) > 1
    return bool(named or SPECIFIC.search(text))


def _people(text: str) -> list[str]:
    """Names that may be a person's; "the Pentagon" isn't one's."""
    return [
        text[start:end]
        for start, end, name in find_names(text)
        if name.kind in ("person", "") and not name.short and not text[:start].endswith("the ")
    ]


def _begins_with_a_name(text: str) -> bool:
    return any(start == 0 for start, _, _ in find_names(text))


def _things(text: str) -> list[str]:
    return [text[start:end] for start, end, name in find_names(text) if name.kind != "country"]
