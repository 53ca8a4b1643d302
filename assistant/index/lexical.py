"""BM25 over Tantivy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

import tantivy

from assistant.index.documents import UNDATED, SearchDocument, day_number
from assistant.index.faults import faults_told
from assistant.types import SearchFilter

_ANALYZER = "english"
_HEAP_BYTES = 64_000_000
_LAST_DAY = 99_991_231


class LexicalIndex:
    """Documents ranked by BM25 of their stemmed, lower-cased, unaccented words (Robertson and Zaragoza 2009).

    All methods raise IndexingError, which names the folder above, when the files cannot be read or written, or are damaged.
    """

    def __init__(self, folder: Path) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("id", stored=True, tokenizer_name="raw", fast=True)
        schema.add_text_field("text", stored=False, tokenizer_name=_ANALYZER)
        schema.add_text_field("source", stored=False, tokenizer_name="raw")
        schema.add_integer_field("published", stored=False, indexed=True, fast=True)
        self._schema = schema.build()
        self._faults_told = partial(faults_told, folder)
        with self._faults_told():
            folder.mkdir(parents=True, exist_ok=True)
            self._index = tantivy.Index(self._schema, path=str(folder))
        self._analyzer = (
            tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
            .filter(tantivy.Filter.remove_long(100))
            .filter(tantivy.Filter.lowercase())
            .filter(tantivy.Filter.ascii_fold())
            .filter(tantivy.Filter.stemmer("english"))
            .build()
        )
        self._index.register_tokenizer(_ANALYZER, self._analyzer)

    def ids(self) -> set[str]:
        """The ids of all documents."""
        with self._faults_told():
            self._index.reload()
            searcher = self._index.searcher()
            if searcher.num_docs == 0:
                return set()
            hits = searcher.search(tantivy.Query.all_query(), limit=searcher.num_docs).hits
            return {searcher.doc(address)["id"][0] for _, address in hits}

    def count(self) -> int:
        """How many documents there are."""
        with self._faults_told():
            return int(self._index.searcher().num_docs)

    def stem(self, word: str) -> str:
        """The word as the index holds it: lower-cased, unaccented, stemmed. A word with no letter or digit stays as it is."""
        return "".join(self._analyzer.analyze(word)) or word

    def apply(self, added: Sequence[SearchDocument], removed: Collection[str]) -> None:
        """Adds and removes documents in one commit."""
        with self._faults_told():
            writer = self._index.writer(heap_size=_HEAP_BYTES, num_threads=1)
            try:
                for document_id in sorted(removed):
                    writer.delete_documents_by_term("id", document_id)
                for document in added:
                    writer.add_document(_record(document))
                writer.commit()
                writer.wait_merging_threads()
            finally:
                del writer  # with it goes its lock, which an error's traceback would keep
            self._index.reload()

    def search(self, question: str, top_k: int, search_filter: SearchFilter) -> list[tuple[str, float]]:
        """Ids with BM25 scores, best first, ties by id. The filter applies before the ranking."""
        words = list(dict.fromkeys(self._analyzer.analyze(question)))
        if not words:
            return []
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(self._schema, "text", word, index_option="freq")) for word in words
        ]
        query = tantivy.Query.boolean_query(terms)
        if conditions := self._conditions(search_filter):
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), *conditions])
        with self._faults_told():
            searcher = self._index.searcher()
            hits = searcher.search(query, limit=top_k).hits
            found = [(searcher.doc(address)["id"][0], float(score)) for score, address in hits]
        return sorted(found, key=lambda hit: (-hit[1], hit[0]))

    def _conditions(self, search_filter: SearchFilter) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        queries = []
        if search_filter.published_after or search_filter.published_before:
            lowest = day_number(search_filter.published_after) if search_filter.published_after else UNDATED + 1
            highest = day_number(search_filter.published_before) if search_filter.published_before else _LAST_DAY
            queries.append(tantivy.Query.range_query(self._schema, "published", tantivy.FieldType.Integer, lowest, highest))
        if search_filter.sources:
            queries.append(tantivy.Query.term_set_query(self._schema, "source", list(search_filter.sources)))
        # Filters choose; they must not add to the score.
        return [(tantivy.Occur.Must, tantivy.Query.const_score_query(query, 0.0)) for query in queries]


def _record(document: SearchDocument) -> tantivy.Document:
    record = tantivy.Document()
    record.add_text("id", document.document_id)
    record.add_text("text", document.text)
    record.add_text("source", document.source or "")
    record.add_integer("published", day_number(document.published))
    return record
