"""Entries of a catalogue by channel and place: the most specific holds, and what nobody could decide does not load."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tthc_rules import Rulebook, RuleFileError

Json = dict[str, Any]
HEAD = """\
format: 1
time_limits: thu
label: {vi: Thử nghiệm, en: A trial}
regime: one_stop
entries:
"""
CITED = '    citations: [{document: 1/QĐ-UBND, status: secondary, source: "cổng"}]\n'


def entry(amount: int, more: str = "", start: str = "2024-01-01") -> str:
    return (
        f'  - procedure: "1.000001"\n    from: "{start}"\n{more}'
        f"    time_limit: {{amount: {amount}, unit: calendar_day}}\n{CITED}"
    )


def book(folder: Path, *entries: str) -> Rulebook:
    (folder / "thu_tuc.yaml").write_text(HEAD + "".join(entries), encoding="utf-8")
    return Rulebook.load(folder)


def dossier(channel: str | None, place: str | None) -> Json:
    given: Json = {
        "dossier_id": "H",
        "procedure": "1.000001",
        "events": [{"kind": "dossier_accepted", "at": "2024-07-01T08:30"}],
    }
    return given | ({"channel": channel} if channel else {}) | ({"jurisdiction": place} if place else {})


ONLINE = "    channels: [online]\n"
POSTAL = "    channels: [postal, online]\n"
SON_LA = "    jurisdictions: [son-la]\n"
ALL = (entry(10), entry(4, ONLINE), entry(7, ONLINE + SON_LA), entry(20, "    channels: [in_person]\n" + SON_LA))
"""10 days for all; 4 online; in Sơn La 7 online and 20 in person."""


@pytest.mark.parametrize(
    ("channel", "place", "due"),
    [
        (None, None, "2024-07-11"),  # Monday 1/7 + 10 = Thursday
        ("postal", None, "2024-07-11"),
        ("online", None, "2024-07-05"),  # + 4 = Friday
        ("online", "thanh-hoa", "2024-07-05"),
        ("online", "son-la", "2024-07-08"),  # + 7 = Monday
        ("in_person", "son-la", "2024-07-22"),  # + 20 = Sunday 21, rolled
        (None, "son-la", "2024-07-22"),  # a missing channel is in person
        ("postal", "son-la", "2024-07-11"),
    ],
)
def test_the_most_specific_entry_holds(
    tmp_path: Path, engine: str, channel: str | None, place: str | None, due: str
) -> None:
    verdict = book(tmp_path, *ALL).evaluate(dossier(channel, place), date(2024, 7, 2), engine=engine)
    assert str(verdict.clock.lawful_due) == due


def test_a_batch_takes_the_entry_of_each_row(tmp_path: Path) -> None:
    asked = [
        ("online", None, "2024-07-05"), (None, None, "2024-07-11"), ("online", "son-la", "2024-07-08"),
        ("postal", "son-la", "2024-07-11"), (None, "son-la", "2024-07-22"),
    ]  # fmt: skip
    rows = [dossier(channel, place) | {"dossier_id": str(k)} for k, (channel, place, _) in enumerate(asked)]
    found = book(tmp_path, *ALL).rescore_dossiers(rows, date(2024, 7, 2))
    assert [str(row["lawful_due"]) for row in found] == [due for *_, due in asked]


def test_an_entry_for_one_channel_says_nothing_of_another(tmp_path: Path) -> None:
    verdict = book(tmp_path, entry(4, ONLINE)).evaluate(dossier("postal", None), date(2024, 7, 2))
    assert verdict.clock.lawful_due is None
    assert "no_time_limit_known" in {note.code for note in verdict.notes}


def test_an_entry_is_not_used_before_it_is_known(tmp_path: Path, engine: str) -> None:
    rules = book(tmp_path, entry(10, '    known_from: "2024-07-10"\n'))
    asked = dossier(None, None)
    before = rules.evaluate(asked, date(2024, 7, 12), known_on=date(2024, 7, 9), engine=engine)
    assert before.clock.lawful_due is None
    known = rules.evaluate(asked, date(2024, 7, 12), known_on=date(2024, 7, 10), engine=engine)
    assert str(known.clock.lawful_due) == "2024-07-11"


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ((entry(1), entry(2)), "TR-rule-overlap"),
        ((entry(1, ONLINE), entry(2, POSTAL)), "TR-rule-overlap"),
        ((entry(1), entry(2, ONLINE), entry(3, start="2025-01-01")), "TR-rule-overlap"),
        ((entry(1, ONLINE), entry(2, SON_LA)), "TR-rule-entry"),
        ((entry(0), entry(1, ONLINE), entry(2, SON_LA), entry(3, ONLINE + SON_LA)), "TR-rule-entry"),
        ((entry(1, "    jurisdictions: [son-lo]\n"),), "TR-rule-unknown-place"),
        ((entry(1, "    channels: []\n"),), "TR-input-length"),
        ((entry(1, "    channels: [fax]\n"),), "TR-input-choice"),
    ],
)
def test_what_nobody_could_decide(tmp_path: Path, entries: tuple[str, ...], code: str) -> None:
    with pytest.raises(RuleFileError) as error:
        book(tmp_path, *entries)
    assert {problem.code for problem in error.value.problems} == {code}


def test_entries_that_never_meet(tmp_path: Path) -> None:
    ended = entry(1, '    to: "2024-12-31"\n' + ONLINE)
    assert book(tmp_path, ended, entry(2, SON_LA, "2025-01-01"))


def test_a_batch_of_many_procedures_reads_as_one_by_one(tmp_path: Path) -> None:
    """Entries that end, that begin later, that are not yet known, for channels and places, in one pass."""
    spans = (
        ('    to: "2024-06-30"\n', "2024-01-01"), ("", "2024-07-01"), ('    known_from: "2024-08-01"\n', "2024-01-01"),
        (ONLINE, "2024-01-01"), (POSTAL + SON_LA, "2024-01-01"),
        ("    jurisdictions: [son-la, thanh-hoa]\n", "2024-01-01"),
    )  # fmt: skip
    entries = [
        entry(2 + number, more, start).replace("1.000001", f"1.{number:06d}")
        for number, (more, start) in enumerate(spans)
    ]
    rules = book(tmp_path, *entries)
    rows = [
        dossier(channel, place)
        | {"procedure": f"1.{number:06d}", "dossier_id": f"{number} {channel} {place} {day}"}
        | {"events": [{"kind": "dossier_accepted", "at": f"{day}T08:30"}]}
        for number in range(len(spans) + 1)
        for channel in (None, "in_person", "online", "postal")
        for place in (None, "son-la", "thanh-hoa")
        for day in ("2023-12-29", "2024-06-28", "2024-07-01")
    ]
    for known_on in (date(2024, 7, 2), date(2024, 8, 1)):
        found = rules.rescore_dossiers(rows, date(2024, 7, 2), known_on=known_on)
        alone = [rules.evaluate(row, date(2024, 7, 2), known_on=known_on, engine="reference") for row in rows]
        assert [row["lawful_due"] for row in found] == [verdict.clock.lawful_due for verdict in alone]
    assert {verdict.clock.lawful_due is None for verdict in alone} == {True, False}
