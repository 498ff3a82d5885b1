"""Schema -> law: every name is looked up, every class is measured against its evidence, every problem has its place.

What comes out of here is law: no name in it is unknown, nothing in it is stronger than what was read. `duties` resolves
what is judged of dossiers, `units` what units owe, `naming` what every file has in common, `readings` what a caller
chose.
"""

from __future__ import annotations

from tthc_rules.errors import unknown_word
from tthc_rules.law.forms import Forms
from tthc_rules.law.rule import ClockVersion, ResultLaw, Starts, StepsLaw
from tthc_rules.rulefile import complaints, schema
from tthc_rules.rulefile.resolve.duties import Duties
from tthc_rules.rulefile.resolve.naming import Path, Report, citations, evidence, in_force, unseen
from tthc_rules.rulefile.resolve.readings import choose
from tthc_rules.rulefile.resolve.units import UnitResolver

__all__ = ["Path", "Report", "Resolver", "choose", "citations", "evidence", "in_force"]


class Resolver(Duties, UnitResolver):
    """Resolves the names of one file, whatever it is."""

    __slots__ = ()

    def clock(self, part: schema.ClockFile, version: str, source: str) -> ClockVersion:
        if part.effective.picked_by != "dossier_accepted":
            words = ("ngày chọn", "picking date", part.effective.picked_by, ("dossier_accepted",), "TR-rule-pick")
            self.complain(unknown_word("", *words), ("effective", "picked_by"))
        readings = self.interpretations(part.interpretations)
        starts = part.starts
        if starts.event != "dossier_accepted" and part.filed_elsewhere_starts != "dossier_accepted":
            beside = complaints.not_beside(f"starts: {{event: {starts.event}}}", "filed_elsewhere_starts")
            self.complain(beside, ("filed_elsewhere_starts",))
        return ClockVersion(
            version,
            part.label.model_dump(),
            in_force(part.effective, part.instrument, part.ended_by),
            part.calendar,
            part.supplement.effect,
            next((reading.id for reading in readings if reading.sets == "supplement.effect"), ""),
            part.filed_elsewhere_starts == "received_by_competent_agency",
            part.pause_counts,
            part.receipt_on_day_off,
            part.due_soon,
            citations(part.citations),
            readings,
            source,
            unseen(part.instrument),
            _steps(part.steps),
            _result(part.result),
            Starts(
                starts.event,
                None if starts.cutoff_before_close is None else starts.cutoff_before_close.amount * 60,
                starts.at_cutoff,
            ),
            part.beside or "",
        )

    def forms(self, part: schema.FormsFile, version: str, source: str) -> Forms:
        return Forms(
            part.forms,
            version,
            in_force(part.effective, part.instrument, part.ended_by),
            part.instrument.document,
            {row.form: row.number for row in part.rows if row.number is not None},
            {row.form: row.label.model_dump() for row in part.rows},
            {row.form: citations(row.citations) for row in part.rows if row.citations},
            citations(part.citations),
            source,
            None if part.note is None else part.note.model_dump(),
        )


def _steps(part: schema.StepsPart | None) -> StepsLaw:
    if part is None:
        return StepsLaw()
    return StepsLaw(citations(part.agencies), citations(part.opinions))


def _result(part: schema.ResultPart | None) -> ResultLaw:
    if part is None:
        return ResultLaw()
    return ResultLaw(part.owed_by, part.role, citations(part.citations))
