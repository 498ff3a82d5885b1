"""A smoke test: every row runs and agrees with the verdict. No time is judged here."""

from __future__ import annotations

import json
import operator
from pathlib import Path

import pytest

from benchmarks import by_hand, one_dossier, stages
from benchmarks.peers import INSTALL, PEERS, RULES, installed
from benchmarks.sample import AS_OF, SHAPES, samples


@pytest.fixture(scope="module")
def bench() -> one_dossier.Bench:
    return one_dossier.prepare(50)


def test_the_sample_is_the_same_every_time(bench: one_dossier.Bench) -> None:
    again = samples(50, bench.calendar)
    assert [each.data for each in again] == [each.data for each in bench.samples]
    assert {each.shape for each in again} == {name for name, _ in SHAPES}
    assert all(len(each.dossier.events) == 5 for each in again)
    assert all(event.at.toordinal() <= AS_OF.toordinal() for each in again for event in each.dossier.events)


def test_each_row_agrees_before_it_is_timed(bench: one_dossier.Bench) -> None:
    one_dossier.hand_rows(bench)
    one_dossier.clock_rows(bench)
    one_dossier.library_rows(bench)
    rows, missing, peers = one_dossier.peer_rows(bench)
    for peer in peers:
        peer.close()
    assert len(rows) - 1 + len(missing) == len(PEERS)
    assert all("pip install" in row.note for row in missing)


def test_the_rules_given_to_peers_are_the_decision_by_hand(bench: one_dossier.Bench) -> None:
    """Without any peer installed: exactly one outcome holds of each duty that applies."""
    holds = {"==": operator.eq, "<=": operator.le, ">=": operator.ge, "<": operator.lt, ">": operator.gt}
    for sample in bench.samples:
        facts = by_hand.facts_of(sample, bench.calendar, bench.as_of)
        found = dict.fromkeys(by_hand.DUTIES, by_hand.NOTHING)
        for duty, outcomes in RULES.items():
            holding = [
                outcome
                for outcome, tests in outcomes
                if all(holds[comparison](facts[fact], value) for fact, comparison, value in tests)
            ]
            assert len(holding) <= 1
            if holding:
                found[duty] = holding[0]
        assert found == by_hand.decide(facts)


def test_a_disagreement_stops_the_run(bench: one_dossier.Bench) -> None:
    with pytest.raises(one_dossier.DisagreementError, match="instead of"):
        one_dossier.agree("somebody", bench.samples[0], 1, 2)


def test_the_command_prints_and_writes_every_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "figures.json"
    report = one_dossier.main(["--quick", "--json", str(file)])
    told = json.loads(file.read_text(encoding="utf-8"))
    assert [row["key"] for row in told["rows"]] == [row.key for row in report.rows]
    assert len(told["rows"]) == 10 + len(PEERS)
    assert len(told["start"]) == len(one_dossier.STAGES)
    printed = capsys.readouterr().out
    assert all(row.label in printed for row in report.rows)
    for kind in PEERS:
        assert (f"not installed; {INSTALL}" in printed) or installed(kind.distribution)


def test_stages_runs(capsys: pytest.CaptureFixture[str]) -> None:
    found = stages.main(["--quick"])
    assert found[0].cost is not None
    assert "Rulebook.evaluate" in capsys.readouterr().out
