"""A question and its answer, said as one sentence: "When was it signed?" and "2016" make "It was signed in 2016."

By rules, after the idea of Demszky, Guu and Liang (2018). Not every sentence is good English: where the verb is can't be told
without a parser. True and false claims are made the same way, so that a slip tells nothing of which is which.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import lemminflect

_BE = frozenset("is are was were am".split())
_DO = {"did": "VBD", "does": "VBZ", "do": "VB"}
_HAVE = frozenset("has have had".split())
_MODAL = frozenset("can could will would should may might must shall".split())
_AUXILIARIES = _BE | frozenset(_DO) | _HAVE | _MODAL
_PREPOSITIONS = frozenset(
    "in on at by of to for from with about into during under over after before since until between among through against as"
    " along within without near upon onto".split()
)
_BEFORE_NOUNS = _PREPOSITIONS | frozenset(
    "the a an this that these those his her its their our your my some any no every each both and or not most more very many"
    " two three four first second third".split()
)
_WH = re.compile(r"(?:(?P<before>\w+) )?\b(?P<wh>what|which|who|whom|when|where|why|how)\b ?", re.IGNORECASE)
_TIME_NOUNS = frozenset("year date day month century decade time period season week hour".split())
_BEGINS_AS_ADJUNCT = re.compile(
    r"(?:in|on|at|by|for|from|to|since|until|during|after|before|between|under|over|near|with|because|due|through|when|while"
    r"|about|around|early|late|every|once|as|if)\b",
    re.IGNORECASE,
)
_FULL_DATE = re.compile(r"\b\d{1,2}(?:st|nd|rd|th)?\b.*\b\d{4}\b|^[A-Z][a-z]+ \d{1,2}\b")
_NAMING = frozenset("called named known used made considered based composed".split())
_LONGEST_NOUN = 6  # words between "what" and its verb


def statement(question: str, answer: str) -> str | None:
    """The sentence, or None where no rule fits; no claim is made about its grammar."""
    text = " ".join(question.split()).rstrip("?. ")
    answer = answer.strip(" .,;:\"'")
    found = _WH.search(text)
    if found is None or not answer or "?" in text:
        return None
    at = found.start("wh")
    before = (found["before"] or "").lower()
    lead = text[:at].strip(" ,")
    if before in _PREPOSITIONS and len(lead.split()) == 1:
        said = _after_wh(found["wh"].lower(), text[found.end() :].split(), answer, before)
    elif not lead:
        said = _after_wh(found["wh"].lower(), text[found.end() :].split(), answer, "")
    elif len(text[found.end() :].split()) <= 2:
        said = f"{lead} {answer}"  # "The framework was signed in what year?"
    else:
        rest = _after_wh(found["wh"].lower(), text[found.end() :].split(), answer, "")
        said = f"{lead}, {rest}" if rest else None
    if said is None or len(said.split()) < 4:
        return None
    return f"{said[0].upper()}{said[1:]}."


def _after_wh(wh: str, rest: list[str], answer: str, preposition: str) -> str | None:
    """The statement from what follows the question word; `preposition` stood before it."""
    if not rest:
        return None
    if wh == "how" and rest[0].lower() in {"many", "much"}:
        return _of_count(rest[1:], answer, preposition)
    if wh == "how" and not _is_auxiliary(rest[0]):
        return _with_verb(rest[1:], answer, preposition, adjunct=True)  # "how long did it last"
    if wh in {"when", "where", "why", "how"}:
        return _with_verb(rest, _adjunct(wh, answer), "", adjunct=True) if _is_auxiliary(rest[0]) else None
    if _is_auxiliary(rest[0]) or wh in {"who", "whom"}:
        return _with_verb(rest, answer, preposition, adjunct=False)
    return _of_noun(rest, answer, preposition)


def _of_count(rest: list[str], answer: str, preposition: str) -> str | None:
    """ "How many students had each school": the noun goes with the number, unless the answer has it."""
    verb = _first_verb(rest)
    if verb is None:
        return None
    nouns = [] if answer.lower().rsplit(maxsplit=1)[-1] in {word.lower() for word in rest[:verb]} else rest[:verb]
    return _with_verb(rest[verb:], " ".join([answer, *nouns]), preposition, adjunct=False)


def _of_noun(rest: list[str], answer: str, preposition: str) -> str | None:
    """ "What company built it": the answer takes the noun's place."""
    verb = _first_verb(rest)
    if verb is None:
        return None
    noun = rest[0].lower() if verb == 1 else rest[verb - 1].lower()
    if noun in _TIME_NOUNS and _is_auxiliary(rest[verb]) and not preposition:
        return _with_verb(rest[verb:], _adjunct("when", answer), "", adjunct=True)
    return _with_verb(rest[verb:], answer, preposition, adjunct=bool(preposition))


