"""Whether each value of a claim stands in the passage beside what the claim puts it beside.

"One source's value given to another" is a wrong value though it occurs: what counts is which value of its kind fits best
where the claim has it, as if a reader were asked for it with the value covered up (QAGS, Wang, Cho and Lewis 2020).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from assistant.language.lexicon import same_meaning
from assistant.language.names import Name
from assistant.language.quantities import Quantity
from assistant.language.values import Value, holds_quotation, says_no_more_than
from assistant.verification.alignment import PRONOUNS, Alignment
from assistant.verification.analysis import Analysis, Token
from assistant.verification.counting import counted, may_stand_for
from assistant.verification.owners import settled

# Set on the dev half of tests/claims, where they matter little. In words: how quickly a word's neighbours stop mattering to it,
# and how much further away one counts as behind a clause's end, behind a comma or an "and", and in another sentence. A verb
# says more of what a value belongs to than other words do.
_REACH = 4.0
_OTHER_CLAUSE = 3.0
_OTHER_PART = 3.0
_OTHER_SENTENCE = 8.0
_VERB = 2.0
_HANGS_ON = frozenset("although though however which who where when because after before that".split())
_CONTRASTS = frozenset("but while whereas".split())
_NAMED = re.compile(r"\b([A-Z]\w*) $")
_NEXT_IN_LIST = re.compile(r"(?:,| and|, and) (?:(?:the|in|at|by|from|of) )*")
_OF_THE_SAME = re.compile(r" (?:(?:of|the) )*")
_YEARS = re.compile(r" years (?:after|before|later|earlier|from|since)\b")
_STANDS_FOR = PRONOUNS | frozenset("it its they their them".split())


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A value of the claim that the passage doesn't bear out; `found` is what stands there instead, if anything fits.

    `analysis` is the index of the sentence that holds `found`; `margin` is by how much it fits better.
    """

    claimed: Value
    analysis: int | None
    found: Value | None
    margin: float


def absent(a: Alignment, *, word_for_word: bool = False) -> list[Mismatch]:
    """The claim's values that the sentence and those beside it don't have; of names, those that the passage hasn't. With
    `word_for_word`, a number that can be counted from what they name is absent too."""
    return [Mismatch(value, *_instead(a, value), 1.0) for value in a.claim.values if not _present(a, value, word_for_word)]


def _present(a: Alignment, value: Value, word_for_word: bool) -> bool:
    meaning = value.meaning
    if isinstance(meaning, Name):
        return a.name_is_known(meaning)
    if isinstance(meaning, str):
        return holds_quotation(meaning, " ".join(analysis.text for analysis in a.analyses))
    if a.places(value) or _is_sum(a, value) or _is_label(a, value):
        return True
    if not word_for_word and (_is_counted_off(a, value) or _is_between_years(a, value)):
        return True
    if isinstance(meaning, Quantity) and meaning.weak:
        return not any(True for _ in _same_counted(a, value))
    return _known_elsewhere(a, value)


def _is_label(a: Alignment, value: Value) -> bool:
    """Whether the number belongs to a name that the passage writes as one word: "Tier 1", and there "Tier-1"."""
    named = _NAMED.search(a.claim.text[: value.start])
    label = f"{named[1]}-{a.claim.text[value.start : value.end]}".lower() if named else None
    return label is not None and any(label in analysis.text.lower() for analysis in a.analyses)


def _is_sum(a: Alignment, value: Value) -> bool:
    """Whether the claim itself adds up two numbers of the sentence ("25 firms, 15 Indian and ten American")."""
    numbers = [v.meaning.amount for v in a.claim.values if isinstance(v.meaning, Quantity) and v is not value and a.places(v)]
    return isinstance(value.meaning, Quantity) and any(
        one + other == value.meaning.amount for i, one in enumerate(numbers) for other in numbers[i + 1 :]
    )


