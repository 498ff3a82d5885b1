"""Each sample gives exactly what it expects, and nothing that it says is never to be seen."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.logs.diagnostics import CODES
from tthc_rules.logs.messages import MessageReader
from tthc_rules.logs.senders import SHOWS, senders

from .sampled import Sample, samples

OURS = tuple(dict.fromkeys(sender for by in SHOWS.values() for sender in by))
ALL = list(samples(*OURS))
each = pytest.mark.parametrize("sample", ALL, ids=str)


def _as_set(events: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """Events without their order; a slip on a receipt is not compared."""
    return sorted(
        tuple(
            f"{key}={value}"
            for key, value in sorted(event.items())
            if (event["kind"], key) != ("supplement_received", "appointed_due")
        )
        for event in events
    )


@each
def test_the_dossiers_are_exactly_these(sample: Sample) -> None:
    read = {one.dossier_id: one for one in sample.read().dossiers}
    told = {one["dossier_id"]: one for one in sample.expected["dossiers"]}
    assert sorted(read) == sorted(told)
    for name, wanted in told.items():
        data = read[name].data
        assert _as_set(data["events"]) == _as_set(wanted["events"] or [])
        for field in ("procedure", "channel", "time_limit"):
            assert data.get(field) == wanted[field], field
        for key, value in wanted.get("kept", {}).items():
            assert read[name].kept[key] == value
        ids = {number for numbers in read[name].source_ids.values() for number in numbers}
        assert set(wanted.get("source_ids", ())) <= ids
        assert read[name].problems == ()


@each
def test_the_verdicts_are_those_counted_by_hand(sample: Sample, book: Rulebook) -> None:
    read = {one.dossier_id: one.data for one in sample.read().dossiers}
    for wanted in sample.expected["dossiers"]:
        data = read[wanted["dossier_id"]]
        if not wanted["judgeable"]:
            assert data["unknown"]
            for day in (sample.as_of, sample.as_of + timedelta(days=60)):
                said = book.evaluate(data, day).punctuality
                assert said not in {"early", "on_time", "returned_late", "overdue"}
            continue
        verdict = book.evaluate(data, sample.as_of).model_dump(mode="json")
        answers = {**verdict, **verdict["clock"]}
        for key, value in (wanted["verdict"] or {}).items():
            said = answers[key]
            assert (said[:10] if key == "promised_due" and said else said) == value, (wanted["dossier_id"], key)


@each
def test_the_diagnostics_are_these(sample: Sample) -> None:
    found = {(one.code, one.level, one.dossier_id or None, one.about) for one in sample.read().diagnostics}
    wanted = {(one["code"], one["level"], one["dossier_id"], one["about"]) for one in sample.expected["diagnostics"]}
    assert wanted - found == set()
    also = set(sample.expected["may_also"])
    assert {one for one in found - wanted if one[1] != "info" and one[0] not in also} == set()


@each
def test_nothing_personal_is_in_any_output(sample: Sample) -> None:
    reading = sample.read()
    reader = MessageReader(sample.sender)
    for message in sample.messages:
        reader.feed(message)
    rows = [one.row(sample.sender) for one in reading.diagnostics]
    shown = [repr(reading), repr(sample.messages), reading.report(), reading.report("en"), json.dumps(rows)]
    shown += [repr(copies) for copies in reader.store.groups()]  # also what may go to a file
    shown += [json.dumps(one.data) + json.dumps(one.kept) for one in reading.dossiers]
    shown += [json.dumps(one.data, ensure_ascii=False) + one.status for one in reading.dossiers]
    assert len(sample.expected["never"]) >= 3
    for word in sample.expected["never"]:
        assert [text for text in shown if word in text] == []


def test_all_samples_are_here() -> None:
    assert set(OURS) <= set(senders())
    few = [name for name in OURS if len(list(samples(name))) < 12]
    assert few == [], "each has at least twelve samples, told in tests/samples/README.md"


@each
def test_codes_and_levels_are_of_the_vocabulary(sample: Sample) -> None:
    for one in sample.read().diagnostics:
        assert one.level in CODES[one.code].levels
