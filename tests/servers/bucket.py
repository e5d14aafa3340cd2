"""An S3 service of our own on loopback: rclone, which serves a folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.ports import free_port

BUCKET = "press"
KEYS = {
    "AWS_ACCESS_KEY_ID": "press",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_REGION": "us-east-1",
}
"""What clients find in their environment."""


@dataclass(frozen=True)
class Service:
    """A service with one empty bucket."""

    endpoint: str
    folder: Path
    """What the bucket holds, as files."""

    @property
    def environment(self) -> dict[str, str]:
        """For programs that use it."""
        return {**KEYS, "AWS_ENDPOINT_URL": self.endpoint}


@contextmanager
def s3_service(folder: Path) -> Iterator[Service]:
    """A service that keeps its buckets in `folder`."""
    bucket = folder / BUCKET
    bucket.mkdir(parents=True)
    port = free_port()
    key = f"{KEYS['AWS_ACCESS_KEY_ID']},{KEYS['AWS_SECRET_ACCESS_KEY']}"
    rclone = str(Path(sys.executable).with_name("rclone"))
    address = f"127.0.0.1:{port}"
    # rclone's own configuration, and the proxy of the machine, are none of its business here.
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    process = subprocess.Popen(
        [rclone, "serve", "s3", "--addr", address, "--auth-key", key, str(folder)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port, process)
        yield Service(f"http://{address}", bucket)
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("rclone does not serve")
