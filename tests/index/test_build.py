from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest
from filelock import FileLock
from langchain_core.embeddings import Embeddings
from word_embeddings import WordEmbeddings, WordTokens

from assistant.engine import no_progress
from assistant.errors import IndexingError, IndexLocked, IndexMismatch
from assistant.index.build import Index, build_index, index_folder
from assistant.index.documents import SearchDocument
from assistant.ingestion.loading import load_articles
from assistant.settings import Settings, load_settings

MakeCorpus = Callable[[Mapping[str, str | bytes]], Path]
CountTokens = Callable[[str], int]
RAIN, SNOW, DRONES = "Rain fell in Leeds.", "Snow fell in York.", "India bought 31 drones."


class CountingEmbeddings(Embeddings):
    """Another embedder's vectors; keeps the texts that were embedded as documents."""

    def __init__(self, inner: Embeddings) -> None:
        self.inner = inner
        self.embedded: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded += texts
        return self.inner.embed_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        return self.inner.embed_query(text)


class Desk:
    """Builds and opens indexes beside a corpus."""

    def __init__(self, folder: Path, embeddings: Embeddings, count_tokens: CountTokens) -> None:
        self.folder = folder
        self.embeddings = CountingEmbeddings(embeddings)
        self.count_tokens = count_tokens
        self.settings = load_settings()

    @property
    def corpus(self) -> Path:
        return self.folder / "corpus"

    @contextmanager
    def opened(self, root: str = ".index") -> Iterator[Index]:
        folder = index_folder(self.folder / root, self.corpus, self.settings)
        index = Index(folder, self.settings, self.embeddings, self.corpus, WordTokens())
        try:
            yield index
        finally:
            index.close()

    def build(self, root: str = ".index") -> tuple[bool, list[str]]:
        """Whether anything changed, and the texts that were embedded for it."""
        self.embeddings.embedded.clear()
        with self.opened(root) as index:
            changed = build_index(index, load_articles(self.corpus), self.settings, self.count_tokens, no_progress)
            assert index.catalog.chunk_ids() == index.lexical.ids() == index.vectors.ids() == index.token_vectors.ids()
        return changed, sorted(self.embeddings.embedded)

    def ids(self, root: str = ".index") -> set[str]:
        with self.opened(root) as index:
            return index.vectors.ids()


@pytest.fixture
def desk(make_corpus: MakeCorpus, count_tokens: CountTokens) -> Desk:
    corpus = make_corpus({"rain.txt": RAIN, "snow.txt": SNOW})
    return Desk(corpus.parent, WordEmbeddings(), count_tokens)


def embedded(title: str, text: str) -> str:
    return f"{title}\n{text}"


def test_the_first_build_holds_everything(desk: Desk) -> None:
    changed, texts = desk.build()
    assert changed
    assert texts == [embedded(RAIN, RAIN), embedded(SNOW, SNOW)]
    with desk.opened() as index:
        assert index.catalog.counts() == (2, 2)
        assert index.lexical.ids() == index.catalog.chunk_ids()


def test_a_second_build_changes_nothing(desk: Desk) -> None:
    desk.build()
    before = desk.ids()
    assert desk.build() == (False, [])
    assert desk.ids() == before


def test_two_clean_builds_agree(desk: Desk) -> None:
    desk.build()
    desk.build("other")
    assert desk.ids() == desk.ids("other")


def test_an_article_that_is_added_is_the_only_one_touched(desk: Desk, make_corpus: MakeCorpus) -> None:
    desk.build()
    before = desk.ids()
    make_corpus({"drones.txt": DRONES})
    assert desk.build() == (True, [embedded(DRONES, DRONES)])
    assert desk.ids() > before


def test_an_article_that_changes_is_the_only_one_touched(desk: Desk, make_corpus: MakeCorpus) -> None:
    desk.build()
    before = desk.ids()
    make_corpus({"snow.txt": DRONES})
    assert desk.build() == (True, [embedded(DRONES, DRONES)])
    assert len(desk.ids() & before) == 1
    with desk.opened() as index:
        assert [article.text for article in index.catalog.articles(["rain", "snow"]).values()] == [RAIN, DRONES]


