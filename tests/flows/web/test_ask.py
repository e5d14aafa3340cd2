"""Questions in SQL on their page: answered in bounded processes, shown as text, kept as links."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import duckdb
import httpx
import pyarrow.parquet
import pytest
from starlette.testclient import TestClient
from starlette.types import Message

from flows.cells import csv_cell
from flows.parser_pool import bounded
from flows.web import questions
from flows.web.app import web_app
from flows.web.cookbook import cookbook
from flows.web.copies import Copies
from flows.web.pages.ask import INNER
from flows.web.questions import FileForm, Questions
from parsers.errors import Drop, Retry
from tests.waiting import PATIENCE
from tests.warehouse.builders import Bench, a_batch, an_article, at
from tests.warehouse.places import Places
from warehouse.published.publish import publish
from warehouse.published.strangers import AnswerLimits
from warehouse.queries import queries

ENDLESS = "SELECT sum(range) FROM range(1000000000000)"
"""On one processor only: the others have other tests to run."""
HOSTILE = "<script>alert(1)</script>\u202e=1+1"


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    bench = Bench.in_folder(tmp_path_factory.mktemp("ask"))
    articles = (an_article("a"), an_article("b", title=HOSTILE, read=2))
    bench.load(a_batch("b1", articles=articles))
    publish(bench.desk, now=at(3))
    return bench


@pytest.fixture(scope="module")
def client(bench: Bench) -> Iterator[TestClient]:
    asked = Questions(bench.desk, seconds=PATIENCE)
    with TestClient(web_app(Copies(bench.desk), questions=asked)) as client:
        yield client
        assert client.portal
        client.portal.call(asked.close)


@pytest.fixture
async def asked(bench: Bench) -> AsyncIterator[Questions]:
    asked = Questions(bench.desk, seconds=PATIENCE)
    yield asked
    await asked.close()


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine is no attack."""
    monkeypatch.setattr(bounded, "WAIT", PATIENCE)


def get(client: TestClient, path: str, **query: str) -> httpx.Response:
    answer: httpx.Response = client.get(f"{path}?{urlencode(query)}")
    return answer


async def test_a_lake_is_asked_too(tmp_path: Path) -> None:
    """Its catalogue writes beside itself where locks are."""
    lake = Bench(Places().desk("sqlite", tmp_path))
    lake.load(a_batch("b1", articles=(an_article("a"),)))
    asked = Questions(lake.desk, seconds=PATIENCE)
    try:
        answer, _ = await asked.rows("SELECT count(*) FROM articles", "a")
        assert answer.rows == ((1,),)
        with pytest.raises(Drop, match="must not use"):
            await asked.rows(f"FROM '{tmp_path}/clips-data/**/*.parquet'", "a")
    finally:
        await asked.close()


def test_an_answer_is_shown_as_text(client: TestClient) -> None:
    sql = "SELECT story_id, title, url FROM clippings ORDER BY title"
    page = get(client, "/ask", q=sql)
    assert page.status_code == 200
    assert sql in page.text
    assert "<title>SELECT story_id, title, url FROM clippings ORDER BY title · Ask" in page.text
    assert "<script>" not in page.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert 'href="https://news.example/a" rel="noopener nofollow noreferrer"' in page.text
    (first, _) = get(client, "/ask.json", q=sql).json()["data"]["answer"]["rows"]
    assert isinstance(first[0], str), "an id that nothing rounds"
    assert f'href="/stories/{first[0]}"' in page.text


def test_the_question_itself_is_text_too(client: TestClient) -> None:
    hostile = "SELECT '\u202e</textarea><script>alert(1)</script>' AS \"<b onclick=alert(1)>\""
    page = get(client, "/ask", q=hostile)
    assert page.status_code == 200
    assert "<script>" not in page.text
    assert "<b onclick" not in page.text
    assert "\u202e" not in page.text.partition("</title>")[0]
    broken = get(client, "/ask", q="</title><script>\"'")
    assert broken.status_code == 400
    assert "<script>" not in broken.text


def test_a_link_in_an_answer_leads_to_the_web_only(client: TestClient) -> None:
    page = get(client, "/ask", q="SELECT 'javascript:alert(1)' AS url, 'data:text/html,x' AS b")
    assert 'href="javascript' not in page.text
    assert 'href="data' not in page.text


def test_what_is_wrong_is_said_beside_the_question(client: TestClient) -> None:
    page = get(client, "/ask", q="SELEC 1")
    assert page.status_code == 400
    assert "Parser Error" in page.text
    assert ">SELEC 1</textarea>" in page.text.replace("\n", "")
    refused = get(client, "/ask.json", q="DELETE FROM articles")
    assert refused.status_code == 400
    assert "one SELECT" in refused.json()["data"]["error"]
    assert "--unlocked" not in refused.text


