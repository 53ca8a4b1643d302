"""Puts what was spoken of in the place of the pronouns of a follow-up that is a whole question: "Who signed it?"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.answering.counterparts import is_a_name
from assistant.answering.leaning import AFTERWARDS, ONE, PRONOUN
from assistant.answering.people import PERSON, fit, may_be_a_person, people_spoken_of, with_people
from assistant.answering.standing import Standing
from assistant.answering.word_classes import VERB, is_plural

_THAT_ONE = re.compile(r"\b(?:that|this) ones?\b", re.IGNORECASE)
_OF_AN_EVENT = re.compile(r"\b(?:this|that) (?:means?|happen|matters?|helps?|changes?)\b", re.IGNORECASE)
MANY = re.compile(r"\b(?:they|them|their|theirs|those|these)\b", re.IGNORECASE)
_WHO_DID = re.compile(rf"who (?:{VERB}|[a-z]{{3,}}ed)[?!. ]*", re.IGNORECASE)
_WITH = {"spoke": " at", "met": " at", "came": " to", "went": " to"}


def filled(rest: str, standing: Standing, said: str) -> Iterator[str]:
    """The follow-up with the topic in the pronoun's place, and the person spoken of in that of "he" and "her"; the likeliest
    first, none where nothing can be filled in."""
    topic = standing.topic
    if topic and (afterwards := AFTERWARDS.search(rest)) and not is_a_name(topic):
        yield f"{rest[: afterwards.start()]}after {standing.event}{rest[afterwards.end() :]}"
        return
    with_one = with_noun(rest, standing)
    people = people_spoken_of(standing.text, topic, said) if PERSON.search(with_one) else []
    pronoun = _first_of(list(PRONOUN.finditer(with_one)), standing) if topic else None
    things = [thing for thing in meant(pronoun[0], standing) if thing not in people] if pronoun else []
    if standing.event and _OF_AN_EVENT.search(with_one):
        things = [standing.event]
    if pronoun and things:  # what "it" stands for is no person, nor the other way round
        for thing in things:
            with_thing = f"{with_one[: pronoun.start()]}{fit(pronoun, thing)}{with_one[pronoun.end() :]}"
            yield from of_people(with_thing, replace(standing, topic=None), said)
    elif PERSON.search(with_one):
        yield from of_people(with_one, standing, said)
    elif with_one != rest:
        yield with_one
    elif topic and _WHO_DID.fullmatch(rest):
        asked = rest.rstrip("?!. ")
        yield f"{asked}{_WITH.get(asked.split()[-1].lower(), '')} {topic}?"


def _first_of(pronouns: list[re.Match[str]], standing: Standing) -> re.Match[str] | None:
    """The first of the pronouns that the topic may stand for: "they" who "ate there" aren't the meeting."""
    acts = standing.event != standing.topic or standing.counted or _are_several(standing.topic or "-")
    if not acts and not is_a_name(standing.topic or ""):
        pronouns = [found for found in pronouns if not MANY.fullmatch(found[0])] or pronouns
    return pronouns[0] if pronouns else None


def with_noun(words: str, standing: Standing) -> str:
    """The words with a noun of the question in the place of "one": "the tax one"; "that one" is a pronoun."""
    noun = standing.noun
    return words if noun is None or _THAT_ONE.search(words) else ONE.sub(lambda _: noun, words)


def of_people(words: str, standing: Standing, said: str) -> Iterator[str]:
    """The words with the people spoken of in the place of "he" and "her"; unchanged where they have none of these."""
    if PERSON.search(words):
        yield from with_people(words, people_spoken_of(standing.text, standing.topic, said))
    else:
        yield words


def meant(pronoun: str, standing: Standing) -> list[str]:
    """What a pronoun may stand for, the likeliest first: several things for those that were counted, what has something for
    "its", the topic, and for "it" also what was done something to; "it" is neither several nor a person."""
    topic, thing, word = standing.topic, standing.object, pronoun.lower()
    if MANY.fullmatch(word) and standing.counted:
        return [standing.counted]
    if not topic:
        return []
    if word in ("its", "their"):
        return list(dict.fromkeys([standing.owner, topic]))
    if thing and word in ("it", "that", "this"):
        return [thing, topic] if _are_several(topic) or may_be_a_person(topic) else [topic, thing]
    if thing and word in ("them", "these", "those"):
        return [thing, topic] if _are_several(thing) and not _are_several(topic) else [topic, thing]
    return [topic]


def _are_several(words: str) -> bool:
    return " and " in words or is_plural(words.split(" of ", maxsplit=1)[0].rsplit(maxsplit=1)[-1])
