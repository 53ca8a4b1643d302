"""Which words of a question matter, and whether a passage speaks of them.

A passage can be on topic and still be about somebody else: "When was Pakistan moved to STA Tier-1?" finds the sentence about
India. The word that is missing there tells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from rapidfuzz import fuzz, process

from assistant.language.acronyms import acronyms
from assistant.language.dates import CalendarDate, find_dates
from assistant.language.names import same_word
from assistant.language.number_words import ORDINAL
from assistant.language.values import ordinals

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_DAY = re.compile(rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)|{ORDINAL})\b", re.IGNORECASE)
_DESIGNATIONS = re.compile(r"(?<=\d)([A-Z]?)s$")  # C-17s, MQ-9Bs, the 1990s
# Words of questions that no article needs to repeat.
_FUNCTION_WORDS = frozenset(
    """a about after again all also an and any are as ask at be been before being between both but by can could did do does doing
    done during each ever exactly first for from get give given go had has have having he her here him his how i if in into is it
    its just kind know last latest list long many me more most much must my name names now of off on one or other our out over
    please recent said say says shall she should since so some such take taken tell than that the their them then there these
    they thing this those through time to type under up us used using was we were what when where whether which while who whom
    whose why will with would year years you your month day date happen happened occur occurred place mean means explain
    describe according article articles news call called""".split()
)
_PRONOUN = frozenset({"us"})
_SHORTEST_FOR_TYPOS = 5
_FEWEST_SHOUTED = 4  # words
_TYPO_SIMILARITY = 84.0  # percent


# The words between "how many" or "which" and the verb: the kind of thing that is asked for.
_FOCUS = re.compile(
    r"\b(?:how many|how much|what|which|whose) (?P<focus>(?:[\w-]+ ){0,3}?)"
    r"(?:is|are|was|were|did|do|does|has|have|had|will|can|could|of|in|at|on|to|by|for|that|who|took|take|joined)\b",
    re.I,
)


# What somebody is asked to have spoken of: "What did she say about the toll?".
_SPOKEN_OF = re.compile(
    r"^(?:\w+ )?(?:what|did|does|has|have|is there)\b.*?"
    r"\b(?:say|says|said|think|thinks|thought|tell|tells|told|promised?|warn(?:ed|s)?|announced?|claim(?:ed|s)?|comment(?:ed|s)?"
    r"|views?|opinions?|remarks?)\b.*? (?:about|regarding|concerning|on) (?P<topic>[^?]+)",
    re.IGNORECASE,
)
# One country, many words; the questions say one and the articles another. "Told us" and "member states" name none.
_SAME_COUNTRY = (
    (
        re.compile(r"\b(?:US|USA|U\.S|Americans?|America|United States|Washington)\b"),
        frozenset("us usa american americans america states washington".split()),
    ),
    (re.compile(r"\b(?:India|Indians?|Delhi)\b"), frozenset("india indian delhi".split())),
)


class Vocabulary(Protocol):
    """What is known of the corpus's words."""

    def stem(self, word: str) -> str:
        """The word as the index holds it."""
        ...


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of a question, lower-cased. `is_name`: written like a name or an acronym, or holding a digit."""

    word: str
    is_name: bool


@lru_cache(maxsize=1024)
def question_terms(question: str) -> tuple[Term, ...]:
    """The content words of a question in order, each once, without possessive endings and without the plural of designations."""
    terms: dict[str, Term] = {}
    shouted = is_shouted(question)
    for index, match in enumerate(_WORD.finditer(question)):
        word = _bare(match[0])
        folded = word.lower()
        acronym = word.isupper() and len(word) > 1 and not shouted
        digits = any(character.isdigit() for character in word)
        if (folded in _FUNCTION_WORDS and not acronym) or (len(word) < 2 and not digits):
            continue
        is_name = digits or acronym or (index > 0 and word[0].isupper() and not shouted)
        if folded not in terms or is_name:
            terms[folded] = Term(folded, is_name)
    return tuple(terms.values())


def is_shouted(question: str) -> bool:
    """Whether a whole sentence is in capitals, which then tell nothing; "BECA?" is an acronym."""
    return question.isupper() and len(question.split()) >= _FEWEST_SHOUTED


def missing_terms(question: str, passage: str, stem: Callable[[str], str]) -> list[Term]:
    """The question's terms that the passage doesn't speak of.

    It speaks of a term when it has a word of the same stem, a word spelt nearly so, or a name with those initials (BECA and
    Basic Exchange and Cooperation Agreement, either way round).
    """
    words = set(_words_of(passage)) - _PRONOUN
    countries = {alias for named, aliases in _SAME_COUNTRY if named.search(passage) for alias in aliases}
    words |= ordinals(question).keys() - set(missing_ordinals(question, passage))
    words |= _days_told(question, passage)
    stems = {stem(word) for word in words}
    shortened = acronyms(passage)
    short_for = {word for acronym, parts in acronyms(question).items() if acronym in words for word in parts}
    return [
        term
        for term in question_terms(question)
        if not (
            stem(term.word) in stems
            or term.word in countries  # as it is: a "state" is not the States
            or term.word in shortened
            or term.word in short_for
            or _nearly_in(term, words)
        )
    ]


def missing_ordinals(question: str, passage: str) -> list[str]:
    """Ordinals of the question, in lower case, that the passage has in neither figures nor letters."""
    asked = ordinals(question)
    held = set(ordinals(passage).values()) if asked else set()
    return [written for written, count in asked.items() if count not in held]


def focus_words(question: str) -> set[str]:
    """The content words that name the kind of thing asked for ("soldiers" in "how many soldiers were injured"), lower case."""
    found = _FOCUS.search(question)
    return {term.word for term in question_terms(found["focus"])} if found else set()


def topic_words(question: str) -> set[str]:
    """The content words of what somebody said something about, lower case; none where the question doesn't ask that."""
    found = _SPOKEN_OF.search(question)
    return {term.word for term in question_terms(found["topic"])} if found else set()


