"""A reading does not depend on how messages are cut, ordered or repeated, nor on what is held in memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tthc_rules.logs.messages import Message, MessageReader, MessageReading

from .sampled import Sample, samples
from .test_exactly import OURS

ALL = list(samples(*OURS))
LISTS = ("data", "content")
START = datetime(2026, 1, 5, 8)


def _same(one: MessageReading, other: MessageReading) -> None:
    assert [vars_of(read) for read in one.dossiers] == [vars_of(read) for read in other.dossiers]
    assert one.diagnostics == other.diagnostics


def vars_of(read: Any) -> tuple[Any, ...]:
    """All that is said of a dossier."""
    return read.dossier_id, read.data, read.status, dict(read.source_ids), dict(read.kept), read.problems


def _pieces(message: Message, cut: Callable[[int], int]) -> list[Message]:
    """The same message as several, where it holds a list: its records are dealt out in their order."""
    body = message.body
    name = next((name for name in LISTS if isinstance(body, dict) and isinstance(body.get(name), list)), None)
    records = body if isinstance(body, list) else body[name] if name and isinstance(body, dict) else None
    if not records or len(records) < 2:
        return [message]
    at = 1 + cut(len(records) - 1)
    halves = [records[:at], records[at:]]
    if name is None:
        return [replace(message, body=half) for half in halves]
    assert isinstance(body, dict)
    return [replace(message, body={**body, name: half}) for half in halves]


@pytest.mark.parametrize("sample", ALL, ids=str)
def test_one_by_one_and_twice(sample: Sample) -> None:
    whole = sample.read()
    _same(whole, sample.read())
    reader = MessageReader(sample.sender, sample.given["given"]["catalogue"], fetched_on=sample.as_of)
    for message in sample.messages:
        reader.feed(message)
        reader.reading()  # asking in between changes nothing
    _same(whole, reader.reading())
    for message in sample.messages:  # delivered once more, all of it
        reader.feed(message)
    _same(whole, reader.reading())


@pytest.mark.parametrize("sample", ALL, ids=str)
def test_what_goes_to_files_is_read_as_what_stays_in_memory(sample: Sample) -> None:
    reader = MessageReader(sample.sender, sample.given["given"]["catalogue"], fetched_on=sample.as_of, memory=1)
    for message in sample.messages:
        reader.feed(message)
    assert len(reader.store.files) > 0
    _same(sample.read(), reader.reading())


@pytest.mark.parametrize("memory", [1, None])
def test_the_last_copy_wins_also_where_it_was_there_before(memory: int | None) -> None:
    """Accepted, refused, accepted again, at no known times: the copy that came last holds."""
    one, other = (
        {"MaHoSo": "H99.14-240904-0001", "NgayTiepNhan": "20240904083000", "TrangThaiHoSo": state, "NgayTuChoi": day}
        for state, day in (("4", ""), ("3", "20240905100000"))
    )
    reader = MessageReader("dvcqg", memory=memory)
    for body in (one, other, one):
        reader.feed(Message(body))
    (read,) = reader.reading().dossiers
    assert read.status == "Đang xử lý"
    reader.feed(Message(other))
    (read,) = reader.reading().dossiers
    assert read.status == "Không được tiếp nhận"


@pytest.mark.parametrize("sample", ALL, ids=str)
def test_text_and_bytes_are_read_as_values(sample: Sample) -> None:
    text = [
        replace(message, body=message.body if isinstance(message.body, str) else json.dumps(message.body))
        for message in sample.messages
    ]
    _same(sample.read(), sample.read(text))
    coded = [replace(message, body=str(message.body).encode()) for message in text]
    _same(sample.read(), sample.read(coded))


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_split_gives_the_same(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(ALL))
    cut: list[Message] = []
    for message in sample.messages:
        cut += _pieces(message, lambda most: data.draw(st.integers(0, most - 1)) if most > 1 else 0)
    _same(sample.read(), sample.read(cut))


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_order_and_any_repetition_give_the_same_where_arrivals_are_known(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(ALL))
    timed = [
        replace(message, received_at=(START + timedelta(minutes=7 * number)).isoformat())
        for number, message in enumerate(sample.messages)
    ]
    again = [*timed, *data.draw(st.lists(st.sampled_from(timed), max_size=3))]
    mixed = data.draw(st.permutations(again))
    _same(sample.read(timed), sample.read(list(mixed)))


@pytest.mark.parametrize("sample", ALL, ids=str)
def test_a_reading_changes_nothing_that_it_was_given(sample: Sample) -> None:
    before = deepcopy([message.body for message in sample.messages])
    sample.read()
    assert [message.body for message in sample.messages] == before
