"""Questions that look answerable and aren't, and passages that look like an answer, made by rules from answerable ones.

What fools a reader in use: another country's name, another year, the opposite of what happened (the kinds that Rajpurkar,
Jia, Liang 2018 found in unanswerable questions written by people).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

from assistant.answering.short_answer import holds_expected
from assistant.ingestion.sentences import sentence_spans
from assistant.training.squad import Question

_NAME = re.compile(r"\b[A-Z][\w'’-]*(?: (?:(?:of|the|de|and) )?[A-Z][\w'’-]*)*")
_NUMBER = re.compile(r"\b\d+(?:,\d{3})*(?:\.\d+)?(?:st|nd|rd|th)?\b")
_OPPOSITES = (
    "first last|most least|more less|more fewer|largest smallest|larger smaller|biggest smallest|highest lowest"
    "|higher lower|before after|north south|northern southern|east west|eastern western|increase decrease"
    "|increased decreased|won lost|win lose|gain lose|begin end|began ended|start end|started ended|open close"
    "|opened closed|join leave|joined left|oldest newest|older younger|oldest youngest|early late|earliest latest"
    "|best worst|better worse|longest shortest|same different|always never|with without|inside outside|above below"
    "|major minor|public private|allow forbid|allowed forbidden|accept reject|accepted rejected|buy sell"
    "|bought sold|male female|men women|father mother|brother sister|above under|success failure"
    "|successful unsuccessful|strong weak|stronger weaker|positive negative|good bad|rich poor|support oppose"
    "|supported opposed|possible impossible|common rare|cause prevent|caused prevented|create destroy"
    "|created destroyed|minimum maximum|internal external|liked disliked|like dislike|hot cold|husband wife"
    "|cheapest dearest|fast slow|faster slower"
)
_FAMILIES = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth",
    "two three four five six seven eight nine ten eleven twelve",
    "january february march april may june july august september october november december",
    "monday tuesday wednesday thursday friday saturday sunday",
)
_FAMILY = {word: family.split() for family in _FAMILIES for word in family.split() if word != "may"}
_OPPOSITE = {a: b for pair in _OPPOSITES.split("|") for a, b in (pair.split(), pair.split()[::-1])}
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would|should)\b")
_NEGATION = re.compile(r"\b(?:not|never|no|without|except)\b|n['’]t\b", re.IGNORECASE)
# What is asked for, changed: (question's words, what they become, what the sentences around the answer must then not hold).
_VERB = r"(?P<verb>was|were|is|are|did|does|do|has|have|had|will|can|could|would)"
_PLACES = r"(?:city|country|state|town|place|location|region|province|area|building|university)"
_TIMES = r"(?:year|month|day|date|decade|century|season)"
_COUNTED = r"(?!times|years|months|days|hours|minutes|miles)[a-z]+s"
_ATTRIBUTES: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), changed, asked)
    for pattern, changed, asked in (
        (rf"^when {_VERB} ", r"Where \g<verb> ", "place"),
        (rf"^(?:in|on|at|during) (?:what|which) {_TIMES} ", "In which city ", "place"),
        (rf"^where {_VERB} ", r"When \g<verb> ", "date"),
        (rf"^(?:in|at|to|from) (?:what|which) {_PLACES} ", "In what year ", "date"),
        (r"^who (?P<verb>[a-z]+ed|won|led|wrote|made|built|took|gave|began) ", r"How many people \g<verb> ", "number"),
        (rf"^how many (?P<what>{_COUNTED}) {_VERB} .*", r"What did the \g<what> cost?", "money"),
        (rf"^how many (?P<what>{_COUNTED}) {_VERB} .*", r"Who was in charge of the \g<what>?", "person"),
    )
)
_MONEY = re.compile(r"[$€£₹]|\b(?:dollars?|pounds?|euros?|cents?|million|billion|cost|price|paid)\b", re.IGNORECASE)
Maker = Callable[[Question, random.Random], str | None]
_LEAST_LEFT = 120  # characters of a passage whose answer was taken out
_SMALL = frozenset("a an the of to in on at by for from did does do was were is are has have had be been it its that".split())
_SAME_PASSAGE = 0.2  # how often a name comes from the passage itself; such a question may by chance be answerable


def names_of(passages: Sequence[str]) -> dict[str, list[str]]:
    """The names that passages hold, by passage, each once and in order; words that only begin sentences are left out."""
    return {passage: _names(passage) for passage in passages}


def trick_question(
    question: Question, names: Mapping[str, list[str]], others: Sequence[str], chance: random.Random
) -> str | None:
    """The question with one word changed so that its passage no longer answers it; None where no rule fits.

    `names` are the names of each passage, `others` passages of the same subject that names may be taken from.
    """
    makers: list[tuple[int, Maker]] = [
        (4, _other_number),
        (4, _other_of_its_family),
        (3, _opposite),
        (5, lambda asked, chance: _other_name(asked, names, others, chance)),
    ]
    for _, make in sorted(makers, key=lambda entry: -entry[0] * chance.random()):
        if changed := make(question, chance):
            return changed
    return _negated(question.text)


def _names(text: str) -> list[str]:
    found = [m[0] for m in _NAME.finditer(text) if (m.start() > 1 and text[m.start() - 2] not in ".!?\n") or " " in m[0]]
    return list(dict.fromkeys(name for name in found if len(name) > 2))


def _other_name(question: Question, names: Mapping[str, list[str]], others: Sequence[str], chance: random.Random) -> str | None:
    asked = [m for m in _NAME.finditer(question.text) if m.start() > 0]
    if not asked:
        return None
    old = chance.choice(asked)
    near = chance.random() < _SAME_PASSAGE or not others
    pool = names[question.passage] if near else names[chance.choice(others)]
    taken = set(re.findall(r"\w+", question.text.lower()))
    if not near:
        taken |= set(re.findall(r"\w+", question.passage.lower()))
    answers = {question.passage[start:end].lower() for start, end in question.answers}
    fit = [name for name in pool if not set(re.findall(r"\w+", name.lower())) & taken and name.lower() not in answers]
    return question.text[: old.start()] + chance.choice(fit) + question.text[old.end() :] if fit else None


def _other_number(question: Question, chance: random.Random) -> str | None:
    numbers = list(_NUMBER.finditer(question.text))
    if not numbers:
        return None
    old = chance.choice(numbers)
    digits = re.match(r"\d+", old[0])
    if digits is None:
        return None
    value = int(digits[0])
    spread = 30 if 1000 <= value <= 2100 else max(3, value)
    new = str(max(1, value + chance.choice([-1, 1]) * chance.randint(1, spread))) + old[0][digits.end() :]
    return None if new in question.passage or new == old[0] else question.text[: old.start()] + new + question.text[old.end() :]


def _other_of_its_family(question: Question, chance: random.Random) -> str | None:
    """Another ordinal, number word, month or weekday, one that the passage doesn't hold."""
    words = [m for m in re.finditer(r"[A-Za-z]+", question.text) if m[0].lower() in _FAMILY]
    if not words:
        return None
    old = chance.choice(words)
    held = set(re.findall(r"[a-z]+", question.passage.lower()))
    fit = [word for word in _FAMILY[old[0].lower()] if word not in held and word != old[0].lower()]
    if not fit:
        return None
    new = chance.choice(fit)
    return question.text[: old.start()] + (new.capitalize() if old[0][0].isupper() else new) + question.text[old.end() :]


