"""Puts a question into the corpus's own words before the search: misspellings mended, acronyms written out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import product

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from assistant.language.dates import with_months_written_out

_WORD = re.compile(r"[^\W\d_]+")
# "Basic Exchange and Cooperation Agreement": capitalised words, small ones between them.
_NAME = re.compile(r"\b[A-Z][\w-]*(?:,? (?:(?:and|of|for|on|in|the|to|with) ){0,2}[A-Z][\w-]*){2,9}")
_EXPANSION = re.compile(r"\b([A-Z]{3,}) \(([A-Z][^()]*)\)")
_ASKS_FOR_THE_NAME = re.compile(r"\b(?:stands? for|short for|letters|spel(?:l|led|t) out|acronym|abbreviation)\b", re.IGNORECASE)
_RUN_TOGETHER = re.compile(r"^(who|what|where|when)s (?!(?:is|was|are|were|did|does|do|has|had)\b)", re.IGNORECASE)
_LATEST = re.compile(
    r"\b(?:latest|newest|most recent|current(?! (?:accounts?|affairs|events))) (?!to\b|of\b|ones?\b|was\b|is\b)"
    r"|\bcurrently\b ?|,? \b(?:so far|to date|as of (?:now|today)|right now|at the moment|at present|these days|up to now)\b"
    r"|(?<=\bis) now\b|(?<=\bare) now\b|(?<=\bis it) now\b|,? now(?=\W*$)",
    re.IGNORECASE,
)
_NEWS = re.compile(r"\bthe (?:latest|newest) (?=on\b|about\b|from\b|with\b)", re.IGNORECASE)
_SAYS_LATEST = re.compile(r"\b(?:latest|newest|most recent(?:ly)?)\b", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“]([^\"“”]+)[\"”]")
_QUOTED_WORDS = 3
# MQ-9B, P-8I, F-16: letters and figures, which people write without the hyphen.
_DESIGNATION = re.compile(r"\b(?=[a-z-]*\d)(?=[\d-]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*\b", re.IGNORECASE)
_AROUND = '?!.,;:"“”'
_ASKING_WORDS = frozenset(
    "what what's which who who's whom whose when where why how is was are were did does do has have had many much".split()
)
_SMALL_WORDS = frozenset("and of for on in the to with".split())
_SHORTEST_ACRONYM = 3
# Everybody knows these, and a list that happens to have their letters is not what they mean.
_SPELLED_BY_ALL = frozenset("usa uae uk eu usd eur gbp inr jpy cny".split())
_SHORTEST_TYPO = 4
_LONG_WORD = 9
# The acronyms of a name double with each small word that may give a letter.
_SMALL_WORDS_SPELLED = 4
_CAPITALS_WITHIN = re.compile(r"(?<=[\w,;] )(?=\w*[A-Z])[^\W\d_]+(?![\w-])")


def expansions(question: str) -> list[tuple[str, str]]:
    """The acronyms that `restate` wrote out, with the names."""
    return _EXPANSION.findall(question)


def without_expansions(question: str) -> str:
    """The question without the names that `restate` put in brackets: they are ours, not the asker's."""
    return _EXPANSION.sub(r"\1", question)


_DOCUMENT = "agreement|annex|accord|pact|treaty|memorandum|arrangement|protocol|convention|deal"
_TITLED = re.compile(rf"\b(\w+ \w{{4,}}) ({_DOCUMENT})\b", re.IGNORECASE)
# Verbs that tell the same, each with its past: agreements are signed or concluded, aircraft are bought or ordered.
_ALIKE = ((("sign", "signed"), ("conclude", "concluded")), (("buy", "bought"), ("order", "ordered")))


def without_question_words(question: str) -> str:
    """What BM25 looks for: "what" is rare in news, and a passage that has it, such as an interview, is no better for it. The
    World Health Organization's letters stay. A question of nothing else comes back whole."""
    kept = [word for word in question.split() if word.strip(_AROUND) == "WHO" or word.strip(_AROUND).lower() not in _ASKING_WORDS]
    return " ".join(kept) or question


def without_latest(question: str) -> str | None:
    """The question without "latest", "current" or "so far", to be asked of the newest news; None where it has none."""
    asked = _LATEST.sub("", _NEWS.sub("the news ", question))
    return asked if asked != question else None


def as_late_in(text: str, question: str) -> str:
    """The question without "latest" and the like, unless the text says so of something: news of the third round doesn't call it
    the latest, and of a series of rounds the last may be called so."""
    return question if _SAYS_LATEST.search(text) else without_latest(question) or question


def quotations(question: str) -> list[str]:
    """What a question quotes, three words or more."""
    asked = without_expansions(question)
    return [words for found in _QUOTED.finditer(asked) if len((words := found[1].strip(" .,")).split()) >= _QUOTED_WORDS]


