"""Every row of agencies.toml, what must not be taken for an agency's text, and datelines."""

from __future__ import annotations

import pytest

from parsers.articles.agencies import (
    _BEFORE_PLACE,
    _BESIDE_PLACE,
    WireOrigin,
    agency_of,
    read_dateline,
    read_wire,
    who_signs,
)
from parsers.articles.agency_rules import agency_rows
from parsers.articles.from_page import extract_article
from parsers.records import Article

EXAMPLES = [(row["name"], text) for row in agency_rows() for text in row["examples"]]


@pytest.mark.parametrize(("name", "text"), EXAMPLES, ids=[text[:40] for _, text in EXAMPLES])
def test_examples(name: str, text: str) -> None:
    found = read_wire(text)
    assert found is not None
    assert found.agency == name


@pytest.mark.parametrize(
    ("credited", "site", "agency"),
    [
        ("Reuters", "reuters.com", "Reuters"),
        ("Associated Press", "apnews.com", "Associated Press"),  # by the list
        ("Anadolu Ajansı", "anadolu-ajansı.example", "Anadolu Ajansı"),  # it bears the name
        ("Reuters", "news.example", None),
        ("Reuters", "apnews.com", None),
        ("", "apnews.com", "Associated Press"),  # whose site it is, everybody knows
        ("", "lapresse.ca", None),  # not that of Italy
        ("ANI", "animals.example", None),  # begins like it
        ("ANI", "ani.example", "ANI"),
    ],
)
def test_an_agencys_own_pages(credited: str, site: str, agency: str | None) -> None:
    assert agency_of(credited, site) == agency


@pytest.mark.parametrize("row", agency_rows(), ids=lambda row: row["name"])
def test_every_agency_has_examples_and_marks_of_its_own(row: dict[str, list[str]]) -> None:
    assert row["examples"]
    others = [mark for other in agency_rows() if other != row for mark in other["marks"]]
    assert not set(row["marks"]) & set(others)


@pytest.mark.parametrize(
    "text",
    [
        "Musk told Reuters on Monday that he would leave.",
        "The company (AP has its history) - said on Monday.",
        "OpenAI (formerly a charity) - said on Monday.",
        "The Associated Press sued the company on Monday.\n\nIt said nothing.",
        "A text.\n\nThe news was first reported by Bloomberg.",
        "A text.\n\nSource: the company's annual report, seen by Reuters",
        "A text.\n\nPhoto: Reuters",
        "A text.\n\nAP calculus is taught here.",
        "« Nous ne pouvions pas attendre », a déclaré le maire à l’AFP.",
        "« Non potevamo aspettare », ha detto il sindaco all’ANSA.",
        "A text.\n\nSource: APX Holdings",
        "TSLA (Tesla) - shares rose.",
        "Reuters reported on Monday that the company would close.",
        "Bloomberg Businessweek - the magazine - is sold.",
        "",
    ],
)
def test_mentions_are_no_origins(text: str) -> None:
    assert read_wire(text) is None


@pytest.mark.parametrize(
    ("authors", "agency"),
    [
        (("Reuters",), "Reuters"),
        (("The Associated Press",), "Associated Press"),
        (("Ann Example, Reuters",), "Reuters"),
        (("Ann Example", "AFP"), "AFP"),
        (("dpa",), "dpa"),
        (("Ann Example",), None),
        (("Reuters Smith",), None),
    ],
)
def test_authors(authors: tuple[str, ...], agency: str | None) -> None:
    found = read_wire("Only a text.", authors)
    assert (found and found.agency) == agency


