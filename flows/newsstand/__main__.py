"""`python -m flows.newsstand [--port 8642] [--edition 2]`: the made-up press for a browser."""

from __future__ import annotations

import argparse
import sys
import threading

from flows.newsstand.press import load_press
from flows.newsstand.server import serve_in_thread


def main() -> int:
    """Serve until interrupted; exit status 1 where the port is taken."""
    parser = argparse.ArgumentParser(prog="python -m flows.newsstand", description=main.__doc__)
    parser.add_argument("--port", type=int, default=8642, help="0: any free port")
    parser.add_argument("--edition", type=int, choices=(1, 2), default=1)
    chosen = parser.parse_args()
    try:
        with serve_in_thread(load_press(chosen.edition), chosen.port) as stand:
            sys.stdout.write(f"{stand.proxy_url}/ lists the outlets; Ctrl-C stops.\n")
            sys.stdout.flush()
            threading.Event().wait()
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        sys.stderr.write(f"Port {chosen.port} is not free ({error}); choose another by --port.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
