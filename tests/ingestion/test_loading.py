from __future__ import annotations

import json
import logging
import os
import re
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipped import CORPUS, SOURCE_ARTICLE

from assistant.errors import CorpusError
from assistant.ingestion.loading import load_articles, normalise, title_from_text
from assistant.types import Article

MakeCorpus = Callable[[Mapping[str, str | bytes]], Path]


def only(corpus: Path) -> Article:
    (article,) = load_articles(corpus)
    return article


def by_id(corpus: Path) -> dict[str, Article]:
    return {article.article_id: article for article in load_articles(corpus)}


def test_the_source_article_loses_its_date_line_and_dateline() -> None:
    article = only(CORPUS / f"{SOURCE_ARTICLE}.txt")
    assert article.article_id == SOURCE_ARTICLE
    assert article.published == date(2025, 2, 7)
    assert article.text.startswith("US Secretary of Defence Pete Hegseth and Defence Minister Rajnath Singh held")
    assert article.text.endswith("Memorandum of Intent for Defense Innovation Cooperation (2018).")


def test_the_source_article_keeps_its_words_typos_included() -> None:
    raw = (CORPUS / f"{SOURCE_ARTICLE}.txt").read_text(encoding="utf-8")
    article = only(CORPUS / f"{SOURCE_ARTICLE}.txt")
    assert article.text.split() == raw[raw.index("US Secretary") :].split()
    assert "Thisdialogue" in article.text
    assert "andMemorandum" in article.text


def test_a_title_is_the_first_sentence_cut_at_a_word() -> None:
    article = only(CORPUS / f"{SOURCE_ARTICLE}.txt")
    kept = article.title.removesuffix("…")
    assert article.title.endswith("…")
    assert article.text.startswith(kept + " ")
    assert 80 <= len(article.title) <= 101


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Rain fell. It was wet.", "Rain fell."),
        ("One\nline of two. Next.", "One line of two."),
        ("x" * 300, "x" * 100 + "…"),
        ("word " * 19 + "end.", "word " * 19 + "end."),
    ],
)
def test_title_from_text(text: str, title: str) -> None:
    assert title_from_text(text) == title


@pytest.mark.parametrize(
    ("first_line", "published", "body"),
    [
        ("date 2024-03-05 London [UK], March 5 : Rain fell.", date(2024, 3, 5), "Rain fell."),
        (" date 2024-03-05 New Delhi, 5 March: Rain fell.", date(2024, 3, 5), "Rain fell."),
        ("date 2024-03-05\nRain fell.", date(2024, 3, 5), "Rain fell."),
        ("date 2024-03-05 Rain fell: a lot.", date(2024, 3, 5), "Rain fell: a lot."),
        ("date 2024-03-05 Łódź and Rio [Brazil], Mar. 5, 2024 — Rain fell.", date(2024, 3, 5), "Rain fell."),
        ("date 2024-03-05 LEEDS, May 5 - Rain fell.", date(2024, 3, 5), "Rain fell."),
        ("date 2024-05-01 Microsoft's Windows 11: what changes.", date(2024, 5, 1), "Microsoft's Windows 11: what changes."),
        ("date 2024-05-01 Apple, Windows 11: what changes.", date(2024, 5, 1), "Apple, Windows 11: what changes."),
        (
            "date 2025-02-07 Officials said on February 7 - a Friday - that talks failed.",
            date(2025, 2, 7),
            "Officials said on February 7 - a Friday - that talks failed.",
        ),
        (
            "date 2025-02-07 On Friday, February 7 - a holiday - it rained.",
            date(2025, 2, 7),
            "On Friday, February 7 - a holiday - it rained.",
        ),
        ("date 2025-02-07 February 7 - a Friday - was wet.", date(2025, 2, 7), "February 7 - a Friday - was wet."),
        ("Rain fell on date 2024-03-05.", None, "Rain fell on date 2024-03-05."),
    ],
)
def test_date_lines(make_corpus: MakeCorpus, first_line: str, published: date | None, body: str) -> None:
    article = only(make_corpus({"a.txt": first_line + "\n"}))
    assert (article.published, article.text) == (published, body)


def test_plain_text_without_a_date_line(make_corpus: MakeCorpus) -> None:
    article = only(make_corpus({"rain.txt": "Rain fell in Leeds. It was wet.\n"}))
    assert article == Article("rain", "Rain fell in Leeds.", "Rain fell in Leeds. It was wet.")