def _with_verb(rest: list[str], answer: str, preposition: str, *, adjunct: bool) -> str | None:
    """`rest` begins with the verb or auxiliary of the question."""
    if not rest:
        return None
    answer = f"{preposition} {answer}" if preposition and not _BEGINS_AS_ADJUNCT.match(answer) else answer
    first, rest = rest[0].lower(), rest[1:]
    plain, negation = _plain(first), ["not"] if first.endswith(("n't", "n’t")) else []
    if plain in _DO:
        return _with_do(plain, negation, rest, answer, adjunct=adjunct)
    if plain not in _AUXILIARIES:
        return None if adjunct else " ".join([answer, first, *rest])
    if rest and not adjunct and not preposition and _is_predicate(rest[0]):
        return " ".join([answer, plain, *negation, *rest])  # "what was signed in 2016"
    return _inverted([plain, *negation], rest, answer, adjunct=adjunct) if rest else None


def _with_do(do: str, negation: list[str], rest: list[str], answer: str, *, adjunct: bool) -> str | None:
    """ "Did the mayor meet": the verb takes the form of "do"."""
    verb = _find(rest, _is_base)
    if verb is None:
        return None
    said = [do, *negation, rest[verb]] if negation else [_inflected(rest[verb], _DO[do])]
    return _placed(rest[:verb], said, rest[verb + 1 :], answer, adjunct=adjunct)


def _inverted(auxiliary: list[str], rest: list[str], answer: str, *, adjunct: bool) -> str | None:
    """ "Was the bridge opened": the auxiliary goes behind the subject."""
    is_copula = auxiliary[0] in _BE
    verb = _find(rest, _is_base if auxiliary[0] in _MODAL else _is_participle)
    if is_copula and not adjunct and verb is not None and rest[verb] not in _NAMING and verb < len(rest) - 1:
        verb = None  # "what is the language spoken there": the participle belongs to the noun
    if verb is not None:
        return _placed(rest[:verb], [*auxiliary, rest[verb]], rest[verb + 1 :], answer, adjunct=adjunct)
    if not is_copula:
        return None
    ends_open = not adjunct and rest[-1].lower() in _PREPOSITIONS
    return " ".join([*rest, answer] if ends_open else [*rest, *auxiliary, answer])


def _placed(subject: list[str], verb: list[str], rest: list[str], answer: str, *, adjunct: bool) -> str:
    """Subject, verb and the rest, with the answer as the verb's object, or behind all."""
    if adjunct or (rest and rest[-1].lower() in _PREPOSITIONS) or (rest and rest[0].lower() not in _PREPOSITIONS):
        return " ".join([*subject, *verb, *rest, answer])
    return " ".join([*subject, *verb, answer, *rest])


def _adjunct(wh: str, answer: str) -> str:
    if _BEGINS_AS_ADJUNCT.match(answer):
        return answer
    if wh == "when":
        return f"on {answer}" if _FULL_DATE.search(answer) else f"in {answer}"
    return f"{ {'where': 'in', 'why': 'because of', 'how': 'by'}[wh] } {answer}"


def _first_verb(words: list[str]) -> int | None:
    """Where the noun after "what" ends and the verb begins; an auxiliary is the surest sign."""
    for index, word in enumerate(words[: _LONGEST_NOUN + 1]):
        if _is_auxiliary(word):
            return index
    for index, word in enumerate(words[: _LONGEST_NOUN + 1]):
        if word.islower() and _verb_lemma(word) and (index == 0 or words[index - 1].lower() not in _BEFORE_NOUNS):
            finite = not _is_base(word) or "NOUN" not in lemminflect.getAllLemmas(word)
            if finite and (index > 0 or "NOUN" not in lemminflect.getAllLemmas(word)):
                return index
    return None


def _find(words: list[str], fits: Callable[[str], bool]) -> int | None:
    """The first word behind a subject that may be the verb."""
    for index in range(1, len(words)):
        if words[index - 1].lower() not in _BEFORE_NOUNS and fits(words[index]):
            return index
    return None


def _plain(word: str) -> str:
    """An auxiliary without its "n't"."""
    return {"can't": "can", "won't": "will"}.get(word, word.removesuffix("n't").removesuffix("n’t"))


def _is_auxiliary(word: str) -> bool:
    return _plain(word.lower()) in _AUXILIARIES


def _verb_lemma(word: str) -> str | None:
    lemmas: tuple[str, ...] = lemminflect.getAllLemmas(word, "VERB").get("VERB", ()) if word.islower() else ()
    return lemmas[0] if lemmas else None


def _is_base(word: str) -> bool:
    return _verb_lemma(word) == word


def _is_participle(word: str) -> bool:
    lemma = _verb_lemma(word)
    if lemma is None or word == "being":
        return lemma is None and word.islower() and word.endswith("ed") and not lemminflect.getAllLemmas(word)
    return word.endswith("ing") or word in lemminflect.getInflection(lemma, "VBN")


def _is_predicate(word: str) -> bool:
    """Whether a word right behind "what was" or "who is" begins what is said of the answer."""
    if not word.islower() or word in _BEFORE_NOUNS - _PREPOSITIONS:
        return False
    return word in _PREPOSITIONS or _is_participle(word) or "NOUN" not in lemminflect.getAllLemmas(word)


def _inflected(word: str, tag: str) -> str:
    forms: tuple[str, ...] = lemminflect.getInflection(word, tag)
    return forms[0] if forms else word
