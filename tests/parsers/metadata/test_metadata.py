"""Metadata: each field from the best place that states it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import HtmlElement

from parsers.extraction.tree import parse_html
from parsers.metadata.access import read_access
from parsers.metadata.authors import read_credits
from parsers.metadata.bylines import read_byline, split_names
from parsers.metadata.facts import PageStatements, read_facts
from parsers.metadata.reconcile import read_site_names
from parsers.metadata.stated_times import read_moment
from parsers.metadata.surroundings import read_surroundings
from parsers.metadata.times import Times, read_times
from parsers.metadata.titles import cut_site_name, find_headline, read_title
from parsers.records import Access, CreditRole, DateFlag
from parsers.text.dates import Moment

SITE = ["The Example Post", "example.org"]


def page(head: str = "", body: str = "") -> tuple[HtmlElement, PageStatements]:
    tree = parse_html(f"<html><head>{head}</head><body>{body}<p>x</p></body></html>")
    assert tree is not None
    return tree, read_facts(tree)


def json_ld(content: str) -> str:
    return f'<script type="application/ld+json">{content}</script>'


def title(head: str, body: str = "") -> tuple[str, str]:
    tree, facts = page(head, body)
    found = read_title(facts, SITE, find_headline(tree, facts, SITE))
    assert found is not None
    return found.value, found.source


def authors(head: str, body: str = "") -> tuple[tuple[str, ...], str] | None:
    tree, facts = page(head, body)
    around = read_surroundings(tree, find_headline(tree, facts, SITE), facts.titles)
    found = read_credits(tree, facts, around, SITE)
    if found is None:
        return None
    names = tuple(credit.name for credit in found.value if credit.role is CreditRole.AUTHOR)
    return names, found.source


def times(head: str = "", body: str = "", url: str = "") -> Times:
    tree, facts = page(head, body)
    around = read_surroundings(tree, find_headline(tree, facts, SITE), facts.titles)
    return read_times(tree, facts, around, url)


def test_the_title_most_places_agree_on_wins() -> None:
    head = (
        '<title>Ships come in | The Example Post</title><meta property="og:title" '
        'content="You will not believe these ships">'
        + json_ld('{"@type":"NewsArticle","headline":"Ships come in"}')
    )
    assert title(head) == ("Ships come in", "json-ld")


def test_where_two_titles_have_as_many_places_the_headline_wins() -> None:
    head = (
        '<title>Ships and rain - The Example Post</title><meta property="og:title" content="Ships'
        ' and rain">' + json_ld('{"@type":"NewsArticle","headline":"Ships come in"}')
    )
    assert title(head, "<h1>Ships come in</h1>")[0] == "Ships come in"


def test_the_title_element_serves_where_nothing_else_does() -> None:
    assert title("<title>Ships come in – The Example Post</title>") == ("Ships come in", "title")


@pytest.mark.parametrize(
    ("stated", "cut"),
    [
        ("Ships come in | The Example Post", "Ships come in"),
        ("Ships come in - example.org", "Ships come in"),
        ("The Example Post: Ships come in", "Ships come in"),
        ("The Example Post’s plans: ships come in", "The Example Post’s plans: ships come in"),
        ("Ships come in | Harbour | The Example Post", "Ships come in | Harbour"),
        ("港が開く：The Example Post", "港が開く"),
        ("Ships come in - at last", "Ships come in - at last"),
        ("The Example Post", "The Example Post"),
    ],
)
def test_only_the_sites_name_is_cut_off(stated: str, cut: str) -> None:
    assert cut_site_name(stated, {"the example post", "example org"}) == cut


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("By Jane Roe and John Doe", ["Jane Roe", "John Doe"]),
        ("Von Erika Muster, Max Beispiel", ["Erika Muster", "Max Beispiel"]),
        ("Oleh: Contoh Nama", ["Contoh Nama"]),
        ("Jane Roe, Senior Correspondent", ["Jane Roe"]),
        ("Par Exemple Dupont et Marie Exemple", ["Exemple Dupont", "Marie Exemple"]),
        ("https://www.facebook.com/example", []),
        ("mail@example.org", []),
        ("admin", []),
        ("Updated January 9, 2030", []),
    ],
)
def test_names_in_a_byline(byline: str, names: list[str]) -> None:
    assert split_names(byline) == names


@pytest.mark.parametrize(
    ("byline", "named"),
    [
        (
            "(Reporting by Ann Roe in Rome and Tom Doe in Oslo; Writing by Eva Poe)",
            "A:Ann Roe A:Tom Doe A:Eva Poe",
        ),
        ("Reportaje de Ana Roe. Edición de Eva Poe.", "A:Ana Roe E:Eva Poe"),
        ("(Ann Roe, édité par Eva Poe)", "A:Ann Roe E:Eva Poe"),
        ("Texto de Ana Roe e fotografia de Eva Poe", "A:Ana Roe P:Eva Poe"),
        ("Von Ann Roe (Text) und Eva Poe (Fotos)", "A:Ann Roe P:Eva Poe"),
        ("Example Press writer Tom Doe in Oslo contributed to this report.", "C:Tom Doe"),
        ("Avec la contribution d'Eva Poe", "C:Eva Poe"),
        ("Un article de Claire Roe", ""),  # or about her
        ("Un article signé Claire Roe", "A:Claire Roe"),
        ("Reportagem: Ana Roe. Edição: Eva Poe.", "A:Ana Roe E:Eva Poe"),
        ("By Ann Roe, Tom Doe and correspondent Eva Poe", "A:Ann Roe A:Tom Doe A:Eva Poe"),
        ("By Example Press writers Ann Roe and Tom Doe", "A:Ann Roe A:Tom Doe"),
        ("Reporte adicional de Ana Roe; editado por Eva Poe", "C:Ana Roe E:Eva Poe"),
        ("Reportage complémentaire de Ana Roe; édité par Eva Poe", "C:Ana Roe E:Eva Poe"),
        ("Par Claire Roe, La Rochelle", "A:Claire Roe"),
        ("De notre correspondante à Port Blanc", ""),
        ("De notre correspondante à Port Blanc, Claire Roe", "A:Claire Roe"),
        ("(Reportage Claire Roe, édité par Eva Poe)", "A:Claire Roe E:Eva Poe"),
        ("Bericht: Hafen plant Fähre", ""),
        ("Материал подготовила Вера Роу", "A:Вера Роу"),
        ("Texto e fotos: Ana Roe", "A:Ana Roe"),
        ("By Example Press reporter Ann Roe", "A:Ann Roe"),
        ("Porträt von Ann Roe", ""),
    ],
)
def test_roles_in_a_byline(byline: str, named: str) -> None:
    told = " ".join(f"{one.role[0].upper()}:{one.name}" for one in read_byline(byline))
    assert told == named


@pytest.mark.parametrize(
    "line",
    [
        "Bericht: Karl Hafen",
        "Protokoll: Karl Hafen, Vera Mole",
        "Reportage : Louis Quai",
        "Enquête : Louis Quai",
        "Reporte: Puerto Nuevo",
        "Reportage Ligue Nord",
        "Analysis by Harbour Brothers",
        "Reportaje de Radio Marina",
        "Un article de Port Match",
        "Servizio di Trasporto Marino",
        "Commento di Papa Quinto",
        "Nota de la Redacción",
        "Édition : Côte du Nord",
        "Éditeur : Port Jeunesse",
        "Sea Level contributed",
        "With reporting from Port Alder",
        "Additional reporting from North Island",
        "With files from Radio Alder",
        "Reportage complémentaire de Port Blanc",
        "Fotos de Punta Marina",
    ],
)
def test_a_kind_of_text_before_a_topic_or_a_place_names_nobody(line: str) -> None:
    tree, facts = page("<title>A harbour</title>", f"<h1>A harbour</h1><p>{line}</p>")
    around = read_surroundings(tree, find_headline(tree, facts, SITE), facts.titles)
    assert read_credits(tree, facts, around, SITE) is None


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ('"Jane Roe"', ("Jane Roe",)),
        ('{"@type":"Person","name":"Jane Roe"}', ("Jane Roe",)),
        ('[{"name":"Jane Roe"},{"name":"John Doe"},{"name":"Jane Roe"}]', ("Jane Roe", "John Doe")),
        ('{"name":["Jane Roe","John Doe"]}', ("Jane Roe", "John Doe")),
        ('[{"name":"The Example Post"},{"name":"Jane Roe"}]', ("Jane Roe",)),
        ('{"@type":"Organization","name":"The Example Post"}', ("The Example Post",)),
    ],
)
def test_json_ld_authors_in_every_shape(author: str, names: tuple[str, ...]) -> None:
    assert authors(json_ld(f'{{"@type":"NewsArticle","author":{author}}}')) == (names, "json-ld")


def test_an_author_given_by_reference_is_looked_up() -> None:
    graph = (
        '{"@graph":[{"@type":"Article","headline":"x","author":{"@id":"#p"}},{"@id":"#p","@type":"Person","name":"Jane'
        ' Roe"}]}'
    )
    assert authors(json_ld(graph)) == (("Jane Roe",), "json-ld")


def test_authors_from_meta_and_then_from_the_byline() -> None:
    assert authors('<meta name="author" content="Jane Roe">') == (("Jane Roe",), "author")
    line = '<h1>Ships come in</h1><span class="byline">By Jane Roe</span>'
    assert authors("", line) == (("Jane Roe",), "byline")
    assert authors("") is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2030-01-09T10:00:00+07:00", Moment(datetime(2030, 1, 9, 3, tzinfo=UTC), None, 420)),
        ("2030-01-09T10:00:00+0700", Moment(datetime(2030, 1, 9, 3, tzinfo=UTC), None, 420)),
        (
            "2030-01-09T10:00:00.1234567Z",
            Moment(datetime(2030, 1, 9, 10, 0, 0, 123456, tzinfo=UTC), None, 0),
        ),
        ("2030-01-09T10:00:00", Moment(datetime(2030, 1, 9, 10, tzinfo=UTC), DateFlag.NO_ZONE)),
        ("2030-01-09", Moment(datetime(2030, 1, 9, tzinfo=UTC), DateFlag.DAY)),
        ("20300109", Moment(datetime(2030, 1, 9, tzinfo=UTC), DateFlag.DAY)),
        (1893456000, Moment(datetime(2030, 1, 1, tzinfo=UTC))),
        ("1893456000000", Moment(datetime(2030, 1, 1, tzinfo=UTC))),
        ("Wed, 09 Jan 2030 10:00:00 +0700", Moment(datetime(2030, 1, 9, 3, tzinfo=UTC), None, 420)),
        ("9 Januari 2030 10:00 WIB", Moment(datetime(2030, 1, 9, 3, tzinfo=UTC), None, 420)),
        ("2573-01-09T10:00:00+07:00", Moment(datetime(2030, 1, 9, 3, tzinfo=UTC), None, 420)),
        ("2030/01/09 10:00:00", Moment(datetime(2030, 1, 9, 10, tzinfo=UTC), DateFlag.NO_ZONE)),
        (float("inf"), None),
        ("0001-01-01T00:00:00", None),
        ("9 January", None),
        (None, None),
    ],
)
def test_moments(text: object, moment: Moment | None) -> None:
    assert read_moment(text) == moment


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ('<h1>Ships</h1><time class="entry-date" datetime="2020-01-09T12:05:00Z">9 Jan</time>', 9),
        (
            '<time class="entry-date" datetime="2020-01-02">menu</time><h1>Ships</h1>'
            '<span class="post-date"><time datetime="2020-01-09">9 Jan</time></span>',
            9,
        ),
        (
            '<h1>Ships</h1><time class="entry-date" datetime="2020-01-02">teaser</time>'
            '<time itemprop="datePublished" datetime="2020-01-09">9 Jan</time>',
            9,
        ),
        ('<time datetime="2020-01-09T12:05:00Z">9 Jan</time>', 9),
        ('<time class="updated" datetime="2020-01-09">9 Jan</time>', None),
        ('<time datetime="2020-01-09">9 Jan</time><time datetime="2020-01-08">8 Jan</time>', None),
    ],
    ids=["entry-date", "below the headline", "stated", "the only one", "changed", "one of many"],
)
def test_a_marked_time_comes_before_the_day_in_the_header(body: str, marked: int | None) -> None:
    header = '<div class="date">January 20, 2020</div>'
    found = times(body=header + body, url="https://example.org/ships").published
    assert found is not None
    if marked is None:
        assert found.source == "htmldate"
    else:
        assert (found.source in ("time", "text"), found.value.at.day) == (True, marked)


def test_json_ld_time_comes_before_meta_and_meta_before_search() -> None:
    meta = '<meta property="article:published_time" content="2030-01-08">'
    ld = json_ld('{"@type":"NewsArticle","datePublished":"2030-01-09T10:00:00Z"}')
    both, only_meta = (times(head).published for head in (meta + ld, meta))
    assert both is not None
    assert only_meta is not None
    assert (both.source, only_meta.source) == ("json-ld", "article:published_time")
    searched = times(body='<div class="published">2019-01-09</div>').published
    assert searched is not None
    assert (searched.source, searched.value.flag) == ("htmldate", DateFlag.DAY)
    assert times(meta).modified is None


@pytest.mark.parametrize(
    ("head", "body", "access", "evidence"),
    [
        (
            json_ld('{"@type":"NewsArticle","isAccessibleForFree":"False"}'),
            "",
            Access.PAYWALLED,
            "isAccessibleForFree=false",
        ),
        (
            json_ld('{"@type":"NewsArticle","isAccessibleForFree":true}'),
            "",
            Access.FREE,
            "isAccessibleForFree=true",
        ),
        (
            '<meta property="article:content_tier" content="locked">',
            "",
            Access.PAYWALLED,
            "article:content_tier=locked",
        ),
        (
            '<meta property="og:article:content_tier" content="free">',
            "",
            Access.FREE,
            "og:article:content_tier=free",
        ),
        (
            "",
            '<div class="article-paywall">Subscribe</div>',
            Access.PAYWALLED,
            "container -paywall",
        ),
    ],
)
def test_access_has_its_evidence(head: str, body: str, access: Access, evidence: str) -> None:
    found = read_access(*page(head, body))
    assert found is not None
    assert (found.value, found.source) == (access, evidence)


def test_access_is_unknown_where_nothing_says_so() -> None:
    assert read_access(*page("", '<div class="no-paywall"></div>')) is None


@pytest.mark.parametrize(
    "text",
    [
        '<!-- {"@type":"NewsArticle","headline":"A"} -->',
        '{"@type":"NewsArticle","headline":"A",}',
        '[{"@graph":[{"@type":["Thing","NewsArticle"],"headline":"A"}]}]',
        '{"@type":"NewsArticle","headline":"A\n"}',
        '{"@type":"NewsArticle","headline":"A"\n"datePublished":"2030-01-09"}',
        '{"@type":"NewsArticle" "headline":"A" "author":["Jane Roe" "John Doe"]}',
        '{"@type":"WebSite","name":"B"}{"@type":"NewsArticle","headline":"A"}',
        '{"@type":"https://schema.org/NewsArticle","headline":"A"};',
    ],
)
def test_json_ld_is_read_as_pages_write_it(text: str) -> None:
    headline = page(json_ld(text))[1].article["headline"]
    assert headline.strip() == "A"


def test_site_names_come_from_statements_and_last_from_the_host() -> None:
    facts = page('<meta property="og:site_name" content="The Example Post">')[1]
    names = read_site_names(facts, "https://www.example.org/a")
    assert [name.value for name in names] == ["The Example Post", "example.org", "example"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "@type",
                        "@id",
                        "name",
                        "author",
                        "headline",
                        "datePublished",
                        "keywords",
                        "isAccessibleForFree",
                        "@graph",
                        "publisher",
                    ]
                ),
                inner | st.just("NewsArticle"),
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_ld_is_survived(value: object) -> None:
    import json  # noqa: PLC0415

    tree, facts = page(json_ld(json.dumps(value).replace("<", "")))
    headline = find_headline(tree, facts, SITE)
    around = read_surroundings(tree, headline, facts.titles)
    read_title(facts, SITE, headline)
    read_credits(tree, facts, around, SITE)
    read_access(tree, facts)
    read_times(tree, facts, around, "")
