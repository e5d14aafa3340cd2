"""The server of the made-up press, over real sockets: does it keep the rules of HTTP?"""

from __future__ import annotations

import asyncio
import gzip
import re
import socket
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.newsstand import Press, ServedPress, load_press, serve_in_thread
from flows.newsstand.responses import ServedRequest, ServedResponse, respond
from flows.newsstand.server import serve
from tests.waiting import PATIENCE

HOME = "http://the-meridian-post.example"
ARTICLE = f"{HOME}/technology/2026/10/musk-brackwater-tunnel-visit.html"


@pytest.fixture(scope="module")
def press() -> Press:
    return load_press()


@pytest.fixture
def stand(press: Press) -> Iterator[ServedPress]:
    with serve_in_thread(press) as served:
        yield served


@pytest.fixture
def client(stand: ServedPress) -> Iterator[httpx.Client]:
    with httpx.Client(proxy=stand.proxy_url, trust_env=False) as opened:
        yield opened


def test_reached_as_a_proxy(client: httpx.Client, press: Press) -> None:
    reply = press.answer(ARTICLE)
    assert reply is not None
    response = client.get(ARTICLE)
    assert response.status_code == 200
    assert response.content == reply.body
    assert response.headers["content-type"] == reply.content_type


def test_every_url_answers_what_the_press_says(client: httpx.Client, press: Press) -> None:
    for url in press.urls():
        reply = press.answer(url)
        response = client.get(url)
        assert reply is not None
        assert (response.status_code, response.content) == (reply.status, reply.body), url


def test_tracking_parameters_do_not_change_the_page(client: httpx.Client) -> None:
    assert client.get(f"{ARTICLE}?utm_source=x").content == client.get(ARTICLE).content


def test_direct_access_for_a_browser(stand: ServedPress) -> None:
    with httpx.Client(base_url=stand.proxy_url, trust_env=False) as browser:
        front = browser.get("/")
        assert "Harian Angkasa" in front.text
        page = browser.get("/the-old-mill.example/")
        assert page.status_code == 200
        assert "http://the-old-mill.example" not in page.text
        for link in re.findall(r'href="(/[^"]*)"', page.text):
            assert browser.get(link).status_code == 200, link
        moved = browser.get("/harian-angkasa.example/lama/12345", follow_redirects=True)
        assert "Semarang" in moved.text
        assert browser.get("/no-such-outlet.example/").status_code == 404


def test_other_hosts_are_refused(client: httpx.Client) -> None:
    """It is no open proxy: it never connects to anyone."""
    assert client.get("http://localhost/").status_code == 502
    assert client.get("http://unknown.example/").status_code == 502


@pytest.mark.parametrize("header", ["If-None-Match", "If-Modified-Since"])
def test_conditional_get(client: httpx.Client, header: str) -> None:
    first = client.get(ARTICLE)
    validator = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}[header]
    again = client.get(ARTICLE, headers={header: first.headers[validator]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]


def test_an_entity_tag_outweighs_a_date(client: httpx.Client) -> None:
    first = client.get(ARTICLE)
    headers = {"If-None-Match": '"other"', "If-Modified-Since": first.headers["last-modified"]}
    assert client.get(ARTICLE, headers=headers).status_code == 200


def test_a_bad_date_is_ignored(client: httpx.Client) -> None:
    response = client.get(ARTICLE, headers={"If-Modified-Since": "yesterday"})
    assert response.status_code == 200


def test_a_changed_feed_has_another_entity_tag(stand: ServedPress, client: httpx.Client) -> None:
    feed = f"{HOME}/feed.xml"
    first = client.get(feed)
    stand.press = load_press(2)
    second = client.get(feed, headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert second.headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize(
    ("accepted", "zipped"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("identity", False),
        ("gzip;q=0", False),
    ],
)
def test_gzip_where_accepted(client: httpx.Client, accepted: str, zipped: bool) -> None:
    headers = {"Accept-Encoding": accepted}
    with client.stream("GET", ARTICLE, headers=headers) as response:
        raw = b"".join(response.iter_raw())
    assert (response.headers.get("content-encoding") == "gzip") == zipped
    assert int(response.headers["content-length"]) == len(raw)
    plain = client.get(ARTICLE, headers={"Accept-Encoding": "identity"})
    assert (gzip.decompress(raw) if zipped else raw) == plain.content
    assert (response.headers["etag"] == plain.headers["etag"]) != zipped


def test_head_has_the_length_and_no_body(client: httpx.Client) -> None:
    head, got = client.head(ARTICLE), client.get(ARTICLE)
    assert head.content == b""
    assert head.headers["content-length"] == got.headers["content-length"]
    assert head.headers["etag"] == got.headers["etag"]


def test_other_methods_are_refused(client: httpx.Client) -> None:
    response = client.post(ARTICLE, content=b"hello")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"
    assert client.get(ARTICLE).status_code == 200


def test_faults_carry_what_they_should(client: httpx.Client) -> None:
    busy = client.get("http://rheinblick.example/digital/openai-stellt-stimme-vor-22102026.html")
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "3600")
    moved = client.get("http://harian-angkasa.example/lama/12345")
    assert moved.status_code == 301
    assert moved.headers["location"].startswith("http://harian-angkasa.example/teknologi/")
    assert client.get("http://the-old-mill.example/notices.xml").status_code == 500
    assert client.get(f"{HOME}/no-such-page").status_code == 404


def test_a_connection_is_kept_alive(stand: ServedPress) -> None:
    request = f"GET {ARTICLE} HTTP/1.1\r\nHost: the-meridian-post.example\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", stand.port), timeout=PATIENCE) as connection:
        for _ in range(3):
            connection.sendall(request)
            head, body = read_response(connection)
            assert head.startswith("HTTP/1.1 200 OK\r\n")
            assert body.endswith(b"</html>\n")