@lru_cache(maxsize=1024)
def _days_asked(question: str) -> tuple[tuple[str, Sequence[CalendarDate]], ...]:
    """The words for days in the question, and what their dates mean. Many passages are compared with one question."""
    return tuple((word, days) for start, end, days in find_dates(question) for word in _DAY.findall(question[start:end]))


def _days_told(question: str, passage: str) -> set[str]:
    """The words for days of the question that the passage has too, however it writes them: "18th" where both tell of 18 May."""
    asked = _days_asked(question)
    told = {(day.month, day.day) for _, _, days in find_dates(passage) for day in days} if asked else set()
    return {part for word, days in asked if any((day.month, day.day) in told for day in days) for part in word.lower().split("-")}


@lru_cache(maxsize=4096)
def _words_of(passage: str) -> frozenset[str]:
    """Its words in lower case, without endings."""
    return frozenset(_bare(match[0]).lower() for match in _WORD.finditer(passage))


def _bare(word: str) -> str:
    return word if word.isalpha() else _DESIGNATIONS.sub(r"\1", _POSSESSIVE.sub("", word))


def _nearly_in(term: Term, words: set[str]) -> bool:
    """Whether one of the words is the term but for a slip in it: it begins or ends alike, and most letters are the same."""
    asked = term.word
    if len(asked) < _SHORTEST_FOR_TYPOS or any(character.isdigit() for character in asked):
        return False
    if term.is_name:  # Austria is not Australia; the last letters may be the other way round
        return any(len(word) > 1 and (same_word(asked, word) or sorted(asked) == sorted(word)) for word in words)
    near = [word for word in words if abs(len(word) - len(asked)) <= 2 and (word[0] == asked[0] or word[-1] == asked[-1])]
    return process.extractOne(asked, near, scorer=fuzz.ratio, score_cutoff=_TYPO_SIMILARITY) is not None
