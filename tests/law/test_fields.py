"""The one table of names: what each field means, and that nobody keeps a list of his own beside it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tthc_rules.law import fields
from tthc_rules.law.codes import KINDS

PACKAGE = Path(__file__).parents[2] / "tthc_rules"


def test_every_kind_has_a_code_of_the_clock() -> None:
    assert set(fields.KINDS) == set(KINDS)


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("kind", "text"),
        ("at", "moment"),
        ("appointed_due", "moment"),
        ("new_due", "moment"),
        ("due", "moment"),
        ("from", "moment"),
        ("to", "moment"),
        ("after_appraisal", "flag"),
        ("applicant_fault", "flag"),
        ("attached", "flag"),
        ("agency", "text"),
        ("reason", "text"),
        ("ground", "text"),
        ("form", "text"),
        ("signer_role", "text"),
        ("channel", "text"),
    ],
)
def test_an_event_field_means(name: str, meaning: str) -> None:
    assert fields.EVENT_FIELDS[name] == meaning


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("dossier_id", "text"),
        ("procedure", "text"),
        ("jurisdiction", "text"),
        ("channel", "text"),
        ("field", "text"),
        ("units.handling_agency", "text"),
        ("units.one_stop_unit", "text"),
        ("officers", "list"),
        ("filed_elsewhere", "flag"),
        ("time_limit.amount", "number"),
        ("time_limit.unit", "text"),
        ("time_limit.cutoff", "text"),
        ("time_limit.pauses_for", "list"),
        ("time_limit.none", "flag"),
    ],
)
def test_a_dossier_field_means(name: str, meaning: str) -> None:
    assert fields.DOSSIER_FIELDS[name] == meaning


def test_the_fields_of_a_kind() -> None:
    assert set(fields.FIELDS_OF["interval_excluded"]) == {"kind", "at", "from", "to", "reason", "ground"}
    assert set(fields.FIELDS_OF["clock_resumed"]) == {"kind", "at"}
    assert "events" not in fields.DOSSIER_FIELDS


def test_no_other_module_lists_fields_by_hand() -> None:
    """Three moments in one literal are a second list of moments."""
    moments = fields.named(fields.EVENT_FIELDS, "moment") - {"at", "from", "to", "due"}
    found = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Set | ast.List | ast.Tuple):
                words = {part.value for part in node.elts if isinstance(part, ast.Constant)}
                if len(words & moments) >= 2:
                    found.append(f"{path.name}:{node.lineno}")
    assert found == []


@pytest.mark.parametrize(
    ("column", "meant"),
    [
        ("kind", ""),
        ("Kind", "kind"),
        ("new_deu", "new_due"),
        ("time_limit.amout", ""),  # five letters
        ("time_limit.amuont", "time_limit.amount"),
        ("unit.handling_agency", "units.handling_agency"),
        ("units_handling_agency", "units.handling_agency"),
        ("units.handling_agncy", "units.handling_agency"),
        ("case:juristiction", "jurisdiction"),
        ("case:new_deu", ""),  # of dossiers there is no such field
        ("event:new_deu", "new_due"),
        ("event:juristiction", ""),
        ("reasons", ""),  # a plural of an event field: a hint
        ("channels", "channel"),  # of a dossier field: an error
        ("officer", "officers"),
        ("event", ""),  # in a flat log a column of somebody's own
        ("unit", ""),
        ("note", ""),
        ("concept:name", ""),
        ("lifecycle:transition", ""),
    ],
)
def test_a_column_of_a_flat_log_that_is_misspelt(column: str, meant: str) -> None:
    assert [problem.nearest for problem in fields.misspelt_columns(of_either=[column])] == ([meant] if meant else [])


def test_columns_of_nested_tables_that_are_misspelt() -> None:
    found = fields.misspelt_columns(
        ["reasons", "new_deu", "officer"], ["event", "unit", "reason", "new_deu"], place="f"
    )
    assert [(problem.code, problem.place, problem.nearest) for problem in found] == [
        ("TR-input-misspelt", "f: new_deu", "new_due"),
        ("TR-input-misspelt", "f: event", "events"),
        ("TR-input-misspelt", "f: unit", "units"),
    ]
