"""Whom "he" and "she" stand for in a follow-up: people of the question before, and of what was said to it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from assistant.answering.word_classes import PREPOSITION, is_plural
from assistant.language.lexicon import FUNCTION_WORDS
from assistant.language.names import GENERIC, TITLES, country, find_names

PERSON = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_MOST = 3
_ROLES = (
    TITLES
    - frozenset(
        """prime vice air defence defense foreign home finance interior external affairs commerce state under former opposition
        union federal acting principal additional treasury trade health education agriculture""".split()
    )
) | frozenset(
    """man woman men women boy girl suspect victim witness driver pilot passenger player striker goalkeeper manager trainer winner
    loser runner champion scorer author writer singer actor actress artist painter poet composer journalist reporter editor
    scientist researcher astronaut engineer inventor lawyer prosecutor defendant thief robber killer gunman murderer founder owner
    boss ceo chair chairperson successor predecessor candidate premier archbishop lawmaker councillor treasurer husband wife son
    daughter father mother brother sister widow widower partner child nephew niece uncle aunt friend colleague rival spokesperson
    sheriff detective constable""".split()
)
ROLE = rf"(?:{'|'.join(sorted(_ROLES))})"
_A_ROLE = re.compile(
    rf"(?:the|an?|[A-Z][\w.]*|[\w.’' -]+['’]s?) (?:[\w-]+ )*?{ROLE}(?=$| who\b| that\b| {PREPOSITION}\b)", re.IGNORECASE
)
_ASKS_WHO = re.compile(
    rf"(?:{PREPOSITION} )?(?:who|whom|whose|(?:which|what) (?:[\w-]+ ){{0,3}}?{ROLE})\b|what (?:is|was) the name of",
    re.IGNORECASE,
)
# Behind these no person is named: "the mayor of Brackley", "join Apple".
_NO_PERSON = re.compile(
    rf"\b{ROLE} (?:of|at|in|for) $|\bthe $|\b(?:works?|worked|plays?|played) for $"
    r"|\b(?:join|leave|found|lead|run|head|own|buy|acquire|govern|chair|manage|coach)(?:s|ed|d)? $|\b(?:ran|led|left|bought) $",
    re.IGNORECASE,
)
_IS_NO_PERSON = re.compile(rf" (?:of [A-Z]|(?:{'|'.join(sorted(GENERIC))})\b)")  # "the Chamber of Commerce", "Brackley council"
# A refusal quotes the title of an article.
_NOT_SAID = re.compile(r"“[^”]*”| *\[\d+\]")
_GIVES = re.compile(
    r"\b(?:give|gave|given|tell|told|offer|offered|send|sent|show|showed|ask|asked|pay|paid|teach|taught|owe|owed) $", re.I
)
_GOES = re.compile(r"\b(?:go|goes|went|going|come|came|fl[ye]w?|travel(?:led)?|sent|send|get|got) $", re.I)
_LEADS_THERE = re.compile(rf"\b{PREPOSITION} $", re.IGNORECASE)
_NO_THING = FUNCTION_WORDS - {"own", "most", "many", "few", "other"} | {"yesterday", "today", "tomorrow", "again"}
_LAST = frozenset("first last next most".split())  # at the end: "who met her first?"
_HIS = frozenset("he him his".split())


def people_spoken_of(question: str, topic: str | None, said: str) -> list[str]:
    """The people of a question and of what was said to it, at most three, the likeliest first.

    Behind "Who …?" the person is meant whom the answer names; behind another question, the one that it asks about.
    """
    asked = _people(question)
    known = [question[start:end] for start, end, _ in find_names(question)]
    answered = [name for name in _people(_NOT_SAID.sub("\n", said)) if not _is_one_of(name, known)]
    answered.sort(key=lambda name: bool(re.search(rf"{re.escape(name)}['’]", said)))  # "Lee's lawyer" is not about Lee
    described = [topic] if topic and _A_ROLE.match(topic) else []
    spoken_of = [*asked, *described]
    found = [*answered, *spoken_of] if _ASKS_WHO.match(question) else [*spoken_of, *answered]
    rest = [topic] if topic and not any(find_names(topic)) else []
    return list(dict.fromkeys([*found, *rest]))[:_MOST]


def with_people(question: str, people: Sequence[str]) -> Iterator[str]:
    """The question with each of the people in the place of "he" or "her".

    "He" and "she", or "he" and "him", are two people: the other is the next of them, or stays a pronoun where there is none.
    """
    pronouns = list(PERSON.finditer(question))
    first = pronouns[0][0].lower() if pronouns else ""
    others = {found.start() for found in pronouns if _is_another(found[0].lower(), first)}
    for at, person in enumerate(people):
        other = next(iter([*people[at + 1 :], *people[:at]]), "")
        yield _filled(question, others, person, other)
        if others and not other:
            yield _filled(question, others, "", person)


def may_be_a_person(words: str) -> bool:
    """Whether the words are the full name of what may be a person, or say somebody's office."""
    return (" " in words and _people(words) == [words]) or bool(_A_ROLE.match(words))