def as_named_in(text: str, question: str) -> str:
    """The question with the text's own choice of each acronym and the name in brackets behind it; with both where it has both or
    neither, or where it is asked what the letters stand for. A reader takes an acronym that the text doesn't write for another
    thing than the one it names."""
    if _ASKS_FOR_THE_NAME.search(question):
        return question

    def named(found: re.Match[str]) -> str:
        acronym, name = found[1], found[2]
        has_acronym, has_name = re.search(rf"\b{acronym}\b", text), name.lower() in text.lower()
        if bool(has_acronym) == has_name:
            return found[0]
        return acronym if has_acronym else name

    return _EXPANSION.sub(named, question)


def as_done_in(text: str, question: str) -> str:
    """The question with "concluded" in place of "signed" where the text has only that, or the other way round, and so with
    "ordered" and "bought": of an agreement, or an aircraft, they tell the same, and a reader doesn't always take the one for the
    other."""
    for pair in _ALIKE:
        for ours, theirs in (pair, pair[::-1]):
            if _has_one_of(question, ours) and _has_one_of(text, theirs) and not _has_one_of(text, ours):
                for own, other in zip(ours, theirs, strict=True):
                    question = re.sub(rf"\b{own}\b", other, question, flags=re.IGNORECASE)
                break
    return question


def _has_one_of(text: str, words: tuple[str, ...]) -> bool:
    return any(re.search(rf"\b{word}\b", text, re.IGNORECASE) for word in words)


def as_titled_in(text: str, question: str) -> str:
    """The question with the text's own word for a document that both call the same but for it: asked of "the industrial security
    agreement", an article on the Industrial Security Annex is asked about the annex."""

    def titled(found: re.Match[str]) -> str:
        others = {other[1] for other in re.finditer(rf"\b{found[1]} ({_DOCUMENT})\b", text, re.IGNORECASE)}
        known = {other.lower() for other in others}
        return found[0] if len(known) != 1 or found[2].lower() in known else f"{found[1]} {others.pop()}"

    return _TITLED.sub(titled, question)