def test_an_article_that_goes_takes_its_chunks_with_it(desk: Desk) -> None:
    desk.build()
    before = desk.ids()
    (desk.corpus / "snow.txt").unlink()
    assert desk.build() == (True, [])
    assert desk.ids() < before
    with desk.opened() as index:
        assert index.catalog.article_ids() == ["rain"]


def test_an_article_that_comes_back_has_its_old_ids(desk: Desk, make_corpus: MakeCorpus) -> None:
    desk.build()
    before = desk.ids()
    make_corpus({"snow.txt": DRONES})
    desk.build()
    make_corpus({"snow.txt": SNOW})
    desk.build()
    assert desk.ids() == before


def test_a_change_of_nothing_but_the_metadata_is_picked_up(desk: Desk, make_corpus: MakeCorpus) -> None:
    make_corpus({"drones.md": f"---\ntitle: Drones\nsource: The Post\n---\n{DRONES}"})
    desk.build()
    make_corpus({"drones.md": f"---\ntitle: Drones\nsource: The Wire\n---\n{DRONES}"})
    changed, texts = desk.build()
    assert changed
    assert texts in ([], [embedded("Drones", DRONES)])
    with desk.opened() as index:
        article = index.catalog.article("drones")
        assert article
        assert article.source == "The Wire"


def test_touching_a_file_is_no_change(desk: Desk) -> None:
    desk.build()
    (desk.corpus / "rain.txt").touch()
    (desk.corpus / "snow.txt").write_bytes(b"\xef\xbb\xbf" + SNOW.encode() + b"\r\n")
    assert desk.build() == (False, [])


def test_progress_is_told_in_whole_numbers_up_to_the_end(desk: Desk) -> None:
    told: list[tuple[str, int, int]] = []
    with desk.opened() as index:
        build_index(index, load_articles(desk.corpus), desk.settings, desk.count_tokens, lambda *step: told.append(step))
    ended = [task for task, done, total in told if done == total]
    assert ended == list(dict.fromkeys(task for task, _, _ in told))
    assert {"Cutting articles into chunks", "Indexing words", "Embedding chunks", "Embedding their words"} <= set(ended)
    assert all(0 < done <= total == 2 for _, done, total in told)


def test_a_search_index_that_lost_documents_gets_them_back(desk: Desk, make_corpus: MakeCorpus) -> None:
    desk.build()
    before = desk.ids()
    with desk.opened() as index:
        index.lexical.apply((), before)
        index.vectors.apply((), [min(before)])
    make_corpus({"drones.txt": DRONES})
    desk.build()
    assert desk.ids() > before


def lose_one_vector(index: Index) -> None:
    index.embedded.apply((), [min(index.embedded.ids())])


def lose_one_that_is_near(index: Index) -> None:
    index.vectors.apply((), [min(index.vectors.ids())])


def lose_the_tokens_of_one(index: Index) -> None:
    index.token_vectors.apply((), [min(index.token_vectors.ids())])


def lose_all_words(index: Index) -> None:
    index.lexical.apply((), index.lexical.ids())


def lose_an_article(index: Index) -> None:
    index.whole_articles.apply((), [min(index.whole_articles.ids())])


def gain_a_stray(index: Index) -> None:
    stray = [SearchDocument("stray", "Nobody wrote this.", None, None)]
    index.embedded.apply(stray, ())
    index.vectors.apply(stray, ())


@pytest.mark.parametrize(
    "damage", [lose_one_vector, lose_one_that_is_near, lose_the_tokens_of_one, lose_all_words, lose_an_article, gain_a_stray]
)
def test_a_search_index_that_lags_mends_itself_though_no_article_changed(desk: Desk, damage: Callable[[Index], None]) -> None:
    desk.build()
    before = desk.ids()
    with desk.opened() as index:
        damage(index)
    changed, _ = desk.build()
    assert changed
    assert desk.ids() == before
    with desk.opened() as index:
        assert index.whole_articles.ids() == set(index.catalog.article_ids_by_hash())
    assert desk.build() == (False, [])


