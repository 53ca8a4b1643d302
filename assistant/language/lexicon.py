"""Words that mean the same, the opposite, or almost nothing: what a check of claims must know of English.

Two words are taken for the same when their stems agree, when they are derived from one another ("deliver", "delivery"), or
when a line of the table of synonyms holds both. The tables, in `lexicon.json`, are general English; nothing in them is about
one topic.
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pathlib import Path

_TABLES = json.loads(Path(__file__).with_name("lexicon.json").read_text(encoding="utf-8"))
FUNCTION_WORDS = frozenset(word for line in _TABLES["function_words"]["words"] for word in line.split())
_BASE = {form: line.split(maxsplit=1)[0] for line in _TABLES["irregular"]["lines"] for form in line.split()}
_INFLECTIONS = (
    ("ies", "y"),
    ("ied", "y"),
    ("sses", "ss"),
    ("ings", ""),
    ("ing", ""),
    ("ed", ""),
    ("ly", ""),
    ("es", ""),
    ("s", ""),
)
_DERIVATIONS = (
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("ations", "at"),
    ("ation", "at"),
    ("ments", ""),
    ("ment", ""),
    ("ions", ""),
    ("ion", ""),
    ("als", "al"),
    ("e", ""),
)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The word without its endings, British and American spelling alike; irregular forms become their first one."""
    word = re.sub(r"['’]s?$", "", word.lower())
    word = _BASE.get(word, word)
    word = re.sub(r"(?<=[a-z]{3})is(?=(?:e|es|ed|ing|ation|ations)$)", "iz", word)
    word = re.sub(r"our(?=$|s$|ed$|ing$|able$)", "or", word) if len(word) > 5 else word
    word = (
        re.sub(r"enc(?=es?$)", "ens", word)
        .replace("licenc", "licens")
        .replace("programme", "program")
        .replace("centre", "center")
    )
    if len(word) < 4 or not word.isalpha():
        return word
    for endings in (_INFLECTIONS, _DERIVATIONS):
        for suffix, replacement in endings:
            least = 2 if replacement == "y" else 3
            if word.endswith(suffix) and len(word) - len(suffix) >= least and not (suffix == "s" and word[-2] in "su"):
                word = word[: -len(suffix)] + replacement
                break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sle":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] == "e" else word


def _stems(line: str) -> list[str]:
    return [stem(word) for word in line.split()]


@cache
def _groups() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(_TABLES["synonyms"]["lines"]):
        for word in _stems(line):
            groups.setdefault(word, set()).add(number)
    return {word: frozenset(numbers) for word, numbers in groups.items()}


@cache
def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _TABLES["opposites"]["lines"]:
        sides = [set(_stems(side)) for side in line]
        for side in sides:
            others = set().union(*(other for other in sides if other is not side))
            for word in side:
                found.setdefault(word, set()).update(others - side)
    return {word: frozenset(others) for word, others in found.items()}


@cache
def phrases() -> dict[str, list[tuple[list[str], str]]]:
    """First stem to the phrases that begin with it, longest first, as (stems, the word that stands for them)."""
    found: dict[str, list[tuple[list[str], str]]] = {}
    for word, variants in _TABLES["phrases"]["lines"].items():
        for variant in variants:
            stems = _stems(variant)
            found.setdefault(stems[0], []).append((stems, stem(word)))
    return {first: sorted(lines, key=lambda line: -len(line[0])) for first, lines in found.items()}


@lru_cache(maxsize=65536)
def same_meaning(one: str, other: str) -> bool:
    """Whether two stems are of words that may say the same."""
    if one == other:
        return True
    if not (one.isalpha() and other.isalpha()):
        return False
    if _groups().get(one, frozenset()) & _groups().get(other, frozenset()):
        return True
    shorter, longer = sorted((one, other), key=len)
    shared = next((i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    return shared >= max(5, 0.8 * len(longer)) and not opposite(one, other)


def opposite(one: str, other: str) -> bool:
    """Whether two stems are of words with opposite meaning."""
    return other in _opposites().get(one, frozenset())


_VERBS = frozenset(stem(word) for line in _TABLES["verbs"]["words"] for word in line.split())


def may_be_verb(word: str) -> bool:
    """Whether the word is one of the common verbs, in any form; many of them are nouns as well."""
    return stem(word) in _VERBS


def is_past(word: str) -> bool:
    """Whether the word looks like a past tense or participle."""
    return is_known_verb(word) or (word.endswith("ed") and len(word) > 4)


def is_known_verb(word: str) -> bool:
    """Whether the word is a form of an irregular verb, other than its first one."""
    return _BASE.get(word.lower(), word.lower()) != word.lower() and _BASE[word.lower()] not in (
        "child",
        "woman",
        "man",
        "person",
    )
