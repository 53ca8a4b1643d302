"""Questions that the articles do answer, made from their sentences by rules of plain grammar.

A rule fits a whole sentence or it doesn't; what is left over is not bent into a question. Every question is then asked, and kept
only where the very sentence that it was made from is quoted in answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from assistant.ingestion.sentences import sentence_spans
from assistant.types import Answer, Article, ScoredChunk

MOST = 3
# Each question that is tried costs as much as a question asked: five take about two seconds on two cores.
_MOST_TRIED = 5
_MOST_WORDS_OF_A_SUBJECT = 9

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_WEEKDAY = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday"
_DAY = rf"(?:on (?:{_WEEKDAY}|\d{{1,2}} (?:{_MONTH})(?: \d{{4}})?)|in (?:(?:{_MONTH})(?: \d{{4}})?|\d{{4}}))"
_NAME = r"[A-Z][\w.’'-]*"
_PLACE = rf"(?:in|at) (?:the )?(?!(?:{_MONTH})\b){_NAME}(?: (?:of )?{_NAME})*"
_NUMBER = r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty)"
_REST = "(?:,.+)?"
# Past tense to the form after "did": news speaks of what happened, mostly in these words.
_VERBS = dict(
    pair.split()
    for pair in """signed sign|concluded conclude|joined join|announced announce|ordered order|bought buy|launched launch
    |opened open|became become|visited visit|approved approve|adopted adopt|commissioned commission|delivered deliver
    |received receive|named name|published publish|met meet|won win|founded found|began begin|left leave|entered enter
    |completed complete|took take|held hold|sent send|built build|hosted host|elected elect|appointed appoint
    |withdrew withdraw|ended end|started start|agreed agree|passed pass|made make|gave give|moved move|lifted lift|imposed impose
    |renewed renew|extended extend|introduced introduce|closed close|added add|accepted accept|rejected reject|chose choose
    |put put|set set|brought bring|flew fly|reached reach|replaced replace|released release|declared declare|notified notify
    |admitted admit|confirmed confirm|presented present|handed hand|cancelled cancel|suspended suspend|sold sell
    |paid pay""".split("|")
)
_PAST = "|".join(_VERBS)
_PARTICIPLE = r"(?:[a-z]+ed|held|built|sold|bought|begun|made|given|set up|taken|sent|won|put)"
_TITLE = r"\b(?:President|Minister|Secretary|Admiral|Marshal|Ambassador|Senator|Governor|Mr|Mrs|Ms|Dr|Professor|Sir)\b"

# What points back at another sentence, or hangs on one.
_LEANS = re.compile(
    r"(?:It|He|She|They|We|I|You|This|That|These|Those|There|Here|His|Her|Its|Their|Our|Both|Another|Such|One|Each|All|Some|Many|"
    r"Most|But|And|Or|So|Yet|Then|Later|Earlier|However|Also|Still|Among|Other|Others|Half|Nobody|None|What|Who|When|Where)\b|"
    r".*\b(?:the (?:former|latter|other|others|two|three|same)|he|she|it|they|them|him)\b"
)
# A subject that holds one of these is more than a noun with its adjectives.
_NO_NOUN = re.compile(
    r"\b(?:who|which|that|when|where|has|have|had|was|were|is|are|will|would|can|could|may|might|must|be|been|did|does|do|not|"
    r"said|says|it|its)\b"
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question, and the sentence that answers it: `article.text[start:end]`."""

    question: str
    article_id: str
    start: int
    end: int


def suggest(
    passages: Iterable[ScoredChunk], articles: dict[str, Article], ask: Callable[[str], Answer], not_this: str = ""
) -> tuple[str, ...]:
    """At most three questions that the passages answer, from different sentences, in the order of the passages.

    Args:
        passages: the nearest to what was asked, best first.
        articles: theirs, by id.
        ask: answers a question; called five times at most.
        not_this: the question that wasn't answered; it isn't suggested again.
    """
    kept: list[str] = []
    tried = {_letters(not_this)}
    for suggestion in _in_turn(passages, articles):
        if len(kept) == MOST or len(tried) > _MOST_TRIED:
            break
        if _letters(suggestion.question) in tried:
            continue
        tried.add(_letters(suggestion.question))
        if _is_answered_by(ask(suggestion.question), suggestion):
            kept.append(suggestion.question)
    return tuple(kept)


def questions_from(sentence: str) -> list[str]:
    """The questions that a sentence answers by itself, one for each rule that fits; none for a sentence that leans on others."""
    sentence = re.sub(r" \([^()]*\)|;.*(?=\.$)", "", " ".join(sentence.split()))
    if not sentence.endswith(".") or _LEANS.match(sentence) or re.search(r"[\"“”:()]", sentence):
        return []
    return [f"{question}?" for rule in _RULES for question in rule(sentence[:-1])]


def _in_turn(passages: Iterable[ScoredChunk], articles: dict[str, Article]) -> Iterator[Suggestion]:
    """One question for each sentence of the passages; a sentence that stands in two of them comes once."""
    seen = set()
    for scored in passages:
        chunk, article = scored.chunk, articles.get(scored.chunk.article_id)
        if article is None:
            continue
        for first, last in sentence_spans(chunk.text):
            start, end = chunk.start + first, chunk.start + last
            if (article.article_id, start) not in seen:
                seen.add((article.article_id, start))
                for question in questions_from(article.text[start:end])[:1]:
                    yield Suggestion(question, article.article_id, start, end)


def _is_answered_by(answer: Answer, suggestion: Suggestion) -> bool:
    return not answer.abstained and any(
        citation.article_id == suggestion.article_id and citation.start < suggestion.end and citation.end > suggestion.start
        for citation in answer.citations
    )


