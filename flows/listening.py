"""Listening for HTTP with deadlines: what the receiver of pushes and the pages have in common."""

from __future__ import annotations

import errno
import logging
import socket

from hypercorn.config import Config

from parsers.errors import Drop

log = logging.getLogger(__name__)

HEAD_SECONDS = 10
"""Time that a request's head may take to arrive, and a connection may do nothing."""
SILENT_SECONDS = 120
"""Time that a client may say nothing at all, whatever it was promised: longer than an answer takes.
It is the only deadline that HTTP/2 has here."""
UNREAD_SECONDS = 30
"""Time that nothing of an answer may be taken by the client."""
_USER_TIMEOUT = getattr(socket, "TCP_USER_TIMEOUT", None)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on `host` and `port`; 0 is any free one.

    Raises Drop("port_taken"), and Drop("bad_address") where this machine has no such address.
    """
    listener = None
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if _USER_TIMEOUT is not None:
            # Its connections have it too.
            listener.setsockopt(socket.IPPROTO_TCP, _USER_TIMEOUT, UNREAD_SECONDS * 1000)
        listener.bind(address)
        listener.listen()
    except OSError as error:
        if listener is not None:
            listener.close()
        raise _refused(host, port, error) from error
    return listener


def _refused(host: str, port: int, error: OSError) -> Drop:
    if error.errno == errno.EADDRINUSE:
        return Drop(
            "port_taken", f"Port {port} is taken. Name another one with --port; 0 is any free one."
        )
    if error.errno == errno.EACCES:
        return Drop(
            "port_taken", f"Port {port} needs rights that you don't have: name a higher one."
        )
    return Drop("bad_address", f"This machine can't listen on {host}: {error.strerror}.")


def deadlines(listener: socket.socket) -> Config:
    """How Hypercorn serves what comes to `listener`. Hypercorn, since uvicorn has no deadline for a
    request's head: a few hundred connections that never finish one would keep everybody out.
    `keep_alive_timeout` counts from the moment a connection opens until the whole head is there,
    however slowly it drips; who reads a body has a deadline of its own for that."""
    config = Config()
    # Hypercorn closes what it is given; whoever opened the socket closes it too.
    config.bind = [f"fd://{listener.dup().detach()}"]
    config.keep_alive_timeout = HEAD_SECONDS
    config.read_timeout = SILENT_SECONDS
    config.graceful_timeout = 5
    # A question in SQL is part of an address.
    config.h11_max_incomplete_size = 64 * 1024
    # Its lines would have in them what only those may know who asked: callbacks, searches.
    config.accesslog = None
    config.errorlog = log
    config.include_server_header = False
    return config
