"""A verdict as one flat row: the documented shape of a result, whichever engine made it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tthc_rules.errors import OptionError, TthcError, shown, supposed_no_fact
from tthc_rules.law.dossier import Dossier
from tthc_rules.result.columns import ACT_BY, STEPS
from tthc_rules.result.verdict import ClockRecord, Finding, Note, Verdict

Cell = str | int | bool | date | datetime | list[dict[str, Any]] | None
Row = dict[str, Cell]


def row_of(verdict: Verdict) -> Row:
    """One verdict as a row, with what its dossier says of who handled it; raises `OptionError` for a supposition."""
    if verdict.supposed:
        raise OptionError(supposed_no_fact(verdict.dossier_id))
    clock = verdict.clock
    dossier: Dossier = verdict._behind.dossier
    findings = sorted((*verdict.obligations, *verdict.limits), key=lambda finding: finding.id)
    responsible = sorted(verdict.responsible.items())
    row: Row = {
        "dossier_id": verdict.dossier_id,
        "procedure": dossier.procedure,
        "jurisdiction": dossier.jurisdiction,
        "field": dossier.field,
        "channel": dossier.channel,
        "handling_agency": None if dossier.units is None else dossier.units.handling_agency,
        "one_stop_unit": None if dossier.units is None else dossier.units.one_stop_unit,
        "officers": "|".join(dossier.officers) or None,
        "observes": None if dossier.observes is None else "|".join(dossier.observes),
        "unknown": "|".join(dossier.unknown) or None,
        "punctuality": verdict.punctuality,
        "workdays_late": verdict.workdays_late,
        "days_late": verdict.days_late,
        "punctuality_current": verdict.punctuality_current,
        "workdays_late_current": verdict.workdays_late_current,
        "days_late_current": verdict.days_late_current,
        "clock_version": clock.version,
        "accepted_on": clock.accepted_on,
        "original_due": clock.original_due,
        "lawful_due": clock.lawful_due,
        "current_due": clock.current_due,
        "promised_due": _as_text(clock.promised_due),
        "finished_on": clock.finished_on,
        "ended_by": clock.ended_by,
        "provisional": clock.provisional,
        "responsible": "|".join(f"{duty}={'+'.join(roles)}" for duty, roles in responsible),
        "steps": [
            {"agency": step.agency, "due": _as_text(step.due), "done_on": step.done_on, "outcome": step.outcome}
            for step in verdict.steps
        ],
        **_first_act(verdict),
        "changes_on": verdict.changes_on,
        "versions": "|".join(f"{finding.id}={finding.duty.version}" for finding in findings),
        "clauses": "|".join(_clauses(verdict.clock, findings)),
        "notes": "|".join(sorted({note.code for note in verdict.notes})),
        "unknown_names": "|".join(sorted(set(_unknown_names(verdict.notes)))),
        "assumptions": "|".join(sorted(verdict.assumptions)),
        "rules_digest": verdict.digests.rules,
        "calendar_digest": verdict.digests.calendar,
    }
    for finding in findings:
        row[finding.id] = finding.outcome
        row[finding.id + ACT_BY] = finding.act_by
    return row


def _first_act(verdict: Verdict) -> Row:
    """The first act that hangs on nothing more: a cell has no room for «only if»."""
    act = next((act for act in verdict.next_acts if act.only_if is None), None)
    if act is None:
        return {"next_act": None, "next_act_by": None, "next_act_roles": None}
    return {"next_act": act.id, "next_act_by": act.by, "next_act_roles": "|".join(act.roles) or None}


def _as_text(moment: date | datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()[:16]


def steps_text(steps: Sequence[Mapping[str, Any]]) -> str:
    """Steps as they stand in a cell of a CSV: JSON, nothing where there are none."""
    return json.dumps([*steps], ensure_ascii=False, separators=(",", ":"), default=date.isoformat) if steps else ""


def steps_in(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The steps in a row that was judged; none in one of an error."""
    steps = row.get(STEPS)
    return steps if isinstance(steps, list) else []


def _unknown_names(notes: Iterable[Note]) -> Iterator[str]:
    return (unknown_name(note.code, note.name, note.nearest) for note in notes if note.name is not None)


def unknown_name(code: str, name: str, nearest: str | None) -> str:
    """A name that nobody knows as it stands in a cell: «kind:scanned», «field:lydo→reason»."""
    written = shown(name).replace("|", "¦")
    return f"{'kind' if code == 'unknown_kind' else 'field'}:{written}{f'→{nearest}' if nearest else ''}"


def _clauses(clock: ClockRecord, findings: Sequence[Finding]) -> Iterator[str]:
    """The clause behind the clock, and behind each duty or limit that came out."""
    for citation in clock.citations[:1]:
        yield f"clock={citation.say()}"
    for finding in findings:
        for citation in finding.duty.citations[:1]:
            yield f"{finding.id}={citation.say()}"


def error_row(dossier_id: str, error: TthcError) -> Row:
    """A dossier that could not be judged, as a row: it is never dropped."""
    said = "; ".join(f"{problem.place}: {problem.vi}" for problem in error.problems)
    return {"dossier_id": dossier_id, "error_code": error.code, "error": said}
