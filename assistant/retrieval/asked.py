"""What a passage is asked, and the text that it is read in: both as near to each other in words as they can truly be put."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from assistant.index.documents import search_text
from assistant.ingestion.sentences import sentence_spans
from assistant.language.terms import missing_terms
from assistant.models.reading import Reading
from assistant.retrieval.news_dates import Edited, as_asked_of, parts_of, with_days_written_out
from assistant.retrieval.wording import as_done_in, as_late_in, as_named_in, as_titled_in
from assistant.types import Article, Chunk

Stem = Callable[[str], str]
# News names what it is about at its beginning.
_BEGINNING, _BEGINNING_CHARACTERS = 12, 6_000  # sentences, and where they are looked for


class Asked(NamedTuple):
    """What a chunk is asked, in its own words, and the text that it is read in, which ends with the chunk's, or with that as
    `edited` has it."""

    chunk: Chunk
    question: str
    passage: str
    edited: Edited | None = None

    @property
    def pair(self) -> tuple[str, str]:
        """What a reader takes."""
        return self.question, self.passage

    def of_chunk(self, reading: Reading) -> Reading:
        """What was read in the passage, as offsets of the chunk's text."""
        text = self.edited.text if self.edited else self.chunk.text
        reading = reading.after(len(self.passage) - len(text))
        return reading.at(self.edited.starts, self.edited.ends) if self.edited else reading


def ask_of(
    question: str, chunks: Iterable[Chunk], articles: Mapping[str, Article], stem: Stem, *, when: bool = False
) -> list[Asked]:
    """Each chunk under its article's title, which says what "the agreement" is, and behind the sentence that says who "he" is;
    neither of them ever answers. `when` says that a date is asked for."""
    found = []
    for chunk in chunks:
        article = articles[chunk.article_id]
        asked = _worded(question, chunk, article)
        edited = with_days_written_out(chunk.text, article.published) if when else None
        found.append(
            Asked(chunk, asked, _under(article, chunk.start, asked, edited.text if edited else chunk.text, stem), edited)
        )
    return found


def ask_parts_of(
    question: str,
    chunks: Iterable[Chunk],
    parts: Mapping[str, Sequence[tuple[int, int]]],
    articles: Mapping[str, Article],
    stem: Stem,
) -> list[Asked]:
    """Likewise of parts of the chunks alone, (start, end) by chunk id; of chunks without such of nothing."""
    found = []
    for chunk in (chunk for chunk in chunks if parts[chunk.chunk_id]):
        article = articles[chunk.article_id]
        asked = _worded(question, chunk, article)
        edited = parts_of(chunk.text, parts[chunk.chunk_id])
        begins = chunk.start + int(edited.starts[0])
        found.append(Asked(chunk, asked, _under(article, begins, asked, edited.text, stem), edited))
    return found


def _worded(question: str, chunk: Chunk, article: Article) -> str:
    """The question in the words of the chunk and its title."""
    passage = search_text(article.title, chunk.text)
    worded = as_titled_in(passage, as_done_in(passage, as_named_in(passage, as_late_in(passage, question))))
    return as_asked_of(worded, passage, article.published)


def _under(article: Article, start: int, question: str, text: str, stem: Stem) -> str:
    """The text that begins at a character of an article, under its title, and behind that of the first sentences before it which
    speaks of most that the question does and the text doesn't, if one does; ties go to the earlier."""
    passage = search_text(article.title, text)
    missing = [term.word.upper() if term.is_name else term.word for term in missing_terms(question, passage, stem)]
    if not missing:
        return passage
    least, said = len(missing), None
    for first, end in _first_sentences(article.text):
        if end > start:
            break
        sentence = article.text[first:end]
        if (left := len(missing_terms(" ".join(missing), sentence, stem))) < least:
            least, said = left, sentence
    return search_text(article.title, f"{said} {text}") if said else passage


@lru_cache(maxsize=1024)
def _first_sentences(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(sentence_spans(text[:_BEGINNING_CHARACTERS])[:_BEGINNING])
