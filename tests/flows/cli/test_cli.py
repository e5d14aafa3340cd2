"""The command line as a person uses it, with a real warehouse."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import termios
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from flows.newsstand import ServedPress, load_press, serve_in_thread
from tests.flows.cli.running import SCRIPT, Done, called, own_environment, run_script
from tests.waiting import PATIENCE

PAGE = "http://the-meridian-post.example/technology/2026/10/openai-lantern-notebook.html"
PAGE_OFF_TOPIC = "http://the-meridian-post.example/culture/2026/10/seed-library.html"


@pytest.fixture(scope="module")
def newsstand() -> Any:
    with serve_in_thread(load_press(1)) as served:
        yield served


class Desk:
    """The command line with a warehouse of its own."""

    def __init__(self, newsstand: ServedPress, folder: Path) -> None:
        self.path = folder / "press.duckdb"
        self.folder = folder
        self.env = own_environment(
            {
                "PRESSCLIP_WAREHOUSE": str(self.path),
                "PRESSCLIP_PROXY": newsstand.proxy_url,
                "PRESSCLIP_HOST_PAUSE": "0",
                "PRESSCLIP_WORKERS": "1",
            }
        )

    def __call__(self, *args: str, code: int = 0, **env: str) -> Done:
        return self._ended(called(self.folder, self.env | env, *args), code)

    def script(self, *args: str, code: int = 0, **env: str) -> Done:
        """The same as a process of its own."""
        return self._ended(run_script(self.folder, self.env | env, *args), code)

    def _ended(self, done: Done, code: int) -> Done:
        assert done.returncode == code, f"{done.args}\n{done.stdout}\n{done.stderr}"
        return done

    def on_screen(self, width: int, *args: str) -> str:
        """What a terminal of `width` characters shows of a command, blanks at line ends aside."""
        child, terminal = pty.fork()
        if child == 0:
            # Whatever width the tests themselves run in is not that of this terminal.
            env = {k: v for k, v in self.env.items() if k not in {"COLUMNS", "LINES"}}
            os.execve(SCRIPT, [str(SCRIPT), *args], env)
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
        shown = b"".join(iter(partial(_read, terminal), b"")).decode()
        os.close(terminal)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, shown
        return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown)

    def json(self, *args: str, code: int = 0) -> Any:
        return json.loads(self(*args, "--json", code=code).stdout)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux ends a terminal whose last process is gone so, not with an empty read.
        return b""


@pytest.fixture
def desk(newsstand: ServedPress, tmp_path: Path) -> Desk:
    return Desk(newsstand, tmp_path)


@pytest.fixture(scope="module")
def filled(newsstand: ServedPress, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk that has ingested the made-up press's own feed list."""
    desk = Desk(newsstand, tmp_path_factory.mktemp("filled"))
    feeds = Path(__file__).parents[3] / "seeds" / "newsstand" / "feeds.opml"
    desk.script("ingest", "--feeds", str(feeds))
    return desk


def test_help_names_every_command_and_how_to_begin(desk: Desk) -> None:
    text = desk("--help").stdout
    for command in ("ingest", "add", "clippings", "sql", "status", "feeds", "server", "demo"):
        assert command in text
    assert "pressclip ingest" in text


def test_the_version_is_that_of_the_package(desk: Desk) -> None:
    assert desk.script("--version").stdout.split() == ["pressclip", version("pressclip")]


