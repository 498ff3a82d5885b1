"""One night: what came is read, what must be is judged, the rest is carried over; a result and its state come of it."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from tthc_rules import journal
from tthc_rules.errors import InputFileError
from tthc_rules.law.question import Question
from tthc_rules.library import Rulebook
from tthc_rules.logs.diagnostics import DiagnosticTally
from tthc_rules.runs.doors import has_fast_core, question_of_log
from tthc_rules.runs.nightly import complaints
from tthc_rules.runs.nightly.basis import another, basis_of, before_of
from tthc_rules.runs.nightly.judging import Judge
from tthc_rules.runs.nightly.messages import SentNight
from tthc_rules.runs.nightly.reasons import WORDS, Reason
from tthc_rules.runs.nightly.record import Recorder
from tthc_rules.runs.nightly.rowlogs import NightLog, PieceNight, RowNight, opened_night
from tthc_rules.runs.nightly.state import State, check
from tthc_rules.runs.nightly.written import write_faults, write_result
from tthc_rules.runs.onebyone import Summary
from tthc_rules.runs.output import beside, claimed, written
from tthc_rules.runs.sent import SentFile
from tthc_rules.runs.steady import Steady
from tthc_rules.runs.writers import RowTexts, result_format

FORMS: Final = (".csv", ".ndjson", ".jsonl")
"""The results beside which a state can stand."""


@dataclass(frozen=True, slots=True)
class Night:
    """What a night did: what is counted in its result, and how many dossiers were judged, for which reasons."""

    summary: Summary
    judged: Counter[Reason]
    faults: DiagnosticTally | None = None

    @property
    def carried(self) -> int:
        """The dossiers whose row is that of the night before."""
        return self.summary.dossiers - self.judged.total()

    def lines(self, lang: str = "vi") -> list[str]:
        """The summary of the night's dossiers, and of the night, as a person reads it."""
        made, carried = self.judged.total(), self.carried
        said = f"Tính lại {made} hồ sơ, giữ nguyên {carried}" if lang == "vi" else f"{made} judged, {carried} carried"
        lines = [*self.summary.lines(lang), said]
        for reason, count in self.judged.most_common():
            lines.append(f"  {count:>8}  {WORDS[reason][lang != 'vi']} [{reason}]")
        return lines


@dataclass(frozen=True, slots=True)
class NightFiles:
    """The files of a night: the result, the one of the night before, and tables beside the result."""

    output: Path
    previous: Path | None = None
    is_delta: bool = False
    """Whether the log holds what came this night alone."""
    diagnostics: Path | None = None
    report: Path | None = None
    plain: bool = False
    inputs: tuple[Path, ...] = field(default=())


def state_of(result: Path) -> Path:
    """Where the state of a result stands."""
    return result.with_name(f"{result.name}.state")


def rescore_night(
    book: Rulebook,
    question: Question,
    log: NightLog | SentFile,
    files: NightFiles,
    *,
    fast: bool | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Night:
    """Judge what must be judged since the night before, and write the result that judging everything would give.

    Without `previous` everything is judged, and the first state is kept. The result and its state take their names when
    both are whole; a state is believed only beside the result that it was written with.
    """
    form = result_format(files.output)
    if form not in ("csv", "ndjson"):
        raise InputFileError(complaints.not_kept(files.output, files.output.suffix, FORMS))
    if isinstance(log, NightLog):
        question = question_of_log(book, question, log.mapping)
    judge = Judge(book, question, has_fast_core(book) if fast is None else fast)
    texts = RowTexts(judge.columns, form, files.plain, files.output)
    read = [log.events if isinstance(log, NightLog) else log.path]
    steady = Steady(read if files.previous is None else [*read, files.previous, state_of(files.previous)])
    with _places(log, files) as (result, state_path), ExitStack() as open_files:
        before = None if files.previous is None else open_files.enter_context(State.read(state_of(files.previous)))
        night = _read(book, question, log, before if files.is_delta else None)
        basis = basis_of(book, question, _about(log, night), form, files.plain, judge.columns)
        said = None
        if before is not None and files.previous is not None:
            said = before_of(before, files.previous, basis, files.is_delta)
        partial = open_files.enter_context(beside(result))
        state = open_files.enter_context(_new_state(state_path, before if files.is_delta else None))
        recorder = Recorder(
            state, None if files.is_delta else before, judge, texts,
            None if said is None else another(said, basis), said is None or said["as_of"] != basis["as_of"],
            log.sender if isinstance(log, SentFile) else "", progress,
        )  # fmt: skip
        _run(night, recorder, files.is_delta, said is not None and said.get("fetched_on") != basis["fetched_on"])
        summary = Summary(core="one" if judge.rescorer is None else "fast")
        state.say("basis", basis)
        write_result(state, partial, texts.before, summary)
        steady.check()
        summary.ended(str(log.events if isinstance(log, NightLog) else log.path))
        faults = None
        if isinstance(night, SentNight):
            faults = write_faults(
                state, night.reader.sender.name, night.first, night.last, files.diagnostics, files.report, files.plain
            )
    made = Night(summary, recorder.judged, faults)
    journal.night_ended(made.judged.total(), made.carried)
    return made


@contextmanager
def _places(log: NightLog | SentFile, files: NightFiles) -> Iterator[tuple[Path, Path]]:
    """The places of the result and of its state, held by this run; neither is anything that is read."""
    given = [log.events if isinstance(log, NightLog) else log.path, *files.inputs]
    if files.previous is not None:
        given += [files.previous, state_of(files.previous)]
    tables = [path for path in (files.diagnostics, files.report) if path is not None]
    for path in tables:
        result_format(path)
    with claimed((files.output, state_of(files.output), *tables), given) as (result, state, *_):
        if os.path.lexists(state.path):
            try:
                check(state.path)
            except InputFileError:
                raise InputFileError(complaints.foreign_place(state.named)) from None
        yield result.path, state.path


def _read(
    book: Rulebook, question: Question, log: NightLog | SentFile, before: State | None
) -> SentNight | RowNight | PieceNight:
    if isinstance(log, SentFile):
        return SentNight.read(book, log, question.known_on, before)
    return opened_night(log, before)


def _run(night: SentNight | RowNight | PieceNight, recorder: Recorder, is_delta: bool, fetched_anew: bool) -> None:
    if not is_delta:
        night.all_into(recorder)
    elif isinstance(night, SentNight):
        night.some_into(recorder, fetched_anew)
    else:
        night.some_into(recorder)


def _about(log: NightLog | SentFile, night: SentNight | RowNight | PieceNight) -> dict[str, Any]:
    """What kind of log it is, and what decides how it is read."""
    if isinstance(log, SentFile):
        day = None if log.fetched_on is None else log.fetched_on.isoformat()
        return {"kind": log.sender, "read": log.jurisdiction, "fetched_on": day}
    family = "json" if log.format == "ndjson" else log.format
    what = "" if family != "json" else " (sự kiện / events)" if isinstance(night, RowNight) else " (hồ sơ / dossiers)"
    told = None if log.mapping is None else sha256(log.mapping.model_dump_json().encode()).hexdigest()
    return {"kind": f"{family}{what}", "read": told, "fetched_on": None}


@contextmanager
def _new_state(path: Path, before: State | None) -> Iterator[State]:
    """The state of this night, new or a copy of the one before, which takes its name when it is whole."""
    with beside(path) as partial:
        if before is None:
            with State.made(partial, path) as state:
                yield state
            return
        with written(path):
            shutil.copyfile(before.path, partial)
        with State.copied(partial, path) as state:
            yield state