def test_markdown_front_matter(make_corpus: MakeCorpus) -> None:
    front = 'title: "Rain: a report"\nsource: The Post\nauthor: A. Writer\nurl: https://example.org/rain\npublished: 2024-03-05'
    article = only(make_corpus({"rain.md": f"---\n{front}\n---\n\nRain fell.\n"}))
    assert article == Article(
        "rain", "Rain: a report", "Rain fell.", "The Post", "A. Writer", "https://example.org/rain", date(2024, 3, 5)
    )


@pytest.mark.parametrize(
    ("markdown", "title", "text"),
    [
        ("# Rain in Leeds\n\nRain fell.\n", "Rain in Leeds", "Rain fell."),
        ("---\nsource: The Post\n---\n# Rain in Leeds\nRain fell.\n", "Rain in Leeds", "Rain fell."),
        ("---\ntitle: Front\n---\n# Heading\nRain fell.\n", "Front", "# Heading\nRain fell."),
        ("---\ntitle:\n---\n# Heading\nRain fell.\n", "Heading", "Rain fell."),
        ("---\ntitle: ''\n---\n# Heading\nRain fell.\n", "Heading", "Rain fell."),
        ("---\n---\nRain fell.\n", "Rain fell.", "Rain fell."),
        ("---\r\n---\r\nRain fell.\r\n", "Rain fell.", "Rain fell."),
        ("---\n---\n# Rain in Leeds\nRain fell.\n", "Rain in Leeds", "Rain fell."),
        ("---\ntitle: Front\n---  \nRain fell.\n", "Front", "Rain fell."),
        ("--- \ntitle: Front\n---\nRain fell.\n", "Front", "Rain fell."),
        ("---\t\ntitle: Front\n---\t\nRain fell.\n", "Front", "Rain fell."),
        ("\n \n---\ntitle: Front\n---\nRain fell.\n", "Front", "Rain fell."),
        ("---\rtitle: Front\r---\rRain fell.\r", "Front", "Rain fell."),
        ("--- \n---\nRain fell.\n", "Rain fell.", "Rain fell."),
        ("----\nRain fell.\n", "---- Rain fell.", "----\nRain fell."),
        ("Rain fell. Then more.\n", "Rain fell.", "Rain fell. Then more."),
        ("Rain fell.\n\n---\n\nThen more.\n", "Rain fell.", "Rain fell.\n\n---\n\nThen more."),
    ],
)
def test_markdown_titles(make_corpus: MakeCorpus, markdown: str, title: str, text: str) -> None:
    article = only(make_corpus({"a.md": markdown}))
    assert (article.title, article.text) == (title, text)


@pytest.mark.parametrize(
    "published", ["2024-03-05", "'2024-03-05'", "2024-03-05 18:30:00", "2024-03-05T18:30:00+05:30", '"2024-03-05T18:30:00Z"']
)
def test_forms_of_a_date(make_corpus: MakeCorpus, published: str) -> None:
    corpus = make_corpus({"a.md": f"---\npublished: {published}\n---\nRain fell.\n"})
    assert only(corpus).published == date(2024, 3, 5)


def test_json_lines(make_corpus: MakeCorpus) -> None:
    full = {
        "_id": "r1",
        "title": "Rain",
        "text": "Rain fell.",
        "published": "2024-03-05",
        "source": "The Post",
        "url": "https://example.org/1",
        "author": "A. Writer",
        "metadata": {"kept": "elsewhere"},
    }
    bare = {"_id": "r2", "title": "", "text": "Snow fell. It was cold.", "published": None}
    articles = by_id(make_corpus({"news.jsonl": f"{json.dumps(full)}\n\n{json.dumps(bare)}\n"}))
    assert articles == {
        "r1": Article("r1", "Rain", "Rain fell.", "The Post", "A. Writer", "https://example.org/1", date(2024, 3, 5)),
        "r2": Article("r2", "Snow fell.", "Snow fell. It was cold."),
    }


def test_blanks_are_as_good_as_nothing(make_corpus: MakeCorpus) -> None:
    blank = {"_id": "a", "title": " ", "text": "Rain fell.", "published": " ", "source": "", "author": " ", "url": " "}
    corpus = make_corpus({"a.jsonl": json.dumps(blank), "b.md": '---\ntitle: ""\npublished: ""\nsource: ""\n---\nRain fell.\n'})
    assert by_id(corpus) == {name: Article(name, "Rain fell.", "Rain fell.") for name in "ab"}