def has_a_role(words: str) -> bool:
    """Whether the last of the words says what somebody is: "her husband", "the chair"."""
    return words.rsplit(maxsplit=1)[-1].lower() in _ROLES


def fit(pronoun: re.Match[str], name: str) -> str:
    """A name as it stands in the place of a pronoun: "Lee's" for the "her" of "her job", "at the fair" for "there"."""
    word, before = pronoun[0].lower(), pronoun.string[: pronoun.start()]
    if word == "there" and not _LEADS_THERE.search(before):
        return f"{'to' if _GOES.search(before) else 'at'} {name}"
    owned = word in {"its", "their", "his", "hers", "theirs"} or (word == "her" and _owns(pronoun))
    return possessive(name) if owned else name


def possessive(name: str) -> str:
    """ "Lee's", "the drivers'"."""
    return f"{name}'" if is_plural(name.rsplit(maxsplit=1)[-1]) else f"{name}'s"


def _filled(question: str, others: Collection[int], person: str, other: str) -> str:
    def of_whom(found: re.Match[str]) -> str:
        name = other if found.start() in others else person
        return fit(found, name) if name else found[0]

    return PERSON.sub(of_whom, question)


def _is_another(word: str, first: str) -> bool:
    return (word in _HIS) != (first in _HIS) or (word == "him" and first == "he")


def _owns(her: re.Match[str]) -> bool:
    """Whether something is hers: "her job", but not "who met her yesterday", "what did they give her money for"."""
    before, behind = her.string[: her.start()], re.match(r" ([\w-]+)( \w)?", her.string[her.end() :])
    if not behind or _GIVES.search(before) or behind[1].endswith("ly"):
        return False
    return behind[1].lower() not in (_NO_THING if behind[2] else _NO_THING | _LAST)


def _people(text: str) -> list[str]:
    """The names that may be a person's, each once and as long as it is written."""
    found = [
        re.sub(r"['’]s?$", "", text[start:end])
        for start, end, name in find_names(text)
        if name.kind in ("person", "")
        and not name.short
        and not all(country(word) or word in FUNCTION_WORDS for word in name.words)
        and not re.search(r"\d", text[start:end])
        and not _NO_PERSON.search(text[:start])
        and not _IS_NO_PERSON.match(text, end)
    ]
    longer = [{*name.split()} for name in found]
    return list(dict.fromkeys(name for name in found if not any({*name.split()} < words for words in longer)))


def _is_one_of(name: str, others: Sequence[str]) -> bool:
    """Whether a name is one of the others, written longer or shorter: "Marchetti", "Lucia Marchetti"."""
    words = {*name.split()}
    return any(words <= {*other.split()} or {*other.split()} <= words for other in others)
