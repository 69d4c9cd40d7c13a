"""Loads rosters in children that are killed. Run as a program by ``test_registry_killed``.

One line per attempt: kill after so many seconds (or run to the end), then say what became of it. Everything heavy is
imported once; each attempt is a process of its own, forked from this one.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path

import django


def _child(path: Path) -> None:
    from tests.registry import rosters

    from jiefa.registry.actions.batches import SameContent

    try:
        rosters.load(path)
    except SameContent:
        os._exit(3)
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main() -> None:
    django.setup()
    from django.db import connections
    from tests.registry import rosters

    # One load here brings everything into memory once for all children; no connection may go through a fork.
    rosters.load(Path(sys.argv[1]))
    connections.close_all()
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    for line in sys.stdin:
        order = json.loads(line)
        started = time.monotonic()
        child = os.fork()
        if child == 0:
            _child(Path(order["path"]))
        if order["after"] is not None:
            time.sleep(order["after"])
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        took = time.monotonic() - started
        sys.stdout.write(json.dumps({"status": os.waitstatus_to_exitcode(status), "took": took}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