def _is_counted_off(a: Alignment, value: Value) -> bool:
    """Whether the sentence names as many things one after the other as the claim counts ("two bases": "at Kalaikunda and
    Panagarh"), and gives no other number of them."""
    meaning = value.meaning
    if not isinstance(meaning, Quantity) or meaning.unit is not None or any(True for _ in _same_counted(a, value)):
        return False
    return meaning.amount > 1 and meaning.amount in _lengths_of_lists(a.sentence)


def _lengths_of_lists(sentence: Analysis) -> list[int]:
    """How many names there are in each of its lists; "Emmanuel Macron of France" is one."""
    names = sorted((value for value in sentence.values if value.kind == "name"), key=lambda value: value.start)
    lengths = [1]
    for one, two in pairwise(names):
        between = sentence.text[one.end : two.start]
        if _NEXT_IN_LIST.fullmatch(between):
            lengths[-1] += 1
        elif not _OF_THE_SAME.fullmatch(between):
            lengths.append(1)
    return lengths


def _is_between_years(a: Alignment, value: Value) -> bool:
    """Whether the claim counts the years from one date, its own or the passage's, to another of the passage: from June 2016 to
    June 2023 "seven years"."""
    if not isinstance(value.meaning, Quantity) or not _YEARS.match(a.claim.text, value.end):
        return False
    there = {year for index in (a.at, *a.near) for year in _years(a.analyses[index])}
    return any(abs(one - two) == value.meaning.amount for one in there for two in there | set(_years(a.claim)))


def _years(analysis: Analysis) -> Iterator[int]:
    for value in analysis.values:
        if isinstance(value.meaning, tuple):
            yield from (day.year for day in value.meaning if day.year)


def _known_elsewhere(a: Alignment, value: Value) -> bool:
    """A year may be said far from the event, and so may an ordinal by which a thing is known ("the second group")."""
    if isinstance(value.meaning, Quantity) and value.meaning.unit == "th":
        return not any(a.comparable(value, other) for other in a.sentence.values) and any(
            a.same(value, other) for analysis in a.analyses for other in analysis.values
        )
    if value.kind != "date" or not isinstance(value.meaning, tuple):
        return False
    return any(
        day.day is None and day.month is None and says_no_more_than(value, other)
        for day in value.meaning
        for analysis in a.analyses
        for other in analysis.values
        if other.kind == "date"
    )


def _same_counted(a: Alignment, value: Value) -> Iterator[Value]:
    """Other numbers in the sentence that count the same thing."""
    mine = counted(a.claim, value)
    for other in a.sentence.values:
        rival = a.comparable(value, other) and not a.same(value, other)
        if rival and any(same_meaning(one, two) for one in mine for two in counted(a.sentence, other)):
            yield other


def _instead(a: Alignment, value: Value) -> tuple[int | None, Value | None]:
    """What of the value's kind fits best where the claim has it."""
    options = [
        (_fit(a, value, index, other), index, other)
        for index in (a.at, *a.near)
        for other in a.analyses[index].values
        if a.comparable(value, other) and not a.in_claim(other) and speaks_against(a, value, index, other)
    ]
    if not options:
        return None, None
    _, index, found = max(options, key=lambda option: (option[0], -option[1], -option[2].start))
    return index, found


def speaks_against(a: Alignment, claimed: Value, index: int, found: Value) -> bool:
    """Whether a value of a sentence, if it stands where the claim has its own, makes that one wrong."""
    return may_stand_for(a.claim, claimed, a.analyses[index], found, is_sentence=index == a.at)


def misplaced(a: Alignment) -> list[Mismatch]:
    """Values that the sentence has, but where another one fits the claim's other words better; largest margin first."""
    found = []
    for value in a.claim.values:
        if value.kind == "quotation" or (isinstance(value.meaning, Quantity) and value.meaning.weak):
            continue
        here = [(index, place) for index, place in a.places(value) if index == a.at]
        if not here or (isinstance(value.meaning, Name) and value.meaning.head in a.antecedents):
            continue
        rivals = [rival for rival in _rivals(a, value) if _surely_alike(a, value, rival)]
        if not rivals:
            continue
        best = _best_fitting(a, value, rivals)
        margin = _fit(a, value, a.at, best) - _best(a, value, here)
        if margin > 0:
            found.append(Mismatch(value, a.at, best, margin))
    return sorted(found, key=lambda mismatch: -mismatch.margin)


