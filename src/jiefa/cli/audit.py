"""The log: is every chain whole?"""

from __future__ import annotations

import typer

from jiefa.audit import queries
from jiefa.cli import show
from jiefa.cli.actor import JsonOption

app = typer.Typer(no_args_is_help=True, help="操作日志 / the log")


@app.callback()
def group() -> None:
    """操作日志 / the log."""


@app.command()
def verify(as_json: JsonOption = False) -> None:
    """逐条验证日志链：改动、缺失、调换、截断都会被指出 / find any altered, missing, reordered or cut entry."""
    found = queries.verify()
    faults = [{"chain": fault.chain, "seq": fault.seq, "kind": fault.kind} for fault in found.faults]
    if as_json:
        show.as_json({"chains": found.chains, "entries": found.entries, "faults": faults})
    else:
        show.OUT.print(
            show.words(
                f"{found.chains} 条链，{found.entries} 条记录。", f"{found.chains} chains, {found.entries} entries."
            )
        )
        columns = [
            ("chain", show.words("链", "chain")),
            ("seq", show.words("序号", "seq")),
            ("kind", show.words("问题", "fault")),
        ]
        show.as_table(faults, columns, show.words("全部完好。", "All whole."))
    if faults:
        raise typer.Exit(1)
