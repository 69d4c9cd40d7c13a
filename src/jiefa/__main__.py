"""``python -m jiefa`` is the ``jiefa`` command."""

from __future__ import annotations

from jiefa.cli import main

if __name__ == "__main__":
    main()