def _rivals(a: Alignment, value: Value) -> list[Value]:
    """Values of the sentence that could stand where the claim has this one, and that the claim doesn't have."""
    return [
        other
        for other in a.sentence.values
        if a.comparable(value, other)
        and not a.in_claim(other)
        and not (isinstance(other.meaning, Quantity) and other.meaning.weak)
    ]


def _best_fitting(a: Alignment, value: Value, rivals: list[Value]) -> Value:
    """Of values of the sentence, the one that fits best where the claim has its own; ties go to the first."""
    return max(rivals, key=lambda rival: (_fit(a, value, a.at, rival), -rival.start))


def displaced(a: Alignment) -> list[Mismatch]:
    """Values of the claim that stand elsewhere while the sentence has another one in their place; it may be behind a pronoun."""
    found = []
    for value in a.claim.values:
        meaning = value.meaning
        if isinstance(meaning, str) or any(index == a.at for index, _ in a.places(value)):
            continue
        if isinstance(meaning, Name) and a.is_meant(meaning):
            continue
        rivals = [rival for rival in _rivals(a, value) if _alike(a, value, rival)]
        if isinstance(meaning, Quantity) and meaning.weak:
            rivals = list(_same_counted(a, value))
        if rivals:
            found.append(Mismatch(value, a.at, _best_fitting(a, value, rivals), 1.0))
        elif isinstance(meaning, Name) and _another_is_meant(a, meaning):
            found.append(Mismatch(value, None, None, 1.0))
    return found


def _another_is_meant(a: Alignment, name: Name) -> bool:
    """Whether a pronoun of the sentence means somebody, or something, other than the name."""
    kind = a.kind(name)
    if kind == "person":
        return bool(a.antecedents)
    if kind == "country" or a.at == 0 or [token.word for token in a.sentence.tokens[:1]] != ["It"]:
        return False
    before = a.analyses[a.at - 1]
    return bool(before.names) and not a.holds_name(name, before.words)


def scattered(a: Alignment) -> float:
    """How many dates, numbers and amounts of the claim stand in a sentence beside this one alone."""
    placed = [{index for index, _ in a.places(value)} for value in a.claim.values if value.kind in ("date", "number", "money")]
    return float(sum(bool(found) and a.at not in found for found in placed))


def crossed(a: Alignment) -> float:
    """1 where one part of the sentence has the claim's value, and another part has its words with another value.

    "Helicopters at 2 billion, aircraft at 3 billion" gives aircraft 3 billion: parts are what commas and "and" divide, or else
    clauses side by side.
    """
    parts, clauses = _divisions(a.sentence)
    claim_parts = _divisions(a.claim)[0]
    return float(any(_is_crossed(a, value, division, claim_parts) for value in a.claim.values for division in (parts, clauses)))


def _divisions(analysis: Analysis) -> tuple[list[int], list[int]]:
    """For each token the number of its part, and that of its clause; a clause that hangs on another counts with it."""
    parts, clauses = [0] * len(analysis.tokens), [0] * len(analysis.tokens)
    for i in range(1, len(analysis.tokens)):
        one, before = analysis.tokens[i], analysis.tokens[i - 1]
        beside = one.clause != before.clause and one.word.lower() not in _HANGS_ON and not _joins(analysis, i)
        parts[i] = parts[i - 1] + ((one.begins_part or beside) and not _joins(analysis, i))
        clauses[i] = clauses[i - 1] + beside
    return parts, clauses


def _joins(analysis: Analysis, at: int) -> bool:
    """Whether the token, an "and" or the first after a comma, joins two values of one kind, such as two people."""
    if analysis.tokens[at].word.lower() in _CONTRASTS:
        return False
    before, after = analysis.tokens[at - 1].end, analysis.tokens[min(at + 3, len(analysis.tokens) - 1)].start
    last = [value.kind for value in analysis.values if value.end >= before and value.start < before]
    following = [value.kind for value in analysis.values if analysis.tokens[at].start <= value.start <= after]
    return bool(last and following) and last[-1] == following[0]


