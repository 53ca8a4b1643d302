"""A claim in the words of the passage that it is read beside: a reader takes "BECA" for another thing than the agreement that the
passage writes out, and the other way round."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.language.acronyms import SMALL_WORDS, acronyms
from assistant.language.lexicon import FUNCTION_WORDS

_ACRONYM = re.compile(r"\b(?P<letters>[A-Z][A-Za-z]{0,8}[A-Z])s?\b")
_SHORTEST = 3  # letters; "US" and "UK" every reader knows
_BETWEEN = rf"(?:[\s-]+(?:{'|'.join(sorted(SMALL_WORDS))}))*[\s-]+"


def as_spelled_in(passage: str, article: str, claim: str) -> str:
    """The claim with the passage's own choice of each acronym and name, where it has only one of them.

    `article` is the text around the passage, which may explain an acronym that the passage uses.
    """
    explained = acronyms(article) | acronyms(claim)

    def written_out(found: re.Match[str]) -> str:
        letters = found["letters"]
        if len(letters) < _SHORTEST or re.search(rf"\b{letters}s?\b", passage):
            return found[0]
        words = explained.get(letters.lower())
        return _named(words, passage) or _named_by(letters, passage) or found[0]

    claim = _ACRONYM.sub(written_out, claim)
    for letters in dict.fromkeys(found["letters"] for found in _ACRONYM.finditer(passage)):
        name = _named(explained.get(letters.lower()), claim) if len(letters) >= _SHORTEST else None
        if name and letters not in claim and name.lower() not in passage.lower():
            claim = claim.replace(name, letters)
    return claim


def _named(words: Iterable[str] | None, text: str) -> str | None:
    """A name of the words, as the text writes it."""
    found = re.search(rf"\b{_BETWEEN.join(map(re.escape, words))}\b", text, re.IGNORECASE) if words else None
    return found[0] if found else None


def _named_by(letters: str, text: str) -> str | None:
    """Words of the text that begin with the letters, "memorandum of understanding" for "MoU"; none that begins or ends with a
    small word: "in a field" is no IAF."""
    for found in re.finditer(rf"\b{_BETWEEN.join(rf'{letter}[a-z]+' for letter in letters)}\b", text, re.IGNORECASE):
        words = re.split(r"[\s-]+", found[0].lower())
        if not {words[0], words[-1]} & FUNCTION_WORDS:
            return found[0]
    return None
