"""No value is ever written into a statement: values are parameters, and only quoted names of columns are put in."""

from __future__ import annotations

import ast
from pathlib import Path
from types import ModuleType
from typing import Final

from .conftest import EXAMPLE
from .running import Example

PUT_IN: Final = {
    "STAGED",  # a constant
    "_GONE",  # a constant, with the former in it
    "quoted(name)",
    "quoted(first)",
    "quoted(table)",
    "quoted(runner)",
    "columns[name]",  # one of the types that results._type_of gives
    "kind",
    "'::jsonb' if kind == 'jsonb' else ''",
    "name",  # quoted before
    "names",
    "values",
    "sets",
    "before",
    "after",
    "first",
    "of",
    "', '.join(names)",  # the fields of a class
    "places",  # $5, $6, …
    "number",
    "right",  # constants of judge._grant
    "place",
    "snapshot",  # matched against a pattern: SQL takes it as a literal only
}
"""What the example's statements are put together from, seen one by one; a new one has to be looked at."""
WORDS: Final = ("SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "GRANT", "SET ", "FROM", "::", "EXCLUDED")


def is_sql(text: ast.JoinedStr) -> bool:
    """Whether a text with things put into it is a piece of SQL."""
    fixed = "".join(
        part.value for part in text.values if isinstance(part, ast.Constant) and isinstance(part.value, str)
    )
    return any(word in fixed for word in WORDS)


def put_in(source: str) -> set[str]:
    """What is put into the SQL of a module."""
    return {
        ast.unparse(part.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.JoinedStr) and is_sql(node)
        for part in node.values
        if isinstance(part, ast.FormattedValue)
    }


def other_ways(source: str) -> list[str]:
    """Statements made by `%`, `+` or `.format` instead."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            found.append(ast.unparse(node))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            found.append(ast.unparse(node))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("ask", "do"):
            found += [ast.unparse(node)] if isinstance(node.args[0], ast.BinOp) else []
    return found


def test_only_names_are_put_into_statements() -> None:
    sources = [path.read_text(encoding="utf-8") for path in sorted(EXAMPLE.rglob("*.py"))]
    assert len(sources) == 6
    found = set().union(*map(put_in, sources))
    assert sorted(found - PUT_IN) == []
    assert {"quoted(name)", "snapshot", "STAGED"} <= found
    assert [way for source in sources for way in other_ways(source)] == []
    assert put_in('session.do(f"DELETE FROM a WHERE b = {one}")') == {"one"}
    assert other_ways('session.do("DELETE FROM a WHERE b = " + one)') != []


def test_a_name_is_quoted(example: Example) -> None:
    assert example.server.quoted('a"; DROP TABLE b; --') == '"a""; DROP TABLE b; --"'


def test_the_invented_dossiers_are_always_the_same(modules: dict[str, ModuleType]) -> None:
    from datetime import date

    from tthc_rules import Rulebook

    calendar = Rulebook.load().calendar("vn")
    invented = modules["invented"]
    few = list(invented.dossiers(40, date(2026, 8, 3), calendar))
    assert list(invented.dossiers(60, date(2026, 8, 3), calendar))[:40] == few
    assert len({one.dossier_id for one in few}) == 40
    assert all(one.events[0].recorded <= event.recorded for one in few for event in one.events)


def test_nothing_personal_has_a_column() -> None:
    text = (Path(EXAMPLE) / "portal.sql").read_text(encoding="utf-8").lower()
    assert [
        word for word in ("ho_ten", "cccd", "cmnd", "dien_thoai", "email", "dia_chi", "chu_ho_so") if word in text
    ] == []
