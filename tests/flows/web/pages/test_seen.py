"""The pages as people see them, in a real browser: on a phone and on a wide screen, light and dark,
from right to left, without scripts, with keys alone, and by axe. `make pictures` has this module
make the pictures of the docs, of the made-up press."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import Browser, Page

from flows.web.app import web_app
from flows.web.copies import Copies
from tests.flows.web.pages.browser import CHROMIUM, Scheme, opened, serious_faults, served
from tests.flows.web.pages.conftest import ARABIC, FIRST, FORMED, HARM, HOSTILE, NEW, RTL
from tests.tiers import also_long
from warehouse.desk import Desk
from warehouse.published.search_index import index_path

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium")
PICTURES = os.environ.get("PICTURES")
PATHS = [
    "/stories",
    "/stories?q=kettle3",
    "/stories?topic=OpenAI&language=ar&days=3",
    f"/stories/{FIRST.article_id}",
    f"/articles/{FORMED.article_id}",
    f"/articles/{FIRST.article_id}/cut",
    f"/articles/{NEW.article_id}",
    f"/articles/{RTL.article_id}",
    f"/articles/{HARM.article_id}",
    "/topics?days=36500",
    "/topics/OpenAI?days=36500&with=musk",
    "/sources",
    "/ask?q=SELECT+title,+language+FROM+clippings",
    "/nowhere",
]


@pytest.mark.parametrize(
    "looks",
    [
        ((360, "dark"), (1400, "light")),
        *also_long(
            *((((width, scheme),),) for width in (360, 2000) for scheme in ("light", "dark"))
        ),
    ],
)
def test_every_page_fits_and_lets_everybody_in(
    browser: Browser, site: str, looks: Sequence[tuple[int, Scheme]]
) -> None:
    """Each page in one of the `looks`, in turn."""
    asked: list[str] = []
    said: list[str] = []
    faults = {}
    for place, (width, scheme) in enumerate(looks):
        with opened(browser, site, width, scheme) as window:
            page = window.new_page()
            page.on("request", lambda request: asked.append(request.url))
            page.on("console", lambda message: said.append(message.text))
            page.on("dialog", lambda dialog: said.append(dialog.message))
            for path in PATHS[place :: len(looks)]:
                faults[path] = _faults(page, path, width)
    assert {path: found for path, found in faults.items() if found} == {}
    assert len(faults) == len(PATHS)
    assert [url for url in asked if not url.startswith(f"{site}/")] == []
    assert [text for text in said if "404" not in text] == []


def _faults(page: Page, path: str, width: int) -> list[str]:
    """What is wrong with a page: too wide, pictures that are missing, or what axe finds."""
    page.goto(path)  # with all pictures; what scripts ask for later comes while axe looks
    found = []
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append("too wide")
    if page.evaluate("[...document.images].some(one => !one.naturalWidth)"):
        found.append("a picture is missing")
    return found + serious_faults(page)


def test_without_scripts_one_finds_filters_and_reads(browser: Browser, site: str) -> None:
    with opened(browser, site, java_script_enabled=False) as window:
        page = window.new_page()
        page.goto("/")
        page.get_by_role("link", name="Arabic 1").click()
        page.wait_for_url("**/stories?language=ar")
        assert page.locator(".story").count() == 1
        page.get_by_role("link", name="Arabic (take away)").click()
        page.get_by_label("Search all articles").fill('"ten lamps"')
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="OpenAI sells more lamps").click()
        assert page.locator("h2").first.inner_text().lower() == "who was first"
        page.get_by_role("link", name="OpenAI sells more lamps").click()
        assert page.locator("ins").all_inner_texts() == ["more ", "ten"]
        page.get_by_role("link", name="Topics", exact=True).click()
        page.get_by_role("link", name="all", exact=True).click()
        page.get_by_role("link", name="OpenAI").click()
        assert page.locator("h1").inner_text() == "OpenAI"


def test_on_a_phone_filters_open_with_a_touch(browser: Browser, site: str) -> None:
    with opened(browser, site, 360, java_script_enabled=False, has_touch=True) as window:
        page = window.new_page()
        page.goto("/stories")
        arabic = page.get_by_role("link", name="Arabic 1")
        assert not arabic.is_visible()
        page.get_by_text("Filters", exact=True).tap()
        arabic.tap()
        page.wait_for_url("**/stories?language=ar")
        assert page.locator(".story").count() == 1


def test_keys_alone_lead_everywhere(browser: Browser, site: str) -> None:
    with opened(browser, site) as window:
        page = window.new_page()
        page.goto("/stories")
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="Skip to the page")
        assert skip.bounding_box()["x"] >= 0  # type: ignore[index]
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "list"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('.story, .head') !== null")
        page.goto("/stories")
        reached = []
        for _ in range(60):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.textContent.trim()"))
            if page.evaluate("document.activeElement.matches('.story h3 a')"):
                break
        assert "Sources" in reached
        assert any(text.startswith("Arabic") for text in reached)
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        page.wait_for_url("**/stories/*")


def test_another_script_runs_its_own_way(browser: Browser, site: str) -> None:
    with opened(browser, site, 360) as window:
        page = window.new_page()
        page.goto(f"/articles/{RTL.article_id}")
        assert page.locator("h1").inner_text() == ARABIC
        direction = "one => getComputedStyle(one).direction"
        assert page.locator("h1").evaluate(direction) == "rtl"
        assert page.locator(".prose p").first.evaluate(direction) == "rtl"
        assert page.locator(".facts").evaluate(direction) == "ltr"


def test_pictures_and_colours_follow_the_screen(browser: Browser, site: str) -> None:
    colours = set()
    for width, scheme in ((360, "dark"), (1400, "light")):
        with opened(browser, site, width, scheme) as window:  # type: ignore[arg-type]
            page = window.new_page()
            page.goto("/topics/OpenAI?days=36500", wait_until="networkidle")
            source = page.locator("picture img").first.evaluate("one => one.currentSrc")
            assert ("dark" in source, "narrow" in source) == (scheme == "dark", width == 360)
            background = "getComputedStyle(document.documentElement).backgroundColor"
            colours.add(page.evaluate(background))
    assert len(colours) == 2


def test_a_hostile_headline_is_read_and_does_nothing(browser: Browser, site: str) -> None:
    with opened(browser, site) as window:
        page = window.new_page()
        page.goto(f"/articles/{HARM.article_id}")
        assert page.title() == f"{HOSTILE} · Pressclip"
        assert page.locator("h1").inner_text() == HOSTILE
        assert (
            page.locator(
                "script:not([src^='/static/']), img[src='x'], a[href^='javascript']"
            ).count()
            == 0
        )


def test_print_leaves_out_what_paper_can_not_use(browser: Browser, site: str) -> None:
    with opened(browser, site) as window:
        page = window.new_page()
        page.emulate_media(media="print")
        page.goto("/stories")
        assert not page.locator(".filters").is_visible()
        assert not page.locator(".search").is_visible()
        assert page.locator(".story").first.is_visible()
        page.goto("/ask?q=SELECT+range+FROM+range(60)")
        box = page.locator(".answer .wide")
        assert box.evaluate("one => one.scrollHeight <= one.clientHeight"), "no row is cut off"


def test_on_a_phone_all_can_be_read(browser: Browser, site: str) -> None:
    """Why a time is in doubt, what changed, and every cell of a wide table, without scripts."""
    with opened(browser, site, 360, java_script_enabled=False, has_touch=True) as window:
        page = window.new_page()
        page.goto("/stories")
        time = page.locator("summary.unsure").first
        time.tap()
        assert page.locator(".why").first.is_visible()
        page.goto("/sources")
        for cell in page.locator(".cards td:not(:empty)").all():
            if cell.is_visible():
                box = cell.bounding_box()
                assert box, cell
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= 360
        page.goto(f"/articles/{NEW.article_id}")
        old, new = (page.locator(f".sides {tag}").last.bounding_box() for tag in ("del", "ins"))
        assert old
        assert new
        assert old["y"] < new["y"]
        assert new["x"] + new["width"] <= 360


@pytest.mark.skipif(PICTURES is None, reason="`make pictures` has them made")
def test_pictures_of_the_made_up_press(browser: Browser) -> None:
    """PICTURES is the folder of a demo that was made; the pictures go into docs/pictures."""
    desk = Desk.at(Path(str(PICTURES)) / "demo.duckdb")
    folder = Path(__file__).parents[4] / "docs" / "pictures"
    folder.mkdir(exist_ok=True)
    shots: list[tuple[str, str, int, Scheme]] = [
        ("stories", "/stories", 1200, "light"),
        ("story", "/stories?q=customs+kettle", 1200, "light"),
        ("topic", "/topics/openai?days=365&with=musk", 1200, "light"),
        ("sources", "/sources", 1200, "dark"),
        ("phone", "/stories", 390, "dark"),
    ]
    with served(web_app(Copies(desk), index=index_path(desk))) as site:
        for name, path, width, scheme in shots:
            with opened(browser, site, width, scheme, device_scale_factor=1) as window:
                page = window.new_page()
                page.goto(path, wait_until="networkidle")
                if name == "story":
                    page.locator(".story a").first.click()
                page.wait_for_load_state("networkidle")
                page.screenshot(path=folder / f"{name}.png")