@pytest.mark.parametrize(
    ("part", "embedded_anew"),
    [
        ("lexical", False),
        ("lexical-articles", False),
        ("lexical/meta.json", False),
        ("token-vectors.sqlite", False),
        ("embedded.sqlite", True),
        ("vectors", False),
        ("vectors/current.json", False),
        ("vectors/1/chroma.sqlite3", False),
    ],
)
def test_a_part_that_is_deleted_is_made_again_though_no_article_changed(desk: Desk, part: str, embedded_anew: bool) -> None:
    desk.build()
    before = desk.ids()
    with desk.opened() as index:
        path = index.folder / part
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    assert desk.build() == (True, [embedded(RAIN, RAIN), embedded(SNOW, SNOW)] if embedded_anew else [])
    assert desk.ids() == before
    with desk.opened() as index:
        assert index.whole_articles.ids() == set(index.catalog.article_ids_by_hash())
    assert desk.build() == (False, [])


@pytest.mark.parametrize(
    "part",
    ["catalog.sqlite", "lexical/meta.json", "lexical-articles/meta.json", "token-vectors.sqlite", "embedded.sqlite"],
)
@pytest.mark.parametrize("content", [b"garbage" * 1000, None], ids=["garbage", "cut in half"])
def test_a_damaged_file_is_reported_and_the_folder_can_be_built_again(desk: Desk, part: str, content: bytes | None) -> None:
    desk.build()
    before = desk.ids()
    with desk.opened() as index:
        folder = index.folder
    whole = (folder / part).read_bytes()
    (folder / part).unlink()
    (folder / part).write_bytes(whole[: len(whole) // 2] if content is None else content)
    with pytest.raises(
        IndexingError, match=r"is damaged \(.*; delete that folder, and the next question builds it again"
    ) as caught:
        desk.build()
    assert str(folder) in str(caught.value)
    shutil.rmtree(folder)
    assert desk.build()[0]
    assert desk.ids() == before


def test_a_text_that_the_disk_changed_is_put_right(desk: Desk) -> None:
    desk.build()
    with desk.opened() as index:
        catalog = index.folder / "catalog.sqlite"
    with closing(sqlite3.connect(catalog)) as connection, connection:
        connection.execute("UPDATE articles SET text = replace(text, 'Rain', 'Raim')")
    assert desk.build() == (True, [])
    with desk.opened() as index:
        assert [article.text for article in index.catalog.articles(["rain", "snow"]).values()] == [RAIN, SNOW]
    assert desk.build() == (False, [])


@pytest.mark.parametrize("published", ["2025-13-45", "yesterday"])
def test_a_day_that_the_disk_changed_is_damage(desk: Desk, published: str) -> None:
    desk.build()
    with desk.opened() as index:
        catalog = index.folder / "catalog.sqlite"
    with closing(sqlite3.connect(catalog)) as connection, connection:
        connection.execute("UPDATE articles SET published = ?", (published,))
    with pytest.raises(IndexingError, match="is damaged"):
        desk.build()


def test_lexical_segments_that_are_gone_are_reported(desk: Desk) -> None:
    desk.build()
    with desk.opened() as index:
        lexical = index.folder / "lexical"
    segments = [path for path in lexical.iterdir() if path.suffix == ".term"]
    assert segments
    for path in segments:
        path.unlink()  # not cut short where it stands: what still has it open reads it as memory
        path.write_bytes(b"x")
    with pytest.raises(IndexingError, match="is damaged"):
        desk.build()


def test_an_index_cannot_be_kept_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("Rain.", encoding="utf-8")
    with pytest.raises(IndexingError, match=r"No index can be kept in '.*' \(Not a directory\); name a folder with --index"):
        Index(tmp_path / "file" / "corpus", load_settings(), WordEmbeddings())


@pytest.mark.parametrize("root", ["x" * 300, "loop", "x" * 300 + "/below", "half \udcff a character"])
def test_an_index_cannot_be_kept_where_nothing_can_be_reached(tmp_path: Path, root: str) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(IndexingError, match=r"No index can be kept in '.*(too long|loop|UTF-8).*; name a folder with --index\."):
        index_folder(tmp_path / root, tmp_path / "corpus", load_settings())


def test_documents_that_the_catalog_does_not_know_are_removed(desk: Desk, make_corpus: MakeCorpus) -> None:
    desk.build()
    stray = SearchDocument("stray", "Nobody wrote this.", None, None)
    with desk.opened() as index:
        for each in (index.lexical, index.embedded, index.vectors):
            each.apply([stray], ())
    make_corpus({"drones.txt": DRONES})
    desk.build()
    assert "stray" not in desk.ids()


@pytest.mark.parametrize(
    ("name", "value"), [("chunk_tokens", 90), ("chunk_overlap_tokens", 10), ("embedding_model", "models/other")]
)
def test_an_index_built_with_other_settings_is_refused_and_the_setting_named(desk: Desk, name: str, value: object) -> None:
    desk.build()
    other = load_settings(**{name: value})
    with desk.opened() as index:
        folder = index.folder
    with pytest.raises(IndexMismatch) as caught:
        Index(folder, other, desk.embeddings)
    was = getattr(desk.settings, name)
    assert f"{name} {was!r}, now {value!r}" in str(caught.value)
    assert str(folder) in str(caught.value)
    assert "--index" in str(caught.value)
    assert desk.build() == (False, [])


def test_an_index_that_is_being_written_is_waited_for_and_then_reported(desk: Desk) -> None:
    with desk.opened() as index:
        articles = load_articles(desk.corpus)
        with FileLock(index.folder / "write.lock"), pytest.raises(IndexLocked) as caught:
            build_index(index, articles, desk.settings, desk.count_tokens, no_progress, lock_timeout_seconds=0.05)
        assert str(index.folder) in str(caught.value)
        assert index.catalog.counts() == (0, 0)
    assert desk.build()[0]


def test_a_current_index_can_be_opened_while_another_process_writes(desk: Desk) -> None:
    desk.build()
    with desk.opened() as index, FileLock(index.folder / "write.lock"):
        articles = load_articles(desk.corpus)
        assert not build_index(index, articles, desk.settings, desk.count_tokens, no_progress, lock_timeout_seconds=0.05)


def test_moving_corpus_and_index_together_keeps_the_index(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    desk.corpus.rename(tmp_path / "old" / "corpus")
    desk.folder = tmp_path / "old"
    desk.build()
    before = desk.ids()
    (tmp_path / "old").rename(tmp_path / "new")
    desk.folder = tmp_path / "new"
    assert desk.build() == (False, [])
    assert desk.ids() == before


def test_two_corpora_never_share_a_folder(tmp_path: Path) -> None:
    settings = load_settings()
    corpora = [tmp_path / place for place in ("corpus", "a/corpus", "b/corpus", "a/Corpus", "CORPUS", "corpus.txt", "corpus-txt")]
    folders = [index_folder(tmp_path / ".index", corpus, settings) for corpus in corpora]
    assert len(set(folders)) == len(corpora)
    assert all(folder.parent == tmp_path / ".index" for folder in folders)


def test_one_corpus_has_one_folder_however_it_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    (tmp_path / "corpus").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "corpus")
    monkeypatch.chdir(tmp_path)
    spellings = ["corpus", "./corpus", "corpus/", "corpus/../corpus", str(tmp_path / "corpus"), "link"]
    folders = {index_folder(Path(".index"), Path(corpus), settings).resolve() for corpus in spellings}
    assert len(folders) == 1
    assert index_folder(tmp_path / ".index", tmp_path / "corpus", settings) in folders


@pytest.mark.parametrize("name", ["chunk_tokens", "reader_model"])
def test_a_folder_belongs_to_the_settings_that_shape_it(tmp_path: Path, name: str) -> None:
    def folder(settings: Settings) -> Path:
        return index_folder(tmp_path / ".index", tmp_path / "corpus", settings)

    other = load_settings(**{name: 90 if name == "chunk_tokens" else "models/other"})
    assert (folder(other) != folder(load_settings())) == (name == "chunk_tokens")


def test_the_folder_itself_may_be_named(desk: Desk) -> None:
    desk.build()
    with desk.opened() as index:
        assert index_folder(index.folder, desk.corpus, load_settings(chunk_tokens=90)) == index.folder


def test_an_index_that_is_named_is_not_given_to_another_corpus(desk: Desk) -> None:
    desk.build()
    with desk.opened() as index:
        folder = index.folder
    with pytest.raises(IndexMismatch) as caught:
        Index(folder, desk.settings, desk.embeddings, desk.folder / "other")
    message = str(caught.value)
    assert all(repr(str(place)) in message for place in (folder, desk.corpus, desk.folder / "other"))
    assert "name another folder with --index" in message
    assert desk.build() == (False, [])


@pytest.mark.parametrize("moved", ["corpus", ".index", "both"])
def test_an_index_that_is_named_may_move_alone_or_with_its_corpus(desk: Desk, tmp_path: Path, moved: str) -> None:
    desk.build()
    with desk.opened() as index:
        name = index.folder.name
    (tmp_path / "new").mkdir()
    for part in ("corpus", ".index"):
        if moved in (part, "both"):
            (tmp_path / part).rename(tmp_path / "new" / part)
    corpus = tmp_path / ("new" if moved != ".index" else "") / "corpus"
    folder = tmp_path / ("new" if moved != "corpus" else "") / ".index" / name
    if moved == "corpus":  # nothing tells it from another corpus
        with pytest.raises(IndexMismatch, match="was built from"):
            Index(folder, desk.settings, desk.embeddings, corpus)
    else:
        Index(folder, desk.settings, desk.embeddings, corpus).close()


def test_an_index_that_does_not_know_its_corpus_takes_the_first(desk: Desk) -> None:
    folder = desk.folder / "older"
    Index(folder, desk.settings, desk.embeddings).close()
    Index(folder, desk.settings, desk.embeddings, desk.corpus).close()
    with pytest.raises(IndexMismatch, match="was built from"):
        Index(folder, desk.settings, desk.embeddings, desk.folder / "other")


class Reversed(WordEmbeddings):
    """Vectors of the same size that mean something else."""

    def embed_query(self, text: str) -> list[float]:
        return super().embed_query(text)[::-1]


@pytest.mark.parametrize(
    ("other", "difference"),
    [(WordEmbeddings(size=32), "vectors of 64 numbers, now 32"), (Reversed(), r"the cosine of .* is 0\.\d\d")],
    ids=["size", "meaning"],
)
def test_an_index_of_another_embedder_is_refused(desk: Desk, other: Embeddings, difference: str) -> None:
    with desk.opened() as index:
        folder = index.folder
    Index(folder, desk.settings, other, desk.corpus).close()  # nothing was embedded yet
    desk.build()
    with pytest.raises(IndexMismatch, match=rf"was built with another embedding model \({difference}\); use that one") as caught:
        Index(folder, desk.settings, other, desk.corpus)
    assert str(folder) in str(caught.value)
    assert desk.build() == (False, [])


def test_articles_are_read_again_once_the_index_may_be_written(desk: Desk, make_corpus: MakeCorpus) -> None:
    read = load_articles(desk.corpus)
    make_corpus({"drones.txt": DRONES})
    desk.build()
    with desk.opened() as index:
        again = partial(load_articles, desk.corpus)
        build_index(index, read, desk.settings, desk.count_tokens, no_progress, again)
        assert index.catalog.article_ids() == ["drones", "rain", "snow"]
