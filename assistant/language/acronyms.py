"""Acronyms and the names that they stand for, told by letters.

A word gives its first letter, one in capitals all of its letters; a small word ("of", "and") may give its letter or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product

from assistant.language.lexicon import FUNCTION_WORDS
from assistant.language.names import countries

SMALL_WORDS = frozenset("of for the and on in to de &".split())
_TOKEN = re.compile(r"[^\W\d_]+(?:['’]s?(?!\w))?|&|[^\s-]|\n")
_LONGEST = 10  # words of a name
_MOST_SMALL = 4  # small words of which each may count or not; of more all do, or none
_SHORT = r"[A-Za-z]{2,10}"
_IN_BRACKETS = re.compile(rf"\((?:the )?(?P<short>{_SHORT})(?=[),;])")
_WRITTEN_OUT = re.compile(rf"\b(?P<short>{_SHORT}) \((?P<name>[^()\n]{{5,120}})\)")
_GOES_ON = re.compile(r"(?: [A-Z]|-?\w)")
# How a name in brackets is looked for, likeliest way first: how many letters its first word and the others may give, and which
# share of its words none. "Communications Compatibility and …" is COMCASA, "Australia-United States Ministerial Consultations"
# AUSMIN.
_WAYS = ((1, 1, 0.0), (4, 1, 0.0), (4, 4, 0.0), (4, 4, 0.4))


@lru_cache(maxsize=4096)
def acronyms(text: str) -> dict[str, tuple[str, ...]]:
    """What the names in a text may be shortened to, with the words they stand for, small ones left out, all in lower case.

    "Basic Exchange and Cooperation Agreement" gives "beca", "beaca" and "baseaca". Names in small letters count where the short
    form is written beside them: "humanitarian assistance and disaster relief (HADR)". Of several names with the same letters the
    one beside the short form is meant, else the first that is whole, else the first that is part of a longer run of capitals.
    """
    found = dict(_beside_brackets(text))
    runs = list(_runs(_TOKEN.findall(text)))
    for run in runs:
        for short in _short_forms(run):
            found.setdefault(short, _content(run))
    for run in runs:
        for part in _parts(run):
            for short in _short_forms(part):
                found.setdefault(short, _content(part))
    return found


@lru_cache(maxsize=4096)
def short_words(text: str) -> frozenset[str]:
    """The words written like acronyms, in lower case: with two capitals or more."""
    return frozenset(word.lower() for word in re.findall(r"\b[A-Za-z]*[A-Z][a-z]?[A-Z][A-Za-z]*\b", text))


@lru_cache(maxsize=4096)
def initials(text: str) -> frozenset[str]:
    """The first letters of three to five words on end, with and without the small ones: "mou", memorandum of understanding.

    Function words stand neither first nor last among them: "in a field" is no IAF.
    """
    words = re.findall(r"[a-z][\w-]*", text.lower())
    found: set[str] = set()
    for kept in (words, [word for word in words if word not in SMALL_WORDS]):
        for length in (3, 4, 5):
            for run in (kept[start : start + length] for start in range(len(kept) - length + 1)):
                if not {run[0], run[-1]} & FUNCTION_WORDS:
                    found.add("".join(word[0] for word in run))
    return frozenset(found)


def is_called(name: str, short: str, text: str) -> bool:
    """Whether the text has the name whole, and not with another short form beside it.

    "Exchange and Cooperation Agreement" is no name where it is the end of "Basic Exchange and Cooperation Agreement". A country
    before a name is no part of it, nor is what has it: "the department's Strategic Trade Authorization".
    """
    whole = [_bare(token) for token in _TOKEN.findall(name)]
    for found in re.finditer(re.escape(name), text):
        if beside := _IN_BRACKETS.match(text, found.end() + 1):
            if beside["short"].lower() == short.lower():
                return True
            continue
        if _GOES_ON.match(text, found.end()):
            continue
        run = next(
            (run for run in reversed(list(_runs(_TOKEN.findall(text[: found.end()])))) if run[-len(whole) :] == whole), whole
        )
        own = (word for word in run[: -len(whole)] if word not in SMALL_WORDS and not countries(word))
        if text[: found.start()].endswith(("'s ", "’s ")) or not any(own):
            return True
    return False


def _beside_brackets(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The short forms that stand in brackets behind their names, or before the names in brackets."""
    for match in _IN_BRACKETS.finditer(text):
        before = _words(text[max(0, match.start() - 20 * _LONGEST) : match.start()])[-_LONGEST:]
        yield from _named(match["short"], [before[start:] for start in range(len(before) - 1, -1, -1)])
    for match in _WRITTEN_OUT.finditer(text):
        yield from _named(match["short"], [_words(match["name"])])


