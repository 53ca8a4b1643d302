"""Follow-ups asked of the article that was spoken of: most mean it, and say too little to be found elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.answering.leaning import points_back
from assistant.language.names import long_names
from assistant.types import Answer, Turn

_MARKERS = re.compile(r"\s*(?:\[\d+\])+\s*")
_MOST_BEFORE = 2  # questions, behind which a follow-up is read
# Set on 515 last questions of conversations: from which confidence on, and by how many logits surer, an article's answer takes
# the place of another's; and from which confidence on another's isn't questioned, so that the article needn't be read.
_SURE, _LEAD, _SETTLED = 0.9, 1.0, 0.99


def may_mean_it(question: str) -> bool:
    """Whether a question points back, or names nothing that could be looked up by itself; countries tell too little."""
    return points_back(question) or not long_names(question)


def asked_before(turns: Sequence[Turn]) -> list[str]:
    """The last questions, at most two, oldest first."""
    return [turn.content for turn in turns if turn.role == "user"][-_MOST_BEFORE:]


def spoken_of(turns: Sequence[Turn]) -> str:
    """The last question and what was said to it, without citation markers."""
    return _MARKERS.sub(" ", " ".join(turn.content for turn in turns[last_question(turns) :])).strip()


def last_question(turns: Sequence[Turn]) -> int:
    """The number of the turn in which something was last asked; 0 where nothing was."""
    return max((at for at, turn in enumerate(turns) if turn.role == "user"), default=0)


def answers_elsewhere(anywhere: Answer, article_id: str, said: str) -> bool:
    """Whether an answer is none, quotes what was said already, or is another article's that is not quite sure."""
    if anywhere.abstained or anywhere.sentences[0].text in said:
        return True
    return anywhere.citations[0].article_id != article_id and anywhere.confidence < _SETTLED


def is_better_there(there: Answer, anywhere: Answer, said: str, says_it_again: Callable[[], bool]) -> bool:
    """Whether the article's answer to a follow-up (`there`) is better than that of all articles, which `answers_elsewhere`: where
    the other is none, or is clearly less sure, or only quotes what was said; then even no answer is better.

    `says_it_again` tells whether the other answers the question before once more: the same sentence may answer both "When was it
    signed?" and "and where?".
    """
    if not anywhere.abstained and anywhere.sentences[0].text in said:
        return says_it_again()
    if there.abstained:
        return False
    return anywhere.abstained or (there.confidence >= _SURE and _certainty(there) >= _certainty(anywhere) + _LEAD)


def _certainty(answer: Answer) -> float:
    """How sure both networks are of the passage that answered."""
    return answer.signals["answerable"] + answer.signals["margin"] / 2 + answer.signals["second"] / 2
