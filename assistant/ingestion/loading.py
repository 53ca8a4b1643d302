"""Reads articles from `.txt`, `.md` and `.jsonl` files.

Normalises Unicode to NFC, line endings to `\\n`, and runs of spaces and tabs to one space; never changes a word.
"""

from __future__ import annotations

import json
import logging
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import CorpusError
from assistant.ingestion.files import BEIR_CORPUS, SUFFIXES, article_files
from assistant.ingestion.sentences import sentence_spans
from assistant.types import Article

log = logging.getLogger(__name__)

_TITLE_LENGTH = 100
_FIRST_YEAR, _LAST_YEAR = 1000, 9998
_FRONT_MATTER_KEYS = {"title", "source", "author", "url", "published"}
# "date 2025-02-07 Washington DC [US], February 7 : Body…": the form in which an agency's text is stored.
_DATE_LINE = re.compile(r"\s*date (?P<published>\d{4}-\d{2}-\d{2})\b[ \t]*")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?"
    r"|Dec(?:ember)?)\.?"
)
# A weekday, or a word in small letters other than "and", makes it a sentence: "On Friday, February 7 - a holiday - talks failed."
_PLACE_WORD = r"(?:(?!\w+day\b)[\[(]?[^\W\d_a-z][\w.'’/-]*[\])]?|and)"
_DATELINE = re.compile(
    rf"{_PLACE_WORD}(?:,?[ \t]+{_PLACE_WORD}){{0,9}},[ \t]+(?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})(?:,? \d{{4}})?\s*[:—–-]\s+"
)
_FRONT_MATTER_BEGIN = re.compile(r"\s*---[ \t]*\n")
_FRONT_MATTER_END = re.compile(r"^---[ \t]*(?:\n|\Z)", re.MULTILINE)
_UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")
_MARKDOWN_TITLE = re.compile(r"\A\s*# +(?P<title>[^\n]+)\n")


def load_articles(corpus: Path) -> list[Article]:
    """All articles of a folder or of one file, sorted by id.

    An article's id is its path below the folder without the ending, or its `_id` in a `.jsonl` file. `article_files` says which
    files are read.

    Raises:
        CorpusError: there is nothing to read, a file, folder or link cannot be read, a file is not UTF-8, empty or malformed, or
            two articles share an id.
    """
    root, files = article_files(corpus)
    articles: dict[str, Article] = {}
    places: dict[str, str] = {}
    for path in files:
        for place, article in _read(path, root):
            if article.article_id in articles:
                raise CorpusError(
                    f"{place}: the article id {article.article_id!r} is already taken by {places[article.article_id]}; "
                    "rename one of them."
                )
            articles[article.article_id] = article
            places[article.article_id] = place
    if not articles:
        raise CorpusError(f"No articles in {str(corpus)!r}; put {', '.join(SUFFIXES)} files there.")
    return [articles[article_id] for article_id in sorted(articles)]


def _read(path: Path, root: Path) -> Iterator[tuple[str, Article]]:
    """Yields (place for messages, article)."""
    try:
        raw = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CorpusError(
            f"{path}, line {line}: not UTF-8 (byte {error.object[error.start : error.start + 1]!r}); save the file as UTF-8."
        ) from error
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error.strerror}).") from error
    raw = raw.replace("\r\n", "\n").replace("\r", "\n")
    if not raw.strip():
        raise CorpusError(f"{path}, line 1: the file is empty; remove it or fill it.")
    if "\0" in raw:
        raise CorpusError(f"{path}, line {raw[: raw.index(chr(0))].count(chr(10)) + 1}: holds a NUL byte; is it a text file?")
    article_id = unicodedata.normalize("NFC", path.relative_to(root).with_suffix("").as_posix())
    _check_characters(str(path).encode(errors="replace").decode(), "the file's name", article_id)
    match path.suffix.lower():
        case ".jsonl":
            yield from _read_jsonl(path, raw)
        case ".md":
            yield str(path), _read_markdown(path, article_id, raw)
        case _:
            yield str(path), _read_plain(path, article_id, raw)


def _read_plain(path: Path, article_id: str, raw: str) -> Article:
    published: date | None = None
    if found := _DATE_LINE.match(raw):
        published = _date(found["published"], f"{path}, line 1")
        raw = raw[found.end() :]
        if dateline := _DATELINE.match(raw):
            raw = raw[dateline.end() :]
    return _article(str(path), article_id, raw, published=published)


def _read_markdown(path: Path, article_id: str, raw: str) -> Article:
    front: Mapping[str, Any] = {}
    if opening := _FRONT_MATTER_BEGIN.match(raw):
        line = opening[0].count("\n")
        closing = _FRONT_MATTER_END.search(raw, opening.end())
        if closing is None:
            raise CorpusError(f"{path}, line {line}: the front matter has no closing '---' line.")
        front = _front_matter(path, raw[opening.end() : closing.start()], line + 1)
        raw = raw[closing.end() :]
    # Under another title the line is the article's own.
    if front.get("title") in (None, "") and (found := _MARKDOWN_TITLE.match(raw)):
        front = {**front, "title": found["title"].strip()}
        raw = raw[found.end() :]
    return _article(str(path), article_id, raw, **front)


