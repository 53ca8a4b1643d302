"""The date, number, person or place that a question asks for, as the quoted sentence writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from assistant.language.dates import MONTH, WEEKDAY
from assistant.language.terms import focus_words
from assistant.language.years import YEAR

Kind = Literal["date", "number", "person", "place"]
Span = tuple[int, int]

_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?:[-–]\d{{1,2}})? (?:of )?{MONTH}(?:,? {YEAR})?\b"
    rf"|\b{MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:[-–]\d{{1,2}})?(?:,? {YEAR})?\b"
    rf"|\b{MONTH},? {YEAR}\b|\b{YEAR}-\d{{2}}-\d{{2}}\b|\b{YEAR}s?\b"
    rf"|\b(?:the )?(?:(?:early|late|mid)[- ])?\d{{1,2}}(?:st|nd|rd|th) century\b"
    rf"|\b(?:(?:last|next|this) )?{WEEKDAY}\b|(?<=\b[Ii]n ){MONTH}(?!\w)"
)
# Dates too, though not by the calendar; "two years later" may also be how many.
_RELATIVE_DATE = re.compile(
    rf"\b(?:yesterday|today|tomorrow)\b|\b(?:last|next|this|past|end of|since|until) (?:(?-i:{MONTH})(?!\w)"
    r"|(?:week(?:end)?|month|year|night|spring|summer|autumn|fall|winter)\b)"
    r"|\b(?:an?|\d+|two|three|four|five|six|seven|eight|nine|ten|a few|several) (?:hours?|days?|weeks?|months?|years?|decades?)"
    r" (?:ago|later|earlier|before|afterwards?|after)\b",
    re.IGNORECASE,
)
_QUESTION_WORDS = {
    "whe",
    "wha",
    "who",
    "whic",
    "how",
    "the",
    "was",
    "did",
    "wer",
    "does",
    "has",
    "had",
    "man",
    "for",
    "and",
    "with",
    "from",
}
_CALENDAR_WORD = re.compile(rf"(?:{MONTH}|{WEEKDAY}|{YEAR})\b")
_NUMBER_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
    r"|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen|half|third|quarter)"
)
_NUMBER = re.compile(
    r"(?:[$€£₹]|\bRs\.? |\bUS\$)?\b\d[\d,]*(?:\.\d+)?(?:%| per cent| percent)?"
    r"(?: (?:hundred|thousand|million|billion|trillion|crore|lakh))*"
    rf"(?: (?:dollars|rupees|euros|years?|days?|months?|hours?|minutes?|km|kilometres|miles))?"
    rf"|\b{_NUMBER_WORD}(?:[- ]{_NUMBER_WORD})*\b(?: (?:dollars|rupees|years?|days?|months?|weeks?|hours?|minutes?))?",
    re.IGNORECASE,
)
_CAPITALISED = r"[A-Z][\w'’.-]*"
_NAME = re.compile(rf"\b{_CAPITALISED}(?: (?:(?:of|the|de|al|bin|von) )?{_CAPITALISED})*")
_PLACE = re.compile(rf"\b(?:in|at|near|from|to|outside|off|across) (?:the )?(?P<place>{_CAPITALISED}(?:(?:,)? {_CAPITALISED})*)")
_TITLES = re.compile(
    r"^(?:(?:The|US|Indian|American|Former|Then|External|Prime|Defen[cs]e|Foreign|Deputy|Union) )*"
    r"(?:Secretary|Minister|President|Prime Minister|General|Admiral|Mr|Mrs|Ms|Dr|Prof|Sir|Gen|Lt|Col)\.? "
    r"(?:of (?:State|Def\w+|the \w+|External Affairs|Foreign Affairs|\w+) )?(?:and )?"
)
_NOT_PEOPLE = re.compile(
    r"\b(?:Ministry|Minister|Secretary|President|Department|Agreement|Framework|Dialogue|Partnership|Committee|Council|Army|Navy"
    r"|Force|Command|Ocean|Sea|Pacific|University|House|Congress|Government|Affairs|State|Defen[cs]e"
    r"|Commerce|External|Foreign|General|Ambassador|Memorandum|Pact|Initiative|Treaty|Act|India|States|Washington|Delhi|US|UK|U\.S|Exercise"
    rf"|{WEEKDAY}|{MONTH})\b"
)


_ASKING = r"(?:when|where|who|whom|whose|why|how|what|which)"
_BEFORE_IT = r"(?:(?:in|on|at|by|for|from|to|with|of) )?"
_QUESTION_WORD = re.compile(rf"\b{_ASKING}\b", re.IGNORECASE)
_BEHIND_A_BREAK = re.compile(rf"(?:[,;:.–—-]|\b(?:and|or|but)) {_BEFORE_IT}$", re.IGNORECASE)
# "When he was in Delhi, who met him?"
_CLAUSE_FIRST = re.compile(
    rf"(?:when|while|after|before|since|once|if|where)\b[^?,]*, (?={_BEFORE_IT}{_ASKING}\b)", re.IGNORECASE
)
_DATE_WORD = re.compile(r"\bdate\b", re.IGNORECASE)
# "What was the toll?", "What is Drevia's inflation rate?", "What magnitude was the quake?"
_FIGURE = (
    r"(?:rates?|turnout|tolls?|inflation|magnitude|margin|scores?|temperature|fines?|growth|revenues?|profits?|salary|majority"
    r"|deficit)"
)
_WHOSE = r"(?:the|its|his|her|their|\S+['’]s)"
_ASKS_FOR: dict[Kind, re.Pattern[str]] = {
    "date": re.compile(r"\bwhen\b|\b(?:what|which) (?:date|day|month|year|time|century|decade)\b|\bhow long ago\b", re.I),
    "number": re.compile(
        r"\bhow (?:many|much|old|long|far|large|big|high|tall|deep|wide|heavy|fast|often|expensive)\b"
        r"|\bwhat (?:percentage|number|amount|share|proportion|price|cost|sum|total)\b"
        r"|\bwhat (?:does|do|did|will|would) .*\bcost\b"
        r"|\bwhat (?:is|was|were|are) the (?:\w+ )?"
        r"(?:number|cost|price|value|total|amount|sum|figure|budget|size|length|vote|tally|speed|weight|height|width|depth|distance"
        r"|altitude|age|population)\b"
        rf"|\bwhat (?:is|was|are|were) {_WHOSE} (?:[\w-]+ ){{0,2}}{_FIGURE}\b(?! for\W*$)"
        rf"|\b(?:what|which) (?:[\w-]+ )?{_FIGURE}\b",
        re.I,
    ),
    "person": re.compile(
        r"\b(?:who|whom|whose)\b|\b(?:what|which) (?:person|minister|president|secretary|leader|official|general)\b", re.I
    ),
    "place": re.compile(
        r"\bwhere\b|\b(?:what|which) (?:place|city|country|state|town|capital|location|venue|region|province)\b", re.I
    ),
}


def expected_kind(question: str) -> Kind | None:
    """What kind of expression the question asks for; None where it asks for something else.

    The first question word tells, or one behind a comma or "and": "How did markets react when …?" asks for no date.
    """
    begun = _CLAUSE_FIRST.match(question)
    words = [word for word in _QUESTION_WORD.finditer(question, begun.end() if begun else 0) if not _is_an_agency(word, question)]
    asking = [
        word.start() for number, word in enumerate(words) if number == 0 or _BEHIND_A_BREAK.search(question[: word.start()])
    ]
    found = [kind for at in asking for kind, asks in _ASKS_FOR.items() if asks.match(question, at)]
    return found[0] if found else "date" if _DATE_WORD.search(question) else None


def _is_an_agency(word: re.Match[str], question: str) -> bool:
    return word[0] == "WHO" and not question.isupper()


def short_answer(question: str, sentence: str) -> Span | None:
    """Where in the sentence the expression asked for stands; None where none fits.

    Of the fitting expressions that the question doesn't itself hold, it is the one whose clause (between semicolons, then
    between commas) has most of the question's words; then the one nearest to those words; then the first.
    """
    kind = expected_kind(question)
    if kind is None:
        return None
    lowered = question.lower()
    trimmed = [(start, start + len(sentence[start:end].rstrip(" .,;:'’-"))) for start, end in _candidates(kind, sentence)]
    candidates = [(start, end) for start, end in trimmed if start < end and sentence[start:end].lower() not in lowered]
    if not candidates:
        return None
    stems = {word[: max(3, len(word) - 2)] for word in re.findall(r"[a-z]{3,}", lowered)} - _QUESTION_WORDS
    anchors = [m for m in re.finditer(r"\w{3,}", sentence) if any(m[0].lower().startswith(stem) for stem in stems)]

    def fit(span: Span) -> tuple[int, int, float, int]:
        near = sorted(min(abs(span[0] - m.start()), abs(span[1] - m.start())) for m in anchors)[:3]
        distance = sum(near) / len(near) if near else 0.0
        return -_words_around(span, sentence, anchors, ";"), -_words_around(span, sentence, anchors, ";,"), distance, span[0]

    return min(candidates, key=fit)


def _words_around(span: Span, sentence: str, anchors: list[re.Match[str]], separators: str) -> int:
    """How many different anchors stand in the clause of the span."""
    start = max((sentence.rfind(mark, 0, span[0]) for mark in separators), default=-1) + 1
    ends = [at for mark in separators if (at := sentence.find(mark, span[1])) >= 0]
    end = min(ends, default=len(sentence))
    return len({anchor[0].lower() for anchor in anchors if start <= anchor.start() < end})


def the_one_counted(question: str, sentence: str, span: Span) -> Span:
    """Of a span with several numbers the one that counts what is asked for: "15" of "22 Apache and 15" for the Chinooks behind
    it. The span as it is where that isn't told by the words between a number and the next."""
    numbers = [found for found in _candidates("number", sentence) if not _is_in_a_name(found, sentence)]
    inside = [number for number in numbers if span[0] <= number[0] < span[1]]
    if len(inside) < 2:
        return span
    counted = [word.removesuffix("s") for word in focus_words(question)]
    ends = [next((start for start, _ in numbers if start > number[0]), len(sentence)) for number in inside]
    fitting = [
        number for number, end in zip(inside, ends, strict=True) if any(w in sentence[number[1] : end].lower() for w in counted)
    ]
    return fitting[0] if len(fitting) == 1 else span


