"""A sentence taken apart for comparison: its words, its values, and what in it is denied or only possible."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from assistant.language.dates import CalendarDate, to_lean_on
from assistant.language.lexicon import FUNCTION_WORDS, is_known_verb, may_be_verb, phrases, stem
from assistant.language.names import Name
from assistant.language.values import Value, find_values

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_DETERMINERS = frozenset("a an the its his her their my our any this that".split())
_NEGATIVE = frozenset("not never no nor neither none nobody nothing without cannot unable hardly unlike except".split())
_NEGATIVE_STEMS = frozenset(stem(word) for word in "decline refuse fail lack deny".split())
_POSSIBLE = frozenset(
    "will would may might can could should shall if unless whether possible possibly likely due ready yet".split()
)
_POSSIBLE_STEMS = frozenset(
    stem(word)
    for word in """plan intend expect propose proposal want hope aim promise prepare consider seek apply application invite offer
    undertake intention option resolve negotiate discuss proposed potential pledge threaten look wish request try attempt
    let allow enable permit able""".split()
)
_AGREE = stem("agree")
_BE = frozenset("is are was were be been".split())
_BREAKING_WORDS = frozenset("but although though while whereas however which who where when because after before".split())
_AFTER_RELATIVE = _BE | frozenset("has have had will would can could may might must did does do".split())
_PREPOSITIONS_IN_ING = frozenset("including excluding according following during regarding concerning".split())
# What doesn't happen until June happens in June.
_UNTIL = frozenset("until before".split())
_UNTIL_REACH = 6
_CONJUNCTIONS = frozenset("and or so".split())
_ADJECTIVES = frozenset("possible likely potential proposed due ready unlike".split())
_ADJECTIVE_REACH = 3
_Cue = Callable[[list[str], list[str], int], bool]
_BEFORE_NOUNS = _DETERMINERS | frozenset(
    """of in on at by for from with into over under about as its no more many two three first last next new old joint each
    per""".split()
)
_AFTER_NOUNS = _BE | frozenset("of in on by at for and or has have had will would can could may might must".split())
_NOT_VERBS = frozenset("hundred indeed speed need seed feed based united red bed hundr".split())


@dataclass(frozen=True, slots=True)
class Token:
    """A word and where it stands.

    stem: of a phrase such as "put off", that of the word that says the same. content: carries meaning of its own. denied,
    possible: under a word such as "not", or "plans to". clause: the number of its clause in the sentence. begins_part: comes
    after a comma, or is an "and" or the like.
    """

    start: int
    end: int
    word: str
    stem: str
    content: bool
    verb: bool = False
    passive: bool = False
    denied: bool = False
    possible: bool = False
    clause: int = 0
    begins_part: bool = False


@dataclass(frozen=True)
class Analysis:
    """A sentence, `start` characters into its article, with its tokens and values; their offsets count from the sentence."""

    text: str
    start: int
    tokens: tuple[Token, ...]
    values: tuple[Value, ...]

    @cached_property
    def words(self) -> frozenset[str]:
        """The words in lower case without possessive endings, and the names' own."""
        plain = {re.sub(r"['’]s?$", "", token.word.lower()) for token in self.tokens}
        return frozenset(plain | {word for name in self.names for word in name.words})

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The names in order."""
        return tuple(value.meaning for value in self.values if isinstance(value.meaning, Name))

    def last_date(self) -> CalendarDate | None:
        """The date named last, on which that of the next sentence may lean."""
        dates = (to_lean_on(value.meaning) for value in reversed(self.values) if isinstance(value.meaning, tuple))
        return next((day for day in dates if day), None)

    def token_at(self, offset: int) -> int:
        """The index of the first token that ends after the offset."""
        return next((i for i, token in enumerate(self.tokens) if token.end > offset), len(self.tokens) - 1)

    def content(self) -> list[int]:
        """The indices of the tokens that carry meaning and are part of no value."""
        return [index for index, token in enumerate(self.tokens) if token.content]


@lru_cache(maxsize=4096)
def analyse(text: str, published: date | None = None, start: int = 0, before: CalendarDate | None = None) -> Analysis:
    """Takes a sentence apart; `before` is the date named last before it."""
    values = find_values(text, published, before)
    inside = [(value.start, value.end) for value in values if value.kind != "quotation"]
    matches = list(_WORD.finditer(text))
    lowered = [match[0].lower() for match in matches]
    stems, swallowed = _with_phrases(lowered)
    clauses = _clauses(text, matches, lowered)
    in_value = [any(begin < match.end() and match.start() < end for begin, end in inside) for match in matches]
    commas = [bool(i) and "," in text[matches[i - 1].end() : match.start()] for i, match in enumerate(matches)]
    denied, cues = _scope(lowered, stems, clauses, in_value, _denies)
    possible, _ = _scope(lowered, stems, clauses, in_value, _supposes)
    tokens = []
    for index, match in enumerate(matches):
        content = not (in_value[index] or index in swallowed or index in cues) and (
            lowered[index] not in FUNCTION_WORDS or stems[index] != stem(lowered[index])
        )
        verb = content and _is_verb(lowered, index)
        tokens.append(
            Token(
                match.start(),
                match.end(),
                match[0],
                stems[index],
                content and (len(match[0]) > 1),
                verb,
                verb and _is_participle(lowered[index]) and _is_passive(lowered, clauses, commas, index),
                index in denied,
                index in possible,
                clauses[index],
                commas[index] or (bool(index) and lowered[index] in _CONJUNCTIONS),
            )
        )
    return Analysis(text, start, tuple(tokens), values)


def _with_phrases(words: list[str]) -> tuple[list[str], set[int]]:
    """The stems, phrases replaced at their first word, and the indices of the words that went into them."""
    stems = [stem(word) for word in words]
    result, swallowed = list(stems), set[int]()
    for index, first in enumerate(stems):
        if index in swallowed:
            continue
        for parts, replacement in phrases().get(first, []):
            at, used = index + 1, list[int]()
            for part in parts[1:]:
                while at < len(words) and words[at] in _DETERMINERS:
                    at += 1
                if at >= len(words) or stems[at] != part:
                    break
                used.append(at)
                at += 1
            if len(used) == len(parts) - 1:
                result[index] = replacement
                swallowed.update(used)
                break
    return result, swallowed


def _clauses(text: str, matches: list[re.Match[str]], words: list[str]) -> list[int]:
    """The number of the clause that each word stands in."""
    numbers, current = [], 0
    for index, match in enumerate(matches):
        gap = text[matches[index - 1].end() : match.start()] if index else ""
        comma = gap.rstrip().endswith(",")
        relative = words[index] == "that" and words[index + 1 : index + 2] and words[index + 1] in _AFTER_RELATIVE
        resumed = is_known_verb(words[index]) or words[index] in _BE or (words[index].endswith("ed") and len(words[index]) > 4)
        participle = words[index].endswith("ing") and len(words[index]) > 5 and words[index] not in _PREPOSITIONS_IN_ING
        coordinated = comma and (resumed or participle or words[index] in _CONJUNCTIONS)
        if re.search(r"[;:—–\"“”()]", gap) or words[index] in _BREAKING_WORDS or coordinated or relative:
            current += 1
        numbers.append(current)
    return numbers


def _scope(
    words: list[str], stems: list[str], clauses: list[int], in_value: list[bool], is_cue: _Cue
) -> tuple[set[int], set[int]]:
    """The words from a cue to the end of its clause, and the cues. What is part of a name or a date is none."""
    cues = {index for index in range(len(words)) if not in_value[index] and is_cue(words, stems, index)}
    reach = {cue: _ADJECTIVE_REACH if words[cue] in _ADJECTIVES else len(words) for cue in cues}
    scope = {at for cue in cues for at in range(cue + 1, min(len(words), cue + 1 + reach[cue])) if clauses[at] == clauses[cue]}
    return scope, cues


def _denies(words: list[str], stems: list[str], index: int) -> bool:
    word = words[index]
    following = words[index + 1] if index + 1 < len(words) else ""
    if word.endswith(("n't", "n’t")):
        return True
    is_until = word == "not" and _UNTIL & set(words[index + 1 : index + _UNTIL_REACH])
    if is_until or (word in ("not", "no") and following in ("only", "merely", "doubt", "fewer", "less", "more")):
        return False
    if word in ("nothing", "none") and index and words[index - 1] in ("from", "to"):
        return False
    if word == "yet":
        return following == "to" and index > 0 and words[index - 1] in ("have", "has", "had", "is", "are")
    if stems[index] in _NEGATIVE_STEMS:
        return following in ("to", "any") or stems[index] == "lack"
    return word in _NEGATIVE


def _supposes(words: list[str], stems: list[str], index: int) -> bool:
    word = words[index]
    if stems[index] == _AGREE:
        return "to" in words[index + 1 : index + 8]
    if word == "to":
        return index > 0 and words[index - 1] in ("is", "are", "was", "were", "yet")
    return word in _POSSIBLE or stems[index] in _POSSIBLE_STEMS


def _is_passive(words: list[str], clauses: list[int], commas: list[bool], index: int) -> bool:
    """After "was" with no comma between ("was confirmed and dismissed"), after "had the handle", or just before "by"."""
    start = index
    while start and clauses[start - 1] == clauses[index] and not commas[start]:
        start -= 1
    before = words[start:index]
    if "had" in before[:-2]:
        return True
    had = before[-1:] in (["had"], ["has"], ["have"])
    return any(word in _BE for word in before) or (not had and words[index + 1 : index + 2] == ["by"])


def _is_participle(word: str) -> bool:
    return word.endswith("ed") or is_known_verb(word)


def _is_verb(words: list[str], index: int) -> bool:
    word = words[index]
    if word in _NOT_VERBS or word.endswith("ly"):
        return False
    if (word.endswith("ed") and len(word) > 4) or is_known_verb(word):
        return True
    before = words[index - 1] if index else ""
    following = words[index + 1] if index + 1 < len(words) else ""
    if may_be_verb(word) and before and before not in _BEFORE_NOUNS and following and following not in _AFTER_NOUNS:
        return True
    return before in ("to", "will", "would", "can", "could", "may", "might", "must", "did", "does", "do", "not", "should")
