"""Where the subject of a question ends: before its verb, whether that is a listed one or not."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answering.word_classes import (
    DETERMINERS,
    asks_for_a_noun,
    is_listed_verb,
    is_plural,
    is_preposition,
    may_be_base,
    takes_a_verb,
)
from assistant.language.lexicon import is_known_verb
from assistant.language.names import TITLES

_RELATIVE = frozenset("that which who whom whose".split())
_PERSONAL = frozenset("it he she they we you i".split())
_ADVERBS = frozenset("also ever never still not really actually finally first already too even just".split())
_PREDICATES = frozenset("a an the being been had part not still ever also already yet now really was were is are".split())
_PARTICLES = frozenset("up down out off away back".split())
_EMPTY = _ADVERBS | _PARTICLES | frozenset("being going still".split())
_WHEN = frozenset("yesterday today tomorrow again twice once first last".split())
_BEHIND_A_VERB = _PARTICLES | frozenset("him her them us me".split())
_CLOSES = re.compile(r"[,;:?!()]")


def before_the_verb(words: str) -> str | None:
    """The subject at the beginning of what follows "did" or "will", where a verb must come: "the tram drivers" of "the tram
    drivers want more pay"; None where no verb is found."""
    each = _CLOSES.split(words, maxsplit=1)[0].split()
    if each and each[0].lower() in _PERSONAL:
        return each[0]
    clause = next((at for at, word in enumerate(each) if at and word in _RELATIVE), 0)
    ends = (_ends(each[:clause]) or clause) if clause else (_ends(each) or _before_the_last(each))
    while ends > 1 and (each[ends - 1] in _ADVERBS or _is_adverb(each[ends - 1])):
        ends -= 1
    return " ".join(each[:ends]) if ends else None


def before_the_predicate(words: str) -> str:
    """What follows "was" up to what is said of it: "India" of "India a member of the club"; a participle says something
    where nothing but a phrase comes after it, as in "the bridge built by the army"."""
    each = _CLOSES.split(words, maxsplit=1)[0].split()
    for at in range(1, len(each)):
        if each[at] in _RELATIVE:
            break
        if asks_for_a_noun(each[at - 1]):
            continue
        ends = at + 1 == len(each) or is_preposition(each[at + 1])
        if each[at] in _PREDICATES or (ends and _is_past(each[at])):
            return " ".join(each[:at])
    return " ".join(each)


def without_ends(words: str) -> str:
    """The noun in what isn't one alone: "the plane" of "on the plane that", "the club" of "sacked by the club"; empty where there
    is none."""
    each = words.split()
    while each and (each[-1].lower() in _RELATIVE or each[-1] in ("to", "be")):
        each.pop()
    while each and (is_preposition(each[0]) or each[0] in _EMPTY or _is_past_alone(each)):
        joined = each.pop(0)
        verb = joined == "to" and len(each) > 1 and each[0].islower() and each[0] not in DETERMINERS
        if verb or (joined == "on" and each[:1] == ["board"]):
            each.pop(0)
    return " ".join(each)


def _is_past_alone(words: Sequence[str]) -> bool:
    """Whether it begins with a participle that isn't a noun's: "sworn in as", "elected mayor of Elvas", not "injured drivers"."""
    return _is_past(words[0]) and not any(is_plural(behind) for behind in words[1:2])


def _is_past(word: str) -> bool:
    return bool(re.fullmatch(r"[a-z]{2,}ed", word)) or (is_known_verb(word) and word.islower() and not word.endswith("s"))


def _ends(words: Sequence[str]) -> int:
    known, bare = _before_a_known(words), _after_a_bare_name(words)
    # "Norvik shares fall": what is between the name and the verb goes with the name, unless a phrase begins there.
    is_near = not bare or not any(is_preposition(word) or word in DETERMINERS for word in words[bare:known])
    return known if known and is_near else bare or _before_an_object(words)