class CorpusWording:
    """What the articles call things. Reads them at the first question that needs it."""

    def __init__(
        self,
        texts: Callable[[], Iterable[str]],
        known_words: frozenset[str],
        stem: Callable[[str], str],
        version: Callable[[], object] = lambda: None,
    ) -> None:
        """`texts` gives the articles' texts, which are read again once `version` gives another value; a form of one of the
        `known_words` is never taken for a misspelling."""
        self._texts = texts
        self._stem = stem
        self._known_words = known_words
        self._version = version
        self._read_at: object = None

    def restate(self, question: str) -> str:
        """The question as it is searched for.

        A word that neither English nor the articles know becomes the article's word one edit away (two for nine letters and
        more; Damerau 1964), the commonest of several, then the first by alphabet; where its stem is known, only one of the same
        letters. "Whos" is "who is". An acronym that the articles write out is followed by its name in brackets. A designation
        gets the articles' hyphens and capitals ("mq9b" is the MQ-9B), and the letter that it lacks where only one is known. "nov
        2023" is November 2023. Names and acronyms of a question all in lower case get the articles' capitals. What is restated
        already stays as it is.
        """
        self._forget_what_changed()
        question = with_months_written_out(_EXPANSION.sub(self._unexpanded, question))
        question = _DESIGNATION.sub(lambda found: self._designation(found[0]), _RUN_TOGETHER.sub(r"\1 is ", question))
        in_lower_case = question[1:] == question[1:].lower()

        def restated(found: re.Match[str]) -> str:
            if not in_lower_case:
                return self._word(found[0], is_name=found.start() > 0 and found[0][0].isupper())
            word = self._word(self._capitals_of(found[0]), is_name=False)
            return self._capitals_of(word)

        return re.sub(_WORD, restated, question)

    def _unexpanded(self, found: re.Match[str]) -> str:
        """The acronym alone, where the name that stands behind it is put there anyway."""
        return found[1] if self._word(found[1], is_name=False) == found[0] else found[0]

    def _capitals_of(self, word: str) -> str:
        """The word, if English doesn't know it, as the articles write it."""
        return word if word in self._known_words else self._capital_forms.get(word, word)

    def _forget_what_changed(self) -> None:
        version = self._version()
        if version != self._read_at:
            for name in [name for name, of in vars(CorpusWording).items() if isinstance(of, cached_property)]:
                vars(self).pop(name, None)
            self._read_at = version

    def _designation(self, written: str) -> str:
        bare = written.replace("-", "").lower()
        return self._designations.get(bare) or self._designations.get(bare.removesuffix("s")) or written

    def _word(self, word: str, *, is_name: bool) -> str:
        folded = word.lower()
        if len(word) >= _SHORTEST_ACRONYM and folded not in _SPELLED_BY_ALL and (word.isupper() or not self._is_known(folded)):
            name = self._names.get(folded)
            if name and name.lower() != folded:
                return f"{word.upper()} ({name})"
        if word.isupper() or folded in self._known_words or folded in self._words:
            return word
        if self._stem(folded) in self._known_stems:  # "deployers" for "deploy" may stay, "soliders" for "solid" may not
            return self._mended(word, folded, lambda other: sorted(other) == sorted(folded))
        return self._mended(word, folded, self._is_a_name if is_name else bool)

    def _is_a_name(self, folded: str) -> bool:
        """Whether the articles mostly write a word with a capital: "Musk" is no misspelling of "must"."""
        return 2 * self._capitals[folded] > self._words[folded]

    def _is_known(self, folded: str) -> bool:
        return folded in self._known_words or folded in self._words or self._stem(folded) in self._known_stems

    def _mended(self, word: str, folded: str, fits: Callable[[str], bool] = bool) -> str:
        if len(word) < _SHORTEST_TYPO:
            return word
        edits = 2 if len(word) >= _LONG_WORD else 1
        distance = DamerauLevenshtein.distance
        near = process.extract(folded, self._candidates, scorer=distance, score_cutoff=edits, limit=None)
        # Few mistype the first letter; and "deactivated" is no misspelling of "activated".
        near = [match for match in near if match[0][0] == folded[0] and not match[0].endswith(folded) and fits(match[0])]
        if not near:
            return word
        best = min(
            near,
            key=lambda m: (m[1], m[0] not in _ASKING_WORDS, m[0] not in _QUESTION_WORDS, -self._words[m[0]], m[0]),
        )[0]
        return best.capitalize() if word[0].isupper() else best

    @cached_property
    def _known_stems(self) -> frozenset[str]:
        return frozenset(self._stem(word) for word in self._known_words | self._words.keys())

    @cached_property
    def _words(self) -> Counter[str]:
        """How often the articles use each word, lower-cased."""
        return _lower_cased(self._written)

    @cached_property
    def _capitals(self) -> Counter[str]:
        """The same of those that are written with a capital first."""
        return _lower_cased({word: times for word, times in self._written.items() if word[0].isupper()})

    @cached_property
    def _capital_forms(self) -> dict[str, str]:
        """The words that the articles never write without a capital, each with its commonest form within a sentence."""
        forms: dict[str, Counter[str]] = {}
        for text in self._texts():
            for written in _CAPITALS_WITHIN.findall(text):
                forms.setdefault(written.lower(), Counter())[written] += 1
        return {word: min(of, key=lambda form: (-of[form], form)) for word, of in forms.items() if not self._written[word]}

    @cached_property
    def _written(self) -> Counter[str]:
        """How often the articles use each word, as they write it."""
        return Counter(word for text in self._texts() for word in _WORD.findall(text))

    @cached_property
    def _candidates(self) -> list[str]:
        return sorted({word for word in self._words if len(word) >= _SHORTEST_TYPO} | _QUESTION_WORDS)

    @cached_property
    def _designations(self) -> dict[str, str]:
        """Each designation as the articles most often write it, by its letters and figures alone; "ah64" too, where the only one
        that goes on from there with a letter is the AH-64E."""
        counts: dict[str, Counter[str]] = {}
        for text in self._texts():
            for written in _DESIGNATION.findall(text):
                counts.setdefault(written.replace("-", "").lower(), Counter())[written] += 1
        known = {bare: min(forms, key=lambda form: (-forms[form], form)) for bare, forms in counts.items()}
        shorter = Counter(bare[:-1] for bare in known if bare[-1].isalpha() and bare[-2].isdigit())
        return {bare[:-1]: form for bare, form in known.items() if shorter[bare[:-1]] == 1 and bare[-2].isdigit()} | known

    @cached_property
    def _names(self) -> dict[str, str]:
        """Acronym in lower case to the name that has those initials; the commonest name, then the first by alphabet."""
        counts: dict[str, Counter[str]] = {}
        for text in self._texts():
            for found in _NAME.findall(text):
                words = re.findall(r"[^\W_]+", found)
                capitals = [word for word in words if word.lower() not in _SMALL_WORDS]
                # A name may follow other capitalised words: every tail of it counts.
                for first in range(len(capitals) - _SHORTEST_ACRONYM + 1):
                    tail = words[words.index(capitals[first]) :]
                    for acronym in _acronyms(tail):
                        counts.setdefault(acronym, Counter())[" ".join(tail)] += 1
        return {acronym: min(names, key=lambda name: (-names[name], name)) for acronym, names in counts.items()}


def _lower_cased(counts: Mapping[str, int]) -> Counter[str]:
    folded: Counter[str] = Counter()
    for word, times in counts.items():
        folded[word.lower()] += times
    return folded


def _acronyms(name: list[str]) -> Iterator[str]:
    """A small word may give a letter or not: GSOMIA is the General Security of Military Information Agreement, BECA the Basic
    Exchange and Cooperation one. Of many small words none does."""
    few = sum(word.lower() in _SMALL_WORDS for word in name) <= _SMALL_WORDS_SPELLED
    letters = [(word[0],) if word.lower() not in _SMALL_WORDS else ("", word[0]) if few else ("",) for word in name]
    return ("".join(chosen).lower() for chosen in product(*letters))


_QUESTION_WORDS = frozenset(
    "about after before between country date does first happened have held last latest list many much place said says signed "
    "take took what when where which while whom whose with year".split()
)
