"""Questions to begin with. Each names the article that answers it, and is offered only where that article is in the index."""

from __future__ import annotations

from collections.abc import Collection

AT_ONCE = 4  # fills two rows of two

EXAMPLES = (
    ("When was India moved to STA Tier-1?", "india-us-defence-call"),
    ("Who co-chairs the 2+2 Ministerial Dialogue?", "india-us-defence-call"),
    ("What did Rajnath Singh write on X?", "india-us-defence-call"),
    ("Where did the fifth 2+2 Ministerial Dialogue take place?", "fifth-two-plus-two-2023"),
    ("When did India join the MTCR?", "export-control-regimes-india"),
    ("Who were the first five major non-NATO allies?", "major-non-nato-allies"),
    ("When was the Agreed Minute on Defense Relations signed?", "agreed-minute-1995"),
    ("How many Indian start-ups exhibited at the launch of INDUS-X?", "defence-accelerator-indus-x"),
    ("Where is the Wassenaar secretariat?", "export-control-regimes-india"),
    ("Which Country Group was India added to in August 2018?", "strategic-trade-authorization-explained"),
    ("When did Pakistan become a major non-NATO ally?", "major-non-nato-allies"),
    ("Which section of the NDAA for 2017 deals with India?", "major-defence-partner-status"),
)


def examples_for(article_ids: Collection[str], visit: int) -> list[str]:
    """Four of the examples that an index with these articles can answer; each visit, counted from 0, brings the next four."""
    known = set(article_ids)
    questions = [question for question, article_id in EXAMPLES if article_id in known]
    first = visit * AT_ONCE % max(1, len(questions))
    return (questions[first:] + questions[:first])[:AT_ONCE]
