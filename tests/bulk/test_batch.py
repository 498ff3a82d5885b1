"""One dossier never stops `rescore_dossiers`, whatever is in it: the row of `evaluate`, or one with its error."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from tthc_rules import Rulebook
from tthc_rules.errors import EngineError, OptionError, TthcError
from tthc_rules.law.dossier import Dossier, Event
from tthc_rules.result.row import row_of

NEEDS: Final = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow"):
    pytest.importorskip(package, reason=NEEDS)

from truth import Json, wanted  # noqa: E402

REPORT: Final = Path(__file__).parent.parent / "reports" / "x05_batch_dies_of_one_dossier"
AS_OF: Final = date(2026, 1, 1)
GOOD: Final[Json] = {
    "dossier_id": "good",
    "time_limit": {"amount": 5, "unit": "workday"},
    "events": [{"kind": "dossier_accepted", "at": "2024-08-23T08:30"}],
}
HALF: Final = "\ud800"


def bad(**more: Any) -> Json:
    return {**GOOD, "dossier_id": "bad", **more}


def happened(**fields: Any) -> Json:
    return bad(events=[*GOOD["events"], {"kind": "apology_sent", "at": "2024-08-24", **fields}])


def deep(levels: int) -> Any:
    made: Any = 1
    for _ in range(levels):
        made = [made]
    return made


def cyclic() -> Any:
    made: Any = []
    made.append(made)
    return made


def cyclic_dossier() -> Json:
    made = bad()
    made["z"] = made
    return made


class Foreign:
    """A class whose every question raises."""

    def __getattribute__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __repr__(self) -> str:
        raise RuntimeError("repr")

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("eq")

    __hash__ = None  # type: ignore[assignment]


class ForeignMapping(Mapping[str, Any]):
    """A mapping whose every question raises."""

    def __getitem__(self, name: str) -> Any:
        raise RuntimeError(name)

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("iter")

    def __len__(self) -> int:
        raise RuntimeError("len")


class OwnDossier(Dossier):
    """A dossier of somebody else's, with a field of its own."""

    priority: int = 5


class OwnEvent(Event):
    """An event of somebody else's, with a field of its own."""

    mood: str = "good"


def own_dossier() -> Any:
    return OwnDossier.model_validate(bad())


def own_event() -> Any:
    made = Dossier.model_validate(bad())
    event = OwnEvent.model_construct(kind="tea_was_had", at=date(2024, 8, 26), mood="good")
    return made.model_copy(update={"events": (*made.events, event)})


UNCHECKED: Final[Callable[..., Any]] = Dossier.model_construct
NASTY: Final[dict[str, Callable[[], Any]]] = {
    **{f"half a character in {name}": partial(bad, **{name: HALF}) for name in
       ("procedure", "field", "jurisdiction", "channel", "dossier_id", "z", HALF)},
    "half a character in an officer": lambda: bad(officers=[HALF]),
    "half a character in a unit": lambda: bad(units={"handling_agency": HALF}),
    "half a character in a group's own field": lambda: bad(units={"floor": HALF}),
    "half a character in a limit": lambda: bad(time_limit={"amount": 5, "unit": HALF}),
    "half a character in a reason": lambda: happened(reason=HALF),
    "half a character in an unknown field": lambda: happened(mood=HALF),
    "half a character in a name of a field": lambda: happened(**{HALF: 1}),
    "half a character in a kind": lambda: happened(kind=HALF),
    "half a character in a moment": lambda: happened(at=HALF),
    "keys of two kinds": lambda: bad(z={1: 2, "a": 3}),
    "a name of a field that is no text": lambda: {**bad(), 5: 1},
    "deep data": lambda: bad(z=deep(2000)),
    "very deep data": lambda: bad(z=deep(100_000)),
    "deep data in an event": lambda: happened(mood=deep(2000)),
    "data in itself": lambda: bad(z=cyclic()),
    "data in itself in an event": lambda: happened(mood=cyclic()),
    "events in themselves": lambda: bad(events=cyclic()),
    "a dossier in itself": cyclic_dossier,
    "a number of 6,000 digits": lambda: bad(z=10**6000),
    "a number of 6,000 digits in an event": lambda: happened(mood=10**6000),
    "an amount of 6,000 digits": lambda: bad(time_limit={"amount": 10**6000, "unit": "workday"}),
    "an amount of 2**70": lambda: bad(time_limit={"amount": 2**70, "unit": "workday"}),
    "an amount that is a fraction": lambda: bad(time_limit={"amount": 2.5, "unit": "workday"}),
    "bytes": lambda: b'{"dossier_id": "bad"}',
    "bytes in a field": lambda: bad(procedure=b"\xff"),
    "bytes in an unknown field": lambda: bad(z=b"\xff"),
    "a set in an unknown field": lambda: happened(mood={1, 2}),
    "a class in an unknown field": lambda: bad(z=object),
    "a foreign object in an unknown field": lambda: bad(z=Foreign()),
    "a foreign object in an event": lambda: happened(mood=Foreign()),
    "a foreign object as a moment": lambda: happened(at=Foreign()),
    "a foreign object as a reason": lambda: happened(reason=Foreign()),
    "a foreign object as an id": lambda: bad(dossier_id=Foreign()),
    "a foreign object": Foreign,
    "a foreign mapping": ForeignMapping,
    "a foreign mapping as a limit": lambda: bad(time_limit=ForeignMapping()),
    "a foreign mapping as an event": lambda: bad(events=[ForeignMapping()]),
    "nothing": lambda: None,
    "a number": lambda: 5,
    "a text": lambda: "bad",
    "a list": lambda: [GOOD],
    "not-a-number in an unknown field": lambda: happened(mood=float("nan")),
    "a year that is none": lambda: happened(at=datetime.max),
    "an unnamed field": lambda: bad(**{"": 1}),
    "fields that bear our names for columns": lambda: bad(**{"tthc:problem": "x", "case:a": 1, "a": 2, "a?": 3}),
    "thousands of unknown fields": lambda: bad(**{f"field number {k}": k for k in range(5000)}),
    "a dossier class of somebody else's": own_dossier,
    "an event class of somebody else's": own_event,
    "a dossier that was never checked": lambda: UNCHECKED(dossier_id=5, events="x"),
    "a dossier without anything": UNCHECKED,
    "a limit that was never checked": lambda: Dossier.model_validate(bad()).model_copy(update={"time_limit": "x"}),
}  # fmt: skip