def _letters(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def _when_passive(sentence: str) -> Iterator[str]:
    """From "X was moved to Y on 30 July 2018", or the same with the day in front, "when was X moved to Y"."""
    sentence = re.sub(rf"^({_DAY.replace('on ', 'On ').replace('in ', 'In ')}), (.+)$", _day_last, sentence)
    if found := re.fullmatch(rf"(.+?) (was|were) ((?:\w+ly )?{_PARTICIPLE})((?: [^,]+?)?) {_DAY}{_REST}", sentence):
        subject, be, done, rest = found.groups()
        if _is_subject(subject) and not re.search(_DAY, rest):
            yield f"When {be} {_inside(subject)} {done}{rest}"


def _when_active(sentence: str) -> Iterator[str]:
    """From "X joined Y in 2016" "when did X join Y"; the day may stand in front, and more may follow behind a comma."""
    sentence = re.sub(rf"^({_DAY.replace('on ', 'On ').replace('in ', 'In ')}), (.+)$", _day_last, sentence)
    if found := re.fullmatch(rf"(.+?) ({_PAST}) ([^,]+?) {_DAY}{_REST}", sentence):
        subject, verb, rest = found.groups()
        if _is_subject(subject) and _stands_alone(f"{subject} {rest}") and not re.search(_DAY, rest):
            yield f"When did {_inside(subject)} {_VERBS[verb]} {rest}"


def _where(sentence: str) -> Iterator[str]:
    """From "X took place in Delhi in 2023" "where did X take place", and from "X was held in Delhi" "where was X held"."""
    took_place = re.fullmatch(rf"(.+?) took place (?:{_DAY} )?{_PLACE}(?: {_DAY})?{_REST}", sentence)
    if took_place and _is_subject(took_place[1]):
        yield f"Where did {_inside(took_place[1])} take place"
    done = re.fullmatch(rf"(.+?) (was|were) (held|signed|built|opened|launched) {_PLACE}(?: {_DAY})?{_REST}", sentence)
    if done and _is_subject(done[1]):
        yield f"Where {done[2]} {_inside(done[1])} {done[3]}"


def _who(sentence: str) -> Iterator[str]:
    """From "Minister Rao, a lawyer, opened the Goa line" "who opened the Goa line"; from "X was signed by Y" "who signed X"."""
    if found := re.fullmatch(rf"(.+?)(?:, [^,]+,)? ({_PAST}|presided over|described|led|headed) ([^,]+)", sentence):
        subject, verb, rest = found.groups()
        if re.search(_TITLE, subject) and _is_subject(subject) and _stands_alone(rest):
            yield f"Who {verb} {rest}"
    if found := re.fullmatch(rf"(.+?) (?:was|were) (signed|led|founded|built|announced|opened) by (?:the )?{_NAME}.*", sentence):
        subject, done = found.groups()
        if _is_subject(subject):
            yield f"Who {done} {_inside(subject)}"


def _how_many(sentence: str) -> Iterator[str]:
    """From "India ordered 24 helicopters in 2020" "how many helicopters did India order in 2020"; not from "24 of them"."""
    things = r"((?!years|months|weeks|days|hours)[a-z][\w-]*s)"
    if found := re.fullmatch(rf"(.+?) ({_PAST}) {_NUMBER} {things}( (?!of )[^,]+)?{_REST}", sentence):
        subject, verb, counted, rest = found[1], found[2], found[3], found[4] or ""
        if _is_subject(subject) and " and " not in rest and _stands_alone(subject + rest):
            yield f"How many {counted} did {_inside(subject)} {_VERBS[verb]}{rest}"


def _what(sentence: str) -> Iterator[str]:
    """From "Cope India is a bilateral exercise of air forces" "what is Cope India"."""
    found = re.fullmatch(rf"((?:The )?{_NAME}(?: (?:of |and |for |on |the )*{_NAME}){{0,7}}) is an? .+", sentence)
    if found and _is_subject(found[1]) and (" " in found[1] or found[1].isupper()):
        yield f"What is {_inside(found[1])}"


def _day_last(found: re.Match[str]) -> str:
    day, rest = found.groups()
    return f"{rest[0].upper()}{rest[1:].split(',')[0]} {day[0].lower()}{day[1:]}"


_RULES: tuple[Callable[[str], Iterator[str]], ...] = (_when_passive, _when_active, _where, _who, _how_many, _what)


def _is_subject(words: str) -> bool:
    """Whether words name something by themselves: short, without a clause in them, and with a name."""
    if "," in words or len(words.split()) > _MOST_WORDS_OF_A_SUBJECT or _NO_NOUN.search(words):
        return False
    # The first word has its capital anyway: alone it counts as a name only where nothing but a name stands without "the" or "a".
    first, _, rest = words.partition(" ")
    if re.match(r"(?:In|On|At|By|For|From|With|After|Before|Since|During|Under|As|If|While|Of|To|Until|Of)$", first):
        return False
    if re.search(r"\d(?:th|st|nd|rd)?$", words):
        return False
    return bool(re.search(r"(?:^| )(?:[A-Z]|\d)", rest)) or (not rest and not first.endswith("s"))


def _stands_alone(words: str) -> bool:
    """Whether words say what they are about: with a name or a year, and neither "he" nor "ten of them"."""
    points_elsewhere = re.search(rf"\b(?:who|which|that|he|she|his|her|it|they|them|{_NUMBER} of the)\b|(?:^| ){_NUMBER}$", words)
    return not points_elsewhere and bool(re.search(r"(?:^| )[A-Z]|\b\d{4}\b", words))


def _inside(subject: str) -> str:
    """The subject as it stands within a sentence: "The" and the like lose their capital."""
    first, gap, rest = subject.partition(" ")
    return f"{first.lower() if first in ('The', 'A', 'An') else first}{gap}{rest}"
