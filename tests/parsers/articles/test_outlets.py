"""Every form of outlets.toml that has an example, and what must not be taken for a credit."""

from __future__ import annotations

import pytest

from parsers.articles.from_page import extract_article
from parsers.articles.outlet_rules import outlet_rules
from parsers.articles.outlets import own_names, read_credited, sites_meant
from parsers.records import Article, Credit, CreditRole

FORMS = outlet_rules()["forms"].items()


def named(text: str, language: str = "en", own: frozenset[str] = frozenset()) -> list[str]:
    return [credit.name for credit in read_credited(text, language, own=own)]


@pytest.mark.parametrize(("language", "rules"), FORMS, ids=[language for language, _ in FORMS])
def test_examples(language: str, rules: dict[str, list[str]]) -> None:
    assert rules["examples"]
    assert rules["others"]
    for example in rules["examples"]:
        assert named(example, language) == ["The Verge"], example
    for other in rules["others"]:
        assert not named(other, language), other


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        (
            "en",
            "She told the Financial Times, and CNBC first reported it.",
            ["Financial Times", "CNBC"],
        ),
        ("en", "It closes, according to Bloomberg’s reporting.", ["Bloomberg"]),
        ("en", "The newspaper Inselbote reported that it closes.", ["Inselbote"]),
        ("en", "It was first reported by quaynews.com.", ["quaynews.com"]),
        ("en", "It closes.\n\nSource: The Verge, TechCrunch", ["The Verge", "TechCrunch"]),
        ("en", "She told Time.", ["Time"]),
        ("en", "CNN and The Verge reported it.", ["CNN", "The Verge"]),
        ("en", "She said so in an interview with Bloomberg TV.", ["Bloomberg"]),
        ("en", "It closes, according to the Harbour Gazette.", ["Harbour Gazette"]),
        ("es", '"No", aseguró la directora a Reuters.', ["Reuters"]),
        ("de", "Laut „Bild“ kostet es zwei Millionen.", ["Bild"]),
        ("de", "Nach Spiegel-Informationen kostet es mehr.", ["Der Spiegel"]),
        ("de", "Das sagte eine Sprecherin der Süddeutschen Zeitung.", []),
        ("fr", "« Oui », a-t-elle déclaré au Monde.", ["Le Monde"]),
        ("de", "Das sagte sie der Süddeutschen Zeitung.", ["Süddeutsche Zeitung"]),
        ("ru", "По данным «Ведомостей», порт закроют.", ["Ведомости"]),
        ("pt", "A obra atrasou, segundo a Folha de S.Paulo.", ["Folha de S.Paulo"]),
        ("fr", "L'usine attendra, selon une information des Échos.", ["Les Echos"]),
        ("fr", "La ligne ouvrira, a annoncé l'agence Reuters.", ["Reuters"]),
        ("ru", "Согласно The Wall Street Journal, порт закроют.", ["The Wall Street Journal"]),
        ("en", "They were warned, a Guardian investigation has found.", ["The Guardian"]),
        # A longer name, a common word, a company, its site, its owner, somebody of that name.
        ("en", "According to the Bloomberg Billionaires Index, he is rich.", []),
        ("en", "She told Time Warner to pay.", []),
        ("en", "Fortune smiled on her.", []),
        ("en", "The New York Times reported a profit, its owner said.", []),
        ("en", "It was first reported by quaynews.com. Quaynews is a bank.", []),
        ("en", "According to Michael Bloomberg, it closes.", []),
        ("en", "The news was not first reported by Bloomberg.", []),
        ("en", "It closes.\n\nSource: Bloomberg data", []),
        ("es", "El mundo informó poco.", []),
        ("id", "Menurut kompas itu, utara ada di sana.", []),
        ("fr", "Tout le monde rapporte cela.", []),
        ("ru", "Известия о пожаре дошли до порта.", []),
        ("xx", "She told The Verge.", []),
        # Institutions with such a name; networks, shops and whose site it is.
        ("en", "It works, according to the New England Journal of Medicine.", []),
        ("en", "It was reported by the Cook County Medical Examiner.", []),
        ("en", "According to Harbour Sentinel, the login was odd.", []),
        ("en", "It was first reported by the Harbour Sentinel.", ["Harbour Sentinel"]),
        ("de", "Laut Süddeutsche Klassenlotterie gewann niemand.", []),
        ("pt", "O decreto foi publicado no Diário da República.", []),
        ("en", "The video was first posted on YouTube.com.", []),
        ("id", "Dikutip dari laman resmi quay.com, harganya naik.", []),
        ("id", "Dikutip dari laman quay.com, harganya naik.", ["quay.com"]),
        # What an outlet does itself, and what is done to it.
        ("en", "CNN revealed its new logo.", []),
        ("en", "CNN revealed the plan.", ["CNN"]),
        ("en", "CNBC wrote a memo to staff.", []),
        ("en", "CNBC reported a fault in the dam.", ["CNBC"]),
        ("en", "CNBC reported an error.", []),
        ("en", "He told NPR listeners to give.", []),
        ("en", "He sued CNN, which reported the story.", []),
        ("en", "The film was reviewed by The Guardian.", []),
        ("en", "The letter was reviewed by The Guardian.", ["The Guardian"]),
        ("en", "He was interviewed by the BBC for a job.", []),
        ("de", "Der ORF hat am Freitag neue Gebühren gemeldet.", []),
        # What means something else in most texts of a language, and somebody of the name.
        ("en", "It is safe, according to the NRC.", []),
        ("en", "The plan was first reported by NRC.", ["NRC"]),
        ("en", "It closes, according to the news agency PAP.", ["PAP"]),
        ("nl", "Volgens NRC sluit de haven.", ["NRC"]),
        ("pt", "Segundo a ANP, a gasolina subiu.", []),
        ("ru", "По данным КП, порт закроют.", []),
        ("ru", "По данным «КП», порт закроют.", ["Комсомольская правда"]),
        ("en", "It closes, as Stern noted.", []),
        ("en", "It closes, according to the magazine Stern.", ["Stern"]),
        ("de", "Das berichtete zuerst der Stern.", ["Stern"]),
        ("de", "Jens Stern war dort. Das berichtete zuerst Stern.", []),
        ("de", "Laut Stern (52) war es Notwehr.", []),
        ("de", "Laut Stern, der seit Mai dort lebt, war es Notwehr.", []),
        ("en", "According to John Herald, it closes.", []),
        ("en", "Steve Forbes spoke. It was first reported by Forbes.", []),
    ],
)
def test_which_outlets_are_credited(language: str, text: str, names: list[str]) -> None:
    assert named(text, language) == names