def test_a_document_that_is_a_title_and_no_more_is_found_by_it(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus({"news.jsonl": line(_id="a", title="Rain in Leeds", text="") + line(_id="b", title="Snow", text=" \n")})
    assert by_id(corpus) == {"a": Article("a", "Rain in Leeds", "Rain in Leeds"), "b": Article("b", "Snow", "Snow")}


def test_documents_of_a_public_collection_that_are_nothing_are_counted_and_skipped(
    make_corpus: MakeCorpus, caplog: pytest.LogCaptureFixture
) -> None:
    documents = [("a", "", "Rain fell."), ("b", "", ""), ("c", " ", " "), ("d", "Snow", "")]
    corpus = make_corpus({"corpus.jsonl": "".join(line(_id=key, title=title, text=text) for key, title, text in documents)})
    with caplog.at_level(logging.WARNING):
        assert list(by_id(corpus)) == ["a", "d"]
    assert "Skipped 2 documents that have neither a text nor a title" in caplog.text
    assert "corpus.jsonl, line 2" in caplog.text


def test_a_line_separator_inside_a_json_string_ends_no_line(make_corpus: MakeCorpus) -> None:
    line = json.dumps({"_id": "a", "text": "Rain\u2028fell\u0085hard."}, ensure_ascii=False)
    assert only(make_corpus({"a.jsonl": line})).text == "Rain\u2028fell\u0085hard."


def test_articles_come_sorted_by_id_and_folders_are_part_of_it(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus({"b.txt": "B.", "a/z.txt": "Z.", "a/b/c.md": "C.", "c.TXT": "Loud."})
    assert [article.article_id for article in load_articles(corpus)] == ["a/b/c", "a/z", "b", "c"]


def test_readmes_hidden_files_and_hidden_folders_are_no_articles(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        {
            "a.txt": "An article.",
            "README.md": "About the articles.",
            "sub/readme.txt": "More about them.",
            ".draft.txt": "Hidden.",
            ".index/b.txt": "Hidden.",
        }
    )
    assert list(by_id(corpus)) == ["a"]


def test_a_corpus_may_lie_below_a_hidden_folder(tmp_path: Path) -> None:
    corpus = tmp_path / ".cache" / "corpus"
    corpus.mkdir(parents=True)
    (corpus / "a.txt").write_text("Rain fell.", encoding="utf-8")
    assert list(by_id(corpus)) == ["a"]


def refused(corpus: Path) -> str:
    with pytest.raises(CorpusError, match="cannot be read") as caught:
        load_articles(corpus)
    return str(caught.value)


def test_a_folder_that_cannot_be_listed_is_refused(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus({"a.txt": "An article."})
    below = os.open(corpus, os.O_RDONLY)
    for _ in range(20):  # 20 names of 250 characters are a longer path than the system takes
        os.mkdir("x" * 250, dir_fd=below)
        deeper = os.open("x" * 250, os.O_RDONLY, dir_fd=below)
        os.close(below)
        below = deeper
    os.close(below)
    assert "File name too long" in refused(corpus)


def test_a_link_that_leads_nowhere_is_refused(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus({"a.txt": "An article."})
    (corpus / "may.txt").symlink_to(corpus.parent / "nowhere.txt")
    with pytest.raises(CorpusError, match=r"may\.txt: links to '.*nowhere\.txt', which isn't there; mend the link or remove it"):
        load_articles(corpus)


def test_linked_files_and_folders_are_read(make_corpus: MakeCorpus, tmp_path: Path) -> None:
    corpus = make_corpus({"a.txt": "An article."})
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "may").mkdir(parents=True)
    (elsewhere / "may" / "b.txt").write_text("Another article.", encoding="utf-8")
    (corpus / "2024").symlink_to(elsewhere)
    (corpus / "c.txt").symlink_to(elsewhere / "may" / "b.txt")
    assert list(by_id(corpus)) == ["2024/may/b", "a", "c"]


@pytest.mark.parametrize("target", [".", "..", "../..", "../../elsewhere"])
def test_a_link_that_leads_back_to_itself_is_refused(make_corpus: MakeCorpus, tmp_path: Path, target: str) -> None:
    corpus = make_corpus({"a.txt": "An article.", "may/b.txt": "Another article."})
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "back").symlink_to(corpus)
    (corpus / "may" / "again").symlink_to(target)
    with pytest.raises(CorpusError, match=r"(again|back): links to '.*', which leads back to the link; remove it"):
        load_articles(corpus)


def test_many_files_of_other_kinds_take_no_longer_than_they_are_many(make_corpus: MakeCorpus) -> None:
    """Four times as many files take four times as long, not sixteen times."""

    def seconds(folder: Path, files: int) -> float:
        folder.mkdir()
        (folder / "a.txt").write_text("Rain fell.", encoding="utf-8")
        for number in range(files):
            (folder / f"{number}.jpg").touch()
            (folder / f"{number}.txt").write_text("Rain fell.", encoding="utf-8")
        began = time.process_time()
        load_articles(folder)
        return time.process_time() - began

    corpus = make_corpus({})
    assert seconds(corpus / "many", 4000) < 8 * seconds(corpus / "few", 1000)


def test_files_of_other_kinds_are_skipped_with_a_warning(make_corpus: MakeCorpus, caplog: pytest.LogCaptureFixture) -> None:
    corpus = make_corpus({"a.txt": "Rain fell.", "photo.jpg": b"\xff\xd8"})
    with caplog.at_level(logging.WARNING):
        assert list(by_id(corpus)) == ["a"]
    assert "photo.jpg" in caplog.text


def test_of_a_beir_folder_only_the_corpus_file_is_read(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus(
        {
            "corpus.jsonl": '{"_id": "d1", "title": "", "text": "Rain fell."}\n',
            "queries.jsonl": '{"_id": "q1", "text": "Did rain fall?"}\n',
            "qrels/test.tsv": "query-id\tcorpus-id\tscore\nq1\td1\t1\n",
        }
    )
    assert list(by_id(corpus)) == ["d1"]


def test_one_file_is_a_corpus_too(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus({"a.txt": "Rain fell.", "b.txt": "Snow fell."})
    assert only(corpus / "b.txt").article_id == "b"


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_byte_order_marks_and_windows_line_endings_change_nothing(
    make_corpus: MakeCorpus, name: str, mark: str, newline: str
) -> None:
    content = {
        "a.txt": "date 2024-03-05 Leeds, March 5 : Rain fell.\n\nThen snow.\n",
        "a.md": "---\npublished: 2024-03-05\n---\nRain fell.\n\nThen snow.\n",
        "a.jsonl": '{"_id": "a", "text": "Rain fell.\\r\\n\\r\\nThen snow.", "published": "2024-03-05"}\n',
    }[name]
    article = only(make_corpus({name: mark + content.replace("\n", newline)}))
    assert article == Article("a", "Rain fell.", "Rain fell.\n\nThen snow.", published=date(2024, 3, 5))


def test_unicode_is_composed_in_text_title_and_id(make_corpus: MakeCorpus) -> None:
    decomposed = "Cafe\u0301"
    article = only(make_corpus({f"{decomposed}.md": f"---\ntitle: {decomposed} news\n---\n{decomposed} burns.\n"}))
    assert (article.article_id, article.title, article.text) == ("Café", "Café news", "Café burns.")


def test_an_outlet_is_written_as_it_is_asked_for(make_corpus: MakeCorpus) -> None:
    article = only(make_corpus({"a.md": "---\nsource: 'Le  Cafe\u0301 '\nauthor: Rene\u0301e\n---\nRain fell.\n"}))
    assert (article.source, article.author) == ("Le Café", "Renée")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  a  b\t\tc \u00a0 d ", "a b c d"),
        ("a \n b", "a\nb"),
        ("a\r\n\r\n\r\n\r\nb", "a\n\nb"),
        ("a\rb", "a\nb"),
        ("a \n \t \n \n b", "a\n\nb"),
        ("Thisdialogue emphasised on  it", "Thisdialogue emphasised on it"),
    ],
)
def test_normalise(raw: str, text: str) -> None:
    assert normalise(raw) == text


@given(st.text(st.characters(codec="utf-8")))
def test_normalising_twice_changes_nothing_and_loses_no_word(raw: str) -> None:
    text = normalise(raw)
    assert normalise(text) == text
    assert len(text.split()) == len(raw.split())


def line(**record: object) -> str:
    return json.dumps(record) + "\n"


BAD_FILES: dict[str, tuple[dict[str, str | bytes], str]] = {
    # what is wrong: files, what the message must say (a regular expression)
    "empty file": ({"a.txt": ""}, r"a\.txt, line 1: .*empty"),
    "only spaces": ({"a.md": " \n\t\n"}, r"a\.md, line 1: .*empty"),
    "not UTF-8": ({"a.txt": b"Rain.\nSnow \xff fell."}, r"a\.txt, line 2: not UTF-8 \(byte b'\\xff'\)"),
    "UTF-16": ({"a.txt": "Rain".encode("utf-16")}, r"a\.txt, line 1: not UTF-8"),
    "cut in the middle of a character": ({"a.txt": "Caf\u00e9".encode()[:-1]}, r"a\.txt, line 1: not UTF-8"),
    "NUL": ({"a.txt": "Rain.\nSnow \0 fell."}, r"a\.txt, line 2: .*NUL"),
    "open front matter": ({"a.md": "---\ntitle: Rain\nRain fell.\n"}, r"a\.md, line 1: .*no closing '---'"),
    "open front matter after an empty line": ({"a.md": "\n---\ntitle: Rain\n"}, r"a\.md, line 2: .*no closing '---'"),
    "broken front matter after an empty line": (
        {"a.md": "\n---\nsource: Post\ntitle: Rain: wet\n---\nRain.\n"},
        r"a\.md, line 4: broken front matter",
    ),
    "unknown key after an empty line": (
        {"a.md": "\n--- \ntitle: Rain\nheadline: Rain\n---\nRain.\n"},
        r"a\.md, line 4: unknown front matter 'headline'",
    ),
    "NUL after old Mac line endings": ({"a.txt": "Rain.\rSnow \0 fell."}, r"a\.txt, line 2: .*NUL"),
    "broken front matter": ({"a.md": "---\nsource: Post\ntitle: Rain: wet\n---\nRain.\n"}, r"a\.md, line 3: broken front matter"),
    "a tab in front matter": ({"a.md": "---\ntitle:\n\t- x\n---\nRain.\n"}, r"a\.md, line 3: broken front matter"),
    "front matter that is a list": ({"a.md": "---\n- Rain\n---\nRain.\n"}, r"a\.md, line 2: .*'name: value'.*list"),
    "unknown key": ({"a.md": "---\nheadline: Rain\n---\nRain.\n"}, r"a\.md, line 2: unknown .* 'headline'; known are author"),
    "unknown key after another": (
        {"a.md": "---\ntitle: Rain\nheadline: Rain\n---\nRain.\n"},
        r"a\.md, line 3: unknown front matter 'headline'",
    ),
    "a key that is no text": ({"a.md": "---\ntitle: 2024\n---\nRain.\n"}, r"a\.md.*'title' must be text, found 2024"),
    "a tag before another kind of value": (
        {"a.md": "---\ntitle: Rain\npublished: !!timestamp foo\n---\nRain.\n"},
        r"a\.md, line 2: broken front matter \(a '!!' before",
    ),
    "front matter and nothing else": ({"a.md": "---\ntitle: Rain\n---\n\n"}, r"a\.md.*no text"),
    "NUL in front matter": ({"a.md": '---\ntitle: "a\\0b"\n---\nRain.\n'}, r"a\.md.*'title' holds '\\x00', .*; remove it"),
    "front matter that nests too deep": (
        {"a.md": f"---\ntitle: {'[' * 5000}\n---\nRain.\n"},
        r"a\.md, line 2: broken front matter \(.*recursion",
    ),
    "bad date in front matter": ({"a.md": "---\npublished: last week\n---\nRain.\n"}, r"a\.md.*'published' is 'last week'"),
    "a day that does not exist": ({"a.md": "---\npublished: 2024-02-30\n---\nRain.\n"}, r"a\.md, line 2: .*day"),
    "a date line with no such day": ({"a.txt": "date 2024-02-30 Rain fell."}, r"a\.txt, line 1: .*'2024-02-30'.*YYYY-MM-DD"),
    "a date line and nothing else": ({"a.txt": "date 2024-02-03 \n"}, r"a\.txt.*no text"),
    "bad JSON": ({"a.jsonl": line(_id="1", text="Rain.") + '{"_id": "2", \n'}, r"a\.jsonl, line 2: not JSON"),
    "JSON that nests too deep": (
        {"a.jsonl": line(_id="1", text="Rain.") + "[" * 100_000},
        r"a\.jsonl, line 2: JSON that cannot be read \(.*recursion",
    ),
    "a number of too many digits": (
        {"a.jsonl": '{"_id": "1", "text": "Rain.", "n": ' + "9" * 5000 + "}"},
        r"a\.jsonl, line 1: JSON that cannot be read \(.*5000 digits",
    ),
    "half a character in text": ({"a.jsonl": line(_id="1", text="a \ud83d b")}, r"line 1: the text holds '\\ud83d', .*remove"),
    "half a character in the id": ({"a.jsonl": line(_id="\udc00", text="Rain.")}, r"a\.jsonl, line 1: the id holds '\\udc00'"),
    "half a character in the source": (
        {"a.jsonl": line(_id="1", text="Rain.") + line(_id="2", text="Rain.", source="\ud83d")},
        r"a\.jsonl, line 2: 'source' holds '\\ud83d'",
    ),
    "NUL in JSON text": ({"a.jsonl": line(_id="1", text="a \0 b")}, r"a\.jsonl, line 1: the text holds '\\x00'"),
    "NUL in a JSON title": ({"a.jsonl": line(_id="1", title="\0", text="Rain.")}, r"a\.jsonl, line 1: 'title' holds '\\x00'"),
    "a name that is not UTF-8": ({os.fsdecode(b"a\xff.txt"): "Rain."}, r"a\?\.txt: the file's name holds '\\udcff', .*; remove"),
    "JSON that is no object": ({"a.jsonl": "\n[1]\n"}, r"a\.jsonl, line 2: expected a JSON object, found list"),
    "no _id": ({"a.jsonl": line(text="Rain.")}, r"a\.jsonl, line 1: '_id' must be a string"),
    "an empty _id": ({"a.jsonl": line(_id="", text="Rain.")}, r"a\.jsonl, line 1: '_id' is empty"),
    "neither text nor title": ({"a.jsonl": line(_id="1", title="", text="")}, r"a\.jsonl, line 1: .*no text"),
    "a number as _id": ({"a.jsonl": line(_id=7, text="Rain.")}, r"a\.jsonl, line 1: '_id' .*found 7"),
    "no text": ({"a.jsonl": line(_id="1", title="Rain")}, r"a\.jsonl, line 1: 'text' must be a string"),
    "blank text": ({"a.jsonl": line(_id="1", text=" \n ")}, r"a\.jsonl, line 1: .*no text"),
    "bad date in JSON": ({"a.jsonl": line(_id="1", text="Rain.", published="5/3/24")}, r"a\.jsonl, line 1: .*is '5/3/24'"),
    "a list as source": ({"a.jsonl": line(_id="1", text="Rain.", source=["P"])}, r"a\.jsonl, line 1: 'source' must be text"),
    "one id twice in a file": (
        {"a.jsonl": line(_id="1", text="Rain.") + line(_id="1", text="Snow.")},
        r"a\.jsonl, line 2: .*'1' is already taken by .*a\.jsonl, line 1; rename",
    ),
    "one id in two files": ({"a.md": "Rain.", "a.txt": "Snow."}, r"a\.txt: .*'a' is already taken by .*a\.md; rename"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "message"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_bad_input_is_one_message_that_names_the_place(
    make_corpus: MakeCorpus, files: dict[str, str | bytes], message: str
) -> None:
    corpus = make_corpus({"good.txt": "A good article."} | files)
    with pytest.raises(CorpusError) as caught:
        load_articles(corpus)
    text = str(caught.value)
    assert text.startswith(str(corpus))
    assert re.search(message, text)
    assert "\n" not in text
    assert caught.value.exit_code == 2


def test_a_corpus_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"No corpus at '.*nowhere'; give .*--corpus"):
        load_articles(tmp_path / "nowhere")


def test_a_corpus_whose_name_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"/x{300}: cannot be read \(File name too long\); mend that, or give .*--corpus"):
        load_articles(tmp_path / ("x" * 300))


def test_a_folder_without_articles(make_corpus: MakeCorpus) -> None:
    with pytest.raises(CorpusError, match=r"No articles in '.*'; put \.txt"):
        load_articles(make_corpus({"README.md": "Nothing here."}))


def test_one_file_of_another_kind(make_corpus: MakeCorpus) -> None:
    corpus = make_corpus({"a.xlsx": "Rain."})
    with pytest.raises(CorpusError, match=r"a\.xlsx: cannot read '\.xlsx' files; use \.txt"):
        load_articles(corpus / "a.xlsx")


def test_every_shipped_article_can_be_read() -> None:
    articles = load_articles(CORPUS)
    assert SOURCE_ARTICLE in {article.article_id for article in articles}
    assert all(article.published for article in articles)
