"""What a claim is compared with: parts of articles, and their sentences read once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.ingestion.sentences import sentence_spans
from assistant.language.dates import CalendarDate
from assistant.types import Article
from assistant.verification.analysis import Analysis, analyse


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an article, `article.text[start:end]`."""

    article: Article
    start: int
    end: int

    @classmethod
    def of(cls, text: str, number: int = 1) -> Passage:
        """A passage from words alone; its article is named "passage 1" and so on."""
        return cls(Article(f"passage {number}", "", text), 0, len(text))


AnyPassage = Passage | Article | str


def sentences_of(passages: Iterable[AnyPassage]) -> list[tuple[Article, tuple[Analysis, ...]]]:
    """Each article with the sentences of its passages, in order; passages of one article are read together."""
    groups: dict[Article, dict[int, Analysis]] = {}
    for number, passage in enumerate(passages, start=1):
        part = _as_passage(passage, number)
        group = groups.setdefault(part.article, {})
        for analysis in _analyses(part):
            group.setdefault(analysis.start, analysis)
    return [(article, tuple(analyses[start] for start in sorted(analyses))) for article, analyses in groups.items()]


def _as_passage(passage: AnyPassage, number: int) -> Passage:
    if isinstance(passage, str):
        return Passage.of(passage, number)
    return passage if isinstance(passage, Passage) else Passage(passage, 0, len(passage.text))


@lru_cache(maxsize=1024)
def _analyses(passage: Passage) -> tuple[Analysis, ...]:
    text = passage.article.text[passage.start : passage.end]
    analyses: list[Analysis] = []
    before: CalendarDate | None = None
    for start, end in sentence_spans(text):
        analyses.append(analyse(text[start:end], passage.article.published, passage.start + start, before))
        before = analyses[-1].last_date() or before
    return tuple(analyses)
