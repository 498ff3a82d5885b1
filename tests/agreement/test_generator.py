"""The generator itself: the same from the same seed, on edges, and over everything that an engine can say."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

import pytest

from tthc_rules import Rulebook
from tthc_rules.check.cases import CasePart, find_case_files, read_cases
from tthc_rules.law.codes import KINDS, NOTES, POLICIES, PUNCTUALITY, REASONS, STEP_OUTCOMES
from tthc_rules.law.dossier import EVENT_TYPES

from .compare import Tally, reference_engine, tasks, work
from .draft import KINDS as MADE_KINDS
from .edges import BREAKS, EDGES
from .generate import PLAIN, blocks, dossiers
from .ground import Ground, ground_of
from .rules import write

_DIGEST = """
import hashlib, json, sys
from tthc_rules import Rulebook
from agreement.generate import blocks
made = [(str(q), b) for q, b in blocks(7, 1500, Rulebook.load())]
print(hashlib.sha256(json.dumps(made).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def ground(book: Rulebook) -> Ground:
    return ground_of(book)


@pytest.fixture(scope="module")
def tally(book: Rulebook, ground: Ground) -> Tally:
    """What the reference says of some thousands."""
    whole = Tally()
    for task in tasks(3, 12_000, ["reference"], 100):
        whole.add(work(task, book, ground))
    return whole


def test_the_same_seed_makes_the_same_dossiers_in_any_process() -> None:
    made = set()
    for hash_seed in ("1", "2"):
        environment = {
            "PYTHONHASHSEED": hash_seed,
            "PYTHONPATH": f"{Path(__file__).parents[1]}:{Path(__file__).parents[2]}",
        }
        done = subprocess.run(
            [sys.executable, "-c", _DIGEST], capture_output=True, encoding="utf-8", check=True, env=environment
        )
        made.add(done.stdout)
    assert len(made) == 1


def test_another_seed_makes_others(book: Rulebook) -> None:
    assert list(dossiers(1, 50, book)) != list(dossiers(2, 50, book))


def test_blocks_do_not_depend_on_how_many_follow(book: Rulebook) -> None:
    assert list(blocks(1, 300, book, 100)) == list(islice(blocks(1, 900, book, 100), 3))


def test_a_third_and_more_stands_on_edges_and_every_edge_is_there(tally: Tally) -> None:
    on_edges = tally.compared - tally.edges[PLAIN]
    assert on_edges >= 0.30 * tally.compared
    assert set(tally.edges) == {PLAIN, *EDGES, *BREAKS}
    broken = sum(tally.edges[name] for name in BREAKS)
    assert 0.01 < broken / tally.compared < 0.06, "enough broken ones to compare their codes, and not more"


def test_every_kind_of_event_and_every_field_is_made(book: Rulebook) -> None:
    assert set(MADE_KINDS) == set(KINDS)
    made: dict[str, set[str]] = {kind: set() for kind in KINDS}
    units, lateness = set(), set()
    for question, block in blocks(5, 10_000, book, 100):
        lateness.add(question.lateness)
        for _, dossier in block:
            limit = dossier.get("time_limit")
            units.add(limit.get("unit") if isinstance(limit, dict) else None)
            for event in dossier["events"] if isinstance(dossier["events"], list) else ():
                if isinstance(event, dict) and event.get("kind") in made:
                    made[event["kind"]] |= set(event)
    for kind, model in EVENT_TYPES.items():
        wanted = {found.alias or name for name, found in model.model_fields.items()}
        assert wanted <= made[kind], kind
    assert {"workday", "calendar_day", "work_hour", "week", "month", "year"} <= units
    assert lateness == set(POLICIES)


def test_every_word_of_an_answer_is_seen(tally: Tally, book: Rulebook, tmp_path: Path) -> None:
    """Those that the shipped law cannot say are said under rules that somebody else might write."""
    wanted = {f"punctuality={word}" for word in PUNCTUALITY} | {f"note={word}" for word in NOTES.values()}
    wanted |= {f"note={word}" for word in REASONS if word and word != "no_limit"}
    wanted |= {f"step={word}" for word in STEP_OUTCOMES if word}
    others = "duplicate_event unknown_kind unknown_field act_by_before_in_force no_overlay jurisdiction_not_in_force"
    wanted |= {f"note={word}" for word in (*others.split(), "excepted", "two_exceptions")}
    seen = Counter(tally.outcomes)
    for seed in (2, 3, 4, 10, 14, *range(20, 40)):  # the first are enough until `rules` draws otherwise
        if wanted <= set(seen):
            break
        other = Rulebook.load(write(seed, tmp_path / str(seed)), shipped=False)
        for task in tasks(seed, 1200, ["reference"], 300):
            seen += work(task, other, ground_of(other)).outcomes
    assert wanted - set(seen) == set()


OF_FEW_DOSSIERS: Final = ("apology_at_end", "apology_civil_status", "overlay_dong_thap_land", "overlay_lai_chau_land")
"""Duties of one group of procedures, or of one place and one field: no random dossier meets each of their outcomes. The
cases by hand do, on which every engine is run."""


def test_every_outcome_of_every_shipped_duty_is_seen(tally: Tally, book: Rulebook) -> None:
    from tthc_rules.check.examples import every_rule, possible_outcomes

    rare = {"overlay_hcmc_2016=undetermined", "overlay_tuyen_quang_form04=undetermined"}
    wanted = {
        f"{duty}={outcome}"
        for rule in every_rule(book.corpus)
        if rule.is_on
        for duty, outcomes in possible_outcomes(rule).items()
        for outcome in outcomes
    }
    by_hand = set(_outcomes_by_hand())
    assert {said.partition("=")[0] for said in by_hand} == set(OF_FEW_DOSSIERS)
    assert wanted - rare - set(tally.outcomes) - by_hand == set()


def _outcomes_by_hand() -> Iterator[str]:
    for path in find_case_files([Path(__file__).parents[1] / "cases" / "families"]):
        for case in read_cases(path):
            if isinstance(case.part, CasePart):
                for duty, outcome in (case.part.expect.obligations or {}).items():
                    if duty in OF_FEW_DOSSIERS and outcome is not None:
                        yield f"{duty}={outcome}"


def test_every_code_of_a_broken_dossier_is_seen(tally: Tally) -> None:
    words = "choice length missing range type unknown-field"
    wanted = {f"error=TR-input-{word}" for word in words.split()}
    wanted |= {f"error=TR-moment-{word}" for word in ("form", "range", "type")} | {"error=TR-dossier-jurisdiction"}
    assert wanted - set(tally.outcomes) == set()


def test_a_dossier_is_broken_only_where_it_should_be(book: Rulebook) -> None:
    for question, block in blocks(11, 2000, book):
        rows = reference_engine(book, question, [dossier for _, dossier in block])
        for (edge, dossier), row in zip(block, rows, strict=True):
            assert ("error_code" in row) == (edge in BREAKS), (edge, dossier, row.get("error"))


def test_ids_are_unique(book: Rulebook) -> None:
    names = [
        dossier["dossier_id"]
        for _, block in blocks(1, 3000, book)
        for edge, dossier in block
        if edge not in ("missing", "bad_type")
    ]
    assert len(set(names)) == len(names)
