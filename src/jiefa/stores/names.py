"""Finding people by any part of a name without scanning: an index over one- and two-character tokens.

Given names have one or two characters, so trigram indices answer nothing or scan (measured: 673 ms over 2 M names).
Each name is kept as a text of tokens: every character, every pair, and the codes of its county and prefecture, so that a
common surname in one county is an intersection of two postings. PostgreSQL: GIN over the text's array; SQLite: FTS5.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation
from django.db.models import BooleanField, F, Func, QuerySet, Value
from django.db.models.expressions import RawSQL

from jiefa.stores.engine import is_postgres
from jiefa.stores.statements import Run, Statements


def tokens_of(text: str) -> list[str]:
    """The distinct one- and two-character tokens of ``text`` in order, blanks left out."""
    characters = text.replace(" ", "")
    pairs = [characters[i : i + 2] for i in range(len(characters) - 1)]
    return list(dict.fromkeys([*characters, *pairs]))


def query_tokens(part: str) -> list[str]:
    """The tokens every name containing ``part`` must have: its pairs, or its one character."""
    characters = part.replace(" ", "")
    if len(characters) <= 1:
        return [characters] if characters else []
    return list(dict.fromkeys(characters[i : i + 2] for i in range(len(characters) - 1)))


def token_text(name: str, village_code: str) -> str:
    """What is kept beside a person for the index."""
    return " ".join([*tokens_of(name), village_code[:4], village_code[:6]])


def narrow(people: QuerySet[Any], table: str, tokens: Sequence[str]) -> QuerySet[Any]:
    """``people`` whose token text holds all ``tokens``, found through the index. A name may still lack the exact part: filter it too."""
    if is_postgres():
        # The very expression of the index, around a column that knows its table's alias: it may stand in a sub-query.
        holds = Func(
            F("name_tokens"),
            Value(list(tokens)),
            template="string_to_array(%(expressions)s)",
            arg_joiner=", ' ') @> (",
            output_field=BooleanField(),
        )
        return people.filter(holds)
    phrase = " AND ".join('"' + token.replace('"', '""') + '"' for token in tokens)
    found = RawSQL(f'SELECT rowid FROM "{table}_names" WHERE "{table}_names" MATCH %s', [phrase])
    return people.filter(pk__in=found)


def _install(table: str) -> Run:
    def run(schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE INDEX {table}_names ON \"{table}\" USING gin (string_to_array(name_tokens, ' '))"
            )
            return
        index = f"{table}_names"
        schema_editor.execute(
            f"CREATE VIRTUAL TABLE {index} USING fts5(name_tokens, content='{table}', content_rowid='id', "
            "detail='none', columnsize=0, tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* Co P* S*'\")"
        )
        insert = f"INSERT INTO {index}(rowid, name_tokens) VALUES (new.id, new.name_tokens);"
        delete = f"INSERT INTO {index}({index}, rowid, name_tokens) VALUES ('delete', old.id, old.name_tokens);"
        schema_editor.execute(f'CREATE TRIGGER {table}_names_in AFTER INSERT ON "{table}" BEGIN {insert} END')
        schema_editor.execute(f'CREATE TRIGGER {table}_names_out AFTER DELETE ON "{table}" BEGIN {delete} END')
        schema_editor.execute(
            f'CREATE TRIGGER {table}_names_new AFTER UPDATE OF name_tokens ON "{table}" BEGIN {delete} {insert} END'
        )

    return run


def _remove(table: str) -> Run:
    def run(schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX {table}_names")
            return
        for suffix in ("in", "out", "new"):
            schema_editor.execute(f"DROP TRIGGER {table}_names_{suffix}")
        schema_editor.execute(f"DROP TABLE {table}_names")

    return run


def index_names(table: str) -> Operation:
    """A migration step that builds the name index of ``table`` (which has ``name_tokens``) and keeps it true."""
    return Statements(_install(table), _remove(table))
