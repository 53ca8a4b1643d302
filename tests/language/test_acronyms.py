from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import LCSseq

from assistant.language.acronyms import acronyms, initials, is_called, short_words

# None begins with the letter of a small word, so that a name has its letters in one way only.
CAPITALS = st.sampled_from(
    "Basic Commerce Exchange Geneva Horn Joint League Military Maritime National Pacific River Yard".split()
)
SMALL = st.sampled_from([(), (), ("of",), ("and",), ("of", "the"), ("for",)])


@st.composite
def names(draw: st.DrawFn) -> tuple[list[str], list[str], str]:
    """The words of a name, those that count, and its letters; a small word gives its letter or not."""
    words = draw(st.lists(CAPITALS, min_size=3, max_size=4))
    written, letters = [words[0]], words[0][0]
    for gap, word in enumerate(words[1:]):
        for small in draw(SMALL)[: 2 if gap == 0 else 1]:
            written.append(small)
            letters += draw(st.sampled_from(["", small[0].upper()]))
        written.append(word)
        letters += word[0]
    return written, words, letters


@given(names(), st.lists(CAPITALS, max_size=4), st.sampled_from(["", "the new ", "It said that the "]))
def test_a_name_beside_its_acronym_is_cut_out_of_what_stands_before(
    name: tuple[list[str], list[str], str], before: list[str], lead: str
) -> None:
    written, words, letters = name
    text = f"{lead}{' '.join([*before, *written])} ({letters}) rules."
    assert acronyms(text)[letters.lower()] == tuple(word.lower() for word in words)


@given(names())
def test_a_name_has_its_letters_without_brackets_too(name: tuple[list[str], list[str], str]) -> None:
    written, words, letters = name
    assert acronyms(f"They signed the {' '.join(written)} today.")[letters.lower()] == tuple(word.lower() for word in words)


@given(names())
def test_in_small_letters_it_has_them_only_beside_the_acronym(name: tuple[list[str], list[str], str]) -> None:
    written, words, letters = name
    small = " ".join(written).lower()
    assert acronyms(f"They discussed {small} today.") == {}
    assert acronyms(f"They discussed {small} ({letters}) today.")[letters.lower()] == tuple(word.lower() for word in words)
    assert acronyms(f"They discussed {letters} ({small}) today.")[letters.lower()] == tuple(word.lower() for word in words)


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from("The US Air of and (AI) (UAVs) India's - . ( )".split()), max_size=30).map(" ".join)
)
def test_every_word_has_its_place_in_the_letters_but_for_two_in_five_beside_brackets(text: str) -> None:
    for short, words in acronyms(text).items():
        assert len(words) > 1
        first_letters = "".join(word[0] for word in words)
        without = int(0.4 * len(words)) if "(" in text else 0
        assert LCSseq.similarity(first_letters, short) >= len(words) - without


@pytest.mark.parametrize(
    ("text", "short", "name"),
    [
        ("the Indian Space Research Organisation (ISRO)", "isro", "indian space research organisation"),
        ("Indian Space Research Organisation, or ISRO, said", "isro", "indian space research organisation"),
        (
            "the new Major Defence Partner Strategic Trade Authorization (STA)",
            "sta",
            "strategic trade authorization",
        ),
        ("the Basic Exchange and Cooperation Agreement", "beca", "basic exchange cooperation agreement"),
        ("General Security of Military Information Agreement", "gsomia", "general security military information agreement"),
        ("Initiative on Critical and Emerging Technology", "icet", "initiative critical emerging technology"),
        ("a Memorandum of Understanding", "mou", "memorandum understanding"),
        ("humanitarian assistance and disaster relief (HADR)", "hadr", "humanitarian assistance disaster relief"),
        ("HADR (humanitarian assistance and disaster relief)", "hadr", "humanitarian assistance disaster relief"),
        ("On Monday the People's Liberation Army (PLA) said", "pla", "people liberation army"),
        ("sold unmanned aerial vehicles (UAVs)", "uav", "unmanned aerial vehicles"),
        ("sold unmanned aerial vehicles (UAVs)", "uavs", "unmanned aerial vehicles"),
        (
            "the Communications Compatibility and Security Agreement (COMCASA, 2018)",
            "comcasa",
            "communications compatibility security agreement",
        ),
        (
            "Australia-United States Ministerial Consultations (AUSMIN)",
            "ausmin",
            "australia united states ministerial consultations",
        ),
        ("the Research & Development Board", "rdb", "research development board"),
        # A whole name comes before a part of another.
        ("The Great Strategic Trade Authorization Act. The Space Travel Agency.", "sta", "space travel agency"),
    ],
)
def test_what_letters_stand_for(text: str, short: str, name: str) -> None:
    assert acronyms(text)[short] == tuple(name.split())


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("He met Prime Minister Narendra Modi (BJP).", "bjp"),
        ("The US Senate and the US Secretary of State met.", "us"),
        ("India and France agreed.", "iaf"),
        ("India and Pakistan agreed.", "ip"),
        ("On Saturday The Guardian wrote", "tg"),
        ("Article 5 Committee", "ac"),
        ("He left the Ministry of Peace. Kosovo stayed.", "mopk"),
        ("They are good (see below).", "see"),
    ],
)
def test_what_letters_do_not_stand_for(text: str, short: str) -> None:
    assert short not in acronyms(text)


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("They signed the Strategic Trade Authorization.", True),
        ("Strategic Trade Authorization is one.", True),
        ("The Strategic Trade Authorization is one.", True),
        ("The US Strategic Trade Authorization is one.", True),
        ("India and the Strategic Trade Authorization", True),
        ("the US Department of Commerce's Strategic Trade Authorization", True),
        ("the Major Defence Partner Strategic Trade Authorization (STA)", True),
        ("the Major Defence Partner Strategic Trade Authorization", False),
        ("the Bureau of Strategic Trade Authorization", False),
        ("the Strategic Trade Authorization (STAR)", False),
        ("the Strategic Trade Authorization Act", False),
        ("the Strategic Trade Authority", False),
    ],
)
def test_a_name_is_called_what_a_text_writes_whole(text: str, called: bool) -> None:
    assert is_called("Strategic Trade Authorization", "STA", text) is called


@given(names(), st.lists(CAPITALS, min_size=1, max_size=3))
def test_the_end_of_a_longer_name_is_none(name: tuple[list[str], list[str], str], before: list[str]) -> None:
    written, _, letters = name
    whole, tail = " ".join([*before, *written]), " ".join(written)
    assert is_called(whole, letters, f"They signed the {whole}.")
    assert not is_called(tail, letters, f"They signed the {whole}.")


def test_words_written_like_acronyms() -> None:
    assert short_words("The BBC signed an MoU on iCET in Delhi.") == {"bbc", "mou", "icet"}


def test_initials_neither_begin_nor_end_with_a_function_word() -> None:
    assert "mou" in initials("a memorandum of understanding")
    assert "iaf" not in initials("they stood in a field")


@pytest.mark.parametrize(
    "text", ["Ab " * 3000, "word " * 3000 + "(ABC)", "A of " * 2000, "word (ABC) " * 1000, "of " * 3000 + "(OF)"]
)
def test_long_texts_take_no_longer_than_they_are(text: str) -> None:
    assert isinstance(acronyms(text), dict)