def _before_a_known(words: Sequence[str]) -> int:
    for at in range(1, len(words)):
        adverb = at > 1 and words[at - 1] in ("first", "last") and not asks_for_a_noun(words[at - 2])  # "Peru first sign"
        if (adverb or not asks_for_a_noun(words[at - 1])) and _is_the_verb(words, at):
            return at
    return 0


def _is_the_verb(words: Sequence[str], at: int) -> bool:
    """Whether a word that may be a verb is one here: many are nouns as well, as in "the tram strike ends", "the peace plan"."""
    word, behind = words[at], words[at + 1] if at + 1 < len(words) else ""
    if not may_be_base(word):
        return False
    if may_be_base(behind) and not takes_a_verb(word) and not _is_past(word):
        return False
    if is_listed_verb(word) or not behind or is_plural(words[at - 1]) or not words[at - 1].islower():
        return True
    return _may_follow_a_verb(behind) or not all(is_preposition(third) for third in words[at + 2 : at + 3] or ["of"])


def _may_follow_a_verb(word: str) -> bool:
    """Not a noun alone, before which a word may be a noun too: "the peace plan fail"."""
    behind = word in DETERMINERS or word in _BEHIND_A_VERB or is_preposition(word)
    return behind or is_plural(word) or word.endswith("ing") or _is_adverb(word) or not (word.isalpha() and word.islower())


def _after_a_bare_name(words: Sequence[str]) -> int:
    """Behind a name without article there is mostly the verb: "Leon Panetta ask to …"."""
    at = 0
    while at < len(words) and (words[at][0].isupper() or words[at][0].isdigit() or _joins_names(words, at)):
        at += 1
    if not 0 < at < len(words) or words[at - 1].endswith(("'s", "’s")):
        return 0
    word = words[at]
    return at if word.isalpha() and len(word) > 2 and not is_plural(word) and not asks_for_a_noun(word) else 0


def _joins_names(words: Sequence[str], at: int) -> bool:
    return 0 < at < len(words) - 1 and words[at] in ("and", "of", "the") and words[at + 1][0].isupper()


def _before_an_object(words: Sequence[str]) -> int:
    """The verb stands before the article of its object, "the navy | commission its second squadron", or behind a name that goes
    with a noun: "the short form PALSU | collide"."""
    in_a_phrase = False
    for at in range(1, len(words)):
        before, word, behind = words[at - 1], words[at], words[at + 1] if at + 1 < len(words) else ""
        in_a_phrase |= is_preposition(before) and before != "of" and word.lower() in DETERMINERS
        named = not word[0].islower()
        if in_a_phrase or not _may_be_unlisted(before) or not (named or word in DETERMINERS or word in _BEHIND_A_VERB):
            continue
        if named and _may_be_unlisted(behind) and behind not in _WHEN and not _is_adverb(behind):
            return at + 1
        if at > 1 and not asks_for_a_noun(words[at - 2]):
            return at - 1
    return 0


def _before_the_last(words: Sequence[str]) -> int:
    """A verb without object is the last word of a phrase that has a noun besides: "the boat | with the migrants capsize"."""
    begin = 0
    for end in range(1, len(words) + 1):
        if end < len(words) and (words[end] == "of" or not is_preposition(words[end])):
            continue
        last = end - 1
        while last > begin and (_is_adverb(words[last]) or words[last] in ("up", "down", "out", "off", "again")):
            last -= 1
        if last > begin and _may_be_unlisted(words[last]) and not asks_for_a_noun(words[last - 1]):
            return last
        begin = end
    return 0


def _may_be_unlisted(word: str) -> bool:
    return word.isalpha() and word.islower() and not is_plural(word) and not asks_for_a_noun(word) and word not in TITLES


def _is_adverb(word: str) -> bool:
    return (
        word.islower() and word.endswith("ly") and word not in ("assembly", "family", "supply", "ally", "rally", "reply", "fly")
    )
