"""Questions to begin with. Each names the article that answers it, and is offered only where that article is in the index."""

from __future__ import annotations

from assistant.engine import Assistant

EXAMPLES = (
    ("When was India moved to STA Tier-1?", "india-us-defence-call"),
    ("Who co-chairs the 2+2 Ministerial Dialogue?", "india-us-defence-call"),
    ("What did Pete Hegseth say about the next 2+2 dialogue?", "india-us-defence-call"),
    ("Where did the fifth 2+2 Ministerial Dialogue take place?", "india-us-defence-call"),
)


def examples_for(assistant: Assistant) -> list[str]:
    """The examples that this index can answer."""
    known = set(assistant.article_ids())
    return [question for question, article_id in EXAMPLES if article_id in known]
