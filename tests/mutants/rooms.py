"""Which tests are asked of which module: quick ones, in the order in which they are collected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Room:
    """The tests of one module."""

    tests: tuple[str, ...]
    engine: str = "composed"
    """Who runs the case files."""
    loads: bool = False
    """Whether it has a part in reading the law: then the law is read anew under each mutant."""
    makes_once: bool = False
    """Whether what it makes is kept: then other tests may meet a mutant than those that ran its line first."""


_VERDICTS: Final = ("tests/golden/test_golden.py", "tests/reference", "tests/cases", "tests/law/test_own_times.py")
_ACCOUNTS: Final = ("tests/account", "tests/cases/units")
_READING: Final = ("tests/rulefile", "tests/law")

ROOMS: Final = {
    "law.clock": Room(
        (
            *_VERDICTS,
            "tests/walk",
            "tests/law/test_several_at_once.py",
            "tests/due/test_due_date.py",
            "tests/due/test_what_if.py",
            "tests/law/test_national.py",
            "tests/law/test_regime_of_a_dossier.py",
        ),
    ),
    "law.timeline": Room(
        (
            "tests/law/test_timeline.py",
            *_VERDICTS,
            "tests/law/test_fields.py",
            "tests/law/test_bad_dossiers.py",
            "tests/law/test_names.py",
            "tests/test_dossier_names.py",
            "tests/test_notes.py",
        ),
    ),
    "law.outcome": Room(("tests/law/test_outcome.py", *_VERDICTS, "tests/law", "tests/due"), "reference"),
    "law.compose": Room(
        (
            "tests/law/test_compose.py",
            "tests/law/test_local_acts_by_day.py",
            "tests/law/test_limits_by_request.py",
            *_VERDICTS,
            "tests/law/test_steps.py",
            "tests/due",
        ),
        makes_once=True,
    ),
    "law.inforce": Room(
        ("tests/law/test_versions.py", "tests/law/test_inforce.py", "tests/rulefile/test_bad_rules.py"),
        loads=True,
        makes_once=True,
    ),
    "law.steps": Room((*_VERDICTS, "tests/law/test_steps.py", "tests/law/test_several_at_once.py")),
    "reference.interpret": Room((*_VERDICTS, "tests/law/test_national.py"), "reference"),
    "reference.explain": Room((*_VERDICTS, "tests/test_cli.py"), "reference"),
    "rulefile.resolve": Room(_READING, loads=True, makes_once=True),
    "rulefile.resolve.duties": Room((*_READING, "tests/test_nodes.py"), loads=True, makes_once=True),
    "rulefile.resolve.naming": Room(_READING, loads=True, makes_once=True),
    "rulefile.resolve.readings": Room(_READING, loads=True, makes_once=True),
    "rulefile.resolve.units": Room(_READING, loads=True, makes_once=True),
    "account.steps": Room(_ACCOUNTS),
    "account.step_columns": Room(_ACCOUNTS),
    "account.statement": Room(_ACCOUNTS),
    "logs.jsonstream": Room(("tests/logs/test_jsonstream.py", "tests/logs", "tests/test_streams.py")),
    "logs.personal": Room(("tests/senders",)),
    "logs.dvcqg.border": Room(("tests/senders",)),
    "logs.igate.border": Room(("tests/senders",)),
    "logs.opencps.border": Room(("tests/senders",)),
}

NOT_ASKED: Final = ("[bulk", "-bulk", "bulk-", "durable", "docs/", "subprocess", "test_odd_files")
"""Tests by a part of their names: compiled code is read from the source and would not know the mutant; tests of odd
files count seconds of the wall, which say nothing where others work too."""
