"""What an engine says of a case, under the names of `expect`, and where that differs from what is expected."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from tthc_rules.law.civil import read_computed
from tthc_rules.law.text import nfc
from tthc_rules.result.row import Row, steps_in
from tthc_rules.result.verdict import Verdict


@dataclass(frozen=True)
class Mismatch:
    """One key that came out otherwise than expected."""

    key: str
    expected: object
    got: object

    def say(self) -> str:
        return f"{self.key}: cần / expected {_shown(self.expected)}, được / got {_shown(self.got)}"


Said = Mapping[str, Any]
"""What an engine says, under the names of `Expect`."""


def said_of(verdict: Verdict) -> Said:
    names = {"clock": "version"}
    of_the_clock = ("clock", "original_due", "lawful_due", "current_due", "promised_due", "finished_on", "provisional")
    plain = ("punctuality", "punctuality_current", *_LATE)
    return {
        **{key: getattr(verdict.clock, names.get(key, key)) for key in of_the_clock},
        **{key: getattr(verdict, key) for key in plain},
        "obligations": {finding.id: finding.outcome for finding in verdict.obligations},
        "limits": {finding.id: finding.outcome for finding in verdict.limits},
        "responsible": verdict.responsible,
        "steps": _by_agency((step.agency, step.outcome) for step in verdict.steps),
        "changes_on": verdict.changes_on,
        "next_acts": first_days(verdict),
        "notes": [note.code for note in verdict.notes],
        "assumptions": verdict.assumptions,
    }


_LATE: Final = ("workdays_late", "days_late", "workdays_late_current", "days_late_current")


def said_by_row(row: Row, duties: Collection[str], limits: Collection[str]) -> Said:
    def words(name: str) -> list[str]:
        return [word for word in str(row[name] or "").split("|") if word]

    promised = row["promised_due"]
    return {
        **row,
        "clock": row["clock_version"],
        "promised_due": None if promised is None else read_computed(str(promised)),
        "obligations": {name: row[name] for name in duties if row[name] is not None},
        "limits": {name: row[name] for name in limits if row[name] is not None},
        "responsible": {name: roles.split("+") for name, _, roles in (w.partition("=") for w in words("responsible"))},
        "steps": _by_agency((step["agency"], step["outcome"]) for step in steps_in(row)),
        "notes": words("notes"),
        "assumptions": words("assumptions"),
    }


def first_days(verdict: Verdict) -> dict[str, date]:
    """Each act that is expected with its last day; where an agency has several steps, the first of them."""
    return {act.id: act.by for act in reversed(verdict.next_acts)}


def _by_agency(steps: Iterable[tuple[str | None, str]]) -> dict[str | None, list[str]]:
    found: dict[str | None, list[str]] = {}
    for agency, outcome in steps:
        found.setdefault(agency, []).append(outcome)
    return found


def compared(key: str, expected: Any, said: Said) -> list[Mismatch]:
    got = said[key]
    if key == "next_acts":
        wanted = expected and {nfc(name): day for name, day in expected.items()}
        return _compare_map(key, wanted, got)
    if key in ("obligations", "limits"):
        return _compare_map(key, expected, got)
    if key == "responsible":
        wanted = {duty: None if roles is None else sorted(roles) for duty, roles in (expected or {}).items()}
        if expected is None and got:
            return [Mismatch(key, None, got)]
        return _compare_map(key, wanted, got)
    if key == "steps" and expected is not None:
        wanted = {nfc(agency): outcome for agency, outcome in expected.items()}
        whole = {agency: isinstance(outcome, tuple) for agency, outcome in wanted.items()}
        came = {agency: tuple(got[agency]) if whole[agency] else got[agency][-1] for agency in wanted if agency in got}
        return _compare_map(key, wanted, came)
    if key == "steps":
        return [Mismatch(key, None, got)] if got else []
    if key == "notes":
        missing = [code for code in expected or () if code not in got]
        return [Mismatch(key, missing, got)] if missing else []
    if key == "assumptions":
        same = sorted(expected or ()) == sorted(got)
        return [] if same else [Mismatch(key, expected, got)]
    if key == "promised_due":
        return [] if _same_promise(expected, got) else [Mismatch(key, expected, got)]
    return [] if expected == got else [Mismatch(key, expected, got)]


def _compare_map(key: str, expected: Mapping[str, object] | None, got: Mapping[str, object]) -> list[Mismatch]:
    """Null under a name means that it must be absent; null for the whole, that nothing may be there."""
    if expected is None:
        return [Mismatch(key, None, dict(got))] if got else []
    return [
        Mismatch(f"{key}.{name}", wanted, got.get(name)) for name, wanted in expected.items() if got.get(name) != wanted
    ]


def _same_promise(expected: str | None, got: date | datetime | None) -> bool:
    if expected is None or got is None:
        return expected is None and got is None
    if len(expected) == 10:
        return got.isoformat()[:10] == expected
    return isinstance(got, datetime) and got.isoformat(timespec="minutes") == expected[:16].replace(" ", "T")


def _shown(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_shown, value)) + "]"
    return "null" if value is None else str(value)
