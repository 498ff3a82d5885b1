"""Rules that nobody wrote: every kind of node, judged by the reference as SEMANTICS read aloud judge them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tthc_rules import Rulebook
from tthc_rules.law import rule as nodes
from tthc_rules.law.corpus import Corpus

from .compare import reference_engine
from .generate import blocks
from .grid import Size, disagreements, measured, picking_groups, sampled_groups
from .oracle import oracle_judge
from .rules import write

SEEDS = range(12)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return [write(seed, tmp_path_factory.mktemp("rules")) for seed in SEEDS]


@pytest.fixture(scope="module")
def corpora(folders: list[Path]) -> list[Corpus]:
    return [Rulebook.load(folder, shipped=False).corpus for folder in folders]


def _every_node(value: object) -> Iterator[object]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield value
        for part in dataclasses.fields(value):
            yield from _every_node(getattr(value, part.name))
    elif isinstance(value, dict):
        for part in value.values():
            yield from _every_node(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _every_node(part)


def test_the_same_seed_writes_the_same_files(folders: list[Path], tmp_path: Path) -> None:
    again = write(SEEDS[3], tmp_path)
    files = sorted(path.relative_to(again) for path in again.rglob("*.yaml"))
    assert files == sorted(path.relative_to(folders[3]) for path in folders[3].rglob("*.yaml"))
    assert all((again / path).read_bytes() == (folders[3] / path).read_bytes() for path in files)


def test_every_kind_of_node_is_made(corpora: list[Corpus]) -> None:
    made: set[str] = set()
    for corpus in corpora:
        for part in (corpus.rules, corpus.clocks, corpus.overlays, corpus.catalogue):
            made |= {type(node).__name__ for node in _every_node(part)}
    wanted = {n for n, node in vars(nodes).items() if dataclasses.is_dataclass(node)}
    assert wanted - made == set(), "let tests/agreement/rules.py write it into some of its rules"


def test_every_choice_of_a_node_is_made(corpora: list[Corpus]) -> None:
    rules = [
        v for corpus in corpora for named in corpus.rules.values() for versions in named.values() for v in versions
    ]
    clocks = [version for corpus in corpora for versions in corpus.clocks.values() for version in versions]
    dates = [node for rule in rules for node in rule.dates]
    duties = [duty for rule in rules for duty in rule.obligations]
    overlays = [overlay for corpus in corpora for found in corpus.overlays.values() for overlay in found]
    assert {(n.unit, n.backwards, n.rolled_back) for n in dates} >= {
        (unit, *turn) for unit in ("workday", "calendar_day") for turn in ((False, False), (True, False), (True, True))
    }
    assert {node.base for node in dates} >= set(nodes.DATE_FACTS)
    assert any(node.base not in nodes.DATE_FACTS for node in dates), "a date counted from a date"
    assert {rule.picked_by for rule in rules} == {
        "dossier_accepted", "lawful_due", "supplement_requested", *nodes.RAISERS
    }  # fmt: skip
    assert any(rule.repealed for rule in rules)
    assert {len(named) for corpus in corpora for family in corpus.rules.values() for named in family.values()} >= {
        1,
        2,
        3,
    }
    assert any(duty.or_by for duty in duties)
    assert any(duty.waived for duty in duties)
    assert any(duty.when and isinstance(duty.fulfilled, nodes.Statement) for duty in duties)
    stated = [duty.fulfilled for duty in duties if isinstance(duty.fulfilled, nodes.Statement)]
    assert {one.any for one in stated} == {True, False}
    assert {name for one in stated for name in one.fields} == {"reason", "new_due", "form", "attached"}
    assert {limit.counts for rule in rules for limit in rule.limits} == {"supplement_requests", "reappointments"}
    assert {limit.at_most for rule in rules for limit in rule.limits} == {1, 2}
    ends = {event for rule in rules for deadline in rule.deadlines.values() for event in deadline.events}
    assert ends >= set(nodes.ENDS)
    assert any(deadline.due is None for rule in rules for deadline in rule.deadlines.values())
    assert any(overlay.excepts for overlay in overlays)
    assert any(overlay.responsibilities for overlay in overlays)
    shapes = {(c.supplement, c.starts_elsewhere, c.pause_counts, c.receipt_on_day_off) for c in clocks}
    assert {kind for shape in shapes for kind in shape} == {
        "pause", "restart", True, False, "first_day", "last_day", "event_day", "next_workday"
    }  # fmt: skip
    assert {c.starts.event for c in clocks} == {"dossier_accepted", "slip_sent"}
    cutoffs = {(c.starts.cutoff, c.starts.at_cutoff) for c in clocks if c.starts.cutoff is not None}
    assert cutoffs == {(length, at) for length in (60, 120) for at in ("next_workday", "same_day")}
    assert {c.calendar for c in clocks} == {"vn", "sau-ngay"}
    assert {bool(c.supplement_reading) for c in clocks} == {True, False}


def test_the_reference_reads_them_as_semantics_do(folders: list[Path]) -> None:
    size = Size()
    for seed in SEEDS[:8]:
        folder = folders[seed]
        book = Rulebook.load(folder, shipped=False)
        groups = list(sampled_groups(book.corpus, book.calendar(), 40, Random(seed)))
        for group in picking_groups(book.corpus, book.calendar()):
            groups.append(dataclasses.replace(group, situations=group.situations[::7][:60]))
        found = next(disagreements(groups, measured(size), oracle_judge), None)
        assert found is None, f"rules of seed {seed}: {found}"
    assert size.findings > 20_000
    assert {outcome for _, outcome in size.outcomes} >= {
        "pending", "met", "met_late", "missed", "undetermined", "not_owed", "kept", "broken"
    }  # fmt: skip


def test_dossiers_are_judged_under_them(folders: list[Path]) -> None:
    for seed in SEEDS[:3]:
        book = Rulebook.load(folders[seed], shipped=False)
        for question, made in blocks(seed, 200, book, 100):
            rows = reference_engine(book, question, [dossier for _, dossier in made])
            assert len(rows) == len(made)
