"""The rule layer on every combination of classes: the reference against SEMANTICS read aloud, and any other judge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import pytest

from tthc_rules import Rulebook
from tthc_rules.check.examples import every_rule, possible_outcomes

from .bugs import BUGS, OUTCOME, RULES, Bug
from .grid import (
    Size,
    columns,
    disagreements,
    groups_of,
    measured,
    picking_groups,
    place_groups,
    reference_judge,
    rule_groups,
)
from .oracle import oracle_judge
from .patching import World
from .situation import Finding, Group, Judge


@pytest.fixture(scope="module")
def whole() -> Rulebook:
    """The shipped law, with what nobody has read turned on: it is law in waiting."""
    return Rulebook.load(unconfirmed=True)


def test_the_reference_reads_every_shipped_rule_as_semantics_do(
    whole: Rulebook, capsys: pytest.CaptureFixture[str]
) -> None:
    size = Size()
    found = next(disagreements(groups_of(whole), measured(size, reference_judge), oracle_judge), None)
    assert found is None, found
    with capsys.disabled():
        print(f"\ngrid: {size.groups} groups, {size.situations:,} situations, {size.findings:,} findings")
    wanted = {
        (duty, outcome)
        for rule in every_rule(whole.corpus)
        for duty, outcomes in possible_outcomes(rule).items()
        for outcome in outcomes
    }
    # Office hours are no class of the grid: what ends by them is tried by cases by hand, and by the generator.
    not_crossed = {pair for pair in wanted if pair[0] == "online_answer"}
    assert wanted - size.outcomes - not_crossed == set()
    versions = {rule.version + rule.id for rule in every_rule(whole.corpus)}
    assert len(versions) == sum(1 for _ in every_rule(whole.corpus))


def _small(whole: Rulebook) -> Iterator[Group]:
    """The grid thinned, for showing that it can tell."""
    calendar = whole.calendar()
    rng = Random(1)
    for group in (
        *rule_groups(whole.corpus, calendar),
        *picking_groups(whole.corpus, calendar),
        *place_groups(whole.corpus, calendar),
    ):
        most = 4000
        some = group.situations
        yield group if len(some) <= most else replace(group, situations=tuple(rng.sample(some, most)))


@pytest.fixture(scope="module")
def small(whole: Rulebook) -> list[Group]:
    return list(_small(whole))


@pytest.mark.parametrize(
    "bug", [bug for bug in BUGS if bug.module in (RULES, OUTCOME)], ids=lambda bug: bug.name.replace(" ", "-")
)
def test_the_grid_finds_every_bug_of_the_rule_layer(bug: Bug, small: list[Group]) -> None:
    world = World(bug.module, bug.old, bug.new, bug.nth, bug.of)
    assert next(disagreements(small, _judge_of(world), oracle_judge), None) is not None


def _judge_of(world: World) -> Judge:
    rules = world.load(RULES)

    def judged(group: Group) -> list[list[Finding]]:
        statute = rules.Statute(group.rules, group.known_on)
        found = []
        for situation in group.situations:
            said = rules.judge(statute, situation.facts(group.known_on, group.calendar), group.overlays)
            found.append(
                [
                    Finding(
                        one.id, one.outcome, one.act_by, one.done_on, one.note,
                        tuple(sorted({answer.role for answer, _ in one.answers()})),
                    )
                    for one in said
                ]
            )  # fmt: skip
        return found

    return judged


def test_columns_say_the_same_as_situations(small: list[Group]) -> None:
    group = small[0]
    table = columns(group)
    assert {len(column) for column in table.values()} == {len(group.situations)}
    for at in range(0, len(group.situations), 97):
        situation = group.situations[at]
        assert table["as_of"][at] == situation.as_of
        assert table["lawful_due"][at] == (
            situation.date("lawful_due") if situation.date("lawful_due") is not None else -(1 << 31)
        )


def test_parts_that_a_judge_does_not_say_can_be_left_out(small: list[Group]) -> None:
    def without_days(group: Group) -> list[list[Finding]]:
        return [[one._replace(done_on=None) for one in found] for found in reference_judge(group)]

    assert next(disagreements(small, reference_judge, without_days), None) is not None
    assert next(disagreements(small, reference_judge, without_days, but=("done_on",)), None) is None