def test_pipelined_requests_are_answered_in_order(stand: ServedPress) -> None:
    lines = "GET {} HTTP/1.1\r\nHost: x\r\n\r\n"
    both = lines.format(ARTICLE) + lines.format("http://unknown.example/")
    with socket.create_connection(("127.0.0.1", stand.port), timeout=PATIENCE) as connection:
        connection.sendall(both.encode())
        assert read_response(connection)[0].startswith("HTTP/1.1 200 ")
        assert read_response(connection)[0].startswith("HTTP/1.1 502 ")


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost x\r\n\r\n", 400),
        (b"GET https://the-old-mill.example/ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"CONNECT the-old-mill.example:443 HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 70_000 + b"\r\n\r\n", 431),
    ],
)
def test_what_is_no_request_gets_an_error(
    stand: ServedPress, request_bytes: bytes, status: int
) -> None:
    with socket.create_connection(("127.0.0.1", stand.port), timeout=PATIENCE) as connection:
        connection.sendall(request_bytes)
        head, _ = read_response(connection)
    assert head.startswith(f"HTTP/1.1 {status} ")


PRESS = load_press()


@given(st.binary(max_size=300))
def test_any_bytes_are_a_request_or_an_error(head: bytes) -> None:
    answer = ServedRequest.parse(head + b"\r\n\r\n")
    assert isinstance(answer, ServedRequest) or answer.status == 400


@given(
    st.sampled_from(["GET", "HEAD"]),
    st.text(st.characters(min_codepoint=33, max_codepoint=255)),
    st.sampled_from(["if-none-match", "if-modified-since", "accept-encoding", "x"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=255)),
)
def test_any_request_has_a_response(method: str, target: str, name: str, value: str) -> None:
    for address in (target, f"/{target}", f"http://{target}", f"{ARTICLE}{target}"):
        request = ServedRequest(method, address, (("host", "x"), (name, value)), keep_alive=True)
        response = respond(PRESS, request)
        assert isinstance(response, ServedResponse)
        assert response.encode(keep_alive=True).startswith(b"HTTP/1.1 ")


def read_response(connection: socket.socket) -> tuple[str, bytes]:
    """Exactly one response, by its Content-Length; what follows stays in the socket."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += connection.recv(1)
    length = int(re.search(rb"Content-Length: (\d+)", head)[1])  # type: ignore[index]
    body = b""
    while len(body) < length:
        body += connection.recv(length - len(body))
    return head.decode(), body


def test_requests_are_logged(stand: ServedPress, client: httpx.Client) -> None:
    client.get(ARTICLE, headers={"User-Agent": "reader/1 (+mailto:a@b.example)"})
    client.head(f"{HOME}/gone")
    got, head = stand.requests
    assert (got.method, got.url, got.status) == ("GET", ARTICLE, 200)
    assert dict(got.headers)["user-agent"] == "reader/1 (+mailto:a@b.example)"
    assert (head.method, head.status) == ("HEAD", 404)


async def _ask(stand: ServedPress) -> int:
    async with httpx.AsyncClient(proxy=stand.proxy_url, trust_env=False) as client:
        return (await client.get(ARTICLE)).status_code


def test_served_within_a_running_loop(press: Press) -> None:
    async def walk() -> tuple[int, int]:
        async with serve(press) as stand:
            status = await _ask(stand)
            return status, len(stand.requests)

    assert asyncio.run(walk()) == (200, 1)


def test_the_port_is_free_again_afterwards(press: Press) -> None:
    with serve_in_thread(press) as stand:
        port = stand.port
        client = httpx.Client(proxy=stand.proxy_url, trust_env=False)
        client.get(ARTICLE)
    client.close()
    with serve_in_thread(press, port) as again:
        assert again.port == port
