"""Conversations in a real browser: they come back, stay apart, and survive the server."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from clipboard import copied
from playwright.sync_api import Page, expect

from assistant import Assistant
from assistant.web.server import free_port

STA = "when was India moved to STA Tier-1?"
CHAIRS = "Who co-chairs the 2+2 Ministerial Dialogue?"


def open_history(page: Page) -> None:
    page.get_by_role("button", name="Toggle Sidebar").click()
    expect(page.get_by_role("heading", name="Conversations")).to_be_in_viewport()


def test_a_reload_brings_the_conversation_and_its_evidence_back(open_page, ask):
    page = open_page()
    ask(page, STA)
    page.reload()
    expect(page.locator("#chat .bot-row")).to_contain_text("30 July 2018")
    expect(page.locator("#evidence mark").first).to_be_in_viewport()


def test_a_new_chat_is_still_new_after_a_reload(open_page, ask):
    page = open_page()
    ask(page, STA)
    page.get_by_role("button", name="New chat").click()
    expect(page.locator("#chat .bot-row")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="Ask the articles")).to_be_visible()
    ask(page, CHAIRS)
    open_history(page)
    expect(page.get_by_role("radio")).to_have_count(2)


def test_a_link_to_no_conversation_says_so(open_page):
    page = open_page("/?shared=gone")
    expect(page.locator("#chat .bot-row")).to_contain_text("No conversation has this link")
    # Nothing was asked, so there is nothing to ask again.
    expect(page.get_by_role("button", name="Retry")).to_be_hidden()


def test_a_link_on_another_site_leaves_the_reader_who_they_are(open_page, ask, site: str):
    page = open_page()
    ask(page, STA)
    page.goto(f'data:text/html,<a href="{site}">News</a>')
    page.get_by_role("link", name="News").click()
    expect(page.locator("#chat .bot-row")).to_contain_text("30 July 2018")


def test_conversations_are_listed_reopened_renamed_exported_and_deleted(open_page, ask):
    page = open_page()
    ask(page, STA)
    page.get_by_role("button", name="New chat").click()
    expect(page.locator("#chat .bot-row")).to_have_count(0)
    ask(page, CHAIRS)
    open_history(page)
    rows = page.get_by_role("radio")
    expect(rows).to_have_count(2)

    page.locator("#conversations label", has_text=STA).click()
    expect(page.locator("#chat .bot-row")).to_contain_text("30 July 2018")

    title = page.get_by_label("Rename")
    expect(title).to_have_value(STA)
    title.fill("Licence tiers")
    title.press("Enter")
    expect(page.locator("#conversations label", has_text="Licence tiers")).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert text.startswith("# Licence tiers\n")
    assert "30 July 2018" in text

    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#conversations label", has_text="Licence tiers")).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    expect(rows).to_have_count(1)
    expect(page.locator("#chat .bot-row")).to_have_count(0)


def test_an_export_is_named_after_the_conversation_and_there_is_none_of_nothing(open_page, ask):
    page = open_page()
    open_history(page)
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_text("then there is a conversation to export")).to_be_visible()
    # Where there is nothing to delete, nobody is asked whether it may go.
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("There is nothing to delete")).to_be_visible()
    assert dialogs == []

    ask(page, STA)
    title = page.get_by_label("Rename")
    for named, heading, file in (
        ("Tiers: *which*/when?", "# Tiers: \\*which\\*/when?\n", "Tiers which when.md"),
        ("   ", f"# {STA}\n", "when was India moved to STA Tier-1.md"),
    ):
        title.fill(named)
        with page.expect_download() as download:
            page.get_by_role("button", name="Export").click()
        assert download.value.suggested_filename == file
        assert download.value.path().read_text(encoding="utf-8").startswith(heading)


def test_two_profiles_see_only_their_own_until_one_shares(open_page, ask):
    mine = open_page(permissions=["clipboard-read", "clipboard-write"])
    theirs = open_page()
    ask(mine, STA)
    ask(theirs, CHAIRS)
    theirs.reload()
    expect(theirs.locator("#chat .user-row")).to_have_text([CHAIRS])
    open_history(theirs)
    expect(theirs.get_by_role("radio")).to_have_count(1)

    open_history(mine)
    mine.get_by_role("button", name="Share link").click()
    link = copied(mine, "?shared=")
    theirs.goto(link)
    expect(theirs.locator("#chat .bot-row")).to_contain_text("30 July 2018")
    expect(theirs.locator("#evidence mark").first).to_be_in_viewport()
    # What the page does to a conversation, it doesn't do to their own meanwhile.
    open_history(theirs)
    theirs.context.grant_permissions(["clipboard-read", "clipboard-write"])
    theirs.get_by_role("button", name="Share link").click()
    assert copied(theirs, "?shared=") == link
    theirs.once("dialog", lambda dialog: dialog.accept())
    theirs.get_by_role("button", name="Delete").click()
    expect(theirs.get_by_text("This is a shared conversation")).to_be_visible()
    expect(theirs.get_by_role("radio")).to_have_count(1)
    # Asking there goes on in a copy of their own; the shared one stays as it was.
    expect(theirs.get_by_text("Somebody shared this conversation")).to_be_visible()
    expect(theirs.get_by_role("button", name="Like", exact=True)).to_have_count(0)
    ask(theirs, CHAIRS)
    expect(theirs.locator("#chat .user-row")).to_have_text([STA, CHAIRS])
    expect(theirs.get_by_text("Somebody shared this conversation")).to_be_hidden()
    expect(theirs.get_by_role("button", name="Like", exact=True)).to_have_count(2)
    expect(theirs.get_by_role("radio")).to_have_count(2)
    expect(theirs).to_have_url(re.compile(r"/$"))
    theirs.reload()
    expect(theirs.locator("#chat .user-row")).to_have_text([STA, CHAIRS])
    mine.reload()
    expect(mine.locator("#chat .user-row")).to_have_text([STA])


def test_a_shared_conversation_is_left_for_a_new_one_of_ones_own(open_page, ask):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page, STA)
    page.get_by_role("button", name="Like", exact=True).click()
    expect(page.get_by_role("button", name="Liked")).to_be_visible()
    open_history(page)
    page.get_by_role("button", name="Share link").click()
    page.goto(copied(page, "?shared="))
    expect(page.get_by_text("Somebody shared this conversation")).to_be_visible()
    # What its owner thought of the answers is not shown.
    expect(page.get_by_role("button", name="Liked")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Somebody shared this conversation")).to_be_visible()
    page.get_by_role("button", name="New chat").click()
    expect(page.get_by_text("Somebody shared this conversation")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/$"))
    ask(page, CHAIRS)
    expect(page.locator("#chat .user-row")).to_have_text([CHAIRS])


@pytest.fixture
def own_folder(shipped: Assistant, tmp_path: Path) -> Path:
    """A folder with the shipped corpus and its index, and no conversations."""
    kept = shipped.index_folder.parent
    for folder in (kept.with_name("corpus"), kept):
        shutil.copytree(folder, tmp_path / folder.name, ignore=shutil.ignore_patterns("conversations.sqlite*"))
    return tmp_path


def test_the_server_may_be_restarted_in_the_middle(open_page, ask, serve, own_folder: Path):
    port = free_port("127.0.0.1", 0)
    with serve(own_folder, port) as first:
        page = open_page(at=first.url)
        ask(page, STA)
        box = page.get_by_label("Your question")
        box.fill(CHAIRS)
        box.press("Enter")
        first.process.kill()
        first.process.wait()
    # A page that is open loads itself anew when its server is back, at a moment of its own choice.
    browser = page.context
    page.close()
    with serve(own_folder, port) as second:
        page = browser.new_page()
        page.goto(second.url)
        expect(page.locator("#chat .bot-row").first).to_contain_text("30 July 2018")
        expect(ask(page, CHAIRS)).to_contain_text("co-chaired by")
