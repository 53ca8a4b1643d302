"""Classes of words by which the grammar of a question is told, as patterns and as tests."""

from __future__ import annotations

import re

from assistant.language.lexicon import is_known_verb, may_be_verb
from assistant.language.number_words import ORDINALS

PREPOSITION = r"(?:in|at|on|from|to|by|for|of|with|since|until|under|during|after|before|according to)"
AUXILIARY = r"(?:was|were|is|are|did|does|do|has|have|had|will|can|could|would|should)"
WH = r"(?:when|where|who|whom|why|how many|how much|how long|how|what year|what date|which year)"
ASKING = rf"(?:{PREPOSITION} )?(?:what|which|whose|{WH}|{AUXILIARY})\b"
ASKS = re.compile(ASKING, re.IGNORECASE)  # to be matched at the beginning
VERB = (
    r"(?:signed|concluded|renewed|held|moved|designated|made|announced|agreed|launched|begin|began|start|started|take|took"
    r"|happen|happened|sign|become|became|appointed|established|expire|expired|inaugurated|join|joined|called|named|mean|means"
    r"|say|said|set|created|born|cover|covers|allow|allows|provide|provides|attend|attended|co-chaired|chaired|hosted|host|last"
    r"|lasted|cost|come|came|enter|entered|apply|stand|won|led|opened|hosts|chairs|run|runs|ran|end|ends|go|went|work|works|serve"
    r"|include|includes|contain|contains|require|requires|involve|involves|offer|offers|concern|concerns|follow|follows|differ"
    r"|write|wrote|speak|spoke|meet|met|discuss|get|got|buy|bought|order|build|lead|win)"
)
_VERB = re.compile(rf"{VERB}|be|do|have|make|hold|see|know|die|grow|spend|think|feel")
_PREPOSITION = re.compile(
    rf"{PREPOSITION}|near|off|over|into|onto|through|against|around|between|about|across|towards?|within|without|among|despite"
    r"|because|when|while|if|like|as|than"
)
DETERMINERS = frozenset(
    """the a an its their his her our your my this that these those some any no each every all both more most many much few
    several another what which whose""".split()
)
_JOINING = frozenset("and or nor but".split())
_IN_A_ROW = frozenset([*ORDINALS, *"last next new latest recent".split()])
_EACH_OTHER = frozenset("be have do help let make see hear go come get dare need".split())  # another verb may follow these


def is_preposition(word: str) -> bool:
    """Whether a phrase or a clause may begin with the word."""
    return bool(_PREPOSITION.fullmatch(word.lower()))


def asks_for_a_noun(word: str) -> bool:
    """Whether what comes after the word is no verb: "the visit", "to order", "last strike", "Peru's plan"."""
    folded = word.lower()
    ordered = folded in _IN_A_ROW or bool(re.fullmatch(r"\d+(?:st|nd|rd|th)", folded))
    return folded in DETERMINERS | _JOINING or ordered or is_preposition(word) or word.endswith(("'s", "’s", "s'", "s’"))


def is_plural(word: str) -> bool:
    """Whether a word in small letters looks like several things: "drivers", but not "press"."""
    several = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word.islower() and (several or word in ("children", "men", "women", "people"))


def is_listed_verb(word: str) -> bool:
    """Whether the word is a verb of the list above, which in questions is seldom a noun."""
    return bool(_VERB.fullmatch(word))


def may_be_base(word: str) -> bool:
    """Whether the word may be a verb as it stands after "did": "cut", but not "cuts"."""
    return is_listed_verb(word) or (
        may_be_verb(word) and word.islower() and not is_plural(word) and not word.endswith(("ed", "ing"))
    )


def takes_a_verb(word: str) -> bool:
    """Whether a second verb may follow the word: "help build"."""
    return word in _EACH_OTHER


def is_verb(word: str) -> bool:
    """Whether the word is a listed verb or a form that only verbs have: "sold", "rose"."""
    return is_listed_verb(word) or (is_known_verb(word) and not word.endswith("s"))