def test_what_cleaning_took_away_counts_too() -> None:
    removed = [("copyright", "© 2026 AFP"), ("photo_credit", "© Reuters")]
    assert read_wire("A text.", (), removed) == WireOrigin("AFP", "credit")


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("It rained all day.\n\nMore will fall on Monday. (Reuters/dpa)", "Reuters"),
        ("Es regnete. Am Montag regnet es wieder. (mit Material von dpa)", "dpa"),
        ("Llovió todo el día. EFE", "EFE"),
        ("Il a plu. (avec AFP)\n\nÀ lire aussi", "AFP"),
        ("Весь день шёл дождь. /ТАСС/", "TASS"),
        ("A text.\n\nThis story was provided by The Associated Press.", "Associated Press"),
        ("Um texto.\n\n*Com informações da Reuters", "Reuters"),
        ("Текст.\n\nПо материалам РИА Новости", "RIA Novosti"),
        ("Jane Roe / AFP\n\nA text.", "AFP"),
        ("It rained, she told Reuters.", None),
        ("It was a rainy day for the Agence France-Presse (AFP).", None),
        ("A text.\n\nThe story was first reported by Bloomberg.", None),
        ("A text.\n\nPhoto Jane Roe / AFP", None),
        ("Reuters - that is the ship's name - sank.", None),
        ("It rained. Who was first to ask the firm? Reuters", None),
        ("Es regnete. dpa/hv", "dpa"),
        ("Il a plu. (L.P. avec AFP)", "AFP"),
        ("Ein Text.\n\nQuelle: Gazette, jog/dpa", "dpa"),
        ("Ein Text.\n\n(apa/dpa)", "APA"),
        ("Ein Text.\n\nQuelle: dpa, Gazette", None),
        ("Jakarta, ANTARA – Perusahaan itu mengatakan.", "Antara"),
        ("Минск. 3 марта. БЕЛТА - Компания сообщила.", "BelTA"),
        ("Sebuah teks.\n\nPewarta: Sigit Contoh/ANTARA", "Antara"),
        ("Um texto.\n\nAs informações são da agência Reuters.", "Reuters"),
        ("Un texte.\n\nLa rédaction avec AFP", "AFP"),
        ("A text.\n\nAP writer Jane Roe in Rome contributed to this report.", "Associated Press"),
        ("A text.\n\nThis story first appeared on Bloomberg.", "Bloomberg"),
        ("Sebuah teks.\n\nSumber: Reuters | Editor: Agus Contoh", "Reuters"),
        ("A text.\n\nPhoto: Jane Roe | Reuters", None),
        ("Rio de Janeiro (EFE) - A empresa disse.", "EFE"),
        ("The rise of the (AFP) - said on Monday.", None),
        ("REUTERS, London - Perusahaan itu mengatakan.", "Reuters"),
        ("She gave up. CP", None),
        ("A text.\n\nCopyright AA Milne 2026", None),
        ("A Reuters é uma agência de notícias.", None),
        (
            "A text.\n\nThis report by The Canadian Press was first published March 3, 2026.",
            "The Canadian Press",
        ),
        ("A text.\n\nThe Canadian Press first published this report.", None),
        ("A text.\n\nVideo: AFP", None),
        ("Ein Text.\n\nVon Ann Roe und dpa", "dpa"),
        ("Ein Text.\n\nQuelle: dpa/hv", "dpa"),
        ("A text.\n\nSources: AFP, Reuters", "AFP"),
        ("A text.\n\nWith Reuters, Jane Roe", "Reuters"),
        ("A text.\n\nMaterial from Reuters was used in this report.", "Reuters"),
        ("Sebuah teks yang lain. (Ant/Contoh)", "Antara"),
        ("A text of insects. (Ant)", None),
        ("Agência Lusa - O porto abriu.", "Lusa"),
        ("CP - Comboios do Norte abriu.", None),
    ],
)
def test_credits_of_all_kinds(text: str, agency: str | None) -> None:
    found = read_wire(text)
    assert (found and found.agency) == agency


@pytest.mark.parametrize(
    "text",
    [
        "Marked asking price (MAP) - The lowest that a harbour asks.",
        "The Annual Island Market (AIM) – London's boats are sold.",
        "The Elders' Parliament (EP) - The house voted.",
        "A first extended play (EP) – named Harbours.",
        "NAKURU (KNA) The farmers said.",
        "Tide Systems (ATS) - The software is old.",
        "Port Assistants (PA) – They help.",
        "Antara – Kisah sebuah kota.",
        "Bloomberg - 50 Jahre",
        "London, PA - A secretary asked for help.",
        "Delhi, AAP - The party met.",
    ],
)
def test_letters_in_brackets_and_names_before_a_dash_are_no_datelines(text: str) -> None:
    assert read_wire(f"{text}\n\nIt rained.") is None


@pytest.mark.parametrize(
    "line",
    [
        "By Ant Harbour",
        "With Ant and Bee",
        "With ATS software, harbours save time.",
        "With Bloomberg out of the vote, the two others are alone in the contest for the harbour.",
        "With AP people waiting at the gate, the mayor left by the back door on Monday.",
        "Sources: Harbour Bank, Bloomberg",
        "Sources: Bloomberg, Harbour Bank",
        "Quelle: Hafenamt; Bloomberg",
        "Source: Photo by Jane Roe, AFP",
        "Photo: Jane Roe © AFP 2026",
        "Bild: Jane Roe © dpa 2026",
        "Is Bloomberg in?",
        "Bloomberg is in.",
        "Reuters can be found here",
        "Reuters is a news agency.",
        "The report was first published by AP in 2024",
        "The harbour school has courses. AP/IB",
    ],
)
def test_last_lines_with_other_words_are_no_credits(line: str) -> None:
    assert read_wire(f"A text of it.\n\n{line}") is None


