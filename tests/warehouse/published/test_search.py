"""Ranked search: what is found, in which order, and that it stays fresh."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from parsers.errors import Quarantine, Retry
from parsers.records import Article
from parsers.text.search_words import read_query
from tests.tiers import also_long
from tests.warehouse.builders import Bench, a_batch, an_article, at
from warehouse.database.migrate import migrations
from warehouse.loading.landing import land
from warehouse.loading.load import load_landed
from warehouse.published.publish import publish
from warehouse.published.search import FoundArticle, search_articles
from warehouse.published.search_index import index_path, refresh_index


def told(name: str, title: str, text: str, read: float = 1, **fields: object) -> Article:
    made = an_article(name, read=read, title=title, **fields)  # type: ignore[arg-type]
    return Article(**{slot: getattr(made, slot) for slot in made.__slots__} | {"text": text})


def find(bench: Bench, query: str, **filters: object) -> list[str | None]:
    refresh_index(bench.desk)
    return [hit.title for hit in hits(bench, query, **filters)]


def hits(bench: Bench, query: str, **filters: object) -> tuple[FoundArticle, ...]:
    return search_articles(bench.desk, read_query(query), count=10, **filters)  # type: ignore[arg-type]


def load(bench: Bench, name: str, *articles: Article) -> None:
    bench.load(a_batch(name, articles=articles))
    publish(bench.desk, now=at(len(name)))


def test_titles_first_then_relevance_then_the_newest(bench: Bench) -> None:
    filler = " word" * 60
    load(
        bench,
        "b1",
        told("a", "Nothing", "Once Grok was named in a lawsuit." + filler),
        told("b", "Nothing much", "Grok lawsuit: the Grok lawsuit is a lawsuit." + filler),
        told("c", "Lawsuit about Grok", "Something." + filler),
        told("d", "Old twin", "Grok and the lawsuit twin." + filler, read=1),
        told("e", "New twin", "Grok and the lawsuit twin." + filler, read=2),
        told("f", "Grok", "No court."),
        *(told(f"n{n}", "Weather", f"Rain{filler}") for n in range(12)),
    )
    assert find(bench, "grok lawsuit") == [
        "Lawsuit about Grok", "Nothing much", "New twin", "Old twin", "Nothing",
    ]  # fmt: skip
    assert find(bench, '"lawsuit twin"') == ["New twin", "Old twin"]
    assert find(bench, "grok nonsense") == []
    assert hits(bench, "twin grok")[0].snippet.startswith("Grok and the lawsuit twin.")


def test_every_script(bench: Bench) -> None:
    load(bench, "b1", *(told(f"a{n}", "x", text) for n, text in enumerate(SCRIPTS)))
    refresh_index(bench.desk)
    for query in FOUND.split():
        assert hits(bench, query) != (), query
    assert hits(bench, "克马") == ()


FOUND = """
马斯克 起诉 诉 イーロン 提訴 อีลอน มัสก์ 일론 Gericht MÜNCHEN munchen σωκρατησ مقاضاة घोषणा
"""
SCRIPTS = (
    "埃隆·马斯克周一在法院起诉了OpenAI。",
    "イーロン・マスク氏は月曜日、オープンAIを提訴した。",
    "อีลอน มัสก์ ฟ้องโอเพนเอไอเมื่อวันจันทร์",
    "일론 머스크가 월요일 소송을 제기했다.",
    "Das Gericht in München gab Musk am Montag recht.",
    "Ο Σωκράτης μίλησε για τον Μασκ.",
    "قرر ماسك مقاضاة الشركة يوم الاثنين.",
    "मस्क ने सोमवार को एक घोषणा की।",
)


ASKED = """\
马斯克
起诉
诉
克马
イーロン
提訴
อีลอน
มัสก์
일론 머스크
MÜNCHEN
munchen
σωκρατησ
مقاضاة
घोषणा
घोषण
strasse
STRAẞE
grosse
elon
elons
ai
sai
elon's
elon’s
100
10
1
nandu
федор
gpt4
gpt
cafe
café
o’brien
t3
"reading room"
"room reading"
reading-room
"reading the room"
"end in"
"l’été 100"
"reading
the straße is
reading room elon said 100 ete
reading room elon said 100 nothing
""
– “
|
東京
馬斯克 起诉
musk -gericht
gericht -musk
-musk
reading OR 起诉
OR 起诉 OR
musk OR gpt4 -elon -"reading room"
elon OR -musk cafe reading
musk OR reading OR – OR 100 straße OR elons
-"" OR
or reading
musk -
"OR" reading
openai
OPENAI
iphones
usas
4go
kelvin
soon
мои
οδοσ
street iphones usas 4go kelvin soon мои
ǆungla
ǅungla
ǄUNGLA kelvin
ungla
"""
TEXTS = (
    *SCRIPTS,
    "In der Große Straße 9 – “Elon’s reading-room” – said l’été: 100% cafe\u0301.",
    "STRASSE. Reading the room, as Elons Ñandú did; ФЁДОР, o’Brien’s ＧＰＴ4.",
    "- one\n- two\n\n1.\u00a0three\n\n| a | b |",
    "OpenAI評議会: iPhones, USAs; 4Go \u212aelvin \u017foon, МОЙ Ὁδός, STREET ǅungla",
)


@pytest.mark.parametrize("every", [3, *also_long(1)])
def test_sql_finds_what_the_command_finds(bench: Bench, every: int) -> None:
    """`search()` reads the texts as they stand, `pressclip search` its index."""
    load(bench, "b1", *(told(f"a{n}", f"T{n} end", text) for n, text in enumerate(TEXTS)))
    refresh_index(bench.desk)
    with bench.open() as wh:
        for query in ASKED.splitlines()[::every]:
            rows = wh.execute(
                "SELECT title FROM search($query, days := 99999)".replace("$query", quoted(query))
            )
            found = {hit.title for hit in hits(bench, query)}
            assert {title for (title,) in rows} == found, query


def test_what_was_stored_before_is_found_as_what_is_new(bench: Bench) -> None:
    """A migration filled in what search() looks at, in the words of its time."""
    load(bench, "b1", *(told(f"a{n}", f"Été {n}", text) for n, text in enumerate(TEXTS)))
    (filled,) = (one.sql for one in migrations() if "search_words" in one.name)
    _, update = filled.split(";", 1)
    stored = "SELECT search_words FROM articles ORDER BY article_id"
    with bench.open() as wh:
        loaded = wh.execute(stored)
        wh.execute("UPDATE articles SET search_words = NULL")
        wh.execute(update)
        assert wh.execute(stored) == loaded


def quoted(text: str) -> str:
    """`text` as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def test_filters(bench: Bench) -> None:
    load(
        bench,
        "b1",
        told("a", "One", "Grok", topics=("musk",), read=1),
        told("b", "Two", "Grok", topics=("musk", "openai"), language="id", read=30),
    )
    assert find(bench, "grok", topic="OpenAI") == ["Two"]
    assert find(bench, "grok", topic="mus") == []
    assert find(bench, "grok", language="EN") == ["One"]
    assert find(bench, "grok", since=at(20)) == ["Two"]


