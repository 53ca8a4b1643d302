"""Names of people, places and organisations, and when two of them are one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.language.dates import MONTH, WEEKDAY
from assistant.language.lexicon import FUNCTION_WORDS, is_known_verb, may_be_verb

# Country, the words for its people and things, then "/" and its capital, which stands for its government.
_COUNTRIES = """us: american americans america usa united-states u.s u.s.a / washington|india: indian indians / delhi new-delhi
|uk: british britain united-kingdom briton britons u.k / london|china: chinese / beijing|russia: russian russians / moscow
|japan: japanese / tokyo|france: french / paris|germany: german germans / berlin|italy: italian italians / rome
|spain: spanish / madrid|pakistan: pakistani pakistanis / islamabad|afghanistan: afghan afghans / kabul|australia: australian
australians / canberra|canada: canadian canadians / ottawa|israel: israeli israelis / jerusalem|ukraine: ukrainian ukrainians
/ kyiv kiev|south-korea: south-korean south-koreans / seoul|north-korea: north-korean / pyongyang|turkey: turkish turkiye
/ ankara|iran: iranian iranians / tehran|iraq: iraqi iraqis / baghdad|egypt: egyptian egyptians / cairo|brazil: brazilian
brazilians / brasilia|mexico: mexican mexicans|poland: polish / warsaw|sweden: swedish swede swedes / stockholm|norway: norwegian
norwegians / oslo|denmark: danish dane danes / copenhagen|finland: finnish finn finns / helsinki|netherlands: dutch holland
/ hague|belgium: belgian belgians|portugal: portuguese / lisbon|greece: greek greeks / athens|ireland: irish / dublin
|philippines: philippine filipino filipinos / manila|thailand: thai / bangkok|vietnam: vietnamese / hanoi|indonesia: indonesian
indonesians / jakarta|malaysia: malaysian|singapore: singaporean|taiwan: taiwanese / taipei|nepal: nepali nepalese / kathmandu
|bangladesh: bangladeshi bangladeshis / dhaka|sri-lanka: sri-lankan / colombo|nigeria: nigerian nigerians / abuja|kenya: kenyan
kenyans / nairobi|south-africa: south-african / pretoria|argentina: argentine argentinian|chile: chilean|colombia: colombian
|switzerland: swiss / bern|austria: austrian / vienna|hungary: hungarian / budapest|europe: european europeans|africa: african
|asia: asian|soviet-union: soviet|saudi-arabia: saudi saudis / riyadh|qatar: qatari / doha|new-zealand: new-zealander / wellington
|lebanon: lebanese / beirut|syria: syrian / damascus|palestine: palestinian palestinians|ethiopia: ethiopian|ghana: ghanaian"""


def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """From a country's words to the country, and from capitals to their countries."""
    words: dict[str, str] = {}
    capitals: dict[str, str] = {}
    for line in " ".join(_COUNTRIES.split()).split("|"):
        name, _, rest = line.partition(":")
        forms, _, seats = rest.partition("/")
        words |= dict.fromkeys([name.strip(), *forms.split()], name.strip())
        capitals |= dict.fromkeys(seats.split(), name.strip())
    return words, capitals


_COUNTRY, _CAPITAL = _tables()
_WIDER = frozenset("europe africa asia soviet-union".split())  # they hold countries that have lines of their own