def _named(short: str, names: Sequence[list[str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The short form with the first of the names that it is made of; "UAVs" also as "uav"."""
    if sum(letter.isupper() for letter in short) < 2:
        return
    bare = short[:-1] if short.endswith("s") and short[:-1].isupper() else short
    fitting = (name for way in _WAYS for name in names if _spell(name, bare.lower(), *way))
    if name := next(fitting, None):
        yield from ((letters, _content(name)) for letters in {short.lower(), bare.lower()})


def _spell(name: Sequence[str], letters: str, first: int, others: int, without: float) -> bool:
    """Whether two words or more have the letters, of which there are as many as words at least: "A A B" is no AA."""
    words = _content(name)
    if (
        not 2 <= len(words) <= len(letters)
        or name[0].lower() in SMALL_WORDS
        or (without and not all(word[0].isupper() or word in SMALL_WORDS for word in name))
    ):
        return False
    return any(
        _goes_on(name[1:], letters[given:], others, int(without * len(words))) for given in _given(name[0], letters, first)
    )


def _goes_on(name: Sequence[str], letters: str, most: int, without: int) -> bool:
    if not name:
        return not letters
    if any(_goes_on(name[1:], letters[given:], most, without) for given in _given(name[0], letters, most)):
        return True
    small = name[0].lower() in SMALL_WORDS
    return (small or without > 0) and _goes_on(name[1:], letters, most, without if small else without - 1)


def _given(word: str, letters: str, most: int) -> list[int]:
    """How many of the letters the word may give."""
    counts = {len(word)} if _is_short(word) else set(range(1, min(most, len(word)) + 1))
    return [count for count in counts if letters.startswith(word[:count].lower())]


def _runs(tokens: Sequence[str]) -> Iterator[list[str]]:
    """The longest runs of words with capitals, small words between them."""
    run: list[str] = []
    for token in [*tokens, "\n"]:
        if token[0].isupper() and not (not run and token.lower() in FUNCTION_WORDS and not _is_short(token)):
            run.append(_bare(token))
        elif not run or token.lower() not in SMALL_WORDS:
            yield from [_without_small_end(run)] if run else []
            run = []
        else:
            run.append(token)


def _without_small_end(run: list[str]) -> list[str]:
    while run[-1] in SMALL_WORDS:
        run = run[:-1]
    return run


def _parts(run: list[str]) -> Iterator[list[str]]:
    """What begins and ends with a word of the run that isn't small."""
    ends = [at for at, word in enumerate(run) if word not in SMALL_WORDS]
    yield from (run[start : end + 1] for start in ends for end in ends if start < end < start + _LONGEST)


def _short_forms(name: list[str]) -> set[str]:
    """In lower case; none of a single word, and none of two letters where a small word stands between."""
    words = _content(name)
    if not 1 < len(name) <= _LONGEST or len(words) < 2:
        return set()
    # "And" joins two names more often than the words of one: "India and France" are no IAF.
    few = sum(word in SMALL_WORDS for word in name) <= _MOST_SMALL
    letters = [_letters(word, few and (len(words) > 2 or word in ("of", "to", "for"))) for word in name]
    forms = {"".join(chosen).lower() for chosen in product(*letters)}
    if len(words) == 2 < len(name):
        forms -= {form for form in forms if len(form) == 2}
    if len(words) > 2:
        forms |= {name[0][:3].lower() + form[1:] for form in forms if not _is_short(name[0])}
    return forms


def _letters(word: str, counts: bool) -> tuple[str, ...]:
    if word in SMALL_WORDS:
        return ("", word[0]) if counts and word != "&" else ("",)
    return (word,) if _is_short(word) else (word[0],)


def _words(text: str) -> list[str]:
    """The words of the last sentence part: what stands behind its last mark or line."""
    words: list[str] = []
    for token in _TOKEN.findall(text):
        words = [*words, _bare(token)] if token[0].isalpha() or token == "&" else []
    return words


def _content(name: Sequence[str]) -> tuple[str, ...]:
    return tuple(word.lower() for word in name if word.lower() not in SMALL_WORDS)


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word)


def _is_short(word: str) -> bool:
    """Whether it is in capitals, as "US" is."""
    return len(word) > 1 and word.isupper()
