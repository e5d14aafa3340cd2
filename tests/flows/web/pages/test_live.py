"""What pages do beyond what they must where scripts run: change in their place, and say so."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.flows.web.pages.browser import CHROMIUM, opened, serious_faults
from tests.flows.web.pages.conftest import ARABIC
from tests.waiting import PATIENCE
from warehouse.published.pages import stories

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium")
expect.set_options(timeout=PATIENCE * 1000)
ENDLESS = "SELECT sum(range) FROM range(1000000000000)"
"""On one processor only: the others have other tests to run."""


def same_page(page: Page) -> bool:
    """Whether the page is still the one that was marked, and was not loaded anew."""
    return bool(page.evaluate("window.marked === true"))


def marked(page: Page, path: str) -> Page:
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(path)
    page.evaluate("window.marked = true")
    return page


def filtered(window: BrowserContext) -> Page:
    """A page of all stories where a link has left those in Arabic."""
    page = marked(window.new_page(), "/stories")
    page.get_by_role("link", name="Arabic 1").press("Enter")
    page.wait_for_url("**/stories?language=ar")
    expect(page.locator(".story")).to_have_count(1)
    return page


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def test_filters_change_the_list_and_the_address_and_say_how_many(
    browser: Browser, site: str
) -> None:
    with opened(browser, site) as window:
        page = filtered(window)
        expect(page.locator("#told")).to_have_text("1 story, newest first")
        assert page.title() == "Arabic · Stories · Pressclip"
        assert focused(page).startswith("Arabic"), "where one was, one can go on"
        expect(page.locator("#foot a")).to_have_attribute("href", "/stories.json?language=ar")
        page.get_by_role("link", name="Arabic (take away)").press("Enter")
        expect(page.locator(".story")).to_have_count(5)
        assert focused(page) == "Stories", "what is gone can't be where one is"
        assert same_page(page)
        page.go_back()
        expect(page.locator(".story")).to_have_count(1)
        assert page.locator(".story a").first.inner_text() == ARABIC
        page.go_back()
        expect(page.locator(".story")).to_have_count(5)
        page.go_forward()
        expect(page.locator(".story")).to_have_count(1)


def test_who_goes_on_before_scripts_are_there_sees_the_page_of_the_address(
    browser: Browser, site: str
) -> None:
    with opened(browser, site) as window:
        page = filtered(window)
        held: list[Route] = []

        def hold(route: Route) -> None:
            """The first of its requests is not answered, as on a busy machine."""
            if held:
                route.continue_()
            held.append(route)

        page.route("**/htmx*.js", hold)
        page.go_back(wait_until="commit")
        expect(page.locator(".story")).to_have_count(5)
        page.go_forward(wait_until="commit")
        expect(page.locator(".story")).to_have_count(1)
        assert page.url.endswith("/stories?language=ar")


def test_a_search_changes_the_list_and_the_box_follows_it(browser: Browser, site: str) -> None:
    with opened(browser, site) as window:
        page = marked(window.new_page(), "/stories?topic=OpenAI")
        box = page.get_by_label("Search all articles")
        box.fill('"ten lamps"')
        box.press("Enter")
        page.wait_for_url("**/stories?q=*")
        expect(page.locator(".story")).to_have_count(1)
        assert focused(page) == 'Found: "ten lamps"'
        page.get_by_role("link", name="OpenAI (take away)").click()
        page.wait_for_url("**/stories?q=%22ten+lamps%22")
        expect(page.locator("#kept input")).to_have_count(0)
        page.locator(".chosen a").click()
        expect(page.locator(".story")).to_have_count(5)
        expect(box).to_have_value("")
        assert same_page(page)


def test_what_makes_no_sense_is_a_page_of_its_own(browser: Browser, site: str) -> None:
    with opened(browser, site) as window:
        page = marked(window.new_page(), "/stories")
        page.get_by_label("Search all articles").evaluate("one => one.removeAttribute('maxlength')")
        page.get_by_label("Search all articles").fill("x" * 300)
        page.get_by_role("button", name="Search").click()
        expect(page.locator("h1")).to_have_text("Not understood")
        assert not same_page(page)


def test_older_stories_follow_in_place(
    browser: Browser, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "PAGE", 2)
    with opened(browser, site) as window:
        page = marked(window.new_page(), "/stories?days=36499")
        expect(page.locator(".story")).to_have_count(2)
        seen = page.locator(".story a").all_inner_texts()
        page.get_by_role("link", name="Older stories").press("Enter")
        expect(page.locator(".story")).to_have_count(4)
        assert focused(page) == page.locator(".story h3 a").nth(2).inner_text()
        page.get_by_role("link", name="Older stories").click()
        expect(page.locator(".story")).to_have_count(5)
        assert page.locator(".story a").all_inner_texts()[: len(seen)] == seen
        assert page.locator(".day h2").count() == 2, "a day has one heading"
        assert page.get_by_role("link", name="Older stories").count() == 0
        assert page.url.endswith("/stories?days=36499")
        assert serious_faults(page) == []
        assert same_page(page)


def test_a_newer_copy_is_told_and_nothing_reloads_by_itself(browser: Browser, site: str) -> None:
    with opened(browser, site) as window:
        page = window.new_page()
        page.clock.install()
        marked(page, "/stories")
        with page.expect_response("**/newer?*") as answered:
            page.clock.run_for(61_000)
        assert answered.value.status == 204
        expect(page.locator("#note")).to_be_empty()
        page.route("**/newer?*", lambda one: one.continue_(url=f"{site}/newer?than=2026-01-01T00Z"))
        page.clock.run_for(61_000)
        expect(page.locator("#note")).to_have_text("A newer copy is there. Show it")
        page.on("request", lambda request: pytest.fail(f"{request.url} was asked for"))
        page.clock.run_for(300_000)
        assert same_page(page)


def test_a_desk_that_is_gone_is_told(browser: Browser, site: str) -> None:
    with opened(browser, site) as window:
        page = marked(window.new_page(), "/stories")
        window.set_offline(True)
        page.get_by_role("link", name="Arabic 1").click()
        expect(page.locator("#note")).to_have_text("The desk does not answer. Try again.")
        window.set_offline(False)
        page.get_by_role("link", name="Arabic 1").click()
        expect(page.locator(".story")).to_have_count(1)
        assert same_page(page)


def test_a_question_runs_beside_what_is_written_and_can_be_cancelled(
    browser: Browser, site: str
) -> None:
    with opened(browser, site) as window:
        page = marked(window.new_page(), "/ask")
        box = page.get_by_label("Query")
        for nth in range(
            3
        ):  # more than are answered at once: what is cancelled gives its place back
            box.fill(ENDLESS)
            page.get_by_role("button", name="Ask", exact=True).click()
            expect(page.get_by_role("button", name="Cancel")).to_be_visible()
            expect(page.locator("#told")).to_have_text("The question is running.")
            assert nth or serious_faults(page) == []
            page.get_by_role("button", name="Cancel").click()
            expect(page.get_by_role("button", name="Cancel")).to_be_hidden()
            expect(page.locator("#told")).to_have_text("Cancelled.")
        assert box.input_value() == ENDLESS
        box.fill("SELECT 42 AS found")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.locator("#answer td")).to_have_text("42")
        expect(page.locator("#told")).to_have_text("1 row")
        assert page.url.endswith("/ask?q=SELECT%2042%20AS%20found")
        box.fill("SELEC 1")
        page.get_by_role("button", name="Ask", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("Parser Error")
        assert box.input_value() == "SELEC 1"
        box.fill("SELECT 43")
        page.get_by_role("button", name="Show the plan").click()
        page.wait_for_url("**plan=1")
        expect(page.locator("#answer h2")).to_have_text("The plan")
        assert same_page(page)
        page.go_back()
        expect(page.get_by_label("Query")).to_have_value("SELEC 1")
