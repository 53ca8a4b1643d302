"""What is on the page can be seen and reached, on large screens and on small ones, in light and in dark."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from clipboard import copied
from PIL import Image
from playwright.sync_api import Locator, Page, expect

STA = "when was India moved to STA Tier-1?"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}

Colour = tuple[int, int, int]


def open_filter(page: Page) -> None:
    page.get_by_role("button", name="Search in all articles").click()
    expect(page.get_by_label("Outlets")).to_be_visible()


def test_the_text_that_was_checked_stays_in_its_box(open_page):
    page = open_page()
    page.get_by_role("tab", name="Check a text").click()
    text = page.get_by_label("Text to check")
    before = text.bounding_box()["height"]
    text.fill("It rained on Tuesday. " * 20)
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".verdicts li")).to_have_count(20)
    # Whatever clips it counts: what one sees is no higher than any box around it.
    seen = text.evaluate("""box => {
        let height = box.getBoundingClientRect().height;
        for (let around = box; around.id !== "check"; around = around.parentElement)
            height = Math.min(height, around.getBoundingClientRect().height);
        return height;
    }""")
    assert seen >= before


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_newest_first_shows_whether_it_is_ticked(open_page, scheme):
    page = open_page(color_scheme=scheme)
    open_filter(page)
    box = page.get_by_label("Newest first")
    pictures = []
    for ticked in (False, True):
        box.set_checked(ticked)
        box.blur()
        page.mouse.move(0, 0)
        pictures.append(picture(box))
        around = pictures[-1][0]  # the corners are round
        assert max(contrast(point, around) for point in pictures[-1]) >= 3
    unticked, ticked = pictures
    assert max(map(contrast, unticked, ticked)) >= 3


@pytest.mark.parametrize("typed", ["31.12.2021", "today", "2023-02-31", "2021"])
def test_a_date_that_cannot_be_read_is_told_and_the_question_waits(open_page, typed):
    page = open_page()
    open_filter(page)
    day = page.get_by_label("To", exact=True)
    day.fill("2017-12-31")
    day.press("Enter")
    expect(page.get_by_role("button", name="Search only to 31 December 2017")).to_be_visible()
    day.fill(typed)
    box = page.get_by_label("Your question")
    box.click()
    expect(page.get_by_role("button", name=f"'{typed}' is not a day; write it as YYYY-MM-DD.")).to_be_visible()
    box.fill(STA)
    box.press("Enter")
    expect(page.locator("#chat .bot-row")).to_contain_text(f"'{typed}' is not a day; write it as YYYY-MM-DD.")
    expect(box).to_have_value(STA)
    day.fill("")
    box.click()
    expect(page.get_by_role("button", name="Search in all articles")).to_be_visible()


def test_a_date_counts_however_soon_the_question_follows(open_page):
    page = open_page()
    open_filter(page)
    page.get_by_label("From", exact=True).fill("2024-01-31")
    page.get_by_label("Your question").fill(STA)
    page.get_by_label("Your question").press("Enter")
    expect(page.locator("#chat .bot-row code")).to_have_text(["from 31 January 2024"])


# Twice and four times the size on a laptop, and a phone held sideways.
LOW = [
    {"viewport": {"width": 683, "height": 425}},
    {"viewport": {"width": 342, "height": 213}},
    {"viewport": {"width": 844, "height": 390}, "has_touch": True, "is_mobile": True},
]


@pytest.mark.parametrize("profile", LOW, ids=["200 %", "400 %", "sideways"])
def test_in_a_low_window_everything_can_be_reached(open_page, ask, profile):
    page = open_page(**profile)
    answer = ask(page, STA)
    open_filter(page)
    chat = page.locator("#chat")
    assert chat.bounding_box()["height"] >= 100
    fields = [page.locator("#filter").get_by_label(label) for label in ("From", "To", "Outlets", "Newest first")]
    for field in (*fields, page.get_by_label("Your question")):
        field.click()  # only what can be scrolled into view, and isn't covered, can be clicked
        expect(field).to_be_in_viewport()
    answer.get_by_role("link", name="[1]").click()
    expect(page.locator("#evidence mark").first).to_be_in_viewport()


def scroll_up_below(page: Page, drawer: str) -> None:
    """Scrolls the conversation up, and waits until the drawer lies over the button that leads back to its end."""
    # Again and again: the chat scrolls to its end by itself, a moment after an answer.
    page.wait_for_function(
        """drawer => {
            document.querySelector("#chat .bubble-wrap").scrollTop = 0;
            const box = document.querySelector("#chat [aria-label='Scroll down']")?.getBoundingClientRect();
            if (!box) return false;
            const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
            return document.querySelector(drawer).contains(top);
        }""",
        arg=drawer,
    )


def test_nothing_of_the_chat_lies_over_a_drawer(open_page, ask):
    page = open_page(**PHONE)
    for question in (STA, "Who co-chairs the 2+2 Ministerial Dialogue?", "When was the logistics agreement signed?"):
        ask(page, question)
    page.get_by_role("button", name="Evidence").click()
    expect(page.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)
    scroll_up_below(page, "#proof")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Toggle Sidebar").click()
    expect(page.get_by_role("heading", name="Conversations")).to_be_in_viewport()
    scroll_up_below(page, "#history")


def test_the_focus_goes_into_the_drawer_and_back(open_page, ask):
    page = open_page(**PHONE)
    answer = ask(page, STA)
    opener = page.get_by_role("button", name="Evidence")
    opener.press("Enter")
    expect(page.get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Enter")
    expect(opener).to_be_focused()
    marker = answer.get_by_role("link", name="[1]")
    marker.press("Enter")
    expect(page.locator("#evidence mark").first).to_be_focused()  # a screen reader goes on from the quoted words
    page.keyboard.press("Escape")
    expect(marker).to_be_focused()


def test_a_tap_beside_the_drawer_closes_it_and_does_nothing_else(open_page, ask):
    page = open_page(**PHONE)
    answer = ask(page, STA)
    answer.get_by_role("link", name="[1]").click()
    expect(page.locator("#evidence mark").first).to_be_visible()
    page.get_by_role("button", name="New chat").tap()
    expect(page.locator("#evidence mark").first).to_be_hidden()
    expect(answer).to_contain_text("30 July 2018")


def test_on_a_phone_the_sidebar_gives_way_to_what_was_chosen(open_page, ask):
    page = open_page(**PHONE)
    answer = ask(page, STA)
    page.get_by_role("button", name="New chat").click()
    expect(answer).to_have_count(0)
    toggle = page.get_by_role("button", name="Toggle Sidebar")
    toggle.tap()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    page.locator("#conversations label", has_text=STA).tap()
    expect(page.locator("#chat .bot-row")).to_contain_text("30 July 2018")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    expect(page.get_by_role("heading", name="Conversations")).to_be_hidden()
    toggle.tap()
    expect(page.get_by_role("heading", name="Conversations")).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Conversations")).to_be_hidden()
    expect(toggle).to_be_focused()


def test_the_tab_key_passes_over_the_closed_sidebar(open_page, ask):
    page = open_page()
    ask(page, STA)
    toggle = page.get_by_role("button", name="Toggle Sidebar")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.focus()
    for _ in range(3):
        page.keyboard.press("Tab")
        expect(page.locator("#history :focus")).to_have_count(0)
    toggle.press("Enter")
    expect(toggle).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(page.locator("#history :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(toggle).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize(("profile", "least"), [({}, 24), (PHONE, 36)], ids=["desktop", "phone"])
def test_what_is_to_be_hit_is_large_enough(open_page, ask, profile, least):
    page = open_page(**profile)
    answer = ask(page, STA)
    for name in ("Retry", "Dislike", "Like"):
        box = answer.locator("..").get_by_role("button", name=name, exact=True).bounding_box()
        assert min(box["width"], box["height"]) >= least


def test_show_whole_article_is_each_answers_own(open_page, ask):
    page = open_page()
    ask(page, STA)
    whole = page.get_by_label("Show whole article").first
    expect(whole).to_be_checked()
    whole.uncheck()
    expect(page.locator("#evidence mark").first).to_be_in_viewport()
    whole.check()
    expect(page.locator("#evidence mark").first).to_be_in_viewport()
    whole.uncheck()
    ask(page, "When was the logistics agreement signed?")
    expect(page.locator("#evidence .evidence")).to_have_attribute("data-turn", "1")
    expect(whole).to_be_checked()


def test_under_a_long_list_the_open_conversation_can_still_be_deleted(open_page, ask):
    page = open_page(viewport={"width": 1366, "height": 850})
    ask(page, STA)
    page.get_by_role("button", name="Toggle Sidebar").click()
    rows = page.locator("#conversations label")
    rows.evaluate("row => { for (let n = 0; n < 40; n++) row.parentElement.append(row.cloneNode(true)); }")
    expect(rows.last).not_to_be_in_viewport()
    for name in ("Export", "Share link", "Delete"):
        expect(page.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
    rows.last.scroll_into_view_if_needed()
    expect(rows.last).to_be_in_viewport()
    expect(page.get_by_role("button", name="Delete")).to_be_in_viewport(ratio=1)


def test_suggestions_leave_the_last_answer_in_view(open_page, ask):
    page = open_page(viewport={"width": 1366, "height": 600})
    ask(page, STA)
    answer = ask(page, "Which songs did Beyonce sing when the logistics agreement was signed?")
    page.get_by_role("button", name="What do the articles answer on this?").click()
    expect(page.locator("#offered button").first).to_be_visible()
    page.wait_for_function("""() => {
        const chat = document.querySelector("#chat .bubble-wrap");
        return chat.scrollHeight - chat.scrollTop - chat.clientHeight < 8;
    }""")
    expect(answer.get_by_text("The articles don't say")).to_be_in_viewport()


@pytest.mark.parametrize("profile", [{}, PHONE], ids=["desktop", "phone"])
def test_what_is_told_at_the_side_covers_no_button(open_page, profile):
    page = open_page(**profile)
    page.get_by_role("button", name="Toggle Sidebar").click()
    page.get_by_role("button", name="Share link").click()
    told = page.get_by_text("Ask something first")
    expect(told).to_be_visible()
    page.get_by_role("button", name="Toggle Sidebar").click(timeout=5_000)
    expect(page.get_by_role("heading", name="Conversations")).to_be_hidden()
    page.get_by_role("tab", name="Check a text").click(timeout=5_000)
    page.get_by_role("button", name="Light or dark").click(timeout=5_000)
    page.get_by_role("button", name="New chat").click(timeout=5_000)
    expect(told).to_be_visible()


def test_all_turns_are_printed(open_page, ask):
    page = open_page()
    for _ in range(6):
        ask(page, STA)
    page.emulate_media(media="print")
    seen = page.locator("#chat .bot-row").evaluate_all("""rows => rows.map(row => {
        let { top, bottom } = row.getBoundingClientRect();
        for (let around = row.parentElement; around; around = around.parentElement) {
            if (getComputedStyle(around).overflowY === "visible") continue;
            const box = around.getBoundingClientRect();
            [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
        }
        return bottom - top > 50;
    })""")
    assert seen == [True] * 6
    assert len(re.findall(rb"/Type /Page\b", page.pdf())) >= 2


def test_a_very_long_word_is_broken(open_page, ask):
    page = open_page(**PHONE)
    answer = ask(page, STA)
    answer.get_by_role("link", name="[1]").click()
    headline = page.locator("#evidence .card h3").first
    headline.evaluate("headline => { headline.textContent = 'Donaudampfschiff'.repeat(20); }")
    expect(headline).to_be_visible()
    proof = page.locator("#proof")
    assert proof.evaluate("proof => proof.scrollWidth - proof.clientWidth") == 0


@pytest.mark.parametrize("width", [1000, 1366, 1920])
def test_welcome_examples_and_question_begin_at_one_line(open_page, width):
    page = open_page(viewport={"width": width, "height": 850})
    example = page.get_by_role("button", name="Select example").first
    expect(example).to_be_visible()
    begin = [
        element.bounding_box()["x"]
        for element in (page.get_by_role("heading", name="Ask the articles"), example, page.locator("#question"))
    ]
    assert max(begin) - min(begin) <= 1


def test_dark_chosen_on_a_light_system_is_dark_from_the_start(open_page):
    page = open_page(color_scheme="light")
    page.get_by_role("button", name="Light or dark").click()
    # The colour of each frame, once the page's own head is there.
    page.add_init_script("""
        window.frames_seen = [];
        const look = () => {
            if (window.newsPage && document.body) frames_seen.push(getComputedStyle(document.body).backgroundColor);
            requestAnimationFrame(look);
        };
        look();
    """)
    page.reload()
    expect(page.get_by_role("button", name="Light or dark")).to_have_text("Light")
    assert set(page.evaluate("frames_seen")) == {"rgb(21, 23, 26)"}
    assert page.evaluate("getComputedStyle(document.querySelector('#evidence')).colorScheme") == "dark"


def test_an_answer_is_copied_as_a_link_where_its_article_has_an_address(open_page, ask, serve, tmp_path: Path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    article = "---\ntitle: {0} signed\n{1}---\nThe {0} was signed in Delhi on 27 October 2020 by both ministers.\n"
    (folder / "bridge.md").write_text(article.format("bridge contract", "url: https://example.org/bridge\n"))
    (folder / "pact.md").write_text(article.format("fisheries pact", ""))
    with serve(tmp_path) as running:
        page = open_page(at=running.url, permissions=["clipboard-read", "clipboard-write"])
        link = page.get_by_role("button", name="Link", exact=True)
        ask(page, "When was the fisheries pact signed?")
        expect(page.get_by_role("button", name="BibTeX", exact=True)).to_be_visible()
        expect(link).to_be_hidden()
        ask(page, "When was the bridge contract signed?")
        link.click()
        copied(page, "https://example.org/bridge#:~:text=")


def picture(element: Locator) -> list[Colour]:
    """What one sees of an element, point by point."""
    image = Image.open(BytesIO(element.screenshot())).convert("RGB")
    return [tuple(map(int, point)) for row in np.asarray(image) for point in row]


def contrast(one: Colour, other: Colour) -> float:
    """The contrast of two colours as WCAG defines it."""

    def luminance(colour: Colour) -> float:
        parts = (part / 255 for part in colour)
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
