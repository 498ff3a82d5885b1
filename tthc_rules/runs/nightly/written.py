"""The files of a night, out of its state: the result, and beside it what is wrong with messages."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from hashlib import sha256
from itertools import chain
from pathlib import Path

from tthc_rules.logs.diagnostics import COLUMNS, REPORT_COLUMNS, Diagnostic, DiagnosticTally
from tthc_rules.runs.nightly.counted import add_counted, add_faults
from tthc_rules.runs.nightly.record import told_of
from tthc_rules.runs.nightly.state import State
from tthc_rules.runs.onebyone import Summary
from tthc_rules.runs.writers import table_writer

_AT_ONCE = 1_000


def write_result(state: State, path: Path, before: bytes, summary: Summary) -> None:
    """The lines in their order; the state is told which result it belongs to, the summary what is counted in it."""
    made = sha256(before)
    counts: Counter[int] = Counter()
    with path.open("wb") as file:
        file.write(before)
        lines: list[bytes] = []
        for kept in state.in_order():
            if kept.line is None or kept.tally is None:
                continue
            counts[kept.tally] += 1
            lines.append(kept.line)
            if len(lines) >= _AT_ONCE:
                block = b"".join(lines)
                made.update(block)
                file.write(block)
                lines = []
        block = b"".join(lines)
        made.update(block)
        file.write(block)
        file.flush()
        os.fsync(file.fileno())  # what the disk refuses it refuses here, before the state takes its name
    for number, times in counts.items():
        add_counted(summary, state.tallied(number), times)
    state.say("result", made.hexdigest())


def write_faults(
    state: State,
    sender: str,
    first: Sequence[Diagnostic],
    last: Sequence[Diagnostic],
    diagnostics: Path | None,
    report: Path | None,
    plain: bool,
) -> DiagnosticTally:
    """What is wrong with messages, dossier by dossier and counted: `first` of themselves, `last` of their sender."""
    tally = DiagnosticTally(sender)
    tally.add(first)
    for number, times in state.faults():
        add_faults(tally, state.tallied(number), times)
    tally.add(last)
    with ExitStack() as files:
        if diagnostics is not None:
            writer = files.enter_context(table_writer(diagnostics, COLUMNS, plain))
            told = (told_of(cells) for text in state.all_told() for cells in json.loads(text))
            for one in chain(first, told, last):
                writer.write(one.row(sender))
        if report is not None:
            writer = files.enter_context(table_writer(report, REPORT_COLUMNS, plain))
            for row in tally.rows():
                writer.write(row)
    return tally
