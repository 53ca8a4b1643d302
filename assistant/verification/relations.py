"""Whether a sentence relates things as a claim does: denied or affirmed, who to whom, who said it, done or only planned."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from assistant.language.lexicon import is_past, opposite, same_meaning, stem
from assistant.language.names import Name, country, same_word
from assistant.verification.alignment import Alignment
from assistant.verification.analysis import Analysis, Token

_PARTICLES = frozenset("for on off up back".split())
_PREPOSITIONS = frozenset("in on at for from with to during after before since until over under of about as into".split())
_SAYING = frozenset(stem(word) for word in "say tell write reply remark describe call declare".split())
# Verbs that tell one thing from its two sides.
_CONVERSE = frozenset(map(stem, "win beat lose defeat buy purchase sell lend borrow import export lead trail".split()))
# Verbs that say much the same with their two sides exchanged, or whose sides are no doer and done-to.
_MUTUAL = frozenset(
    stem(word)
    for word in """meet talk sign agree hold discuss conclude join be have include say begin start end plan want continue happen
    participate take""".split()
)


def denied(a: Alignment) -> float:
    """The share of the verbs that both have, or of all words if that is more, which one denies and the other affirms."""
    pairs = [(one.verb, one.denied != other.denied) for one, other in a.matched()]
    verbs = [differs for verb, differs in pairs if verb]
    words = [differs for _, differs in pairs] + [one != other for one, other in _values_denied(a)]
    return max((sum(differs) / len(differs) for differs in (verbs, words) if differs), default=0.0)


def parity(a: Alignment) -> float:
    """1 where one of claim and sentence has a denial, in the clauses that both have words of, and the other has none."""
    stems = {one.stem for one, _ in a.matched()} | {other.stem for _, other in a.matched()}
    shared = _shared_clauses(a, stems)
    claimed = any(token.denied for token in a.claim.tokens)
    here = any(token.denied and token.clause in shared and (claimed or token.stem in stems) for token in a.sentence.tokens)
    return float(here != claimed)


def _shared_clauses(a: Alignment, stems: set[str]) -> set[int]:
    """The clauses of the sentence that have most of the words and values that both have, or nearly as many."""
    clauses = Counter(token.clause for token in a.sentence.tokens if token.content and token.stem in stems)
    clauses.update(a.sentence.tokens[at].clause for at in _values_here(a))
    most = max(clauses.values(), default=0)
    return {clause for clause, count in clauses.items() if 3 * count >= 2 * most}


def _values_here(a: Alignment) -> list[int]:
    places = [place for value in a.claim.values for place in a.places(value)]
    return [a.sentence.token_at(other.start) for index, other in places if index == a.at]


def _values_denied(a: Alignment) -> Iterator[tuple[bool, bool]]:
    for value in a.claim.values:
        for index, other in a.places(value)[:1]:
            if index == a.at and value.kind != "quotation":
                yield (
                    a.claim.tokens[a.claim.token_at(value.start)].denied,
                    a.sentence.tokens[a.sentence.token_at(other.start)].denied,
                )


def opposites(a: Alignment) -> list[tuple[Token, Token]]:
    """Words of the claim that the sentence lacks, with words of the sentence that mean the opposite."""
    return [
        (token, other)
        for token in a.claim.tokens
        if not any(same_meaning(token.stem, own.stem) for own in a.sentence.tokens)
        for other in a.sentence.tokens
        if opposite(token.stem, other.stem)
        and token.denied == other.denied
        and not any(other.stem == own.stem for own in a.claim.tokens)
        and not _is_converse(a, token, other)
    ]


def _is_converse(a: Alignment, claimed: Token, found: Token) -> bool:
    """Whether the words tell one thing from its two sides: who lost to somebody is not who won."""
    if not {claimed.stem, found.stem} <= _CONVERSE:
        return False
    (doer, done_to), (found_doer, found_done_to) = _sides(a.claim, claimed), _sides(a.sentence, found)
    return not _share(doer, found_doer) and (_share(doer, found_done_to) or _share(done_to, found_doer))


def only_opposites(a: Alignment) -> bool:
    """Whether what the sentence lacks of the claim is nothing but words of which it has the opposite, where it has the others."""
    lacking = [a.claim.tokens[index] for index in a.claim.content() if not a.holds_word(a.claim.tokens[index], a.sentence)]
    shared = _shared_clauses(a, {other.stem for _, other in a.matched()})
    turned = {token for token, other in opposites(a) if other.clause in shared}
    return bool(lacking) and turned.issuperset(lacking)


def possible(a: Alignment) -> float:
    """1 where the claim tells as done, in the past, what the sentence only plans or allows."""
    return float(
        any(
            other.possible and not one.possible and not (one.denied and other.denied)
            for one, other in a.matched()
            if one.verb and is_past(one.word)
        )
    )


def roles(a: Alignment) -> float:
    """1 where doer and done-to of a verb that both have are exchanged, active and passive voice allowed for."""
    for one, other in a.matched():
        if one.stem != other.stem or not one.verb or one.stem in _MUTUAL:
            continue
        doer, done_to = _sides(a.claim, one)
        found_doer, found_done_to = _sides(a.sentence, other)
        doer, found_doer = _without_shared(doer, found_doer)
        done_to, found_done_to = _without_shared(done_to, found_done_to)
        turned = [_share(doer, found_done_to), _share(done_to, found_doer)]
        names = _heads(a.sentence) & _heads(a.claim)
        if all(turned):
            return 1.0
        if turned[0] and doer & names and not found_doer & _heads(a.sentence):
            return 1.0
        if turned[1] and done_to & names and not found_done_to & _heads(a.sentence):
            return 1.0
    return 0.0


def _heads(analysis: Analysis) -> set[str]:
    return {name.head for name in analysis.names}


def _without_shared(some: set[str], others: set[str]) -> tuple[set[str], set[str]]:
    return {word for word in some if not _share({word}, others)}, {word for word in others if not _share({word}, some)}


def speaker(a: Alignment) -> float:
    """1 where both report what somebody said, and not the same one, nor one by his name and the other by what he is."""
    claimed, found = _speakers(a.claim) or set(), _speakers(a.sentence)
    if found is not None and not found and a.antecedents:
        found = set(a.antecedents)
    if not claimed or not found or _share(claimed, found):
        return 0.0
    return float(not (_is_described(a, claimed, found) or _is_described(a, found, claimed)))


def _is_described(a: Alignment, by: set[str], names: set[str]) -> bool:
    """Whether the passage, where it gives one of the names with what its bearer is, has all of the words: "the union's secretary"
    is she who is there "the union's regional secretary, Gwen Abara". Another name alone describes nobody."""
    named = frozenset().union(*(_heads(analysis) for analysis in (a.claim, *a.analyses)))
    described = (said for analysis in a.analyses for said in _descriptions(analysis, names))
    return not by <= named and any(all(_share({word}, said) for word in by) for said in described)


def _descriptions(analysis: Analysis, heads: set[str]) -> Iterator[set[str]]:
    """The words just before each name that has one of the heads, and those between two commas behind it."""
    for value in analysis.values:
        if isinstance(value.meaning, Name) and value.meaning.head in heads:
            lead = analysis.text[: value.start].rstrip(" ,")
            begin = max(lead.rfind(mark) for mark in ",;:.(") + 1
            behind = re.match(r", ([^,;.]+)[,;.]", analysis.text[value.end :])
            spans = [(begin, value.start)] + ([(value.end + behind.start(1), value.end + behind.end(1))] if behind else [])
            for start, end in spans:
                tokens = [token for token in analysis.tokens if start <= token.start < end]
                yield _meant(analysis, tokens) | {token.word.lower() for token in tokens}


def _share(some: set[str], others: set[str]) -> bool:
    """Whether two sets of words have one in common; a capital stands for its country."""
    return any(same_word(one, other) or (country(one) or one) == (country(other) or other) for one in some for other in others)


def _speakers(analysis: Analysis) -> set[str] | None:
    """The names and nouns of those who say something in a sentence; None where nobody does."""
    found: set[str] | None = None
    for index, token in enumerate(analysis.tokens):
        following = analysis.tokens[index + 1].word.lower() if index + 1 < len(analysis.tokens) else ""
        if token.verb and token.stem in _SAYING and not token.passive and not (token.stem == "call" and following in _PARTICLES):
            before = [other for other in analysis.tokens if other.start < token.start]
            in_clause = [other for other in before if other.clause == token.clause]
            after = [other for other in analysis.tokens if other.start > token.start and other.clause == token.clause]
            named = _meant(analysis, _last_named(analysis, in_clause or before))
            found = (found or set()) | (named or _meant(analysis, after[:5]))
        elif token.word.lower() == "according":
            found = (found or set()) | _meant(analysis, list(analysis.tokens[index + 2 : index + 7]))
    return found


def _last_named(analysis: Analysis, tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens from the last name on, or from the first of several joined by "and"; all of them where there is no name."""
    names = [
        value for value in analysis.values if value.kind == "name" and any(value.start <= t.start < value.end for t in tokens)
    ]
    if not names:
        return tokens
    first = names[-1]
    for name in reversed(names[:-1]):
        if analysis.text[name.end : first.start] not in (" and ", ", "):
            break
        first = name
    return [token for token in tokens if token.start >= first.start]


