"""The smaller decision in OpenFisca-core, run by a Python of its own: it cannot share one with this library.

    PYTHON benchmarks/openfisca_decision.py FOLDER

Reads the columns of FOLDER, writes the answers there, then makes a pass and says what it spent for each line it reads.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from openfisca_core import (  # type: ignore[import-not-found, import-untyped, attr-defined, unused-ignore]
    entities,
    periods,
    taxbenefitsystems,
    variables,
)
from openfisca_core.simulations import (  # type: ignore[import-not-found, import-untyped, attr-defined, unused-ignore]
    SimulationBuilder,
)

DAY = periods.DateUnit.DAY
NONE = -(1 << 31)
EARLY, ON_TIME, RETURNED_LATE, DUE_SOON, PENDING, OVERDUE = 4, 5, 6, 2, 1, 7  # as the clock numbers them
P, MET, MET_LATE, MISSED, UNDETERMINED, NOT_OWED = 1, 2, 3, 4, 5, 6  # as the fast core numbers outcomes
ABSENT = 0

Formula = Any


def system(tables: dict[str, Any], base: int, as_of: int) -> Any:
    """Inputs and formulas; the calendar is the library's prefix table."""
    idx, nth = tables["idx"], tables["nth"]
    dossier = entities.Entity("dossier", "dossiers", "", "")

    def variable(name: str, formula: Formula | None = None) -> Any:
        body = {"value_type": int, "entity": dossier, "definition_period": DAY, "label": name}
        if formula is not None:
            body["formula"] = formula
        return type(name, (variables.Variable,), body)

    def due(d: Any, period: Any) -> Any:
        paused, resumed = d("paused", period), d("resumed", period)
        target = idx[d("accepted", period) - base] + d("amount", period) + idx[resumed - base] - idx[paused - base]
        return nth[target]

    def end(d: Any, period: Any) -> Any:
        done = d("done", period)
        return np.where(done == NONE, as_of, done)

    def workdays_late(d: Any, period: Any) -> Any:
        last, by = d("end", period), d("due", period)
        return np.where(last > by, idx[last - base] - idx[by - base], 0)

    def punctuality(d: Any, period: Any) -> Any:
        last, by, done = d("end", period), d("due", period), d("done", period)
        closed = np.where(last > by, RETURNED_LATE, np.where(last < by, EARLY, ON_TIME))
        near = idx[by - base] - idx[as_of - base] <= 2
        return np.where(done != NONE, closed, np.where(last > by, OVERDUE, np.where(near, DUE_SOON, PENDING)))

    def act_by(d: Any, period: Any) -> Any:
        return d("due", period) - 1

    def apology_before_due(d: Any, period: Any) -> Any:
        slip = d("slip", period)
        owed = d("end", period) > d("due", period)
        sent = np.where(slip == NONE, MISSED, np.where(slip <= d("act_by", period), MET, MET_LATE))
        return np.where(owed, sent, np.where(d("done", period) == NONE, P, NOT_OWED))

    def late_notice_to_one_stop(d: Any, period: Any) -> Any:
        owed = d("end", period) > d("due", period)
        return np.where(owed, MISSED, np.where(d("done", period) == NONE, P, NOT_OWED))

    def apology_content(d: Any, period: Any) -> Any:
        reason = d("reason", period)  # -1: not stated; 1: empty
        said = np.where(reason == 1, MISSED, np.where(reason < 0, UNDETERMINED, MET))
        return np.where(d("slip", period) == NONE, ABSENT, said)

    found = taxbenefitsystems.TaxBenefitSystem([dossier])
    found.add_variables(*(variable(name) for name in INPUTS))
    for formula in (
        due, end, workdays_late, punctuality, act_by, apology_before_due, late_notice_to_one_stop, apology_content
    ):  # fmt: skip
        found.add_variables(variable(formula.__name__, formula))
    return found


INPUTS = ("accepted", "amount", "paused", "resumed", "slip", "reason", "done")
OUTPUTS = (
    "due", "workdays_late", "punctuality", "act_by", "apology_before_due", "late_notice_to_one_stop", "apology_content"
)  # fmt: skip
PERIOD = "2026-10-31"


def main(folder: Path) -> None:
    """Answer once, then pass after pass."""
    columns = {name: np.load(folder / f"{name}.npy") for name in (*INPUTS, "idx", "nth")}
    setting = json.loads((folder / "setting.json").read_text(encoding="utf-8"))
    made = system(columns, setting["base"], setting["as_of"])
    n, part = len(columns["accepted"]), setting["part"]

    def one() -> tuple[float, float, dict[str, list[Any]]]:
        """A pass, part by part: small arrays stay in the caches. Building the population is not timed."""
        cpu = wall = 0.0
        answers: dict[str, list[Any]] = {name: [] for name in OUTPUTS}
        for start in range(0, n, part):
            stop = min(start + part, n)
            simulation = SimulationBuilder().build_default_simulation(made, count=stop - start)
            c, w = time.process_time(), time.perf_counter()
            for name in INPUTS:
                simulation.set_input(name, PERIOD, columns[name][start:stop])
            for name in OUTPUTS:
                answers[name].append(simulation.calculate(name, PERIOD))
            cpu += time.process_time() - c
            wall += time.perf_counter() - w
        return cpu, wall, answers

    _, _, answers = one()
    for name, parts in answers.items():
        np.save(folder / f"out_{name}.npy", np.concatenate(parts))
    print(json.dumps({"version": version("openfisca-core")}), flush=True)
    for _ in sys.stdin:
        cpu, wall, _ = one()
        print(json.dumps([cpu, wall]), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
