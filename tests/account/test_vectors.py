"""The test vectors of the accountability table, and the edges of its definitions, computed by hand."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

import tthc_rules as tr
from tthc_rules.account.indicators import band_of, ratio, rounded, share
from tthc_rules.account.tally import WIDTH, place_of
from tthc_rules.law.indicator import DUES, Share, Total


def way(book: tr.Rulebook, name: str) -> Any:
    return book.corpus.indicators[name][0].way


def row(number: int, accepted: str, due: str, finished: str | None = None, **more: Any) -> dict[str, Any]:
    dues = dict.fromkeys(DUES, due)
    base = {"dossier_id": f"H{number}", "handling_agency": "so", "accepted_on": accepted, "finished_on": finished}
    return {**base, **dues, **more}


# -- 1: the index of Decision 766 --------------------------------------------------------------------------------------


def test_index_2_1_of_the_public_formula_document(book: tr.Rulebook) -> None:
    """314557 / 358643 × 20 = 17.5415…"""
    counts = [0] * WIDTH
    counts[place_of("finished_on_the_day")] = 300_000
    counts[place_of("finished_early")] = 10_000
    counts[place_of("open_in_time")] = 4_557
    counts[place_of("received")] = 350_000
    counts[place_of("carried_over")] = 8_643
    found = share(way(book, "qd766_on_time"), counts, 2)
    assert (found.numerator, found.denominator, found.value) == (314_557, 358_643, Decimal("17.54"))


@pytest.mark.parametrize(
    ("above", "below", "decimals", "wanted"),
    [(1, 8, 2, "0.13"), (1, 3, 1, "0.3"), (17545, 1000, 2, "17.55"), (5, 2, 0, "3"), (3, 20, 1, "0.2")],
)
def test_quotients_are_rounded_half_up(above: int, below: int, decimals: int, wanted: str) -> None:
    assert rounded(above, below, decimals) == Decimal(wanted)


# -- 2, 3: bands -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "band"),
    [
        *(("18.0", "xuat_sac"), ("15.0", "xuat_sac"), ("14.9", "tot"), ("12.0", "tot"), ("11.9", "kha")),
        *(("9.0", "kha"), ("8.9", "trung_binh"), ("6.0", "trung_binh"), ("5.9", "yeu"), ("0.0", "yeu")),
    ],
)
def test_units_fall_in_one_class_and_exactly_15_is_excellent(book: tr.Rulebook, total: str, band: str) -> None:
    found = way(book, "tt01_unit_band")
    assert isinstance(found, Total)
    assert band_of(found, Decimal(total)) == band


@pytest.mark.parametrize(
    ("total", "band"), [("10.0", "full"), ("5.0", "full"), ("4.9", "most"), ("3.5", "most"), ("3.4", "part")]
)
def test_officials_fall_in_one_class(book: tr.Rulebook, total: str, band: str) -> None:
    assert band_of(way(book, "tt01_official_band"), Decimal(total)) == band


# -- 8: targets, strict and not ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("via", "of", "wanted"), [(80, 100, "missed"), (81, 100, "met"), (801, 1000, "met")])
def test_eighty_per_cent_of_procedures_is_strict(book: tr.Rulebook, via: int, of: int, wanted: str) -> None:
    fact = {"unit": "so", "name": "procedures_via_one_stop", "count": via, "of": of, "at": "2016-03-01"}
    units = [{"unit": "so", "kind": "provincial_department", "jurisdiction": "son-la"}]
    made = book.account([], period="2016-Q1", as_of=date(2016, 4, 1), units=units, unit_facts=[fact])
    assert outcome(made, "so", "target_one_stop_80") == wanted


@pytest.mark.parametrize(("late", "wanted"), [(1, "met"), (2, "missed")])
def test_ninety_per_cent_of_dossiers_is_not_strict(book: tr.Rulebook, late: int, wanted: str) -> None:
    """Ten dossiers: nine on time is 90 %."""
    rows = [row(n, "2016-01-04", "2016-01-11", "2016-01-12" if n < late else "2016-01-11") for n in range(10)]
    units = [{"unit": "so", "kind": "provincial_department", "jurisdiction": "son-la"}]
    made = book.account(rows, period="2016-Q1", as_of=date(2016, 4, 1), units=units)
    assert outcome(made, "so", "target_on_time_90") == wanted


# -- 9: «trước ngày» ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "wanted"), [("2016-05-30", "met"), ("2016-05-31", "met_late"), ("2016-06-30", "met_late")]
)
def test_the_report_before_31_may_is_late_on_31_may(book: tr.Rulebook, sent: str, wanted: str) -> None:
    to = ["peoples_committee_party_committee", "provincial_party_office"]
    events = [{"unit": "so", "kind": "party_half_year_report_sent", "at": sent, "to": to}]
    units = [{"unit": "so", "kind": "provincial_department", "jurisdiction": "son-la"}]
    made = book.account([], period="2016-H1", as_of=date(2016, 7, 15), units=units, unit_events=events)
    assert outcome(made, "so", "party_report_dates") == wanted


# -- 10, 11: competing definitions -------------------------------------------------------------------------------------


def test_forty_of_fifty_eight_are_late() -> None:
    assert ratio(40, 58, 2).value == Decimal("68.97")


def test_gia_lai_and_the_others_on_the_same_log(book: tr.Rulebook) -> None:
    """Received 100, carried over 20; 3 open late, 3 done late; 50 received ones still open in time, the rest on time.

    Gia Lai: 1 − 6/120 = 95 %. NĐ 61: of 100 received 44 were finished in time (100 − 50 − 6). Thanh Hóa: 44 + 50 of
    100. QĐ 766: 64 finished in time + 50 open in time of 120.
    """
    rows = [row(n, "2020-07-01", "2020-07-20", "2020-07-20") for n in range(44)]
    rows += [row(100 + n, "2020-07-01", "2020-08-20") for n in range(50)]
    rows += [row(200 + n, "2020-07-01", "2020-07-10") for n in range(3)]
    rows += [row(300 + n, "2020-07-01", "2020-07-10", "2020-07-13") for n in range(3)]
    rows += [row(400 + n, "2020-06-15", "2020-07-06", "2020-07-06") for n in range(20)]
    made = book.account(rows, period="2020-07", as_of=date(2020, 8, 3))
    unit = made.unit("so")
    assert unit is not None
    counts = unit["counts"]
    assert (counts["received"], counts["carried_over"], counts["late"]) == (100, 20, 6)
    found = {name: unit["indicators"][name]["value"] for name in RATES}
    assert found == {
        "on_time_gia_lai": 95,
        "on_time_nd61": 44,
        "on_time_thanh_hoa": 94,
        "on_time_qd766": 95,
    }


RATES = ("on_time_gia_lai", "on_time_nd61", "on_time_thanh_hoa", "on_time_qd766")


def test_the_current_due_date_hides_what_was_apologised_for(book: tr.Rulebook) -> None:
    late = row(1, "2020-07-01", "2020-07-10", "2020-07-15", current_due="2020-07-15")
    unit = book.account([late], period="2020-07", as_of=date(2020, 8, 3)).unit("so")
    assert unit is not None
    by_due = unit["indicators"]["on_time_nd61"]["by_due"]
    assert {due: one["value"] for due, one in by_due.items()} == {
        "original_due": 0,
        "lawful_due": 0,
        "current_due": 100,
        "promised_due": 0,
    }


# -- 12: attitude ------------------------------------------------------------------------------------------------------


def test_late_without_a_petition_is_undefined(book: tr.Rulebook) -> None:
    """Early 2, on the day 1, late undefined: 3 points over two dossiers, one left out and counted."""
    rows = [
        row(1, "2020-07-01", "2020-07-10", "2020-07-09"),
        row(2, "2020-07-01", "2020-07-10", "2020-07-10"),
        row(3, "2020-07-01", "2020-07-10", "2020-07-13"),
    ]
    complete = [{"kind": "petition", "from": "2020-07-01", "to": "2020-07-31"}]
    made = book.account(rows, period="2020-07", as_of=date(2020, 8, 3), complete=complete)
    unit = made.unit("so")
    assert unit is not None
    found = unit["indicators"]["tt01_7"]
    assert (found["value"], found["numerator"], found["denominator"], found["undefined"]) == (1.5, 3, 2, 1)


def test_without_a_complete_log_of_petitions_the_indicator_is_dropped(book: tr.Rulebook) -> None:
    unit = book.account([row(1, "2020-07-01", "2020-07-10", "2020-07-09")], period="2020-07").unit("so")
    assert unit is not None
    figures = unit["indicators"]
    assert (figures["tt01_7"]["value"], figures["tt01_7"]["reason"]) == (None, "not_recorded")
    total = figures["tt01_unit_band"]
    assert (total["value"], total["n_indicators"], total["of"], total["band"]) == (2, 1, 9, "yeu")


def test_a_petition_found_false_does_not_count(book: tr.Rulebook) -> None:
    rows = [row(n, "2020-07-01", "2020-07-10", "2020-07-09") for n in range(2)]
    complete = [{"kind": "petition", "from": "2020-07-01", "to": "2020-07-31"}]
    values = []
    for found in ("unverified", True, "false", False):
        petition = {"dossier_id": "H1", "about": "behaviour", "found": found, "at": "2020-07-20"}
        made = book.account(rows, period="2020-07", complete=complete, petitions=[petition])
        unit = made.unit("so")
        assert unit is not None
        values.append(unit["indicators"]["tt01_7"]["value"])
    assert values == [1, 1, 2, 2]


def test_each_definition_names_sets_that_exist(book: tr.Rulebook) -> None:
    shares = [name for name, versions in book.corpus.indicators.items() if isinstance(versions[0].way, Share)]
    assert {*RATES, "qd766_on_time", "early_share"} == set(shares)


def test_a_day_before_and_after_the_due_date(book: tr.Rulebook) -> None:
    due = date(2020, 7, 10)
    ends = [(due + timedelta(days=by)).isoformat() for by in (-1, 0, 1)]
    rows = [row(n, "2020-07-01", due.isoformat(), end) for n, end in enumerate(ends)]
    unit = book.account(rows, period="2020-07", as_of=date(2020, 8, 1)).unit("so")
    assert unit is not None
    lawful = unit["counts"]["lawful_due"]
    assert [lawful[f"finished_{end}"] for end in ("early", "on_the_day", "late")] == [1, 1, 1]


def outcome(made: tr.Account, unit: str, duty: str) -> str:
    found = made.unit(unit)
    assert found is not None
    return next(str(one["outcome"]) for one in found["duties"] if one["duty"] == duty)
