"""What a row adds to a summary, as one word that many rows share."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from tthc_rules.logs.assemble import RawDossier
from tthc_rules.logs.diagnostics import Diagnostic, DiagnosticTally
from tthc_rules.result.row import Row
from tthc_rules.runs.onebyone import Summary

_COUNTERS = ("punctuality", "notes", "names", "kinds", "missed", "errors", "left_out")


def counted(row: Row, raw: RawDossier) -> str:
    """What one row adds to the summary of a run."""
    one = Summary()
    one.see_kinds(raw.data)
    one.left_out.update(raw.left_out)
    one.add(row)
    found: dict[str, Any] = {name: value for name in _COUNTERS if (value := dict(getattr(one, name)))}
    return json.dumps(found | ({} if one.dossiers else {"nameless": 1}), ensure_ascii=False)


def add_counted(summary: Summary, text: str, times: int) -> None:
    """Add to a summary what so many rows add."""
    found = json.loads(text)
    nameless = found.pop("nameless", 0) * times
    summary.nameless += nameless
    summary.dossiers += times - nameless
    for name, counts in found.items():
        counter: Counter[str] = getattr(summary, name)
        for word, count in counts.items():
            counter[word] += count * times


def faults_counted(sender: str, found: Iterable[Diagnostic]) -> str:
    """What the diagnostics of one dossier add to the report of its sender."""
    one = DiagnosticTally(sender)
    one.add(found)
    return json.dumps([[*key, one.dossiers[key], times] for key, times in sorted(one.times.items())])


def add_faults(tally: DiagnosticTally, text: str, times: int) -> None:
    """Add to a report what so many dossiers add."""
    for level, code, dossiers, count in json.loads(text):
        tally.times[level, code] += count * times
        if dossiers:
            tally.dossiers[level, code] += dossiers * times
