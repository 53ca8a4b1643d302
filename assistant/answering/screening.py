"""What no sentence of a model may contain, whatever the articles say: addresses, markup, and the prompt itself."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assistant.answering.short_answer import short_answer

_ADDRESS = re.compile(
    r"\b[a-z][a-z0-9+.-]{1,20}://\S+|\b(?:data|javascript|mailto|vbscript|file):\S+|\bwww\.\S+"
    r"|\b(?:[a-z0-9-]{2,}\.)+(?:com|org|net|info|io|co|biz|xyz|ru|cn|in|uk|de|dev|app|site|online|top|me|example|test)\b(?:/\S*)?"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b|\S+@\S+\.\w+",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"!?\[[^\]\n]*\]\s*\(|!\[|<\s*/?\s*[a-z!][^>]{0,200}>?|&#?\w{2,8};|```|\]\s*:\s*\S+://", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_MODEL_IS_TOLD = (
    r"(?:ignor|disregard|forget|overrid|bypass)(?:e|ing)?\b[^.]{0,60}"
    r"\b(?:instructions?|prompts?|rules?|guidelines?|questions?|above|sources?)\b"
    r"|(?:assistants?|ai systems?|models?|chatbots?|bots?)\b\s*(?::|must\b|should\b|reply\b|answer\b|say\b)"
    r"|(?<!\w )(?:assistants?|ai systems?|models?|chatbots?|bots?),"
    r"|you (?:are now|must (?:now )?(?:answer|reply|say)|will (?:now )?(?:answer|reply|act))|from now on"
    r"|(?:hidden|system) (?:instruction|prompt|order)s?|new (?:instruction|prompt)s?|new orders?:"
)
_IMPERATIVE = (
    r"^\W*(?:please |now |then |important:? )*(?:reply|respond|answer|output|print|write|repeat|say|tell|reveal|show|append|add"
    r"|include|insert|send|visit|click|follow|link|cite|decode|translate|do not mention|stop reading|end each|put)\b"
)
_ORDER = re.compile(rf"\b(?:{_MODEL_IS_TOLD})|{_IMPERATIVE}", re.IGNORECASE)
# So many words in a row are no coincidence.
_REPEATED_WORDS = 7
_FEWEST_WORDS = 3


def is_an_order(text: str) -> bool:
    """Whether a sentence of an article tells a reader or a model what to do: it reports nothing, so it supports nothing."""
    return bool(_ORDER.search(text))


def is_a_fragment(text: str, question: str) -> bool:
    """Whether it is a word or two that are not what the question asks for: no sentence, so nothing that could be true."""
    return len(_WORD.findall(text)) < _FEWEST_WORDS and short_answer(question, text) is None


def addresses(text: str) -> list[str]:
    """The web and mail addresses in a text, without the stop or bracket behind them."""
    return [found.rstrip(".,;:!?)]}'\"”’") for found in _ADDRESS.findall(text)]


def must_not_be_shown(text: str, passages: Iterable[str], secrets: Iterable[str], instructions: str) -> bool:
    """Whether a sentence holds an address that its passages don't, markup, a secret of the request, or words of the prompt.

    Args:
        text: the sentence.
        passages: the texts that it may take an address from.
        secrets: the mark and the keys of the request.
        instructions: the prompt's own words.
    """
    allowed = "\n".join(passages)
    if any(address not in allowed for address in addresses(text)) or _MARKUP.search(text):
        return True
    folded = text.lower()
    if any(secret.lower() in folded for secret in secrets):
        return True
    return _repeats(text, instructions)


def _repeats(text: str, instructions: str) -> bool:
    words = _WORD.findall(text.lower())
    told = f" {' '.join(_WORD.findall(instructions.lower()))} "
    runs = (words[at : at + _REPEATED_WORDS] for at in range(len(words) - _REPEATED_WORDS + 1))
    return any(f" {' '.join(run)} " in told for run in runs)
