"""What happens to a text between the agency and the papers, and texts that only look like copies.

An edit takes the paragraphs of an article, and those of others to borrow from, and gives the
paragraphs of a copy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

Text = list[str]
Edit = Callable[[Random, Text, Sequence[str]], Text]
"""From the text and a stock of foreign paragraphs to the text of a copy."""


def same(rng: Random, text: Text, stock: Sequence[str]) -> Text:
    """Nothing but a new headline."""
    return list(text)


def house_style(rng: Random, text: Text, stock: Sequence[str]) -> Text:
    """Every fiftieth word is another."""
    return [
        " ".join(word[::-1] + "x" if rng.random() < 0.02 else word for word in line.split(" "))
        for line in text
    ]


def cut(rng: Random, text: Text, least: float, most: float) -> Text:
    """Without the last paragraphs, about so much of the text by length, but never the first."""
    room = sum(map(len, text)) * (1 - rng.uniform(least, most))
    kept: Text = []
    for line in text:
        if kept and sum(map(len, kept)) + len(line) / 2 > room:
            break
        kept.append(line)
    return kept


def cut_by_a_third(rng: Random, text: Text, stock: Sequence[str]) -> Text:
    """A fifth to two fifths are cut from the end."""
    return cut(rng, text, 0.2, 0.4)


def cut_by_half(rng: Random, text: Text, stock: Sequence[str]) -> Text:
    """Two to three fifths are cut from the end."""
    return cut(rng, text, 0.4, 0.6)


def new_lead(rng: Random, text: Text, stock: Sequence[str]) -> Text:
    """The first paragraph is another, about as long."""
    return [_like(rng, text[0], stock), *(text[1:] or text)]


def insertions(rng: Random, text: Text, stock: Sequence[str]) -> Text:
    """Two paragraphs are put in, each about as long as one of the text's own."""
    longer = list(text)
    for _ in range(2):
        new = _like(rng, rng.choice(text), stock)
        longer.insert(rng.randrange(1, len(longer) + 1), new)
    return longer


def _like(rng: Random, line: str, stock: Sequence[str]) -> str:
    return min(rng.sample(stock, min(12, len(stock))), key=lambda one: abs(len(one) - len(line)))


def byline(rng: Random, text: Text, stock: Sequence[str]) -> Text:
    """Another byline and dateline."""
    names = rng.sample(["Ann", "Budi", "Chloé", "Dieter", "Example", "Ferreira"], 2)
    place = rng.choice(["LONDON", "JAKARTA", "NEW YORK", "BERLIN"])
    return [f"By {' '.join(names)}", f"{place}, Nov {rng.randint(1, 28)} - {text[0]}", *text[1:]]


def rewritten(rng: Random, text: Text, stock: Sequence[str]) -> Text:
    """A lead of one's own and up to two fifths cut."""
    return new_lead(rng, cut_by_a_third(rng, text, stock), stock)


def mixture(rng: Random, text: Text, stock: Sequence[str]) -> Text:
    """All at once: cut, new lead, two paragraphs put in, byline, house style."""
    shorter = cut(rng, text, 0.1, 0.35)
    longer = insertions(rng, new_lead(rng, shorter, stock), stock)
    return house_style(rng, byline(rng, longer, stock), stock)


EDITS: tuple[Edit, ...] = (
    same,
    house_style,
    cut_by_a_third,
    cut_by_half,
    new_lead,
    insertions,
    byline,
    rewritten,
    mixture,
)


def reworded(rng: Random, text: Text, stock: Sequence[str]) -> Text:
    """Every fourth word is another."""
    words = " ".join(rng.sample(stock, min(40, len(stock)))).split()
    return [
        " ".join(rng.choice(words) if rng.random() < 0.25 else word for word in line.split(" "))
        for line in text
    ]


def cut_to_a_fifth(rng: Random, text: Text, stock: Sequence[str]) -> Text:
    """Four fifths are cut from the end, to the word."""
    words = " ".join(text).split()
    return [" ".join(words[: len(words) // 5])]


HEAVY_EDITS: tuple[tuple[Edit, float], ...] = ((reworded, 0.4), (cut_to_a_fifth, 0.55))
"""Of these not all copies can be found: each with the share that is wanted at least."""


def digest(text: Text, other: Text) -> Text:
    """A page that has two articles in full, under a line of its own."""
    return ["What you need to know this morning:", *text, *other]


# --- Texts that are no copies of each other ------------------------------------------------------

Lookalikes = Callable[[Random, Sequence[Text], Sequence[str]], list[Text]]
"""From different articles and a stock of foreign paragraphs to texts with much in common."""


def standing_text(rng: Random, texts: Sequence[Text], stock: Sequence[str]) -> list[Text]:
    """One outlet's articles, each with the same paragraph of about 60 words below."""
    footer = _words(stock, 60)
    return [[*text, footer] for text in texts]


def weekly_column(rng: Random, texts: Sequence[Text], stock: Sequence[str]) -> list[Text]:
    """Columns of about 300 words, of which 100 stand there every week."""
    return [[_words(stock, 50), _words(text, 200), _words(stock[5:], 50)] for text in texts]


def stubs(rng: Random, texts: Sequence[Text], stock: Sequence[str]) -> list[Text]:
    """25 words of an article, and 80 that the outlet puts under each."""
    return [[_words(text, 25), _words(stock, 80)] for text in texts]


def forms(rng: Random, texts: Sequence[Text], stock: Sequence[str]) -> list[Text]:
    """Notices of 190 words that fill in one form, four fifths of which stand there every day."""
    form = [_words(stock[at:], 31) for at in range(5)]
    return [
        [f"{line} {_words(text[at % len(text) :], 7)}" for at, line in enumerate(form)]
        for text in texts
    ]


def briefs(rng: Random, texts: Sequence[Text], stock: Sequence[str]) -> list[Text]:
    """Reports of 60 words, each with the same sentence of 25 quoted."""
    return [[_words(text, 35), _words(stock, 25)] for text in texts]


def reports(rng: Random, texts: Sequence[Text], stock: Sequence[str]) -> list[Text]:
    """Reports of 400 words, each with the same 80 of a speech quoted."""
    return [[own, _words(stock, 80)] for own in _prose(texts, 320)]


def short_reports(rng: Random, texts: Sequence[Text], stock: Sequence[str]) -> list[Text]:
    """Reports of 260 words, of which 80 are a quotation that all have."""
    return [[own, _words(stock, 80)] for own in _prose(texts, 180)]


LOOKALIKES: tuple[tuple[Lookalikes, bool], ...] = (
    (standing_text, True),
    (weekly_column, True),
    (stubs, True),
    (forms, True),
    (briefs, False),
    (reports, False),
    (short_reports, False),
)
"""Each with whether they are all published on one site."""


def _prose(texts: Sequence[Text], count: int) -> list[str]:
    """The first words of the texts that have so many; of a table or a log few differ."""
    beginnings = [_words(text, count).split() for text in texts]
    return [" ".join(words) for words in beginnings if len(words) == count <= 2.5 * len(set(words))]


def _words(lines: Sequence[str], count: int) -> str:
    return " ".join(" ".join(lines).split()[:count])