def _meant(analysis: Analysis, tokens: Sequence[Token]) -> set[str]:
    """The tokens that carry meaning: of a name its head, of other words the stem."""
    heads = [(v.start, v.end, v.meaning.head) for v in analysis.values if isinstance(v.meaning, Name)]
    named = {head for start, end, head in heads for token in tokens if start <= token.start < end}
    return named | {token.stem for token in tokens if token.content and not token.verb}


def _first_phrase(tokens: list[Token]) -> list[Token]:
    """The tokens up to the first preposition: of "India in the final", India."""
    for index, token in enumerate(tokens):
        if token.word.lower() in _PREPOSITIONS:
            return tokens[:index]
    return tokens


def _recipients(analysis: Analysis, tokens: list[Token]) -> set[str]:
    """The heads of the names right behind a "to"."""
    behind = [token.end + 1 for token in tokens if token.word.lower() == "to"]
    return {value.meaning.head for value in analysis.values if isinstance(value.meaning, Name) and value.start in behind}


def _without_adverbials(tokens: list[Token]) -> list[Token]:
    """Without prepositions and the names that follow them: of "In Leeds rain fell", rain."""
    kept: list[Token] = []
    skipping = False
    for token in tokens:
        if token.word.lower() in _PREPOSITIONS:
            skipping = True
        elif skipping and (token.word[0].isupper() or token.word.lower() in ("the", "a", "an", "its", "their")):
            continue
        else:
            skipping = False
            kept.append(token)
    return kept or tokens


def _sides(analysis: Analysis, verb: Token) -> tuple[set[str], set[str]]:
    """Doer and done-to of a verb, from the words of its clause; the passive is turned round.

    Of a noun ("the attack by Hamas on Israel") only what follows "by" and "on" or "against".
    """
    clause = [token for token in analysis.tokens if token.clause == verb.clause and token is not verb]
    after_verb = [token for token in clause if token.start > verb.start]
    by = next((token.start for token in after_verb if token.word.lower() == "by"), None)
    if not verb.verb:
        on = next((token.start for token in after_verb if token.word.lower() in ("on", "against")), None)
        if by is None or on is None or on < by:
            return set(), set()
        return _meant(analysis, [t for t in after_verb if by < t.start < on]), _meant(
            analysis, [t for t in after_verb if t.start > on]
        )
    before = _meant(analysis, _without_adverbials([token for token in clause if token.start < verb.start]))
    after = _meant(analysis, _first_phrase([token for token in after_verb if by is None or token.start < by]))
    agent = _meant(analysis, _first_phrase([token for token in after_verb if by is not None and token.start > by]))
    if verb.passive:
        return (agent if by is not None else set()), before
    return before, after | agent | _recipients(analysis, after_verb)
