"""Questions that ask what the letters of an acronym stand for: answered by the sentence that writes the name out.

A reader doesn't see the letters in a name whose acronym the article never writes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from assistant.answering.comparing import AskPart
from assistant.answering.marking import with_markers
from assistant.language.acronyms import is_called
from assistant.retrieval.wording import expansions
from assistant.types import Answer, Sentence

_ASKS = re.compile(
    r"\bwhat\b[^?]*\b(?:stand(?:s|ing)?|short) for\b|^\W*(?:the )?\w+ (?:is )?(?:stands?|short) for\b"
    r"|\bfull[- ]?(?:form|name)\b|\bwhat (?:do|are|were) the letters\b|\bletters\b[^?]*\b(?:mean|stand)"
    r"|\bsp(?:el[lt]|elled) (?:\w+ )?out\b(?! (?:its|the|an?|his|her|their|how|why|what|that)\b)|\babbreviat|\bacronym\b"
    r"|\bin full\W*$|^\W*(?:please )?expand \w+\W*$|^\W*(?:what(?:['’]s| is) )?(?:the )?expansion of \w+\W*$",
    re.IGNORECASE,
)
_CERTAIN = 0.99  # letters were compared, nothing was judged


def spell_out(question: str, restate: Callable[[str], str], look_up: AskPart) -> Answer | None:
    """The answer whose first sentence holds the name that has the letters; None for any other question.

    `restate` puts the name in brackets behind an acronym, where the articles have one; `look_up` gives the best sentences for a
    question, however unsure, and those that hold the words it quotes before all others.
    """
    written = expansions(restate(question)) if _ASKS.search(question) else []
    if len(written) != 1:
        return None
    [(acronym, name)] = written
    found = [look_up(f'What is the "{words}"?') for words in (f"{name} ({acronym})", name)]
    holding = [(answer, s) for answer in found for s in answer.sentences[:1] if is_called(name, acronym, s.text)]
    if not holding:
        return None
    answer, sentence = max(holding, key=lambda pair: f"({acronym})" in pair[1].text)
    return replace(_with_only(answer, sentence), short_answer=name, confidence=_CERTAIN, searched_for=question)


def _with_only(answer: Answer, sentence: Sentence) -> Answer:
    return replace(answer, text=with_markers([sentence]), sentences=(sentence,), citations=sentence.citations)