def _opposite(question: Question, chance: random.Random) -> str | None:
    words = [m for m in re.finditer(r"[a-z]+", question.text) if m[0] in _OPPOSITE]
    if not words:
        return None
    old = chance.choice(words)
    return question.text[: old.start()] + _OPPOSITE[old[0]] + question.text[old.end() :]


def other_attribute(question: Question, chance: random.Random) -> str | None:
    """Where something happened instead of when, what it cost instead of how many there were: what a reader asks next.

    None where no rule fits, or where the passage's sentence with the answer or one beside it holds something of the kind that is
    then asked for.
    """
    spans = sentence_spans(question.passage)
    holding = {i for i, (start, end) in enumerate(spans) if any(a < end and b > start for a, b in question.answers)}
    around = " ".join(question.passage[slice(*spans[i])] for i in range(len(spans)) if {i - 1, i, i + 1} & holding)
    rules = [rule for rule in _ATTRIBUTES if rule[0].match(question.text)]
    chance.shuffle(rules)
    for pattern, changed, asked in rules:
        trick = pattern.sub(changed, question.text)
        silent = not _MONEY.search(question.passage) if asked == "money" else not holds_expected(trick, around)
        if silent:
            return trick
    return None


def without_answer(question: Question) -> str | None:
    """The passage without the sentences that hold an accepted answer: on the topic, and silent on what is asked.

    None where too little is left of it.
    """
    passage = question.passage
    answers = {passage[start:end].lower() for start, end in question.answers}
    spans = sentence_spans(passage)
    silent = [(start, end) for start, end in spans if not any(answer in passage[start:end].lower() for answer in answers)]
    rest = " ".join(passage[start:end].strip() for start, end in silent)
    is_whole = len(silent) == len(spans)  # the answer runs over the end of a sentence
    return None if is_whole or len(rest) < _LEAST_LEFT or any(answer in rest.lower() for answer in answers) else rest


def _negated(text: str) -> str | None:
    auxiliary = _AUXILIARY.search(text)
    if auxiliary is None or _NEGATION.search(text):
        return None
    short = {"can": "can't", "will": "won't"}.get(auxiliary[0], auxiliary[0] + "n't")
    return text[: auxiliary.start()] + short + text[auxiliary.end() :]


def careless(text: str, chance: random.Random) -> str:
    """A question as it is typed in a hurry: without its small words, or with a letter lost, doubled or in the wrong place."""
    words = text.rstrip("?").split()
    if chance.random() < 0.5:
        kept = [word for word in words if word.lower() not in _SMALL]
        return " ".join(kept) if len(kept) >= 3 else text
    long = [at for at, word in enumerate(words) if len(word) > 4 and word.isalpha()]
    for at in chance.sample(long, min(len(long), chance.choice([1, 1, 2]))):
        word, place = words[at], chance.randrange(1, len(words[at]) - 1)
        lost, doubled = word[:place] + word[place + 1 :], word[:place] + word[place] + word[place:]
        turned = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        words[at] = chance.choice([lost, doubled, turned])
    return " ".join(words)