def test_the_page_has_the_cookbook_and_the_dictionary(client: TestClient) -> None:
    page = client.get("/ask")
    assert page.status_code == 200
    assert len(page.content) < 100_000
    for question in cookbook():
        link = urlencode({"q": question.sql}).replace("&", "&amp;")
        assert f'href="/ask?{link}"' in page.text
    for name in ("clippings", "story_ids", "articles", "search("):
        assert f"<code>{name}" in page.text
    before, _, inner = page.text.partition("Inner parts")
    assert {name for name in INNER if f"<summary><code>{name}" in inner} == INNER
    assert not [name for name in INNER if f"<summary><code>{name}" in before]
    first = get(client, "/ask", q=cookbook()[0].sql)
    assert "<title>What is new on our topics? · Ask" in first.text


def test_the_plan_is_shown_and_nothing_is_run(client: TestClient) -> None:
    page = get(client, "/ask", q=ENDLESS, plan="1")
    assert page.status_code == 200
    assert "UNGROUPED_AGGREGATE" in page.text
    assert "<title>Plan: SELECT" in page.text


@pytest.mark.parametrize("form", FileForm)
def test_an_answer_is_downloaded_in_each_form(client: TestClient, form: FileForm) -> None:
    sql = "SELECT title, topics, fetched_at FROM articles ORDER BY article_id"
    answer = get(client, f"/ask/answer.{form}", q=sql)
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="answer.{form}"'
    if form is FileForm.CSV:
        names, *found = csv.reader(io.StringIO(answer.text))
        assert names == ["title", "topics", "fetched_at"]
        assert "\u202e" not in answer.text
    elif form is FileForm.JSON:
        found = [list(row.values()) for row in json.loads(answer.text)]
    else:
        table = pyarrow.parquet.read_table(io.BytesIO(answer.content))
        found = [list(row.values()) for row in table.to_pylist()]
    assert len(found) == 2


def test_a_file_says_in_its_name_that_it_has_not_all(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = AnswerLimits(rows=3, size=10_000, cells=99, seconds=60)
    monkeypatch.setattr(questions, "TAKEN", few)
    answer = get(client, "/ask/answer.csv", q="FROM range(10)")
    assert 'filename="answer-first-3-rows.csv"' in answer.headers["content-disposition"]
    assert answer.text.split() == ["range", "0", "1", "2"]


def test_more_rows_than_a_page_shows_have_pages_of_their_own(client: TestClient) -> None:
    sql = "SELECT range AS n FROM range(450)"
    page = get(client, "/ask", q=sql)
    assert "200 rows, and there are more" in page.text
    assert "Download up to 100\u202f000 rows or 20 MB as" in page.text
    assert f'href="/ask?{urlencode({"q": sql})}&amp;after=200"' in page.text
    last = get(client, "/ask", q=sql, after="400")
    assert "Rows 401 to 450</h2>" in last.text
    assert 'rel="next"' not in last.text
    told = get(client, "/ask.json", q=sql, after="400").json()["data"]["answer"]
    assert (told["skipped"], told["rows"][0], told["cut"]) == (400, [400], False)
    assert get(client, "/ask", q=sql, after="x").status_code == 400


def test_spans_of_time_are_what_duckdb_says(client: TestClient) -> None:
    """Python has no months, and writes less than nothing as a day less."""
    sql = 'SELECT INTERVAL 5 MONTH AS a, -INTERVAL 142 MINUTES AS "a", 1 AS n; -- all'
    told = get(client, "/ask.json", q=sql).json()["data"]["answer"]
    assert (told["columns"], told["rows"]) == (["a", "a", "n"], [["5 months", "-02:22:00", 1]])


def test_a_wide_answer_is_a_short_one(client: TestClient) -> None:
    sql = f"SELECT {', '.join(chr(39) * 2 for _ in range(2000))} FROM range(200)"
    page = get(client, "/ask", q=sql)
    assert "10 rows, and there are more" in page.text
    told = get(client, "/ask.json", q="SELECT repeat('x', 40000000)")
    assert told.status_code == 400
    assert "first row" in told.json()["data"]["error"]


def test_no_formula_is_downloaded_for_a_spreadsheet(client: TestClient) -> None:
    answer = get(client, "/ask/answer.csv", q="SELECT '=cmd()' AS a, '@x' AS b, -1 AS c")
    assert answer.text.splitlines()[1] == "'=cmd(),'@x,-1"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a;=cmd()", "a;'=cmd()"),
        ("a; +cmd()", "a;' +cmd()"),
        ("\u200b=cmd()", "'\u200b=cmd()"),
        ("\ufeff=cmd()", "'\ufeff=cmd()"),
        (" =cmd()", "' =cmd()"),
        ("so it is ;-)", "so it is ;-)"),
        ("-", "-"),
        ("1 = 1; a - b", "1 = 1; a - b"),
    ],
)
def test_a_formula_hides_nowhere(text: str, shown: str) -> None:
    """In exports, which DuckDB writes, as in answers."""
    assert csv_cell(text) == shown
    with duckdb.connect() as connection:
        connection.execute(queries("published/export")["csv_cell"])
        assert connection.execute("SELECT csv_cell($1)", [text]).fetchall() == [(shown,)]


