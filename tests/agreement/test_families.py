"""The decrees that have a clock of their own: the engines agree on their dossiers, and every bug there is found."""

from __future__ import annotations

import pytest

from tthc_rules import Rulebook

from .bugs import FAMILY_BUGS, Bug
from .compare import reference_engine, tasks, why_missing, work
from .families import FAMILIES, with_families
from .generate import block_at
from .ground import ground_of
from .hunt import Pool, find, reference_of


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return with_families(tmp_path_factory.mktemp("procedures"))


@pytest.fixture(scope="module")
def pool(ours: Rulebook) -> Pool:
    made = Pool(ours, reference_engine)
    made.sound = reference_of(None, made)
    return made


@pytest.mark.parametrize(("engine", "n"), [("composed", 2000), ("bulk", 4000), ("durable", 300)])
def test_the_engines_agree_on_them(ours: Rulebook, engine: str, n: int) -> None:
    if reason := why_missing(engine, ours):
        pytest.skip(reason)
    ground, versions = ground_of(ours), set()
    for task in tasks(3, n, ("reference", engine), 200):
        tally = work(task, ours, ground)
        assert not tally.differences, str(tally.differences[0])
    for question, made in [block_at(3, number, 200, ground) for number in range(8)]:
        for row in reference_engine(ours, question, [dossier for _, dossier in made]):
            versions.add(str(row.get("clock_version")).partition("/")[0])
    assert versions >= set(FAMILIES) | {"one_stop"}


@pytest.mark.parametrize("bug", FAMILY_BUGS, ids=[bug.name.replace(" ", "-") for bug in FAMILY_BUGS])
def test_every_bug_there_is_found(bug: Bug, pool: Pool) -> None:
    assert find(bug, pool, 20_000) is not None
