"""Follow-ups that are no question but a part of one, which takes the place of a part of the question before: "and in April?"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from assistant.answering.counterparts import in_its_place, is_a_name, names_in_its_place, noun_in_its_place, time_in_its_place
from assistant.answering.leaning import ONE, PRONOUN
from assistant.answering.neighbours import is_the_neighbour, numbered_one
from assistant.answering.people import PERSON, has_a_role, people_spoken_of, possessive
from assistant.answering.pronouns import filled, meant, of_people
from assistant.answering.standing import Standing
from assistant.answering.word_classes import AUXILIARY, DETERMINERS, PREPOSITION, is_plural, is_preposition
from assistant.language.lexicon import FUNCTION_WORDS
from assistant.language.names import long_names

_ADVERBIAL = re.compile(rf"{PREPOSITION}(?: [\w-]+){{1,6}}", re.IGNORECASE)
_OWN = re.compile(r"(?P<whose>its|their|his|her) (?P<thing>[\w’' -]+)", re.IGNORECASE)
# "How much profit did Norvik make?" asks for the profit, and may ask for the revenue.
_MUCH = re.compile(rf"how (?:much|many) (?P<thing>(?!{AUXILIARY}\b)[^?]+?) {AUXILIARY}\b", re.IGNORECASE)
_PLURAL = re.compile(r"(?!the )(?:[\w+-]+ )?[\w+-]+s", re.IGNORECASE)
_INDEFINITE = re.compile(r"(?:any|some|no|same)\b", re.IGNORECASE)
_CORRECTS = re.compile(r"(?:no|sorry|i mean)\b", re.IGNORECASE)  # what was asked, and so what it was about
_A_SENTENCE = re.compile(rf"\b(?:{AUXILIARY}|I|they|we|you|me|it|he|she)\b|[,.;:] ")


def in_place(rest: str, standing: Standing, said: str) -> Iterator[str]:
    """The question before with a follow-up like "April" or "the tax one" in the place of its counterpart; the likeliest
    first."""
    phrase = rest.rstrip("?!. ")
    own = _OWN.fullmatch(phrase)
    if _ADVERBIAL.fullmatch(phrase) and not _A_SENTENCE.search(phrase):
        yield from (in_its_place(each, standing.text) for each in islice(of_people(phrase, standing, said), 1))
    elif time := time_in_its_place(phrase, standing.text):
        yield time
    elif own and not ONE.search(phrase) and not _A_SENTENCE.search(phrase):
        yield from _of_its_own(own["whose"], own["thing"], standing, said)
    elif _A_SENTENCE.search(phrase) or (not ONE.search(phrase) and (PERSON.search(phrase) or PRONOUN.search(phrase))):
        if not _CORRECTS.match(phrase) and not long_names(PERSON.sub("", phrase)):
            yield from islice(filled(rest, standing, said), 1)
        yield rest
    elif not phrase or is_the_neighbour(phrase) or is_preposition(phrase.rsplit(maxsplit=1)[-1]):
        return
    else:
        readings = _one_like_it(phrase, standing) if ONE.search(phrase) else _another(phrase, standing)
        for reading in readings:
            yield from of_people(reading, standing, said)


def _one_like_it(rest: str, standing: Standing) -> Iterator[str]:
    """ "And the industrial security one?": the new words in the topic's place, with the topic's noun."""
    before, topic = standing.text, standing.topic
    if not topic:
        return
    if numbered := numbered_one(ONE.split(rest, maxsplit=1), before, topic):
        yield numbered
    elif described := standing.described:
        yield before.replace(described.phrase, ONE.sub(described.noun, rest), 1)
    yield before.replace(topic, ONE.sub(lambda _: standing.head, rest), 1)


def _another(rest: str, standing: Standing) -> Iterator[str]:
    """Another name, number of things, or noun."""
    before, topic = standing.text, standing.topic
    if is_a_name(rest):
        yield from names_in_its_place(rest, before, topic)
    elif standing.counted and _PLURAL.fullmatch(rest):
        yield before.replace(standing.counted, rest, 1)
    elif beside := noun_in_its_place(rest, before, topic or ""):
        yield beside
    if not topic:
        return
    if _is_bare(rest) and standing.owner != topic:
        yield before.replace(topic, f"{possessive(standing.owner)} {rest}", 1)
    attribute = f"What is the {rest} of {topic}?"
    if _is_bare(rest) and is_plural(topic.rsplit(maxsplit=1)[-1]):  # "How many jets were bought?", "range?"
        yield attribute
    if topic in before and not _INDEFINITE.match(rest):
        yield before.replace(topic, rest, 1)
    if _is_bare(rest) and not _is_bare(topic):
        yield attribute


def _is_bare(words: str) -> bool:
    """Whether it may be what something has: "range", "top speed", but not "the range", "transports"."""
    each = words.split()
    return words.islower() and len(each) <= 3 and not is_plural(each[-1]) and not {*each} & (DETERMINERS | FUNCTION_WORDS)


def _of_its_own(whose: str, thing: str, standing: Standing, said: str) -> Iterator[str]:
    """ "And its revenue?", "her job?": what someone or something has, in the place of what was asked about."""
    before, topic = standing.text, standing.topic
    of_a_person = PERSON.fullmatch(whose)
    for owner in people_spoken_of(before, topic, said) if of_a_person else meant(whose, standing)[:1]:
        much = _MUCH.match(before)
        if much and is_plural(thing) == is_plural(much["thing"]):
            yield f"{before[: much.start('thing')]}{thing}{before[much.end('thing') :]}"
        elif topic and not before.lower().startswith("who"):
            of_whom = topic if owner in topic or owner not in before else owner
            yield before.replace(of_whom, f"{possessive(owner)} {thing}", 1)
        if not before.lower().startswith("what"):
            yield f"{'Who' if has_a_role(thing) else 'What'} is {possessive(owner)} {thing}?"