@pytest.mark.parametrize("path", ["/ask/answer.csv", "/ask/answer.json", "/ask/answer.parquet"])
def test_a_file_of_a_bad_question_is_a_message(client: TestClient, path: str) -> None:
    answer = get(client, path, q="COPY (SELECT 1) TO 'x'")
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/plain")
    assert client.get(path).status_code == 400


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT range(2000000000)",
        "SELECT repeat('x', 1000000000)",
        "SELECT list_sort(range(1000000000))[1]",
        "WITH RECURSIVE t(n, s) AS (SELECT 1, 'x' UNION ALL SELECT n + 1, s || s FROM t) "
        "SELECT max(length(s)) FROM t",
    ],
)
async def test_what_takes_too_much_memory_ends_alone(asked: Questions, sql: str) -> None:
    with pytest.raises(Drop):
        await asked.rows(sql, "a")
    rows, texts = await asked.rows("SELECT 1 AS a", "a")
    assert (rows.rows, texts) == (((1,),), (("1",),))


async def test_what_does_not_hear_that_its_time_is_over_is_ended(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "GRACE", 0.5)
    hurried = Questions(bench.desk, seconds=0.5)
    # One step of DuckDB's, which takes minutes.
    deaf = "SELECT levenshtein(repeat('a', 300000), repeat('b', 300000))"
    with pytest.raises(Drop, match="longer than"):
        await hurried.rows(deaf, "a")
    await hurried.close()


async def test_two_are_answered_at_once_the_next_waits_and_more_are_sent_away(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded, "MOST_WAITING", 1)
    monkeypatch.setattr(questions, "GRACE", PATIENCE)
    asked = Questions(bench.desk, seconds=0.5)
    asking = [asyncio.create_task(asked.rows(ENDLESS, one)) for one in ("b", "c")]
    await asyncio.sleep(0)
    asked.seconds = PATIENCE
    asking.append(asyncio.create_task(asked.rows("SELECT 1", "a")))
    await asyncio.sleep(0)
    with pytest.raises(Retry, match="Too many"):
        await asked.rows("SELECT 1", "d")
    *slow, waited = await asyncio.gather(*asking, return_exceptions=True)
    assert [getattr(one, "name", None) for one in slow] == ["too_slow"] * 2
    assert isinstance(waited, tuple)
    assert waited[0].rows == ((1,),)
    await asked.close()


async def test_who_gets_no_place_is_told_so_and_keeps_what_was_asked(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounded, "WAIT", 0.2)
    asked = Questions(bench.desk, seconds=PATIENCE)
    asking = [asyncio.create_task(asked.rows(ENDLESS, one)) for one in ("b", "c")]
    await asyncio.sleep(0)
    transport = httpx.ASGITransport(web_app(Copies(bench.desk), questions=asked))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        for path in ("/ask", "/ask.json", "/ask/answer.csv"):
            told = await client.get(path, params={"q": "SELECT 1 AS kept"})
            assert (told.status_code, told.headers["retry-after"]) == (503, "10")
            assert "Two questions are running" in told.text
            assert "SELECT 1 AS kept" in told.text or path == "/ask/answer.csv"
    await end(asked, asking)


async def end(asked: Questions, asking: Iterable[asyncio.Task[object]]) -> None:
    """Ends what is asked, and what answers."""
    for question in asking:
        question.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    await asked.close()


async def test_one_reader_keeps_nobody_else_from_asking(bench: Bench) -> None:
    asked = Questions(bench.desk, seconds=PATIENCE)
    asking = [asyncio.create_task(asked.rows(ENDLESS, "b")) for _ in range(20)]
    answer, _ = await asked.rows("SELECT 1", "a")
    assert answer.rows == ((1,),)
    refused = [one for one in asking if one.done()]
    assert len(refused) == 20 - bounded.MOST_OF_ONE
    assert all("Your questions" in str(one.exception()) for one in refused)
    await end(asked, asking)


async def test_who_goes_away_gives_the_place_back(bench: Bench) -> None:
    asked = Questions(bench.desk, seconds=PATIENCE)
    app = web_app(Copies(bench.desk), questions=asked)
    query = urlencode({"q": ENDLESS}).encode()
    path = {"path": "/ask", "query_string": query, "headers": [], "method": "GET"}

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def nobody(_: Message) -> None:
        pass

    async with asyncio.timeout(PATIENCE):
        for _ in range(3):  # more than are answered at once
            await app({"type": "http", **path}, gone, nobody)
        answer, _ = await asked.rows("SELECT 1", "a")
    assert answer.rows == ((1,),)
    await asked.close()


def test_files_that_nobody_takes_are_few(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "MOST_SENT", 0)
    answer = get(client, "/ask/answer.csv", q="SELECT 1")
    assert (answer.status_code, "Too many" in answer.text) == (503, True)
    monkeypatch.setattr(questions, "MOST_SENT", 1)
    for _ in range(2):
        assert get(client, "/ask/answer.csv", q="SELECT 1").status_code == 200


async def test_a_question_has_an_end(asked: Questions) -> None:
    with pytest.raises(Drop, match="10000 characters"):
        await asked.rows("SELECT 1 --" + "x" * 10_000, "a")
