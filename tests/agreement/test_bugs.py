"""Seeded bugs: the generator finds every one of them, and nothing where nothing is wrong."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from tthc_rules import Rulebook
from tthc_rules.law import outcome

from .bugs import BUGS as OWN_BUGS
from .bugs import CLOCK, OUTCOME, REFERENCE, RULES, Bug
from .compare import reference_engine, why_missing
from .durable_bugs import DURABLE_BUGS
from .hunt import Pool, find, reference_of
from .patching import SnippetError, World, changed, path_of

MOST = 20_000
BUGS = (*OWN_BUGS, *DURABLE_BUGS)


@pytest.fixture(scope="module")
def pool(book: Rulebook) -> Pool:
    made = Pool(book, reference_engine)
    made.sound = reference_of(None, made)
    return made


@pytest.fixture(scope="module")
def another_pool(book: Rulebook) -> Pool:
    """Of another seed: what the first does not meet in its dossiers."""
    made = Pool(book, reference_engine, seed=2)
    made.sound = reference_of(None, made)
    return made


def test_the_list_is_long_enough() -> None:
    assert len(BUGS) >= 40
    assert len({bug.name for bug in BUGS}) == len(BUGS)
    assert len({(bug.module, bug.old, bug.new, bug.nth, bug.engine) for bug in BUGS}) == len(BUGS)
    assert {bug.engine for bug in BUGS} == {"reference", "composed", "bulk", "durable"}
    modules = Counter(bug.module for bug in BUGS)
    assert min(modules[CLOCK], modules[RULES]) >= 10


@pytest.mark.parametrize("bug", BUGS, ids=[bug.name.replace(" ", "-") for bug in BUGS])
def test_every_bug_is_found(bug: Bug, pool: Pool, another_pool: Pool) -> None:
    if reason := why_missing(bug.engine, pool.book):
        pytest.skip(reason)
    found = find(bug, pool, MOST) or find(bug, another_pool, MOST)
    assert found is not None, f"{bug.name}: no difference in 2 × {MOST} dossiers: sharpen the generator"
    assert found.difference.columns


@pytest.mark.parametrize(
    ("module", "engine"), sorted({(bug.module, bug.engine) for bug in BUGS}), ids=lambda name: name.rpartition(".")[2]
)
def test_nothing_is_found_where_nothing_is_changed(module: str, engine: str, pool: Pool) -> None:
    if reason := why_missing(engine, pool.book):
        pytest.skip(reason)
    line = path_of(module).read_text(encoding="utf-8").splitlines()[0]
    same = Bug("nothing", module, line, line, engine=engine)
    if module == CLOCK:
        same = same._replace(old="if issued < 0:", new="if not issued >= 0:")
    assert find(same, pool, 500) is None


def test_nothing_is_found_where_nothing_is_wrong(pool: Pool) -> None:
    same = Bug("the same, said otherwise", OUTCOME, "done <= due", "not due < done")
    assert find(same, pool, 1000) is None


def test_a_bug_stays_in_its_own_world(pool: Pool, book: Rulebook) -> None:
    (question, made), sound = pool.at(0)
    given = [dossier for _, dossier in made]
    before = dict(sys.modules)
    world = World(OUTCOME, "done <= due", "done < due")
    wrong = reference_of(world, pool)(book, question, given)
    assert wrong != sound
    assert {name for name in sys.modules if sys.modules[name] is not before.get(name, sys.modules[name])} == set()
    assert outcome.deadline(5, 5, 9) == "met"
    assert world.load(OUTCOME).deadline(5, 5, 9) == "met_late"
    assert reference_engine(book, question, given) == sound
    assert world.load(REFERENCE).judge is world.load(RULES).judge is not sys.modules[RULES].judge


def test_a_text_that_is_gone_is_told() -> None:
    with pytest.raises(SnippetError, match=r"tthc_rules\.law\.outcome.*0 times, the list of bugs says 1"):
        changed(OUTCOME, "no such text", "")
    with pytest.raises(SnippetError, match="7 times, the list of bugs says 2"):
        changed(OUTCOME, "as_of", "", of=2)
    assert "as_of" in changed(OUTCOME, "as_of", "", nth=4, of=7)