def _together(a: Alignment, one: Value, other: Value) -> bool:
    """Whether the claim names both in one breath: "A and B"."""
    between = a.claim.text[min(one.end, other.end) : max(one.start, other.start)]
    return between.strip() in ("and", ",", "or")


def _is_crossed(a: Alignment, value: Value, parts: list[int], claim_parts: list[int]) -> bool:
    """Whether more of the claim's words stand only with another value than only with this one.

    Verbs don't count, since the second of two parts often goes without ("one was signed in May, the other in June"); nor, where
    the value stands in the later part, do other words than names; nor names for which the other part has a pronoun. Another
    value of the claim is a rival too, if the claim has it in another part.
    """
    own = {parts[a.sentence.token_at(spot.start)] for index, spot in a.places(value) if index == a.at}
    if not own or value.kind == "quotation" or (isinstance(value.meaning, Quantity) and value.meaning.weak):
        return False
    part = claim_parts[a.claim.token_at(value.start)]
    terms = [
        (name, stand) for at, name, stand in _terms(a, value) if claim_parts[at] == part or not _divided(a, value, claim_parts)
    ]
    for rival in _crossed_rivals(a, value, claim_parts):
        theirs = parts[a.sentence.token_at(rival.start)]
        if theirs in own:
            continue
        pronouns = {t.word.lower() for t, number in zip(a.sentence.tokens, parts, strict=True) if number == theirs} & _STANDS_FOR
        with_rival = with_own = 0
        for name, stand in terms:
            found = {parts[at] for index, at in stand if index == a.at}
            with_rival += theirs in found and not found & own and (name is not None or theirs > max(own))
            with_own += bool(found & own) and theirs not in found and not (name and pronouns and a.kind(name) != "person")
        if with_rival > with_own:
            return True
    return False


def _divided(a: Alignment, value: Value, claim_parts: list[int]) -> bool:
    """Whether the claim has another value of the kind in another of its parts."""
    part = claim_parts[a.claim.token_at(value.start)]
    return any(
        a.comparable(value, other) and not a.same(value, other) and claim_parts[a.claim.token_at(other.start)] != part
        for other in a.claim.values
    )


def _crossed_rivals(a: Alignment, value: Value, claim_parts: list[int]) -> list[Value]:
    rivals = [rival for rival in _rivals(a, value) if _surely_alike(a, value, rival)]
    if _divided(a, value, claim_parts):
        others = [v for v in a.claim.values if v is not value and a.comparable(value, v) and not a.same(value, v)]
        rivals += [place for other in others for index, place in a.places(other) if index == a.at]
    return rivals


def _terms(a: Alignment, value: Value) -> Iterator[tuple[int, Name | None, list[tuple[int, int]]]]:
    """The claim's words, verbs aside, and its other values: the token, the name if it is one, and where it stands."""
    for index in a.claim.content():
        if not a.claim.tokens[index].verb:
            yield index, None, _word_places(a, a.claim.tokens[index])
    for other in a.claim.values:
        if other is not value and other.kind != "quotation" and not a.comparable(value, other):
            name = other.meaning if isinstance(other.meaning, Name) else None
            yield a.claim.token_at(other.start), name, _value_places(a, other)


def _is_country(a: Alignment, value: Value) -> bool:
    return isinstance(value.meaning, Name) and a.known_kind(value.meaning) == "country"


