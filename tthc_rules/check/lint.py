"""What can be wrong with rules that load: names that nothing uses, rules without examples, what awaits a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tthc_rules.check.examples import every_rule
from tthc_rules.errors import Problem
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.evidence import Citation
from tthc_rules.law.indicator import Indicator
from tthc_rules.law.rule import FOREVER, ClockVersion, DeadlineIs, Discharge, InForce, NotBefore, Overlay, Rule
from tthc_rules.law.unit_duty import UnitDuty


def lint(corpus: Corpus) -> list[Problem]:
    """Every finding about the rules as written, each at its file."""
    return [problem for rule in every_rule(corpus) for problem in (*_unused(rule), *_without_examples(rule, corpus))]


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation where it stands: by which file, for what, and on which days what it carries is law."""

    source: str
    what: str
    citation: Citation
    start: int = -FOREVER
    until: int = FOREVER


def citations_of(corpus: Corpus) -> Iterator[Cited]:
    """Every citation of the rules, registers and tables."""
    for clocks in corpus.clocks.values():
        for clock in clocks:
            cited = (*clock.citations, *clock.steps.citations(), *clock.result.citations)
            yield from _of(clock.source, clock.label["vi"], cited, clock.in_force)
    for rule in every_rule(corpus):
        yield from _of(rule.source, rule.label["vi"], rule.citations, rule.in_force)
    acts: list[Overlay | UnitDuty | Indicator] = [act for local in corpus.overlays.values() for act in local]
    acts += [duty for versions in corpus.unit_duties.values() for duty in versions]
    acts += [one for versions in corpus.indicators.values() for one in versions]
    for act in acts:
        yield from _of(act.source, act.label["vi"], act.citations, act.in_force)
        for finding in act.establishes if isinstance(act, UnitDuty) else ():
            yield from _of(act.source, finding.label["vi"], finding.citations, act.in_force)
    yield from _of_tables(corpus)


def _of_tables(corpus: Corpus) -> Iterator[Cited]:
    """Citations of what is looked up: hours, forms, offices, places, levels, registers."""
    for table in corpus.hours.values():
        yield from _of(f"hours/{table.id}", table.id, table.citations)
    for circular in corpus.forms:
        yield from _of(circular.source, circular.id, circular.citations, circular.in_force)
        for form, grounds in circular.grounds.items():
            yield from _of(circular.source, circular.labels[form]["vi"], grounds, circular.in_force)
    for name, citations in corpus.place_lists.items():
        yield from _of(name, "danh sách địa phương", citations)
    for entry in corpus.registers:
        yield from _of(entry.source, entry.label["vi"], entry.citations)
    for offices in corpus.offices.values():
        for office in offices:
            yield from _of(office.source, office.label["vi"], office.citations, office.in_force)
    for level in corpus.levels.values():
        yield from _of(level.source, level.label["vi"], level.citations)


def _of(source: str, what: str, citations: Sequence[Citation], span: InForce | None = None) -> Iterator[Cited]:
    for citation in citations:
        if span is None:
            yield Cited(source, what, citation)
        else:
            yield Cited(source, what, citation, span.start, FOREVER if span.until is None else span.until)


def to_be_confirmed(corpus: Corpus) -> Iterator[tuple[str, str, Citation]]:
    """What waits for an official text: (source, what, citation)."""
    versions: list[Rule | ClockVersion | UnitDuty] = [clock for clocks in corpus.clocks.values() for clock in clocks]
    versions += [duty for duties in corpus.unit_duties.values() for duty in duties]
    for version in (*versions, *every_rule(corpus)):
        for reading in version.interpretations:
            if reading.status == "unconfirmed":
                yield version.source, f"{reading.id}: {reading.about['vi']}", version.citations[0]
    for cited in citations_of(corpus):
        if cited.citation.status == "unconfirmed":
            yield cited.source, cited.what, cited.citation


def _unused(rule: Rule) -> Iterator[Problem]:
    named = {deadline.due for deadline in rule.deadlines.values()} | {node.base for node in rule.dates}
    named |= {by.by for duty in rule.obligations for by in (duty.or_by, duty.waived) if by is not None}
    named |= {duty.fulfilled.date for duty in rule.obligations if isinstance(duty.fulfilled, NotBefore)}
    named |= {duty.hour_unknown for duty in rule.obligations if duty.hour_unknown is not None}
    for node in rule.dates:
        if node.name not in named:
            yield _nothing_uses(rule, node.name)
    asked = {duty.fulfilled.deadline for duty in rule.obligations if isinstance(duty.fulfilled, Discharge)}
    asked |= {duty.when.deadline for duty in rule.obligations if isinstance(duty.when, DeadlineIs)}
    for deadline in rule.deadlines.values():
        if deadline.name not in asked:
            yield _nothing_uses(rule, deadline.name)


def _without_examples(rule: Rule, corpus: Corpus) -> Iterator[Problem]:
    if not corpus.examples.get(rule.source):
        yield Problem("TR-lint-no-example", rule.source, f"«{rule.id}» không có ví dụ", f"“{rule.id}” has no example")


def _nothing_uses(rule: Rule, name: str) -> Problem:
    return Problem("TR-lint-unused", rule.source, f"không chỗ nào dùng «{name}»", f"nothing uses “{name}”")
