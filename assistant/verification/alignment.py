"""A claim laid beside one sentence of a passage: which of its words, names and values stand there, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.language.acronyms import acronyms, initials, short_words
from assistant.language.lexicon import same_meaning, stem
from assistant.language.names import GENERIC, Name, country, same_word
from assistant.language.quantities import Quantity
from assistant.language.values import Value, says_no_more_than
from assistant.models.word_vectors import nearest
from assistant.types import Article
from assistant.verification.analysis import Analysis, Token, analyse

PRONOUNS = frozenset("he she his her him".split())
# "Apaches at 2.3 billion": a number so large may be of money though no currency is said.
_LEAST_BARE_AMOUNT = 10_000
_AN_ACRONYM_STANDS_FOR = 0.6  # share of its words that must be there
_RELATED = 0.25  # the least cosine of words that may belong to one event
_LOOK_BACK = 4  # sentences in which "he" is looked for


class Alignment:
    """A claim beside one sentence of a passage; the sentences next to it and the title are at hand.

    near: the indices of the sentences before and after it. antecedents: the surnames of those whom its pronouns may mean.
    """

    def __init__(self, claim: Analysis, article: Article, analyses: Sequence[Analysis], at: int) -> None:
        """`analyses` are the sentences of the passage, `at` the index of the one to compare with."""
        self.claim = claim
        self.article = article
        self.analyses = analyses
        self.at = at
        self.sentence = analyses[at]
        self.near = [i for i in (at - 1, at + 1) if 0 <= i < len(analyses)]
        known = acronyms(article.text) | acronyms(article.title)
        in_capitals = short_words(f"{article.title}\n{article.text}".replace(".", ""))  # "U.N." is "UN"
        written = in_capitals | short_words(claim.text)
        self._acronyms = {short: words for short, words in known.items() if short in written}
        self._claim_acronyms = {short: words for short, words in acronyms(claim.text).items() if short in in_capitals}
        first = analyses[0].text if analyses[0].start == 0 else ""
        self._title = analyse(article.title).words
        self._topic = self._title | analyse(first).words
        self._everywhere = frozenset().union(self._topic, *(analysis.words for analysis in analyses))
        self._names = [*analyse(article.title).names, *(name for analysis in analyses for name in analysis.names)]
        whole = [name for name in self._names if len(name.words) > 1 or name.kind == "person"]
        self._free = self._everywhere - frozenset(word for name in whole for word in name.words)
        full = [name for analysis in analyses for name in analysis.names if _looks_personal(name)]
        self._full_names = frozenset(name.head for name in full)
        self._initials = frozenset().union(*(initials(analyses[i].text) for i in (at, *self.near)))
        self._kinds = {name.head: name.kind for analysis in analyses for name in analysis.names if name.kind}
        self._held: dict[tuple[Name, frozenset[str]], bool] = {}  # each is asked for a hundred times
        self.antecedents = self._people_meant()

    def holds_word(self, token: Token, analysis: Analysis) -> bool:
        """Whether the sentence has a word that may say the same."""
        return any(same_meaning(token.stem, other.stem) for other in analysis.tokens) or self._short_for(
            token.word.lower(), analysis.words
        )

    def holds_name(self, name: Name, words: frozenset[str]) -> bool:
        """Whether the words have the name's head, or another way to say it."""
        asked = name, words
        if asked not in self._held:
            self._held[asked] = self._finds_name(name, words)
        return self._held[asked]

    def _finds_name(self, name: Name, words: frozenset[str]) -> bool:
        if name.head in GENERIC and len(name.words) > 1:
            stems = {stem(word) for word in words}
            return all(stem(word) in stems or country(word) in words for word in name.words) or self._in_full(name, words)
        if any(_same_head(name.head, word) for word in words):
            return True
        if any(country(word) == name.head for word in words):
            return True
        if country(name.head) in words and (name.kind != "place" or "capital" in words):
            return True
        if name.kind == "organisation" or len(name.words) > 1:
            heads = {stem(word) for word in words}
            if all(stem(word) in heads for word in name.words):
                return True
        return self._in_full(name, words) or (name.short and name.head in self._initials)

    def _in_full(self, name: Name, words: frozenset[str]) -> bool:
        """Whether the words have the name as an acronym, or written out."""
        return self._short_for(name.head, words) or any(
            set(name.words) >= set(self._claim_acronyms.get(word, ("?",))) for word in words
        )

    def _short_for(self, word: str, words: frozenset[str]) -> bool:
        """Whether the word is an acronym of a name among the words, or part of one that they shorten."""
        parts = self._acronyms.get(word)
        if parts and sum(part in words for part in parts) >= _AN_ACRONYM_STANDS_FOR * len(parts):
            return True
        return any(word in expanded for short, expanded in self._acronyms.items() if short in words and len(short) > 1)

    def name_is_known(self, name: Name) -> bool:
        """Whether all the words of the name occur in the passage, and the given name not only in a name of somebody else."""
        if not self.holds_name(name, self._everywhere):
            return False
        namesakes = [other for other in self._names if any(_same_head(name.head, word) for word in other.words)]
        if len(name.head) == 1 and not namesakes:
            return False  # only the article "a"
        if len(name.words) == 1:
            return True
        *others, given = [word for word in name.words[:-1] if len(word) > 1] or name.words[:1]
        beside = frozenset(word for other in namesakes for word in other.words if not _same_head(name.head, word))
        # Of an organisation the words may be apart: "Defence Ministry" is the "Ministry of Defence".
        around = self._everywhere if self.kind(name) == "organisation" else self._free
        known = any(same_word(given, word) for word in beside) or (len(given) > 1 and self._has_word(given, beside | around))
        return known and all(self._has_word(word, self._everywhere) for word in others)

    def _has_word(self, word: str, words: frozenset[str]) -> bool:
        """Whether a word of a name is among the words, or another form of it, or its acronym."""
        return (
            stem(word) in {stem(other) for other in words}
            or self._short_for(word, self._everywhere)
            or country(word) in words
            or any(_same_head(word, other) or country(other) == word for other in words)
        )

    def places(self, value: Value) -> list[tuple[int, Value]]:
        """Where the value stands in the sentence and beside it, as (index of the sentence, the value there)."""
        return [
            (index, other)
            for index in (self.at, *self.near)
            for other in self.analyses[index].values
            if other.kind != "quotation" and self.same(value, other)
        ]

    def same(self, value: Value, other: Value) -> bool:
        """Whether a value of the passage bears out a value of the claim."""
        if isinstance(value.meaning, Name) and isinstance(other.meaning, Name):
            one, two = value.meaning, other.meaning
            strangers = self.kind(one) == self.kind(two) == "person" and _have_other_given_names(one, two)
            return not strangers and self.holds_name(one, frozenset(two.words))
        return says_no_more_than(value, other)

    def in_claim(self, other: Value) -> bool:
        """Whether the claim has the value as well."""
        return any(value.kind == other.kind and self.same(value, other) for value in self.claim.values)

    def comparable(self, one: Value, other: Value) -> bool:
        """Whether one value could stand where the other does."""
        if isinstance(one.meaning, Quantity) and isinstance(other.meaning, Quantity):
            if one.kind != other.kind and min(one.meaning.amount, other.meaning.amount) < _LEAST_BARE_AMOUNT:
                return False
            ordinals, shares = ({m.unit == unit for m in (one.meaning, other.meaning)} for unit in ("th", "%"))
            spans = {meaning.days is None for meaning in (one.meaning, other.meaning)}
            return len(ordinals) == len(shares) == len(spans) == 1
        if one.kind != other.kind:
            return False
        if isinstance(one.meaning, Name) and isinstance(other.meaning, Name):
            kinds = {self.kind(one.meaning), self.kind(other.meaning)}
            models = {any(map(str.isdigit, "".join(name.words))) for name in (one.meaning, other.meaning)}  # "C-17"
            return len(models) == 1 and (len(kinds) == 1 or ("" in kinds and "country" not in kinds))
        return True

    def known_kind(self, name: Name) -> str:
        """The kind of a name, told by its other places in the passage where its own doesn't tell."""
        return name.kind or self._kinds.get(name.head, "")

    def kind(self, name: Name) -> str:
        """The known kind of a name; where there is none, two plain words and their last are taken for a person."""
        personal = _looks_personal(name) or (len(name.words) == 1 and name.head in self._full_names)
        return self.known_kind(name) or ("person" if personal else "")

    def is_meant(self, name: Name) -> bool:
        """Whether the sentence has the name, or a pronoun for it, or leans for it on the title or the first sentence."""
        if self.holds_name(name, self.sentence.words) or name.head in self.antecedents:
            return True
        kind = self.known_kind(name)
        if kind in ("person", "country"):
            return False
        return self.holds_name(name, self._title if kind == "place" else self._topic)

    def far_names(self) -> float:
        """The share of the claim's names that stand neither in the sentence, nor beside it, nor behind a pronoun of it."""
        names = self.claim.names
        far = [name for name in names if not self.is_meant(name)]
        farther = [name for name in far if not any(self.holds_name(name, self.analyses[i].words) for i in self.near)]
        return (0.5 * len(far) + 0.5 * len(farther)) / len(names) if names else 0.0

    def uncovered(self) -> tuple[float, float, float]:
        """Shares of words and values of the claim that the sentence lacks, that its neighbours lack too; and of its verbs."""
        tokens = [self.claim.tokens[index] for index in self.claim.content()]
        here = [token for token in tokens if not self.holds_word(token, self.sentence)]
        near = [token for token in here if not any(self.holds_word(token, self.analyses[i]) for i in self.near)]
        values = [value for value in self.claim.values if value.kind != "quotation"]
        found = [{index for index, _ in self.places(value)} for value in values]
        lacking = sum(self.at not in indices for indices in found)
        lacking_near = sum(not indices for indices in found)
        verbs = sum(token.verb for token in tokens)
        total = max(1, len(tokens) + len(values))
        missing = sum(token.verb for token in here)
        return (len(here) + lacking) / total, (len(near) + lacking_near) / total, missing / max(1, verbs)

    def strangest(self) -> float:
        """How far the word of the claim that fits least is from all words of the sentence, those beside it and the title.

        0.25 less the cosine of the nearest of them; 0 where no cosine is lower, or no word is lacking. Two words that have
        nothing to do with each other have a cosine of about 0.1.
        """
        near = [self.sentence, *(self.analyses[i] for i in self.near)]
        lacking = [
            token
            for token in (self.claim.tokens[index] for index in self.claim.content())
            if not any(self.holds_word(token, analysis) for analysis in near)
        ]
        words = {token.word.lower() for analysis in near for token in analysis.tokens if token.content} | self._title
        return max((max(0.0, _RELATED - nearest(token.word, words)) for token in lacking), default=0.0)

    def matched(self) -> Iterator[tuple[Token, Token]]:
        """The claim's words with the sentence's words that say the same; the same stem is preferred, then the first."""
        for index in self.claim.content():
            token = self.claim.tokens[index]
            same = [other for other in self.sentence.tokens if same_meaning(token.stem, other.stem)]
            if same:
                yield token, next((other for other in same if other.stem == token.stem), same[0])

    def _people_meant(self) -> frozenset[str]:
        """Whom "he" may mean: the first person named in the last sentence before that names one."""
        if not any(token.word.lower() in PRONOUNS for token in self.sentence.tokens):
            return frozenset()
        for analysis in reversed(self.analyses[max(0, self.at - _LOOK_BACK) : self.at]):
            people = [
                value.meaning.head
                for value in analysis.values
                if isinstance(value.meaning, Name) and value.meaning.kind in ("person", "")
                if not analysis.text[: value.end].endswith(("'s", "’s"))
            ]
            if people:
                return frozenset({people[0]})
        return frozenset()


def _looks_personal(name: Name) -> bool:
    return len(name.words) in (2, 3) and all(word.isalpha() for word in name.words) and not name.head.endswith("s")


def _same_head(one: str, other: str) -> bool:
    """As `same_word`, but a single letter is no initial: "Hepatitis B" isn't Hepatitis Blue."""
    return one == other or (min(len(one), len(other)) > 1 and same_word(one, other))


def _have_other_given_names(one: Name, other: Name) -> bool:
    """Whether both have given names, and none in common: Andrew Miller and David Miller."""
    # "From New Delhi Mr Pompeo flew on": a capital is no given name.
    mine, theirs = ([word for word in name.words[:-1] if not country(word)] for name in (one, other))
    return bool(mine and theirs) and not any(same_word(word, given) for word in mine for given in theirs)