def test_the_newsstand_ends_with_ctrl_c_and_names_the_option_for_a_taken_port(
    newsstand: ServedPress, desk: Desk
) -> None:
    assert "--port" in desk("newsstand", "--port", str(newsstand.port), code=1).stderr
    with subprocess.Popen(
        [SCRIPT, "newsstand", "--port", "0"],
        env=desk.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # Where tests run in the background of a shell, it is ignored.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    ) as serving:
        assert serving.stdout
        assert "http://127.0.0.1" in serving.stdout.readline()
        serving.send_signal(signal.SIGINT)
        assert (serving.communicate(timeout=PATIENCE), serving.returncode) == (("", ""), 0)


def test_ingest_ends_with_clippings(filled: Desk) -> None:
    clippings = filled.json("clippings")
    assert len(clippings) > 5
    assert {"title", "topics", "url"} <= set(clippings[0])
    assert "OpenAI" in filled("clippings", "--topic", "openai").stdout


def test_a_narrow_terminal_shows_fewer_columns_and_says_which(filled: Desk) -> None:
    shown = filled.on_screen(80, "clippings")
    table, left_out = shown.split(" columns left out: ")
    assert max(map(len, table.splitlines()[:-1])) <= 80
    assert "2026-10-26 12:00  Musk and OpenAI accept seats at the same r…" in table
    assert "url; widen the window or use --json" in left_out.replace("\r\n", " ")
    assert "url" not in table
    assert "columns left out" not in filled.on_screen(300, "clippings")


def test_a_narrow_terminal_shows_settings_in_full(desk: Desk) -> None:
    shown = desk.on_screen(80, "settings")
    assert "PRESSCLIP_PAGES_PER_WORKER" in shown
    assert "…" not in shown


def test_clippings_can_be_narrowed(filled: Desk) -> None:
    indonesian = filled.json("clippings", "--language", "id")
    assert indonesian
    assert {row["language"] for row in indonesian} == {"id"}
    assert len(filled.json("clippings", "--limit", "2")) == 2
    assert filled.json("clippings", "--language", "xx") == []
    shown = filled("clippings", "--language", "xx").stderr
    assert "No clippings match" in shown
    assert "ingest" not in shown


def test_no_clippings_yet_is_said_with_what_there_is(desk: Desk) -> None:
    feeds = Path(__file__).parents[3] / "seeds" / "newsstand" / "feeds.opml"
    desk("feeds", "import", str(feeds))
    assert "`pressclip ingest` collects them" in desk("clippings").stderr
    desk("add", PAGE_OFF_TOPIC)
    assert "none is on your topics" in desk("clippings", "--language", "en").stderr


def test_a_topic_is_known_by_any_capitals_and_an_unknown_one_names_those_there_are(
    filled: Desk,
) -> None:
    openai = filled.json("clippings", "--topic", "OpenAI")
    assert openai == filled.json("clippings", "--topic", "openai")
    assert openai
    assert "musk, openai" in filled("clippings", "--topic", "nosuch", code=1).stderr


def test_a_topic_without_clippings_is_no_mistake(filled: Desk) -> None:
    shipped = (Path(__file__).parents[3] / "seeds" / "topics.toml").read_text()
    topics = filled.folder / "more.toml"
    topics.write_text(shipped.replace('name = "musk"', 'name = "tides"'))
    done = filled("clippings", "--topic", "tides", PRESSCLIP_TOPICS=str(topics))
    assert "No clippings" in done.stderr


def test_a_second_ingest_says_that_nothing_is_new(filled: Desk) -> None:
    assert "Nothing new" in filled("ingest").stdout


def test_sql_reads_and_cannot_write(filled: Desk) -> None:
    rows = filled.json("sql", "SELECT count(*) AS n FROM entries")
    assert rows[0]["n"] > 20
    done = filled("sql", "DELETE FROM entries", code=1)
    assert "must be one SELECT" in done.stderr
    assert "read-only" in filled("sql", "--unlocked", "DELETE FROM entries", code=1).stderr
    assert filled.json("sql", "SELECT count(*) AS n FROM entries") == rows


def test_sql_answers_in_json_and_draws_plans(filled: Desk) -> None:
    assert filled.json("sql", "SELECT 1 AS a, 2 AS a, 'nan'::DOUBLE AS b") == [
        {"a": 1, "a_1": 2, "b": None}
    ]
    plan = filled("sql", "EXPLAIN SELECT count(*) FROM articles").stdout
    assert len(plan.splitlines()) > 5


def test_wrong_sql_says_what_is_wrong(filled: Desk) -> None:
    assert "clipping" in filled("sql", "SELECT * FROM clipings", code=1).stderr


def test_status_counts_and_names_troubles(filled: Desk) -> None:
    status = filled.json("status")
    assert status["landed_batches"] == 0
    assert status["funnel"]
    assert any(row["health"] == "failing" for row in status["sources"])
    assert status["failures"]


def test_without_a_warehouse_every_reader_says_what_to_do(desk: Desk) -> None:
    for command in (("clippings",), ("status",), ("sql", "SELECT 1")):
        done = desk(*command, code=1)
        assert "pressclip ingest" in done.stderr
        assert "Traceback" not in done.stderr


def test_links_and_files_are_filed_whatever_their_topic(desk: Desk) -> None:
    note = desk.folder / "note.txt"
    note.write_text(
        "Elon Musk Visits a Library\n\nPORT ALDER - Elon Musk spent an hour in the reading room on "
        "Monday and asked for books about tides, the librarian said afterwards to this paper.\n\n"
        "He left a note of thanks, and promised to come back when the new wing is open.\n"
    )
    filed = desk.json("add", PAGE, PAGE_OFF_TOPIC, str(note))
    assert [row["outcome"] for row in filed] == ["stored"] * 3
    assert [row["topics"] for row in filed] == [["openai"], ["off topic"], ["musk"]]
    assert len(desk.json("clippings")) == 2


def test_filing_twice_keeps_one_article(desk: Desk) -> None:
    desk("add", PAGE)
    desk("add", PAGE)
    assert desk.json("sql", "SELECT count(*) AS n FROM articles") == [{"n": 1}]


def test_what_cannot_be_filed_says_why(desk: Desk) -> None:
    assert "no-such-file" in desk("add", "no-such-file.txt", code=1).stderr
    (row,) = desk.json("add", "http://the-meridian-post.example/no/such/page", code=1)
    assert (row["outcome"], "404" in row["remark"]) == ("dead", True)


def test_feeds_come_and_go_as_opml(desk: Desk) -> None:
    feeds = Path(__file__).parents[3] / "seeds" / "newsstand" / "feeds.opml"
    assert "new" in desk("feeds", "import", str(feeds)).stdout
    assert " 0 of them new" in desk("feeds", "import", str(feeds)).stdout
    listed = desk.json("feeds", "list")
    desk("feeds", "export", "out.opml")
    again = Desk.__new__(Desk)
    again.folder, again.env = (
        desk.folder,
        desk.env | {"PRESSCLIP_WAREHOUSE": str(desk.folder / "again.duckdb")},
    )
    again("feeds", "import", "out.opml")
    assert [row["url"] for row in again.json("feeds", "list")] == [row["url"] for row in listed]


def test_a_feed_list_fills_gaps_and_is_stored_once(desk: Desk) -> None:
    line = '<opml version="2.0"><body><outline xmlUrl="{}/feed.xml" {}/></body></opml>'
    site, feeds = "http://the-meridian-post.example", desk.folder / "my.opml"
    feeds.write_text(line.format(site, 'text="First name"'))
    desk("feeds", "import", str(feeds))
    feeds.write_text(line.format(site, 'text="Second name" language="en"'))
    for _ in range(3):
        desk("ingest", "--feeds", str(feeds))
    (feed,) = desk.json("sql", "SELECT title, language FROM feeds")
    assert feed == {"title": "First name", "language": "en"}
    batches = desk.json("sql", "SELECT count(*) AS n FROM batches WHERE kind = 'feeds'")
    assert batches == [{"n": 2}], "one that brought the feed, one that brought its language"
    again = desk("feeds", "add", f"{site}/feed.xml", "--title", "Third name").stdout
    assert "Already there, as First name" in again
    assert desk.json("sql", "SELECT title, language FROM feeds") == [feed]


def test_a_feed_is_asked_before_it_is_added(desk: Desk) -> None:
    assert "not added" in desk("feeds", "add", PAGE, code=1).stderr
    assert desk.json("feeds", "list") == []


def test_a_site_without_a_feed_is_answered_with_its_sitemap(desk: Desk) -> None:
    site = "http://kanalblatt.example"
    told = desk("feeds", "add", f"{site}/", code=1).stderr
    assert f"if you add them: {site}/sitemap.xml. It was not added." in " ".join(told.split())
    assert "(2 entries now)" in desk("feeds", "add", f"{site}/sitemap.xml").stdout
    (listed,) = desk.json("feeds", "list")
    assert (listed["url"], listed["title"]) == (f"{site}/sitemap.xml", "Kanalblatt")
    (checked,) = desk.json("feeds", "check")
    assert (checked["answer"], checked["format"], checked["entries"]) == ("ok", "news_sitemap", 2)
    large = desk("feeds", "add", "http://archivo-sin-fin.example/sitemap.xml").stdout
    assert "(1 entry now)" in large


def test_a_feed_is_removed_revived_and_moved(desk: Desk) -> None:
    url, moved = (f"http://the-meridian-post.example/{name}" for name in ("feed.xml", "b.xml"))
    desk("feeds", "add", url)
    assert "Removed" in desk("feeds", "remove", url.partition("://")[2]).stdout
    assert desk.json("feeds", "list") == []
    assert "Watched again" in desk("feeds", "add", url).stdout
    assert "No new address" in desk("feeds", "move", url, code=1).stderr
    assert moved in desk("feeds", "move", url, moved).stdout
    (listed,) = desk.json("feeds", "list")
    assert (listed["url"], listed["former_url"]) == (moved, url)


def test_looking_at_the_feeds_makes_no_files(desk: Desk) -> None:
    for command in ("list", "export", "check"):
        desk("feeds", command)
        assert not list(desk.folder.iterdir()), command


def test_looking_at_the_feeds_waits_for_no_writer(filled: Desk) -> None:
    with (filled.path.with_suffix(".desk") / "writer.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        listed = filled.json("feeds", "list")
        exported = filled("feeds", "export").stdout
    assert {row["url"] for row in listed} == set(re.findall('xmlUrl="([^"]+)"', exported))
    assert {"title", "health", "next_poll_at"} <= set(listed[0])


def test_feeds_check_finds_the_broken_ones(filled: Desk) -> None:
    rows = filled.json("feeds", "check", code=1)
    assert {"ok", "failed"} == {row["answer"] for row in rows}
    assert all(row["what_to_do"] for row in rows)
    answers = [row["answer"] for row in rows]
    assert answers == sorted(answers, reverse=True), "those that need something stand last"
    shown = [line.split("\t") for line in filled("feeds", "check", code=1).stdout.splitlines()]
    assert [row["what_to_do"] for row in rows] == [todo for _, _, todo in shown]


@pytest.mark.parametrize(
    ("args", "code", "hint"),
    [
        (("ingest", "--topics", "missing.toml"), 1, "missing.toml"),
        (("ingest", "--feeds", "missing.opml"), 1, "missing.opml"),
        (("trigger", "poll"), 1, "PREFECT_API_URL"),
        (("feeds", "add", "ftp://a.example/feed"), 1, "http"),
        (("add", "openai.com"), 1, "https://"),
        (("add", "file:///etc/hosts"), 1, "https://"),
        (("add", "ftp://a.example/page"), 1, "https://"),
        (("no-such-command",), 2, "no-such-command"),
    ],
)
def test_every_error_says_what_to_do(
    desk: Desk, args: tuple[str, ...], code: int, hint: str
) -> None:
    done = desk(*args, code=code)
    assert hint in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_ingest_waits_and_then_says_who_is_at_work(desk: Desk) -> None:
    desk("feeds", "import", str(Path(__file__).parents[3] / "seeds" / "newsstand" / "feeds.opml"))
    lock = desk.path.with_suffix(".desk") / "run.poll.lock"
    with lock.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(f"process {os.getpid()}")
        file.flush()
        done = desk("ingest", code=75, PRESSCLIP_LOCK_WAIT="1")
    assert f"process {os.getpid()}" in done.stderr


def test_an_ingest_imports_no_prefect(filled: Desk) -> None:
    done = filled.script("ingest", PYTHONPROFILEIMPORTTIME="1")
    assert "| prefect" not in done.stderr
    assert "flows.steps.ingest" in done.stderr


@pytest.mark.parametrize(
    "command", [("status",), ("clippings",), ("sql", "SELECT 1"), ("settings",)]
)
def test_looking_imports_nothing_that_fetches_or_parses(
    filled: Desk, command: tuple[str, ...]
) -> None:
    done = filled.script(*command, PYTHONPROFILEIMPORTTIME="1")
    for library in ("trafilatura", "httpx", "prefect", "h2"):
        assert f"| {library}\n" not in re.sub(r"\| +", "| ", done.stderr)
    assert "flows.cli.main" in done.stderr


def test_a_mistyped_command_is_guessed(desk: Desk) -> None:
    assert "Did you mean 'clippings'?" in desk("clipings", code=2).stderr


def test_headlines_cannot_drive_the_terminal(desk: Desk) -> None:
    done = desk("sql", "SELECT chr(27) || '[31mred' AS title", code=1)
    assert "pressclip ingest" in done.stderr
    desk("add", PAGE)
    done = desk("sql", "SELECT chr(27) || '[31mred' AS title")
    assert "\x1b" not in done.stdout
    assert "[31mred" in done.stdout


def test_feeds_of_new_stories_follow_a_publish(filled: Desk) -> None:
    folder = filled.folder / "served"
    filled("ingest", PRESSCLIP_FEEDS_FOLDER=str(folder), PRESSCLIP_FEEDS_URL="https://d.example/")
    assert {path.name for path in folder.iterdir()} >= {"all.atom", "openai.json"}
    assert "OpenAI" in (folder / "openai.atom").read_text("utf-8")


def test_whoever_asks_the_world_is_told_to_say_who_they_are(filled: Desk) -> None:
    assert "PRESSCLIP_CONTACT" in filled("ingest").stderr
    named = filled("ingest", PRESSCLIP_CONTACT="https://desk.example/about")
    assert "PRESSCLIP_CONTACT" not in named.stderr
