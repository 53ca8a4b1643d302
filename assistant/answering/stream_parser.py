"""Takes a model's reply apart into sentences and the sources they name, while it streams.

Everything is decided character by character, so that it makes no difference into which pieces the reply was cut on its way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.ingestion.sentences import sentence_spans

# What a source key looks like: two consonants, a digit, a consonant. No word does, so that an invented key is told from text.
KEY = r"[b-df-hj-np-tv-z]{2}\d[b-df-hj-np-tv-z]"
_LONGEST_MARKER = 80
_OPEN, _CLOSE = "[【〔", "]】〕"
_SEPARATOR = r"(?:\s*(?:,|;|&|/|-|–|—|and|to)\s*)"
_ITEM = rf"(?:(?:source|sources|key|ref)?[\s:#]*(?:{KEY}|\d{{1,3}}))"
_OPENED = rf"(?:[{re.escape(_OPEN)}]\s*)+"
_CLOSED = rf"(?:[{re.escape(_CLOSE)}](?:[ \t]*[{re.escape(_CLOSE)}])*|\Z)"
_MARKER = re.compile(
    rf"[ \t]*(?:{_OPENED}(?P<body>{_ITEM}(?:{_SEPARATOR}{_ITEM})*)\s*[.,;:]?\s*{_CLOSED}"
    rf"|\(\s*(?P<round>{KEY}(?:{_SEPARATOR}{KEY})*)\s*\))",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(?P<first>\d{1,3})\s*[-–—]\s*(?P<last>\d{1,3})")
_ONE = re.compile(rf"{KEY}|\d{{1,3}}", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*•+]|#{1,6}|>|\d{1,2}[.)])\s+")
_EMPHASIS = re.compile(r"(?<![\w*])\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?![\w*])|(?<!\w)__?(?=\w)|(?<=\w)__?(?!\w)|`")
_ENDS = re.compile(r"[.!?…][\"'”’)\]]*$")


@dataclass(frozen=True, slots=True)
class ParsedSentence:
    """A sentence without its markers. `sources` are the numbers of the sources it names, in order, each once; `unknown` are
    markers that name no source; `complete` tells whether it ended with a mark."""

    text: str
    sources: tuple[int, ...]
    unknown: tuple[str, ...]
    complete: bool


class StreamParser:
    """Give it the pieces as they arrive, then `finish`. It holds at most one sentence and a word."""

    def __init__(
        self, keys: Mapping[str, int], numbered: int = 0, *, longest_reply: int = 6000, longest_sentence: int = 1200
    ) -> None:
        """`keys` maps the keys that exist to their sources. Sources may also be named by their numbers 1 to `numbered`.

        Lengths are in characters. A sentence that grows longer is left out; of the reply, what goes on after `longest_reply`
        is not read, and `full` says so.
        """
        self._keys = {key.lower(): number for key, number in keys.items()}
        self._numbered = numbered
        self._left = longest_reply
        self._longest_sentence = longest_sentence
        self._pending = ""
        self._in_overlong = False  # what is pending is the end of a sentence that is left out

    @property
    def full(self) -> bool:
        """Whether the reply is longer than it may be."""
        return self._left <= 0

    def feed(self, piece: str) -> Iterator[ParsedSentence]:
        """The sentences that are certain once this piece has been read."""
        for character in piece:
            if self.full:
                return
            self._left -= 1
            if unicodedata.category(character) in {"Cf", "Cc", "Cs", "Co"} and character not in "\n\t":
                continue
            self._pending += character
            if len(self._pending) >= self._longest_sentence:
                yield from self._make_room()
            elif character.isspace():
                yield from self._certain()

    def finish(self) -> Iterator[ParsedSentence]:
        """The sentences that are left when the reply has ended."""
        rest, self._pending = self._pending, ""
        yield from self._sentences(rest)

    def _certain(self) -> Iterator[ParsedSentence]:
        """Cuts off the first sentence once a whole word of the next has arrived, and the markers between them with it."""
        opened = max(self._pending.rfind(mark) for mark in _OPEN)
        closed = max(self._pending.rfind(mark) for mark in _CLOSE)
        if opened > closed and len(self._pending) - opened < _LONGEST_MARKER:
            return
        text, markers = _without_markers(self._pending)
        spans = _spans(text)
        if len(spans) < 2 or _quotation_open(text[: spans[0][1]]):
            return
        yield from self._cut_off(spans[1][0], markers)

    def _make_room(self) -> Iterator[ParsedSentence]:
        """Cuts off all sentences but the last: a quotation mark without a partner held them back. A single one is left out."""
        text, markers = _without_markers(self._pending)
        spans = _spans(text)
        if len(spans) > 1:
            yield from self._cut_off(spans[-1][0], markers)
        else:
            self._pending, self._in_overlong = "", True

    def _cut_off(self, start: int, markers: list[tuple[int, int, str]]) -> Iterator[ParsedSentence]:
        """The sentences before `start`, which counts without the markers."""
        cut = start + sum(length for at, length, _ in markers if at <= start)
        whole, self._pending = self._pending[:cut], self._pending[cut:]
        yield from self._sentences(whole)

    def _sentences(self, raw: str) -> Iterator[ParsedSentence]:
        text, markers = _without_markers(raw)
        spans = _spans(text)
        # A marker belongs to the sentence that it stands in or behind; one before the first sentence, to the first.
        owners = [max((i for i, (start, _) in enumerate(spans) if start < at), default=0) for at, _, _ in markers]
        for index, (start, end) in enumerate(spans):
            if self._in_overlong:
                self._in_overlong = False
                continue
            mine = [body for owner, (_, _, body) in zip(owners, markers, strict=True) if owner == index]
            sources, unknown = self._resolve(mine)
            plain = " ".join(_EMPHASIS.sub("", _BULLET.sub("", text[start:end])).split())
            if plain:
                yield ParsedSentence(plain, sources, unknown, bool(_ENDS.search(plain)))

    def _resolve(self, bodies: list[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
        sources: list[int] = []
        unknown: list[str] = []
        for body in bodies:
            for name in _names(body):
                number = self._keys.get(name.lower())
                if number is None and name.isdigit() and 1 <= int(name) <= self._numbered:
                    number = int(name)
                if number is None:
                    unknown.append(name)
                else:
                    sources.append(number)
        return tuple(dict.fromkeys(sources)), tuple(dict.fromkeys(unknown))


def _names(body: str) -> list[str]:
    """The names in a marker; a range names all between its ends, but of a range that is no range only the ends."""

    def spread(found: re.Match[str]) -> str:
        first, last = int(found["first"]), int(found["last"])
        return " ".join(map(str, range(first, last + 1))) if first <= last <= first + 20 else f"{first} {last}"

    return _ONE.findall(_RANGE.sub(spread, body))


def _without_markers(raw: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without its markers, and for each marker where it stood in that text, how long it was, and what was in it."""
    text = ""
    markers: list[tuple[int, int, str]] = []
    at = 0
    for found in _MARKER.finditer(raw):
        text += raw[at : found.start()]
        at = found.end()
        where, length = len(text), at - found.start()
        # "Text [k]. Next" and "Text. [k]Next" keep their blank where they need one.
        following = raw[at : at + 1]
        if text and not text[-1].isspace() and following and (following.isalnum() or following in "\"“'‘("):
            text += " "
            length -= 1
        markers.append((where, length, found["body"] or found["round"]))
    return text + raw[at:], markers


def _spans(text: str) -> list[tuple[int, int]]:
    """Where the sentences are. A line break always ends one."""
    spans: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        spans += [(line.start() + start, line.start() + end) for start, end in sentence_spans(line[0])]
    return spans


def _quotation_open(text: str) -> bool:
    return text.count("“") > text.count("”") or text.count('"') % 2 == 1
