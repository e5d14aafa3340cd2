"""Who may ask for pages: names, addresses, proxies, passwords, other sites, and paths."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from flows.settings import Settings
from flows.web.guard import Guard, refuse_exposed, web_rules
from flows.web.passwords import MOST_WRONG, WINDOW, Passwords, PasswordVerdict
from parsers.errors import Drop

HERE = "http://127.0.0.1:8321"


async def told(request: Request) -> Response:
    """What the pages see of a request."""
    return JSONResponse(
        {
            "client": request.client and request.client.host,
            "host": request.headers["host"],
            "scheme": request.url.scheme,
            "link": request.url_for("told", rest="a").path,
            "rest": request.path_params["rest"],
        }
    )


def client(*, peer: str = "127.0.0.1", base_url: str = HERE, **given: object) -> TestClient:
    """A client at `peer` of pages with these settings."""
    app = Starlette(routes=[Route("/{rest:path}", told, name="told")])
    rules = web_rules(Settings(**given))  # type: ignore[arg-type]  # a test names what it needs
    return TestClient(
        Guard(app, rules), base_url=base_url, client=(peer, 50000), follow_redirects=False
    )


def basic(password: str, user: str = "anyone") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8321", "localhost", "LOCALHOST:8321", "[::1]:8321", "127.8.0.1"]
)
def test_loopback_is_answered_by_its_names(host: str) -> None:
    assert client().get("/stories", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8321",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "evil.example#@127.0.0.1",
        "127.0.0.1@evil.example",
        "evil.example/127.0.0.1",
        "localhost, evil.example",
        "localhost.",
        "2130706433",
        "0.0.0.0",
        "[::ffff:10.0.0.1]",
        "[::1",
        "desk.example.evil.example",
        "",
    ],
)
def test_any_other_name_is_answered_421(host: str) -> None:
    pages = client(web_root="https://desk.example/")
    answer = pages.get("/stories", headers={"Host": host})
    assert answer.status_code == 421
    assert "desk" not in answer.text
    assert answer.headers["content-security-policy"]


def test_the_public_name_is_answered_too_whatever_its_case() -> None:
    pages = client(web_root="https://Desk.Example/")
    for host in ("desk.example", "DESK.example:443", "127.0.0.1"):
        assert pages.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_nothing_can_be_changed(method: str) -> None:
    answer = client().request(method, "/stories")
    assert answer.status_code == 405
    assert answer.headers["connection"] == "close"


def test_a_body_is_not_read() -> None:
    answer = client().request("GET", "/stories", content=b"a body")
    assert (answer.status_code, answer.headers["connection"]) == (400, "close")
    assert client().head("/stories").status_code == 200


def test_a_websocket_is_refused() -> None:
    with pytest.raises(WebSocketDisconnect), client().websocket_connect("/stories"):
        pass


@pytest.mark.parametrize(
    ("site", "mode", "dest", "status"),
    [
        ("none", "navigate", "document", 200),
        ("same-origin", "no-cors", "image", 200),
        ("cross-site", "navigate", "document", 200),
        ("cross-site", "navigate", "iframe", 403),
        ("cross-site", "no-cors", "image", 403),
        ("cross-site", "cors", "empty", 403),
        ("same-site", "no-cors", "script", 403),
    ],
)
def test_other_sites_may_link_and_nothing_else(
    site: str, mode: str, dest: str, status: int
) -> None:
    sent = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
    assert client().get("/ask.csv", headers=sent).status_code == status


def test_what_is_read_in_advance_for_another_site_is_refused() -> None:
    sent = {
        "Sec-Fetch-Site": "cross-site",
        "Sec-Fetch-Mode": "navigate",
        "Sec-Fetch-Dest": "document",
        "Sec-Purpose": "prefetch",
    }
    assert client().get("/stories", headers=sent).status_code == 403


BROWSER = {"Host": "desk.example", "User-Agent": "Mozilla/5.0", "Accept": "text/html,*/*"}
PICTURE = BROWSER | {"Accept": "image/avif,*/*"}
SQL = "/press/ask?q=SELECT+1+%3C+2"


@pytest.mark.parametrize(
    ("path", "sent", "status", "run"),
    [
        (SQL, BROWSER | {"Referer": "http://desk.example/"}, 200, True),
        (SQL, BROWSER | {"Referer": "http://wiki.example/"}, 200, False),
        (SQL, BROWSER, 200, False),
        (SQL, BROWSER | {"Origin": "http://evil.example"}, 403, False),
        (SQL, BROWSER | {"Origin": "null"}, 403, False),
        (SQL, PICTURE, 403, False),
        (SQL, {"Host": "desk.example", "User-Agent": "curl/8.0"}, 200, True),
        ("/press/ask", BROWSER, 200, True),
        ("/press/stories?q=kettle", BROWSER | {"Referer": "http://wiki.example/"}, 200, True),
        ("/press/stories", PICTURE | {"Referer": "http://wiki.example/"}, 403, False),
        ("/press/static/icon.svg", PICTURE | {"Referer": "http://desk.example/"}, 200, True),
    ],
)
def test_where_a_browser_does_not_say_for_whom_it_asks_no_sql_is_run_for_others(
    path: str, sent: Mapping[str, str], status: int, run: bool
) -> None:
    """Over plain HTTP; whoever follows a link is led on by one of our own pages."""
    answer = client(web_root="http://desk.example/press/").get(path, headers=sent)
    assert (answer.status_code, '"rest"' in answer.text) == (status, run)
    if status == 200 and not run:
        assert "SELECT 1 &lt; 2" in answer.text
        assert answer.headers["referrer-policy"] == "same-origin"


def test_without_a_public_address_no_name_is_ours() -> None:
    sent = {"User-Agent": "Mozilla/5.0", "Accept": "image/png"}
    assert client().get("/ask?q=SELECT+1", headers=sent).status_code == 403
    assert client().get("/stories", headers=sent | {"Origin": "null"}).status_code == 403


@pytest.mark.parametrize("name", ["Origin", "Referer"])
def test_what_is_no_address_is_nobody_s(name: str) -> None:
    sent = {"User-Agent": "Mozilla/5.0", "Accept": "image/png", name: "http://[bad/"}
    assert client().get("/stories", headers=sent).status_code == 403


def test_a_password_lets_any_user_in_and_nobody_else() -> None:
    pages = client(web_password="open sésame: 1", peer="192.0.2.7")
    refused = pages.get("/stories")
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Basic realm=")
    assert pages.get("/stories", headers=basic("open sésame: 1")).status_code == 200
    assert pages.get("/stories", headers=basic("open sésame: 1", "")).status_code == 200
    for wrong in ("", "open", "open sésame: 11"):
        assert pages.get("/stories", headers=basic(wrong)).status_code == 401
    for broken in ("Basic", "Basic ====", "Basic \xff", "Bearer open", "Digest x"):
        sent = {"Authorization": broken.encode("latin-1")}
        assert pages.get("/stories", headers=sent).status_code == 401


def test_guesses_are_slowed_down_for_who_guesses_only(caplog: pytest.LogCaptureFixture) -> None:
    pages = client(web_password="right", web_trusted_proxies=("10.0.0.1",), peer="10.0.0.1")

    def ask(who: str, sent: Mapping[str, str]) -> int:
        answer = pages.get("/stories", headers={**sent, "X-Forwarded-For": who})
        return int(answer.status_code)

    for _ in range(MOST_WRONG):
        assert ask("2001:db8::1", basic("wrong")) == 401
    assert ask("2001:db8::ffff", basic("right")) == 429, "one who has many addresses"
    (said,) = caplog.messages
    assert "from 2001:db8::1:" in said
    assert ask("2001:db8:0:1::1", basic("right")) == 200
    assert ask("2001:db8::1", {}) == 401, "to be asked for it is no guess"


def test_a_guesser_is_heard_again_after_a_while() -> None:
    now = 0.0
    known = Passwords("right", lambda: now)
    right, wrong = basic("right")["Authorization"], basic("wrong")["Authorization"]
    for _ in range(MOST_WRONG):
        assert not known.judge(None, wrong).wait
        now += 1
    assert known.judge(None, right) == PasswordVerdict(False, wait=WINDOW - MOST_WRONG)
    now = WINDOW + 1
    assert known.judge(None, right).right


def test_without_a_password_only_this_machine_and_proxies_are_answered() -> None:
    proxies = ("10.0.0.0/30",)
    root = "http://desk.example/"
    for peer, status in (
        ("10.0.0.1", 200),
        ("127.0.0.1", 200),
        ("::ffff:10.0.0.2", 200),
        ("10.0.0.9", 403),
        ("::1", 200),
    ):
        pages = client(peer=peer, web_trusted_proxies=proxies, web_root=root)
        assert pages.get("/", headers={"Host": "desk.example"}).status_code == status


def test_a_trusted_proxy_is_believed_and_nobody_else() -> None:
    said = {
        "Host": "127.0.0.1:8321",
        "X-Forwarded-For": "6.6.6.6, 192.0.2.7:5123, 10.0.0.2",
        "X-Forwarded-Host": "evil.example, desk.example",
        "X-Forwarded-Proto": "https",
    }
    given: dict[str, object] = {
        "web_trusted_proxies": ("10.0.0.1", "10.0.0.2"),
        "web_root": "https://desk.example/press/",
    }
    believed = client(peer="10.0.0.1", **given).get("/press/a", headers=said).json()  # type: ignore[arg-type]
    assert believed["client"] == "192.0.2.7"
    assert (believed["host"], believed["scheme"]) == ("desk.example", "https")
    seen = client(peer="127.0.0.1", **given).get("/press/a", headers=said).json()  # type: ignore[arg-type]
    assert seen["client"] == "127.0.0.1"
    assert (seen["host"], seen["scheme"]) == ("127.0.0.1:8321", "http")
    forged = said | {"X-Forwarded-Host": "evil.example"}
    assert client(peer="10.0.0.1", **given).get("/", headers=forged).status_code == 421  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["/press/stories/1", "/stories/1"])
def test_pages_work_below_a_path_whether_or_not_a_proxy_takes_it_off(path: str) -> None:
    pages = client(web_root="https://desk.example/press/")
    seen = pages.get(path).json()
    assert (seen["rest"], seen["link"]) == ("stories/1", "/press/a")
    led = pages.get("/press")
    assert (led.status_code, led.headers["location"]) == (307, "/press/")
    assert pages.get("/pressed").json()["rest"] == "pressed"


def test_whether_it_is_well_is_told_without_a_password_but_not_to_foreign_names() -> None:
    pages = client(web_password="secret", web_root="https://desk.example/press")
    assert pages.get("/health").text == "ok\n"
    assert pages.get("/press/health").text == "ok\n"
    for path in ("/health", "/health/copy"):
        assert pages.get(path, headers={"Host": "evil.example"}).status_code == 421
    for path in ("/health/copy", "/press/health/copy"):
        assert pages.get(path).json()["rest"] == "health/copy"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "desk.example", "", "0", "127.1"])
def test_it_is_not_opened_to_everybody(host: str) -> None:
    with pytest.raises(Drop, match="PRESSCLIP_WEB_PASSWORD") as caught:
        refuse_exposed(web_rules(Settings()), host)
    assert caught.value.name == "exposed"
    refuse_exposed(web_rules(Settings(web_password="secret")), host)
    refuse_exposed(web_rules(Settings(web_trusted_proxies=("10.0.0.1",))), host)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.53"])
def test_loopback_needs_no_password(host: str) -> None:
    refuse_exposed(web_rules(Settings()), host)


@pytest.mark.parametrize(
    "given",
    [
        {"web_root": "desk.example"},
        {"web_root": "ftp://desk.example/"},
        {"web_root": "https:///press"},
        {"web_root": "https://desk.example/?a=b"},
        {"web_trusted_proxies": ("proxy.example",)},
        {"web_trusted_proxies": ("10.0.0.1/8",)},
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(given: Mapping[str, object]) -> None:
    with pytest.raises(Drop, match="PRESSCLIP_WEB_"):
        web_rules(Settings(**given))  # type: ignore[arg-type]  # a test names what it needs