def test_new_and_changed_articles_are_found_and_only_they_are_read(bench: Bench) -> None:
    load(bench, "b1", told("a", "One", "Grok"), told("b", "Two", "Grok"))
    assert refresh_index(bench.desk) == 2
    assert refresh_index(bench.desk) == 0
    load(bench, "b22", told("a", "Edited", "Claude", read=5), told("c", "Three", "Grok", read=5))
    assert refresh_index(bench.desk) == 2
    assert find(bench, "grok") == ["Three", "Two"]
    assert find(bench, "claude") == ["Edited"]
    load(bench, "b333", told("b", "Two", "Grok", read=1, topics=("xai",)))
    assert refresh_index(bench.desk) == 0
    assert find(bench, "grok", topic="xai") == ["Two"]


def test_what_was_loaded_when_the_clock_was_set_back_is_found(bench: Bench) -> None:
    load(bench, "b1", told("a", "One", "Grok"))
    refresh_index(bench.desk)
    land(bench.desk, a_batch("b2", articles=(told("b", "Two", "Grok", read=5),)))
    with bench.open() as wh:
        load_landed(wh, bench.desk, loaded_at=at(3))
    publish(bench.desk, now=at(9))
    assert find(bench, "grok") == ["Two", "One"]


def test_an_index_of_what_a_backup_replaced_is_made_anew(bench: Bench) -> None:
    load(bench, "b1", told("a", "One", "Grok"))
    earlier = bench.desk.private.read_bytes()
    load(bench, "b22", told("b", "Lost", "Grok"))
    refresh_index(bench.desk)
    bench.desk.private.write_bytes(earlier)
    load(bench, "b333", told("c", "Two", "Grok", read=5))
    load(bench, "b4444", told("d", "Three", "Grok", read=6))
    assert find(bench, "grok") == ["Three", "Two", "One"]


