"""Runs a target in a process of its own, number after number, and tells what it did that nobody promised."""

from __future__ import annotations

import argparse
import importlib
import multiprocessing
import re
import sys
import time
import traceback
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final, Protocol

SLOW: Final = 0.25
"""Seconds of the processor that one input may take."""
STUCK: Final = 30.0
"""Seconds after which a process that has not said anything is ended."""
_PREPARED: Final = 300.0
"""Seconds until the first input: importing and compiling on a busy machine is no input that hangs."""
_MOST: Final = 20
"""Sorts of findings after which a run ends."""


class Target(Protocol):
    """One door: `prepare` once in a process and its folder, then an input is made, and given to the door."""

    def prepare(self, folder: Path) -> None: ...

    def make(self, rng: Random) -> Any: ...

    def give(self, made: Any) -> str: ...


@dataclass(frozen=True)
class Finding:
    """What was done that nobody promised, and the number of the input that did it."""

    number: int
    kind: str
    what: str

    def __str__(self) -> str:
        return f"input {self.number}: {self.kind}: {self.what}"


@dataclass
class Report:
    """What a run saw."""

    inputs: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    findings: list[Finding] = field(default_factory=list)
    """The first of each sort."""
    sorts: Counter[str] = field(default_factory=Counter)

    def add(self, finding: Finding) -> None:
        """Keep it, if nothing like it was found before."""
        sort = f"{finding.kind}: {re.sub(r'[0-9]+|«.*»|“.*”', '', finding.what)}"
        self.sorts[sort] += 1
        if self.sorts[sort] == 1:
            self.findings.append(finding)


def input_of(target: Target, seed: int, number: int) -> Any:
    """The input with that number."""
    return target.make(Random(f"{seed}/{number}"))


def run(module: str, seed: int, *, minutes: float | None = None, inputs: int | None = None) -> Report:
    """Give inputs until the time or the number is used up; a process that dies is followed by another."""
    report = Report()
    until = None if minutes is None else time.monotonic() + 60 * minutes
    number = 0
    while len(report.findings) < _MOST and (inputs is None or number < inputs):
        if until is not None and time.monotonic() >= until:
            break
        number = _one_process(module, seed, number, inputs, until, report)
    return report


def _one_process(module: str, seed: int, first: int, inputs: int | None, until: float | None, report: Report) -> int:
    """The number with which the next process begins."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    at = context.Value("q", first - 1)
    seconds = None if until is None else max(0.1, until - time.monotonic())
    process = context.Process(target=_work, args=(module, seed, first, inputs, seconds, there, at), daemon=True)
    started = time.monotonic()
    process.start()
    there.close()
    while True:
        before = at.value
        try:
            if here.poll(STUCK):
                said = here.recv()
            elif before < first and time.monotonic() - started < _PREPARED:
                continue
            elif at.value == before:
                report.add(Finding(int(at.value), "hang", f"no answer in {STUCK:.0f} s"))
                _end(process)
                return int(at.value) + 1
            else:
                continue
        except (EOFError, OSError):
            process.join()
            if at.value < first:
                raise RuntimeError(f"{module} could not be prepared") from None
            report.add(Finding(int(at.value), "abort", f"the process ended with {process.exitcode}"))
            return int(at.value) + 1
        match said:
            case ("finding", finding):
                report.add(finding)
                if len(report.findings) >= _MOST:
                    _end(process)
                    return int(at.value) + 1
            case ("done", number, answers, slowest):
                report.inputs += sum(answers.values())
                report.answers += answers
                report.slowest = max(report.slowest, slowest)
                process.join()
                return int(number) if until is None else sys.maxsize
            case ("some", answers, slowest):
                report.inputs += sum(answers.values())
                report.answers += answers
                report.slowest = max(report.slowest, slowest)


def _end(process: SpawnProcess) -> None:
    process.kill()
    process.join()


def _work(
    module: str, seed: int, first: int, inputs: int | None, seconds: float | None, told: Connection, at: Any
) -> None:
    """In the process: say what was found at once, what was counted every few seconds."""
    target: Target = importlib.import_module(module).TARGET
    answers: Counter[str] = Counter()
    slowest, said = 0.0, time.monotonic()
    until = None if seconds is None else time.monotonic() + seconds
    with TemporaryDirectory() as folder:
        target.prepare(Path(folder))
        with suppress(Exception):  # what is loaded or compiled once is not what an input costs
            target.give(input_of(target, seed, 0))
        number = first
        while (inputs is None or number < inputs) and (until is None or time.monotonic() < until):
            at.value = number
            answer, took, finding = _answer(target, seed, number)
            answers[answer] += 1
            slowest = max(slowest, took)
            if finding is not None:
                told.send(("finding", finding))
            number += 1
            if time.monotonic() - said > 2:
                told.send(("some", answers, slowest))
                answers, said = Counter(), time.monotonic()
        told.send(("done", number, answers, slowest))


def _answer(target: Target, seed: int, number: int) -> tuple[str, float, Finding | None]:
    made = input_of(target, seed, number)
    try:
        started = time.process_time()
        answer = target.give(made)
        took = time.process_time() - started
        if took > SLOW:  # once more: another process may have taken the machine's caches
            started = time.process_time()
            target.give(made)
            took = min(took, time.process_time() - started)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        text = f"{type(error).__name__}: {str(error)[:200]} ({Path(where.filename).name}:{where.lineno} {where.name})"
        return "foreign exception", 0.0, Finding(number, "foreign exception", text)
    slow = Finding(number, "slow", f"{1000 * took:.0f} ms, {answer}") if took > SLOW else None
    return answer, took, slow


def command(module: str, arguments: list[str] | None = None) -> int:
    """The command of a target: 0 nothing was found, 1 something was."""
    parser = argparse.ArgumentParser(prog=f"python -m tests.fuzz.{module.rpartition('.')[2]}")
    parser.add_argument("--minutes", type=float, default=None)
    parser.add_argument("--inputs", type=int, default=None)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=None, metavar="N", help="print input N and its answer, here")
    asked = parser.parse_args(arguments)
    if asked.show is not None:
        return _show(module, asked.seed, asked.show)
    minutes = 1.0 if asked.minutes is None and asked.inputs is None else asked.minutes
    report = run(module, asked.seed, minutes=minutes, inputs=asked.inputs)
    print(f"{module}: seed {asked.seed}, {report.inputs:,} inputs, slowest {1000 * report.slowest:.0f} ms")
    for answer, times in report.answers.most_common(25):
        print(f"  {times:>9,}  {answer}")
    print(f"findings: {report.sorts.total()}, of {len(report.findings)} sorts")
    for finding in report.findings:
        print(f"  {finding}")
    return 1 if report.findings else 0


def _show(module: str, seed: int, number: int) -> int:
    target: Target = importlib.import_module(module).TARGET
    with TemporaryDirectory() as folder:
        target.prepare(Path(folder))
        made = input_of(target, seed, number)
        print(made)
        print(target.give(made))
    return 0