def _is_in_a_name(number: Span, sentence: str) -> bool:
    """Whether it belongs to a designation, as in AH-64E."""
    return sentence[: number[0]].endswith("-") or sentence[number[1] : number[1] + 1].isalpha()


def holds_expected(question: str, sentence: str) -> bool:
    """Whether the question asks for a kind of expression and the sentence has one that the question doesn't itself hold."""
    return short_answer(question, sentence) is not None


def _candidates(kind: Kind, sentence: str) -> Iterator[Span]:
    match kind:
        case "date":
            # A full date beats a bare year or weekday in the same sentence.
            spans = [match.span() for match in _DATE.finditer(sentence)]
            full = [
                span for span in spans if re.search(r"\d.*\d{4}|\d{4}.*\d|\d+ \w{3,}|\w{3,} \d+", sentence[span[0] : span[1]])
            ]
            yield from full or spans or [match.span() for match in _RELATIVE_DATE.finditer(sentence)]
        case "number":
            dates = [match.span() for match in _DATE.finditer(sentence)]
            for match in _NUMBER.finditer(sentence):
                if not any(start <= match.start() < end for start, end in dates):
                    yield match.span()
        case "person":
            for match in _NAME.finditer(sentence):
                titled = _TITLES.match(match[0])
                start = match.start() + (titled.end() if titled else 0)
                name = sentence[start : match.end()]
                if (titled or " " in name) and name and not _NOT_PEOPLE.search(name):
                    yield start, match.end()
        case "place":
            spans = [m.span("place") for m in _PLACE.finditer(sentence) if not _CALENDAR_WORD.match(m["place"])]
            yield from spans or [m.span() for m in _NAME.finditer(sentence) if not _CALENDAR_WORD.match(m[0])]
