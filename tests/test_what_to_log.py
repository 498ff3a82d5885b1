"""`docs/what-to-log.md` against `law/fields.py` and the shipped rules: each event and field, and what rests on it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path

import pytest

import tthc_rules as tr
from tthc_rules.law import clock
from tthc_rules.law.codes import KINDS as CODES
from tthc_rules.law.corpus import versions_of
from tthc_rules.law.fields import DOSSIER_FIELDS, FIELDS_OF, KINDS
from tthc_rules.law.observed import doubt_of
from tthc_rules.law.rule import EachWithin, EventSeen, Limit, Obligation, ReappointmentStands, Rule

PAGE = Path(__file__).resolve().parents[1] / "docs" / "what-to-log.md"
WORD = re.compile(r"`([^`]+)`")
UNKNOWN = {"acceptance_unknown", "pauses_unknown", "finish_unknown"}
RAISED_BY = {
    "dossier_submitted": "dossier_submitted",
    "error_reported": "error_reported",
    "dossier_lost": "dossier_lost",
    "dossier_closed": "dossier_closed",
    "opinion_due": "opinion_requested",
}
UNSEEN = {clock.OPINION_UNSURE: "opinion_received", clock.REQUEST_UNSURE: "supplement_received"}


def table(heading: str) -> dict[str, list[str]]:
    """The rows below a heading of the page, by their first word."""
    (part,) = [part for part in PAGE.read_text(encoding="utf-8").split("\n## ")[1:] if part.startswith(heading)]
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in part.splitlines() if row.startswith("| `")]
    names = [WORD.findall(row[0])[0] for row in rows]
    assert len(set(names)) == len(names)
    return dict(zip(names, rows, strict=True))


EVENTS = table("Sự kiện")
EVENT_FIELDS = table("Trường của sự kiện")
DOSSIER = table("Trường của hồ sơ")


@pytest.fixture(scope="module")
def book() -> tr.Rulebook:
    return tr.Rulebook.load()


def words_in(node: object) -> Iterator[str]:
    """Every word that stands anywhere in a part of a rule."""
    if isinstance(node, str):
        yield node
    elif is_dataclass(node):
        for field in fields(node):
            yield from words_in(getattr(node, field.name))
    elif isinstance(node, Mapping):
        yield from words_in(tuple(node.values()))
    elif isinstance(node, tuple | list | frozenset):
        for part in node:
            yield from words_in(part)


def parts_of(rule: Rule) -> tuple[object, ...]:
    return rule.applies_if, rule.dates, rule.deadlines, rule.obligations, rule.limits


def raised_only_by(rule: Rule) -> Iterator[str]:
    """The events without which the rule says nothing of a dossier."""
    yield from (
        condition.event for condition in rule.applies_if if isinstance(condition, EventSeen) and not condition.absent
    )
    yield from (duty.fulfilled.event for duty in rule.obligations if isinstance(duty.fulfilled, EachWithin))
    if rule.picked_by in RAISED_BY:
        yield RAISED_BY[rule.picked_by]
    if any(isinstance(condition, ReappointmentStands) for condition in rule.applies_if):
        yield "reappointed"


def test_each_event_and_each_field_has_its_row() -> None:
    assert tuple(EVENTS) == KINDS
    assert tuple(EVENT_FIELDS) == tuple(
        f"{kind}.{field}" for kind in KINDS for field in FIELDS_OF[kind] if field not in ("kind", "at")
    )
    assert sorted(DOSSIER) == sorted(DOSSIER_FIELDS)


def test_no_row_has_an_empty_cell() -> None:
    rows = [*EVENTS.values(), *EVENT_FIELDS.values(), *DOSSIER.values()]
    assert [row for row in rows if len(row) != 4 or not all(row)] == []


def test_each_row_names_every_duty_that_reads_its_event(book: tr.Rulebook) -> None:
    read: defaultdict[str, set[str]] = defaultdict(set)
    for rule in versions_of(book.corpus.rules):
        for word in words_in(parts_of(rule)):
            if word in KINDS:
                read[word] |= {*rule.duties}
    assert len(read) > 10
    lacking = {kind: missing for kind in KINDS if (missing := read[kind] - {*WORD.findall(EVENTS[kind][2])})}
    assert lacking == {}, "docs/what-to-log.md, third column of each kind: the duties that read it"


def test_each_row_names_every_duty_that_reads_its_field(book: tr.Rulebook) -> None:
    read: defaultdict[str, set[str]] = defaultdict(set)
    for rule in versions_of(book.corpus.rules):
        for word in words_in(parts_of(rule)):
            read[word] |= {*rule.duties}
    for name in ("new_due", "reason", "form", "attached"):
        assert read[name]
        assert read[name] - {*WORD.findall(EVENT_FIELDS[f"apology_sent.{name}"][2])} == set()
    for name in ("return_within", "answer_within", "closes_after"):
        assert read[name]
        assert {*WORD.findall(DOSSIER[f"time_limit.{name}.amount"][2])} == read[name]


def test_what_is_lost_where_the_source_cannot_show_a_kind(book: tr.Rulebook) -> None:
    absent: defaultdict[str, set[str]] = defaultdict(set)
    undetermined: defaultdict[str, set[str]] = defaultdict(set)
    for rule in versions_of(book.corpus.rules):
        for kind in raised_only_by(rule):
            absent[kind] |= {*rule.duties}
        nodes: tuple[Obligation | Limit, ...] = (*rule.obligations, *rule.limits)
        for node in nodes:
            doubt = doubt_of(rule, node)
            for kind in KINDS:
                if doubt.absences(other_level=True) >> CODES[kind] & 1:
                    undetermined[kind].add(node.id)
            for bit, kind in UNSEEN.items():
                if doubt.raised & bit:
                    undetermined[kind].add(node.id)
    duties = {*book.corpus.duties}
    for kind in KINDS:
        open_to_doubt, _, not_stated = EVENTS[kind][3].partition("∅")
        told = f"docs/what-to-log.md, last column of {kind}: after ∅ what is absent, before it what is undetermined"
        assert {*WORD.findall(not_stated)} == absent[kind], told
        assert {*WORD.findall(open_to_doubt)} & duties == undetermined[kind] - absent[kind], told


@pytest.mark.parametrize("kind", KINDS)
def test_the_notes_of_a_kind_that_is_not_shown(book: tr.Rulebook, kind: str) -> None:
    """An open dossier, long past its due date: what its source does not show decides what can be said of it."""
    hidden = (
        {"result_issued", "result_returned"} if kind.startswith("result_") and kind != "result_corrected" else {kind}
    )
    accepted = [] if kind == "dossier_accepted" else [{"kind": "dossier_accepted", "at": "2026-03-02T08:30"}]
    dossier = {
        "dossier_id": "HS-1",
        "time_limit": {"amount": 5, "unit": "workday", "pauses_for": ["payment", "opinion"]},
        "observes": [one for one in KINDS if one not in hidden],
        "events": accepted,
    }
    verdict = book.evaluate(dossier, as_of=date(2026, 5, 4))
    assert {note.code for note in verdict.notes} & UNKNOWN == {*WORD.findall(EVENTS[kind][3])} & UNKNOWN


def test_every_word_of_the_page_is_known(book: tr.Rulebook) -> None:
    """A duty that was renamed does not stay on the page."""
    duties = {*book.corpus.duties, *book.corpus.retired}
    looks_like_one = re.compile(
        r"apology|transfer|overlay|supplement_(once|max)|refusal_|online_answer|paper_to|notice_to"
    )
    said = {
        word
        for rows in (EVENTS, EVENT_FIELDS, DOSSIER)
        for row in rows.values()
        for word in WORD.findall(" ".join(row))
    }
    units = {*book.corpus.unit_duties}
    named = {word for word in said if looks_like_one.match(word)} - {*KINDS, "apology_slip"} - {*EVENT_FIELDS}
    assert named - duties - units == set()
