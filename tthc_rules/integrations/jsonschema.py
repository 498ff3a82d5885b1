"""JSON Schema (draft-07) of every format, for editors and for other languages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter

from tthc_rules.account.data import AccountData
from tthc_rules.check.cases import AnyCase, CaseFile
from tthc_rules.errors import OptionError, unknown_word
from tthc_rules.law.dossier import Dossier
from tthc_rules.logs.mapping import Mapping as EventMapping
from tthc_rules.result.departure import Departure
from tthc_rules.result.duedate import DueDate
from tthc_rules.result.slip.data import Slip
from tthc_rules.result.verdict import Verdict
from tthc_rules.rulefile import schema
from tthc_rules.runs.calendars.days import CalendarList
from tthc_rules.runs.diff.comparison import Comparison
from tthc_rules.runs.due.acts import DueActs
from tthc_rules.runs.habits.table import HabitTable

_SHAPES: Final[Mapping[str, Any]] = {
    "dossier": Dossier,
    "verdict": Verdict,
    "due_date": DueDate,
    "slip": list[Slip],
    "due_acts": DueActs,
    "departure": Departure,
    "habits": HabitTable,
    "calendar_days": CalendarList,
    "comparison": Comparison,
    "account": AccountData,
    "rule": schema.RuleFile
    | schema.RepealFile
    | schema.ClockFile
    | schema.OverlayFile
    | schema.UnitDutyFile
    | schema.IndicatorFile
    | schema.FormsFile
    | schema.RegisterFile,
    "case": list[AnyCase] | CaseFile,
    "calendar": schema.CalendarHead | schema.CalendarYear | schema.CalendarStatute,
    "time_limits": schema.CatalogueFile,
    "hours": schema.HoursFile,
    "jurisdictions": schema.JurisdictionsFile,
    "mapping": EventMapping,
}
_SAID: Final = frozenset(
    {"verdict", "due_date", "slip", "due_acts", "departure", "habits", "calendar_days", "comparison"}
)
"""What the library says: the schema is that of what comes out."""
NAMES: Final = tuple(_SHAPES)


def json_schema(name: str) -> dict[str, Any]:
    """The JSON Schema, draft-07, of one format; raises `OptionError` for a name that is not known."""
    if name not in _SHAPES:
        raise OptionError(unknown_word("schema", "lược đồ", "schema", name, NAMES, "TR-option-schema"))
    shape = _SHAPES[name]
    is_model = isinstance(shape, type) and issubclass(shape, BaseModel)
    mode: Any = "serialization" if name in _SAID else "validation"
    made = shape.model_json_schema(mode=mode) if is_model else TypeAdapter(shape).json_schema(mode=mode)
    _describe(name, made)
    older: dict[str, Any] = _to_draft_07(made)
    return {"$schema": "http://json-schema.org/draft-07/schema#", "$id": f"tthc-rules/{name}/1", **older}


@cache
def described() -> Mapping[str, str]:
    """What each key means, in both languages: by its name, or by shape and name where one shape means another thing."""
    text = files("tthc_rules.integrations").joinpath("schemawords.json").read_text(encoding="utf-8")
    words: Mapping[str, str] = json.loads(text)
    return words


def shapes_in(name: str, made: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The shapes of a schema that have keys, by the name of their class."""
    yield made.get("title", name), made.get("properties", {})
    for key in ("$defs", "definitions"):
        yield from ((shape, part.get("properties", {})) for shape, part in made.get(key, {}).items())


def _describe(name: str, made: dict[str, Any]) -> None:
    """Say of each key what it means."""
    words = described()
    for shape, keys in shapes_in(name, made):
        for key, node in keys.items():
            if said := words.get(f"{shape}.{key}", words.get(key)):
                node["description"] = said


def _to_draft_07(node: Any) -> Any:
    """What draft-07 calls otherwise: `definitions`, and `items` of fixed tuples."""
    if isinstance(node, list):
        return [_to_draft_07(item) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {}
    for key, value in node.items():
        if key == "$defs":
            changed["definitions"] = _to_draft_07(value)
        elif key == "$ref" and isinstance(value, str):
            changed["$ref"] = value.replace("#/$defs/", "#/definitions/")
        elif key == "prefixItems":
            changed["items"] = _to_draft_07(value)
        elif key == "discriminator":
            continue  # OpenAPI's, not JSON Schema's
        else:
            changed[key] = _to_draft_07(value)
    if "$ref" in changed and len(changed) > 1:
        # In draft-07 everything beside a $ref is ignored.
        return {"allOf": [{"$ref": changed.pop("$ref")}], **changed}
    return changed
