"""What became of a chat model's sentences."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.evaluation.citations import CheckedCitation, is_supported
from assistant.types import Answer


def chat_measures(answer: Answer, checked: list[CheckedCitation]) -> Mapping[str, float | None]:
    """The measures of an answer for which a chat model was asked; nothing for any other.

    A reply that was set aside, and answered with quotes, counts as not written; its sentences count as removed where they were.
    """
    if answer.raw_text is None:
        return {}
    exact = {check.citation: check.exact for check in checked}
    verdicts = [sentence.verdict for sentence in answer.sentences]
    return {
        "chat_written": float(any(sentence.text not in _quotes(answer) for sentence in answer.sentences)),
        "chat_supported": float(verdicts.count("supported")),
        "chat_corrected": float(verdicts.count("corrected")),
        "chat_removed": float(len(answer.removed)),
        "chat_unsupported_shown": float(sum(not is_supported(sentence, exact) for sentence in answer.sentences)),
        "chat_input_tokens": float(answer.usage.get("input_tokens", 0)),
        "chat_output_tokens": float(answer.usage.get("output_tokens", 0)),
        "first_sentence_added": answer.timings_ms.get("first_sentence_added"),
    }


def _quotes(answer: Answer) -> set[str]:
    return {citation.quote for citation in answer.citations}