def _front_matter(path: Path, head: str, first_line: int) -> dict[str, Any]:
    try:
        front = yaml.safe_load(head)
    except yaml.MarkedYAMLError as error:
        line = first_line + (error.problem_mark.line if error.problem_mark else 0)
        raise CorpusError(
            f"{path}, line {line}: broken front matter ({error.problem}); quote values that hold a colon."
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CorpusError(f"{path}, line {first_line}: broken front matter ({error}).") from error
    except AttributeError as error:  # PyYAML's own, for "!!timestamp" before something else
        raise CorpusError(f"{path}, line {first_line}: broken front matter (a '!!' before a value of another kind).") from error
    front = {} if front is None else front
    if not isinstance(front, dict):
        raise CorpusError(f"{path}, line {first_line}: the front matter must be 'name: value' lines, not {type(front).__name__}.")
    if unknown := sorted(str(key) for key in front if key not in _FRONT_MATTER_KEYS):
        names = [text.partition(":")[0].strip() for text in head.split("\n")]
        line = first_line + (names.index(unknown[0]) if unknown[0] in names else 0)
        known = ", ".join(sorted(_FRONT_MATTER_KEYS))
        raise CorpusError(f"{path}, line {line}: unknown front matter {unknown[0]!r}; known are {known}.")
    return front


def _read_jsonl(path: Path, raw: str) -> Iterator[tuple[str, Article]]:
    empty = []
    for number, line in enumerate(raw.split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{path}, line {number}"
        record = _record(place, line)
        known = {key: record[key] for key in _FRONT_MATTER_KEYS if record.get(key) is not None}
        # Public collections hold documents that are a title and no more, and some that are nothing. Those with a title can be
        # found by it; the others no system can find.
        text = record["text"] if record["text"].strip() else str(known.get("title", ""))
        if path.name == BEIR_CORPUS and not text.strip():
            empty.append(place)
            continue
        yield place, _article(place, record["_id"], text, **known)
    if empty:
        log.warning("Skipped %d documents that have neither a text nor a title, the first: %s", len(empty), empty[0])


def _record(place: str, line: str) -> dict[str, Any]:
    """A JSON object whose `_id` and `text` are strings."""
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise CorpusError(f"{place}: not JSON ({error.msg} at column {error.colno}).") from error
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"{place}: JSON that cannot be read ({error}).") from error
    if not isinstance(record, dict):
        raise CorpusError(f"{place}: expected a JSON object, found {type(record).__name__}.")
    for key in ("_id", "text"):
        if not isinstance(record.get(key), str):
            raise CorpusError(f"{place}: {key!r} must be a string, found {record.get(key)!r}.")
    if not record["_id"]:
        raise CorpusError(f"{place}: '_id' is empty; give each document an id of its own.")
    return record


def _article(
    place: str,
    article_id: str,
    body: str,
    *,
    title: object = None,
    published: object = None,
    source: object = None,
    author: object = None,
    url: object = None,
) -> Article:
    text = normalise(body)
    if not text:
        raise CorpusError(f"{place}: the article has no text; remove it or fill it.")
    for name, value in (("title", title), ("source", source), ("author", author), ("url", url)):
        if value is not None and not isinstance(value, str):
            raise CorpusError(f"{place}: {name!r} must be text, found {value!r}; quote it.")
        _check_characters(place, repr(name), value or "")
    _check_characters(place, "the text", text)
    _check_characters(place, "the id", article_id)
    article = Article(
        article_id=article_id,
        title=_one_line(title),
        text=text,
        source=_one_line(source) or None,
        author=_one_line(author) or None,
        url=str(url or "").strip() or None,
        published=_date(published, place) if _one_line(published) else None,
    )
    return article if article.title else replace(article, title=title_from_text(text))


def _check_characters(place: str, name: str, value: str) -> None:
    """Refuses what SQLite would cut at (NUL), and half characters (lone surrogates), which no file can hold."""
    if bad := _UNSTORABLE.search(value):
        raise CorpusError(f"{place}: {name} holds {bad[0]!r}, which is no character; remove it.")


def normalise(text: str) -> str:
    """NFC, `\\n` line endings, one space for a run of spaces or tabs, no spaces at line ends, at most one blank line."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = re.sub(r"[ \t\u00a0]+", " ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def title_from_text(text: str) -> str:
    """The first sentence, cut at a word to about 100 characters."""
    start, end = sentence_spans(text)[0]
    first = " ".join(text[start:end].split())
    if len(first) <= _TITLE_LENGTH:
        return first
    cut = first[: _TITLE_LENGTH + 1].rsplit(" ", 1)[0]
    return cut[:_TITLE_LENGTH].rstrip(" ,;:-") + "…"


def _one_line(value: object) -> str:
    return "" if value is None else " ".join(unicodedata.normalize("NFC", str(value)).split())


def _date(value: object, place: str) -> date:
    try:
        day = value if isinstance(value, date) else datetime.fromisoformat(str(value).strip())
    except ValueError as error:
        raise CorpusError(f"{place}: 'published' is {value!r}; write it as YYYY-MM-DD.") from error
    day = day.date() if isinstance(day, datetime) else day
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:  # such as 0001-01-01, which some exports write for none
        raise CorpusError(f"{place}: 'published' is {day}, which no article can be from; mend the date, or leave it out.")
    return day
