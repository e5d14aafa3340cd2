"""A hub that others wrote (Flask-WebSub) at work: `python tests/servers/flask_hub.py PORT FOLDER`.

Flask-WebSub can't be installed beside our tests, because it brings a package named `tests` of its
own; a virtual environment that has nothing else is named by WEBSUB_HUB_PYTHON. Its tasks run in
threads in place of Celery's workers.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask_websub.hub import Hub, SQLite3HubStorage


class Threads:
    """What the hub needs of Celery."""

    def task(self, *, bind: bool = False, **_: Any) -> Callable[[Callable[..., Any]], Any]:
        """Makes a function a task with `delay`; a bound one is given itself, to be retried by."""

        def made(function: Callable[..., Any]) -> Any:
            return _Task(function, bind=bind)

        return made


class _Task:
    def __init__(self, function: Callable[..., Any], *, bind: bool) -> None:
        self._function = function
        self._before = (self,) if bind else ()

    def delay(self, *args: Any) -> None:
        threading.Thread(target=self._function, args=(*self._before, *args)).start()


def main(port: int, folder: Path) -> None:
    """Serves the hub on loopback until the process ends."""
    app = Flask(__name__)
    app.config["PUBLISH_SUPPORTED"] = True
    hub = Hub(SQLite3HubStorage(str(folder / "hub.sqlite3")), Threads(), PUBLISH_SUPPORTED=True)
    app.register_blueprint(hub.build_blueprint(url_prefix="/hub"))
    app.run(host="127.0.0.1", port=port)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