def test_an_index_of_an_early_form_is_made_anew(bench: Bench) -> None:
    load(bench, "b1", told("a", "One", "Grok"))
    refresh_index(bench.desk)
    with closing(sqlite3.connect(index_path(bench.desk))) as index:
        index.execute("ALTER TABLE state RENAME last_batch TO loaded_at")
        index.execute("UPDATE state SET form = 1")
        index.execute("DELETE FROM documents")
        index.commit()
    assert find(bench, "grok") == ["One"]


def test_whoever_waits_is_told_how_far_it_is(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.published.search_index._ROWS", 2)
    heard: list[tuple[int, int]] = []
    load(bench, "b1", *(told(name, name, "Grok") for name in "abc"))
    refresh_index(bench.desk, lambda done, total: heard.append((done, total)))
    refresh_index(bench.desk, lambda done, total: heard.append((done, total)))
    assert heard == [(2, 3), (3, 3)]


def test_an_index_of_another_warehouse_or_a_lost_one_is_made_anew(
    bench: Bench, tmp_path: Path, made_anew: None
) -> None:
    other = replace(
        Bench.in_folder(tmp_path / "other"), made=True
    )  # a warehouse is told by its birth
    load(other, "b1", told("z", "Other", "Grok"))
    refresh_index(other.desk)
    load(bench, "b1", told("a", "One", "Grok"))
    index_path(bench.desk).write_bytes(index_path(other.desk).read_bytes())
    assert find(bench, "grok") == ["One"]
    index_path(bench.desk).unlink()
    assert find(bench, "grok") == ["One"]


@pytest.mark.parametrize("damaged", ["nothing", "words", *also_long("text", "half", "table")])
def test_a_damaged_index_is_made_anew(bench: Bench, damaged: str) -> None:
    load(bench, "b1", *(told(f"a{n}", f"Title {n}", f"Grok {n} " * 50) for n in range(60)))
    refresh_index(bench.desk)
    file = index_path(bench.desk)
    whole = file.read_bytes()
    if damaged == "text":
        file.write_bytes(b"no database at all, only text")
    elif damaged == "nothing":
        file.write_bytes(b"")
    elif damaged == "half":
        file.write_bytes(whole[: len(whole) // 2])
    elif damaged == "words":  # which only a search reads
        file.write_bytes(whole[:8192] + b"\xa5" * (len(whole) - 8192))
    else:
        with closing(sqlite3.connect(file)) as index, index:
            index.execute("DROP TABLE documents")
    assert len(find(bench, "grok")) == 10
    assert len(hits(bench, "title 7")) == 1


def test_an_index_that_cannot_be_written_says_so(bench: Bench) -> None:
    load(bench, "b1", told("a", "One", "Grok"))
    index_path(bench.desk).mkdir()
    with pytest.raises(Retry, match="delete it") as caught:
        refresh_index(bench.desk)
    assert caught.value.name == "search_index"


def test_there_must_be_a_warehouse(bench: Bench) -> None:
    bench.desk.create()
    with pytest.raises(Quarantine, match="pressclip ingest"):
        refresh_index(bench.desk)


def test_searching_beside_publishing(bench: Bench) -> None:
    load(bench, "b", told("a", "One", "Grok"))
    refresh_index(bench.desk)
    done = threading.Event()
    seen: list[int] = []
    errors: list[Exception] = []

    def search() -> None:
        while not done.wait(0.02):
            try:
                seen.append(len(find(bench, "grok")))
            except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
                errors.append(error)

    searchers = [threading.Thread(target=search) for _ in range(2)]
    for searcher in searchers:
        searcher.start()
    for number in range(4):
        load(bench, "b" * (number + 2), told(f"n{number}", "New", "Grok", read=number + 2))
        refresh_index(bench.desk)
    done.set()
    for searcher in searchers:
        searcher.join()
    assert errors == []
    assert len(find(bench, "grok")) == 5
    assert seen