def test_an_outlet_that_speaks_of_itself_is_not_told() -> None:
    text = "She told the Financial Times, and CNBC reported it."
    assert named(text, own=own_names("https://www.ft.com/content/1")) == ["CNBC"]
    assert named(text, own=own_names(None, "CNBC")) == ["Financial Times"]
    text = "The plan was first reported by electrek.co."
    assert named(text) == ["electrek.co"]
    assert named(text, own=own_names("https://electrek.co/plan")) == []


@pytest.mark.parametrize(
    ("language", "text", "url"),
    [
        ("en", "The plan was first reported by ABC News.", "https://abcnews.go.com/a"),
        ("en", "The plan was first reported by Los Angeles Times.", "https://www.latimes.com/a"),
        ("it", "Secondo la Repubblica, il porto chiuderà.", "https://www.repubblica.it/a"),
        ("fr", "Le port fermera, selon L'Humanité.", "https://www.humanite.fr/a"),
        ("pt", "O porto, segundo a Agência Brasil, fechou.", "https://agenciabrasil.ebc.com.br/a"),
        ("nl", "Volgens De Tijd sluit de haven.", "https://www.tijd.be/a"),
    ],
)
def test_an_outlets_site_may_be_called_otherwise(language: str, text: str, url: str) -> None:
    assert named(text, language)
    assert not named(text, language, own_names(url))


def test_which_sites_credits_mean() -> None:
    names = ["The Verge", "Financial Times", "electrek.co", "El País", "Kompas", "The Daily Lamp"]
    sites = ["theverge.com", "ft.com", "electrek.co", "elpais.com", "kompas.com", "lamp.example"]
    known = [False, True, True, False, False]
    assert sites_meant(names, sites) == list(zip(names, sites, known, strict=False))
    assert sites_meant(["Financial Times"], ["financialtimes.example"]) == []


def test_a_pages_outlets_are_among_its_credits() -> None:
    body = "<p>The harbour was opened again after two years of work, as many had hoped.</p>" * 6
    page = (
        '<html lang="en"><head><title>Harbour opens</title></head><body><article>'
        f"<h1>Harbour opens</h1><p>PORT ALDER (Reuters) - It opens, she told Reuters.</p>{body}"
        "<p>The plan was first reported by The Verge.</p></article></body></html>"
    )
    found = extract_article(page, url="https://gazette.example/harbour")
    assert isinstance(found, Article)
    assert found.wire == "Reuters"
    assert Credit("The Verge", CreditRole.SOURCE) in found.credits
    assert "Reuters" not in [credit.name for credit in found.credits]
    assert "The Verge" not in found.authors
