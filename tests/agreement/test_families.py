"""The decrees that have a clock of their own: the engines agree on their dossiers, and every bug there is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tthc_rules import Rulebook

from .bugs import FAMILY_BUGS, Bug
from .compare import reference_engine, tasks, why_missing, work
from .generate import block_at
from .ground import ground_of
from .hunt import Pool, find, reference_of

FAMILIES = {"linked_karaoke": ("297.a", "297.b"), "civil_status_online": ("87.a", "87.b")}
"""Family -> procedures that the catalogue puts under it."""


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The shipped law and such a catalogue."""
    folder: Path = tmp_path_factory.mktemp("procedures")
    citations = [{"document": "x", "status": "text"}]
    for family, (of_all, online) in FAMILIES.items():
        three, ten = ({"amount": n, "unit": "workday"} for n in (3, 10))
        entries = [
            {"procedure": of_all, "from": "2018-01-01", "time_limit": three, "citations": citations},
            {
                "procedure": online,
                "from": "2018-01-01",
                "channels": ["online"],
                "time_limit": {**ten, "closes_after": {"amount": 15, "unit": "workday"}},
                "citations": citations,
            },
        ]
        label = {"vi": "t", "en": "t"}
        said = {"format": 1, "time_limits": "t", "label": label, "regime": family, "entries": entries}
        (folder / f"{family}.yaml").write_text(json.dumps(said), encoding="utf-8")
    return Rulebook.load(folder)


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
