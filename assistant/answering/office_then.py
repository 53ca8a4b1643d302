"""Questions that ask who held an office when something happened: first it is asked when that was, then who held it at that time.

"Who was defence minister when the first C-17 landed?" needs two passages, of which neither speaks of both.
"""

from __future__ import annotations

import re

from assistant.answering.comparing import AskPart, combined, fact_of
from assistant.retrieval.news_dates import times_of_office
from assistant.types import Answer

_THEN = re.compile(
    r"(?P<office>(?:and |so )?(?:who|which|what (?:post|job|office|role))\b[^,?]*?),? (?:back |right )?"
    r"(?P<link>when|during|at the time (?:when|that|of)) (?P<event>[^?]+?)[?. ]*",
    re.IGNORECASE,
)


def ask_of_then(question: str, whole: Answer, ask_part: AskPart) -> Answer | None:
    """The sentence that dates the event and those that tell who held the office then, as sure as the less sure of them.

    `whole` is the answer to the question as it stands; `ask_part` answers a plain question or abstains. None where the question
    is of another kind, where either part has no answer, or where the answer to the whole is as sure.
    """
    found = _THEN.fullmatch(question.strip())
    if found is None or not times_of_office(f"{found['office']} in 2000?"):
        return None
    is_clause = found["link"].lower() not in ("during", "at the time of")
    dated = fact_of(ask_part(f"When was {'it that ' if is_clause else ''}{found['event']}?"), "", "first")
    if dated is None or dated.when is None or not (dated.when.is_day or dated.when.is_month or dated.when.is_year):
        return None
    then = ask_part(f"{found['office']} {'on' if dated.when.is_day else 'in'} {dated.when}?")
    held = fact_of(then, "", "changed")
    if held is None:
        return None
    answer = combined(question, [dated, held], then.short_answer)
    return None if not whole.abstained and whole.confidence >= answer.confidence else answer