def as_evaluate(book: Rulebook, given: Any) -> Any:
    """The row of `evaluate`; where it gives none, the code of its error, or nothing where that is foreign."""
    try:
        return row_of(book.evaluate(given, AS_OF))
    except TthcError as error:
        return {"error_code": error.code}
    except Exception:
        return {}


@pytest.mark.parametrize("nasty", NASTY)
def test_whatever_is_in_one_dossier_stops_none_of_the_others(book: Rulebook, nasty: str) -> None:
    given = NASTY[nasty]()
    rows = book.rescore_dossiers([{**GOOD, "dossier_id": "first"}, given, {**GOOD, "dossier_id": "last"}], AS_OF)
    assert [row["dossier_id"] for row in rows[::2]] == ["first", "last"]
    good = wanted(book, GOOD, AS_OF)
    for row in rows[::2]:
        assert row == {name: good.get(name) for name in row} | {"dossier_id": row["dossier_id"]}
    assert [set(row) for row in rows] == [set(rows[0])] * 3
    (row, want) = rows[1], as_evaluate(book, given)
    if "error_code" in want or not want:
        assert row["error_code"] == want.get("error_code", "TR-input-value")
        assert {name for name, cell in row.items() if cell is not None} <= {"dossier_id", "error_code", "error"}
        assert row["error"]
    else:
        assert row == {name: want.get(name) for name in row}

    said = "".join(cell for cell in row.values() if isinstance(cell, str))
    assert said.encode().decode() == said  # it can be written


def test_all_of_them_at_once_are_the_rows_of_each(book: Rulebook) -> None:
    everything = [make() for make in NASTY.values()]
    mixed = [one for given in everything for one in (GOOD, given)]
    rows = book.rescore_dossiers(mixed, AS_OF)
    assert rows[::2] == [rows[0]] * len(everything)
    for given, row in zip(everything, rows[1::2], strict=True):
        (alone,) = book.rescore_dossiers([given], AS_OF)
        assert row == alone


@pytest.mark.parametrize(
    "given", [GOOD, Dossier.model_validate(GOOD), "x", b"x", None, 5], ids=lambda one: type(one).__name__
)
def test_what_is_no_list_of_dossiers_is_our_error(book: Rulebook, given: Any) -> None:
    with pytest.raises(OptionError) as caught:
        book.rescore_dossiers(given, AS_OF)
    assert (caught.value.code, caught.value.place) == ("TR-option-type", "dossiers")


def test_no_dossiers_are_no_rows(book: Rulebook) -> None:
    assert book.rescore_dossiers([], AS_OF) == []
    assert len(book.rescore_dossiers((one for one in (GOOD, GOOD)), AS_OF)) == 2


def test_the_report_of_batches_has_a_row_for_each(book: Rulebook) -> None:
    ran = subprocess.run(
        [sys.executable, str(REPORT / "repro.py")], capture_output=True, text=True, timeout=120, check=True
    )
    *rows, number = ran.stdout.splitlines()
    assert len(rows) == 9
    assert all(line.endswith("rescore_dossiers: 2") for line in rows), ran.stdout
    assert number == "rescore(dict) 2**70: InputFileError"


def test_code_that_cannot_be_compiled_is_no_fault_of_a_dossier(book: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was taken for one: dossiers were halved and judged one by one, in silence and a thousand times as slowly."""
    from tthc_rules.bulk import governing, objects

    def not_flat(source: str) -> object:
        return objects.machine_code(objects.rules_function(f"{source}\n    pass\n"))

    monkeypatch.setattr(governing, "compiled_rules", not_flat)
    with pytest.raises(EngineError, match="TR-engine-compile"):
        Rulebook(book.corpus).rescore_dossiers([GOOD, GOOD], AS_OF)