def exchanged(a: Alignment) -> tuple[float, Mismatch | None]:
    """How much better two values of the claim would fit if each stood where the other does; 0 where they don't, 1 where the
    passage says that they do.

    Of names only countries' are looked at: who stands where around a verb is for `relations.roles` to say.
    """
    best, worst = 0.0, None
    values = [value for value in a.claim.values if value.kind in ("date", "number", "money") or _is_country(a, value)]
    spots = [(value, a.places(value)) for value in values]
    for i, (one, ones) in enumerate(spots):
        for other, others in spots[i + 1 :]:
            if not ones or not others or not a.comparable(one, other) or a.same(one, other) or _together(a, one, other):
                continue
            known = settled(a, one, ones, other, others)
            if known > 0:
                continue
            if known < 0:
                return 1.0, Mismatch(one, others[0][0], others[0][1], 1.0)
            straight = _best(a, one, ones) + _best(a, other, others)
            crossed = _best(a, one, others) + _best(a, other, ones)
            if crossed - straight > best:
                best, worst = crossed - straight, Mismatch(one, others[0][0], others[0][1], crossed - straight)
    return best, worst


def _best(a: Alignment, value: Value, places: list[tuple[int, Value]]) -> float:
    return max(_fit(a, value, index, other) for index, other in places)


def _fit(a: Alignment, value: Value, index: int, spot: Value) -> float:
    """How well the words around a spot are those around the value in the claim; near words count most.

    The sum is not divided by the number of words: most fit either of two spots, and the few that tell them apart must not
    count for less in a long claim.
    """
    here = a.claim.token_at(value.start)
    return sum(
        weight * max((_nearness(a, index, spot, place) for place in stand), default=0.0)
        for weight, stand in _context(a, value, here)
    )


def _context(a: Alignment, value: Value, here: int) -> Iterator[tuple[float, list[tuple[int, int]]]]:
    """The claim's other words and values, each with its weight and the places (sentence, token) where it stands."""
    for index in a.claim.content():
        token = a.claim.tokens[index]
        weight = (_VERB if token.verb else 1.0) / (1 + abs(index - here) / _REACH)
        yield weight, _word_places(a, token)
    for other in a.claim.values:
        if other is value or other.kind == "quotation" or a.comparable(value, other):
            continue
        weight = 1 / (1 + abs(a.claim.token_at(other.start) - here) / _REACH)
        yield weight, _value_places(a, other)


def _value_places(a: Alignment, value: Value) -> list[tuple[int, int]]:
    """The tokens where a value begins; for a person also the pronouns that may mean him."""
    stand = [(index, a.analyses[index].token_at(place.start)) for index, place in a.places(value)]
    if isinstance(value.meaning, Name) and value.meaning.head in a.antecedents:
        stand += [(a.at, i) for i, token in enumerate(a.sentence.tokens) if token.word.lower() in PRONOUNS]
    return stand


def _word_places(a: Alignment, token: Token) -> list[tuple[int, int]]:
    return [
        (index, at)
        for index in (a.at, *a.near)
        for at, other in enumerate(a.analyses[index].tokens)
        if same_meaning(token.stem, other.stem)
    ]


def _nearness(a: Alignment, index: int, spot: Value, place: tuple[int, int]) -> float:
    if place[0] != index:
        return 1 / (1 + _OTHER_SENTENCE / _REACH)
    analysis = a.analyses[index]
    first = min((analysis.token_at(spot.start), analysis.token_at(spot.end - 1)), key=lambda token: abs(token - place[1]))
    between = analysis.tokens[min(first, place[1]) + 1 : max(first, place[1]) + 1]
    crossed = len({token.clause for token in between} - {analysis.tokens[min(first, place[1])].clause})
    parts = sum(token.begins_part for token in between)
    distance = abs(first - place[1]) + _OTHER_CLAUSE * crossed + _OTHER_PART * parts
    return 1 / (1 + min(distance, 2 * _OTHER_SENTENCE) / _REACH)


def _alike(a: Alignment, one: Value, other: Value) -> bool:
    """Whether two values, if they are names, are of one kind."""
    if isinstance(one.meaning, Name) and isinstance(other.meaning, Name):
        return a.kind(one.meaning) == a.kind(other.meaning) != ""
    return True


def _surely_alike(a: Alignment, one: Value, other: Value) -> bool:
    """The same; names whose kind is only guessed at are no rivals."""
    if isinstance(one.meaning, Name) and isinstance(other.meaning, Name):
        return a.known_kind(one.meaning) == a.known_kind(other.meaning) != ""
    return True
