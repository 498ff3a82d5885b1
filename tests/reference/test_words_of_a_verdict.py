"""What code may rely on: the words of a verdict are closed sets, and a wrong option is no dossier's fault."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from typer.testing import CliRunner

import tthc_rules as tr
from tthc_rules.cli import app
from tthc_rules.integrations.jsonschema import json_schema
from tthc_rules.law.codes import Lateness, NoteCode, Punctuality, Reason
from tthc_rules.law.evidence import Status
from tthc_rules.law.rule import Consequence, Outcome, Role
from tthc_rules.result import verdict as said
from tthc_rules.result import words

AS_OF = dt.date(2024, 9, 20)
DOSSIER = {
    "dossier_id": "a",
    "time_limit": {"amount": 5, "unit": "workday"},
    "events": [{"kind": "dossier_accepted", "at": "2024-08-23T08:30"}],
}


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (Punctuality, words.PUNCTUALITY),
        (Lateness, words.LATENESS),
        (Outcome, words.OUTCOMES),
        (Consequence, words.CONSEQUENCES),
        (Status, words.STATUSES),
    ],
    ids=["punctuality", "lateness", "outcome", "consequence", "status"],
)
def test_each_word_is_told_to_people_and_no_other(known: Any, told: dict[str, Any]) -> None:
    assert set(get_args(known)) == set(told)


def test_notes_and_reasons_and_roles_are_told_to_people() -> None:
    assert set(words.NOTES) <= set(get_args(NoteCode))
    assert set(get_args(Reason)) - {"", "no_limit"} <= set(get_args(NoteCode))
    assert set(get_args(Role)) <= set(words.ROLES)


OPEN = {  # texts of the law, ids of rule files and of the caller: no closed set
    "dossier_id", "assumptions", "document", "article", "clause", "point", "quote", "source", "version", "rule", "id",
    "label", "calendar", "due_time", "rules", "name", "nearest", "agency", "unit", "by_time", "kind",
}  # fmt: skip


def test_no_word_of_a_verdict_is_a_mere_text() -> None:
    """A field whose values are words of ours has a `Literal` type; what is open is listed above."""
    found = []
    records = [value for value in vars(said).values() if isinstance(value, type) and value.__module__ == said.__name__]
    for record in records:
        hints = get_type_hints(record)
        names = [field.name for field in fields(record)] if hasattr(record, "__dataclass_fields__") else list(hints)
        found += [f"{record.__name__}.{name}" for name in names if name not in OPEN and _is_text(hints.get(name))]
    assert found == []


def _is_text(hint: Any) -> bool:
    if get_origin(hint) in (Union, UnionType, tuple):
        return any(_is_text(part) for part in get_args(hint))
    return hint is str


def test_the_schema_lists_the_words() -> None:
    shape = json_schema("verdict")
    assert set(shape["properties"]["punctuality"]["enum"]) == set(get_args(Punctuality))
    assert set(shape["definitions"]["Finding"]["properties"]["outcome"]["enum"]) == set(get_args(Outcome))
    assert set(shape["definitions"]["Note"]["properties"]["code"]["enum"]) == set(get_args(NoteCode))


def test_a_verdict_is_read_back_with_its_words(book: tr.Rulebook) -> None:
    verdict = book.evaluate(DOSSIER, AS_OF)
    assert tr.Verdict.model_validate_json(verdict.model_dump_json()) == verdict
    assert get_origin(Punctuality) is Literal


@pytest.mark.parametrize(
    "ask",
    [
        lambda book: book.evaluate(DOSSIER, AS_OF, lateness="by_dat"),
        lambda book: book.evaluate(DOSSIER, AS_OF, calendar="vm"),
        lambda book: book.evaluate(DOSSIER, AS_OF, hours="none"),
        lambda book: book.evaluate(DOSSIER, AS_OF, engine="fast"),
        lambda book: book.evaluate(DOSSIER, "2024-09-20"),
        lambda book: book.evaluate(DOSSIER, dt.date(1980, 1, 1)),
        lambda book: book.evaluate(DOSSIER, AS_OF, known_on=dt.datetime(2024, 1, 1)),
        lambda book: book.evaluate(DOSSIER, AS_OF).explain("fr"),
        lambda book: book.calendar("vm"),
        lambda book: book.question(AS_OF, lateness="by_dat"),
    ],
)
def test_a_wrong_option_is_an_option_error_and_no_fault_of_the_dossier(book: tr.Rulebook, ask: Any) -> None:
    with pytest.raises(tr.OptionError) as caught:
        ask(book)
    assert not isinstance(caught.value, tr.DossierError)
    assert isinstance(caught.value, ValueError)


def test_the_calendars_error_can_be_caught(book: tr.Rulebook) -> None:
    with pytest.raises(tr.CalendarError):
        book.calendar().add_workdays(dt.date(2024, 1, 1), -1)


@pytest.mark.parametrize("option", [("--calendar", "vm"), ("--hours", "none"), ("--as-of", "1980-01-01")])
def test_a_bad_option_leaves_the_old_results(tmp_path: Path, option: tuple[str, str]) -> None:
    log, out = tmp_path / "log.csv", tmp_path / "out.csv"
    log.write_text("dossier_id,kind,at\na,dossier_accepted,2024-08-23T08:30\n", encoding="utf-8")
    out.write_text("kết quả cũ\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["rescore", str(log), "-o", str(out), "--as-of", "2024-09-20", "-q", *option])
    assert isinstance(done.exception, tr.OptionError)
    assert out.read_text(encoding="utf-8") == "kết quả cũ\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["log.csv", "out.csv"]