@pytest.mark.parametrize(
    ("last", "people"),
    [
        ("Von Ann Roe und dpa", ("Ann Roe",)),
        ("Reporting by Ann Roe, Reuters", ("Ann Roe",)),
        ("El Puerto / EFE", ()),
        ("Le Port avec AFP", ()),
        ("Par Le Port avec AFP", ()),
        ("Port Alder, Reuters", ()),
        ("Ann Roe and Bloomberg", ()),
    ],
)
def test_the_last_line_names_people_only_behind_a_lead(last: str, people: tuple[str, ...]) -> None:
    assert who_signs((), last) == people


def test_a_line_below_the_headline_may_name_the_agency_and_who_wrote_for_it() -> None:
    lines = ("9 January 2030", "By Jane Roe and John Doe, Reuters", "A harbour opened on Monday")
    assert read_wire("Only a text.", bylines=lines) == WireOrigin("Reuters", "author")
    assert who_signs(lines) == ("Jane Roe", "John Doe")
    assert who_signs(lines[::2]) == ()
    # No agency is named: a product, a greeting and a place are nobody's signature.
    for line in ("Harbour Desktop for Linux", "Dear Sisters and Brothers", "Alder, United Isles"):
        assert who_signs((line,)) == ()
    assert read_wire("Only a text.", bylines=("Photo: Jane Roe / AFP", "Reuters closes")) is None


def test_a_removed_line_counts_where_it_is_the_text_s_credit() -> None:
    assert read_wire("A text.", (), [("source_note", "Quelle: dpa")]) == WireOrigin("dpa", "credit")
    dated, code = (
        ("photo_credit", "© 2030 AFP"),
        ("photo_credit", "© dpa-infocom, dpa:300109-99-1/2"),
    )
    assert read_wire("A text.", (), [dated]) == WireOrigin("AFP", "credit")
    assert read_wire("A text.", (), [code]) == WireOrigin("dpa", "credit")


def test_the_dateline_goes_before_credit_and_author() -> None:
    text = "NEW YORK (AP) — A text.\n\nSource: Reuters"
    assert read_wire(text, ("AFP",)) == WireOrigin("Associated Press", "dateline")
    assert read_wire("A text.\n\nSource: Reuters", ("AFP",)) == WireOrigin("Reuters", "credit")


def test_an_article_says_where_it_knows_the_agency_from() -> None:
    words = "The company opened a reading room in Port Alder, and forty people came to see it. "
    page = (
        "<html><head><title>A Room Opens</title></head><body><article><h1>A Room Opens</h1>"
        f"<p>PORT ALDER (AP) — {words * 3}</p><p>{words * 3}</p></article></body></html>"
    )
    found = extract_article(page, url="https://e.example/room")
    assert isinstance(found, Article)
    assert found.wire == "Associated Press"
    assert dict(found.sources)["wire"] == "dateline"
    assert "(AP)" in found.text


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("JAKARTA - Pelabuhan baru dibuka.", "JAKARTA"),
        ("NEW YORK (Wire) – The harbour opened.", "NEW YORK"),
        ("WASHINGTON, Jan 9 (Wire) - The harbour opened.", "WASHINGTON"),
        ("Jakarta, Contoh Pos - Pelabuhan baru dibuka.", "Jakarta"),
        ("CONTOH.COM, Bandung - Pelabuhan baru dibuka.", "Bandung"),
        ("Berlin (dpa) - Der Hafen ist offen.", "Berlin"),
        ("The harbour - old and grey - opened.", None),
        ("A - B", None),
        ("", None),
    ],
)
def test_dateline(text: str, place: str | None) -> None:
    assert read_dateline(text) == place


def test_letters_with_an_article_are_a_club() -> None:
    assert read_wire("It rained.\n\nWith the help of the AA.") is None
    assert read_wire("It rained.\n\nWith the help of AP.")


def test_capitals_without_a_space_are_read_as_words_in_one_way() -> None:
    found = read_wire("Kota-Baru Selatan, ANTARA - Perusahaan itu tumbuh.")
    assert found
    assert found.agency == "Antara"
    for line in ("A" * 160, "A3F9" * 40, "Aa" * 80, "港口" * 40, "A'" * 80, "A-" * 80):
        assert read_wire(line) is None
    assert all("}+" in form.pattern for form in (_BESIDE_PLACE, _BEFORE_PLACE))