_OFFICES = frozenset(
    """president minister secretary general admiral captain colonel lieutenant major sergeant chief marshal senator governor mayor
    chancellor king queen prince princess judge justice professor doctor sir lord lady mr mrs ms miss dr leader chairman
    chairwoman ambassador director commissioner commander coach curate bishop pope father officer executive spokesman
    spokeswoman attorney""".split()
)
# What stands before an office: "Deputy Prime Minister", "Defence Secretary".
_OF_OFFICES = frozenset(
    """prime deputy vice air defence defense foreign home finance interior external affairs commerce state under head former
    opposition union federal acting assistant principal additional treasury trade health education agriculture""".split()
)
TITLES = _OFFICES | _OF_OFFICES
# "Bahrain-based forces" are not called so; they are in Bahrain.
_TELLS_OF_A_NAME = frozenset("based led born made built run owned backed funded hosted style era".split())
GENERIC = _ORGANISATION = frozenset(
    """ministry department agency bureau office council committee commission board bank university institute institution company
    corporation group association organisation organization union party court congress senate parliament house army navy force
    forces command fleet service police team club league forum unit agreement treaty act pact accord memorandum framework
    exercise dialogue initiative programme program foundation society authority federation alliance""".split()
)
_WORD = r"(?:[A-Z][\w.’'-]*|[a-z]?[A-Z][A-Z\d]\w*)"
_RUN = re.compile(rf"(?<![\w’'-]){_WORD}(?: {_WORD})*")
_NOT_A_NAME = re.compile(rf"(?:{MONTH}|{WEEKDAY}s?|I|X|AD|BC|Section|Article|Chapter|Prime|Mr|Mrs|Ms)$")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;]['\"”’)]*\s+|\n)[\s\"“‘'(]*$")
_NEAR = 200  # characters before and after a name that tell what it is; all of them would take a time that grows with the square
_AFTER_A_NAME = re.compile(
    r", who|(?:['’]s)?,? (?:is|was|were|has|had|will|would|\w+ed|\w+ew|won|led|said|told|took|held|made|and)\b"
    r"| (?:cost|put|cut|beat|hit|set|shut|quit)\b"
)
_LOCATIVE = re.compile(
    r"\b(?:in|at|near|from|to|outside|off|across|via|reached|left|visited)(?: the| southern| northern| eastern| western)? $"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as lower-cased words, country words all alike ("Indian" and "India" are "india").

    kind: "person", "place", "country", "organisation", or "" where the words around it don't tell.
    short: written like an acronym ("BBC", "MoU").
    """

    words: tuple[str, ...]
    kind: str = ""
    short: bool = False

    @property
    def head(self) -> str:
        """The word that stands for the whole: the surname of a person."""
        return self.words[-1]


def country(word: str) -> str | None:
    """The country whose government a capital's name may stand for."""
    return _CAPITAL.get(word)


def countries(text: str) -> frozenset[str]:
    """The countries that a text names, or whose capitals it names, as far as they are known."""
    words = {word for _, _, name in find_names(text) for word in name.words}
    return frozenset(_CAPITAL.get(word, word) for word in words) & (frozenset(_COUNTRY.values()) - _WIDER)


def may_be_people(text: str) -> list[str]:
    """The names in a text, as written and in order, that are a person's or may be one's."""
    return [text[start:end] for start, end, name in find_names(text) if name.kind in ("person", "")]


def find_names(text: str) -> Iterator[tuple[int, int, Name]]:
    """(start, end, name) of each name in the text, in order, without titles."""
    for run in _RUN.finditer(text):
        start, words = run.start(), list(re.finditer(_WORD, run[0]))
        at_start = bool(_SENTENCE_START.search(text, max(0, start - _NEAR), start))
        if at_start and words and _is_common(words[0][0], len(words), _after(text, start + words[0].end())):
            words = words[1:]
        words = [word for word in words if not _NOT_A_NAME.match(word[0])] if len(words) > 1 else words
        titled = False
        while words and (first := words[0][0].lower().rstrip(".")) in TITLES and not _names_an_office(words):
            if first in _OF_OFFICES and not (len(words) > 1 and words[1][0].lower() in TITLES):
                break
            titled, words = titled or first in _OFFICES, words[1:]
        while words and words[-1][0].lower() in TITLES and not (len(words) > 1 and words[-1][0] in ("State", "Union", "Affairs")):
            words = words[:-1]
        yield from _names(text, start, words, titled)


def _after(text: str, end: int) -> str:
    return text[end : end + _NEAR]


def _names_an_office(words: list[re.Match[str]]) -> bool:
    """ "State Department": the first word is a title elsewhere and here part of the name."""
    return len(words) > 1 and re.sub(r"['’]s?$", "", words[1][0].lower().rstrip(".")) in _ORGANISATION


def _names(text: str, offset: int, words: list[re.Match[str]], titled: bool) -> Iterator[tuple[int, int, Name]]:
    """Cuts a run of capitalised words where a country's word ends one name and begins another."""
    part: list[tuple[int, int, str]] = []
    for match in words:
        if _NOT_A_NAME.match(match[0]):
            continue
        start = match.start()
        for piece in _pieces(match[0]):
            begin = offset + start + match[0].index(piece, 0)
            end = begin + len(piece)
            folded = _folded(piece)
            two = f"{part[-1][2]}-{folded}" if part else ""
            if two in _COUNTRY or two in _CAPITAL:
                part[-1] = (part[-1][0], end, _COUNTRY.get(two) or two.removeprefix("new-"))
                continue
            if folded in _COUNTRY:
                if part:
                    yield _name(text, part, titled)
                yield begin, end, Name((_COUNTRY[folded],), "country")
                part = []
                continue
            part.append((begin, end, folded))
        if match[0].rpartition("-")[2] in _TELLS_OF_A_NAME and part:
            yield _name(text, part, titled)
            part = []
    if part:
        yield _name(text, part, titled)


def _name(text: str, part: list[tuple[int, int, str]], titled: bool) -> tuple[int, int, Name]:
    start, end = part[0][0], part[-1][1]
    words = tuple(word for _, _, word in part)
    words = tuple(_COUNTRY.get(word, word) for word in words)
    before = text[max(0, start - _NEAR) : start]
    if any(word in _ORGANISATION for word in words) or (len(words) == 1 and text[start:end].isupper() and len(words[0]) > 1):
        kind = "organisation"
    elif titled or re.search(r"\b(?:Mr|Mrs|Ms|Dr|Sir)\.? $", before):
        kind = "person"
    elif len(words) == 1 and words[0] in _COUNTRY.values():
        kind = "country"
    elif _LOCATIVE.search(before):
        kind = "place"
    else:
        kind = ""
    short = len(words) == 1 and sum(character.isupper() for character in text[start:end]) > 1
    return start, end, Name(words, kind, short)


def _pieces(word: str) -> list[str]:
    """ "India-US" is two names, "Indo-Pacific" and "MH-60R" are one, and of "Bahrain-based" the first part is."""
    parts = word.strip("-'’.").split("-")
    if len(parts) == 2 and parts[1] in _TELLS_OF_A_NAME:
        parts = parts[:1]
        word = parts[0]
    if len(parts) > 1 and any(_folded(part) in _COUNTRY for part in parts):
        return [part for part in parts if part[:1].isupper()]
    return [word.rstrip("-'’.,")]


def _folded(word: str) -> str:
    folded = re.sub(r"['’]s?$", "", word).rstrip(".").lower()
    if re.fullmatch(r"[a-z](?:\.[a-z])+", folded) and folded not in _COUNTRY:
        folded = folded.replace(".", "")  # "J.D." is "JD"
    return folded[:-1] if re.fullmatch(r".*\d.*s", folded) else folded


def _is_common(word: str, length: int, following: str) -> bool:
    """Whether a capital at the beginning of a sentence is only that."""
    folded = word.lower().strip(".'’")
    if folded in FUNCTION_WORDS and not (word.isupper() and len(word) > 1):
        return True
    if (
        (word.isupper() and len(word) > 1)
        or any(c.isdigit() for c in word)
        or folded in _COUNTRY
        or folded in _CAPITAL
        or folded in TITLES
    ):
        return False
    if length > 1:
        return folded.endswith(("ed", "ly", "ing"))
    if word.endswith(("'s", "’s")):
        return False
    next_word = re.match(r"(?:['’]s)? (\w+)", following)
    before_verb = next_word and (is_known_verb(next_word[1]) or (may_be_verb(next_word[1]) and next_word[1].endswith("s")))
    return folded.endswith(("s", "ing", "ed", "ly", "ion")) or not (before_verb or _AFTER_A_NAME.match(following))


def long_names(text: str, joints: tuple[str, ...] = (" of ", " of the ")) -> list[tuple[int, int]]:
    """(start, end) of the names that `find_names` finds, countries aside, two that a joint stands between as one: "Security of
    Supply Arrangement"."""
    spans: list[tuple[int, int]] = []
    for start, end, name in find_names(text):
        if spans and text[spans[-1][1] : start] in joints:
            spans[-1] = spans[-1][0], end
        elif name.kind != "country":
            spans.append((start, end))
    return spans


def same_word(one: str, other: str) -> bool:
    """Whether two words of names are one: equal, an initial and a name, or one letter apart in six or more (Sergei, Sergey)."""
    if one == other:
        return True
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    if min(len(one), len(other)) < 6 or one[:2] != other[:2] or any(character.isdigit() for character in one + other):
        return False
    return _one_edit(one, other) or _is_adjective(one, other) or _is_adjective(other, one)


def _is_adjective(word: str, name: str) -> bool:
    """ "Danubian" of "Danube"."""
    return word.endswith(("ian", "ean", "ese", "ish")) and word[: len(name) - 1] == name[:-1]


def _one_edit(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if len(longer) - len(shorter) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    return shorter[at + (len(shorter) == len(longer)) :] == longer[at + 1 :]
