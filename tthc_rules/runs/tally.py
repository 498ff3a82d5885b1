"""What the rows of a result count, by whole columns: the same counts, in the same order, as row by row."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pyarrow.compute as pc

from tthc_rules.result.columns import duties_among
from tthc_rules.runs.onebyone import FAULTS, Summary
from tthc_rules.runs.source import Table


def add(summary: Summary, batch: Table) -> None:
    """Count the rows of an Arrow table."""
    nameless = pc.sum(pc.equal(pc.fill_null(batch["dossier_id"], ""), "")).as_py() or 0
    summary.nameless += nameless
    summary.dossiers += len(batch) - nameless
    summary.errors.update(counted(batch["error_code"]))
    summary.punctuality.update(counted(batch["punctuality"]))
    summary.notes.update(counted(batch["notes"], several=True))
    summary.names.update(counted(batch["unknown_names"], several=True))
    missed: list[tuple[int, int, str, int]] = []
    for place, duty in enumerate(duties_among(batch.schema.names)):
        column = batch[duty]
        faults = [code for code, word in enumerate(column.dictionary.to_pylist()) if word in FAULTS]
        if faults:
            rows = np.flatnonzero(np.isin(np.asarray(pc.fill_null(column.indices, -1)), faults))
            if len(rows):
                missed.append((int(rows[0]), place, duty, len(rows)))
    for _, _, duty, count in sorted(missed):
        summary.missed[duty] += count


def counted(column: Any, several: bool = False) -> Counter[str]:
    """How often each word of a column stands in it, the first that appears first; `several` reads `a|b` as two."""
    words = column.dictionary.to_pylist()
    codes, firsts, counts = np.unique(np.asarray(column.indices.drop_null()), return_index=True, return_counts=True)
    found: Counter[str] = Counter()
    for place in np.argsort(firsts).tolist():
        word = words[codes[place]]
        for one in word.split("|") if several else (word,):
            if one:
                found[one] += int(counts[place])
    return found
