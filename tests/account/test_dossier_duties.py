"""Duties of dossiers in an account: which of them is the apology, what they are called, which columns they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tthc_rules import Rulebook
from tthc_rules.account.rows import row_of_mapping
from tthc_rules.result.columns import FIXED_COLUMNS, duties_among

OWN = """\
format: 1
rule: thu_xin_loi
label: {vi: Thư xin lỗi của phường, en: "The ward's letter of apology"}
effective: {from: "2024-01-01", picked_by: lawful_due}
instrument: {document: 01/QĐ-P, issued_on: "2023-12-01"}
citations:
  - {document: 01/QĐ-P, article: 2, quote: "gửi thư xin lỗi", status: text}
deadlines:
  return_result: {event: finished, due: lawful_due}
  letter: {event: apology_sent, since: last_start, due: lawful_due}
obligations:
  - id: thu_xin_loi
    owed_by: handling_agency
    to: applicant
    counts_as: apology
    when: {deadline: return_result, is: [met_late, missed]}
    discharged_by: letter
responsibilities:
  - {for: thu_xin_loi, if: [missed, met_late], role: head_of_unit, unit: handling_agency, class: breach}
"""


def own_book(folder: Path, text: str) -> Rulebook:
    place = folder / "local" / "son-la" / "2024-01-01"
    place.mkdir(parents=True)
    (place / "thu_xin_loi.yaml").write_text(text, encoding="utf-8")
    return Rulebook.load(folder)


def rows(outcome: str) -> list[dict[str, Any]]:
    return [
        {
            "dossier_id": "H1",
            "handling_agency": "so",
            "accepted_on": date(2024, 7, 1),
            "lawful_due": date(2024, 7, 10),
            "finished_on": date(2024, 7, 15),
            "punctuality": "returned_late",
            "thu_xin_loi": outcome,
            "thu_xin_loi.act_by": date(2024, 7, 10),
            "responsible": "thu_xin_loi=head_of_unit",
            "versions": "thu_xin_loi=local/son-la/2024-01-01",
        }
    ]


@pytest.mark.parametrize(("outcome", "wanted"), [("missed", (1, 0)), ("met", (0, 0)), ("undetermined", (0, 1))])
@pytest.mark.parametrize("is_table", [False, True])
def test_the_rule_itself_says_which_duty_is_the_apology(
    tmp_path: Path, outcome: str, wanted: tuple[int, int], is_table: bool
) -> None:
    """One late dossier, and a letter that only a rule of the ward asks for: its key says that it is the apology."""
    given: Any = pa.Table.from_pylist(rows(outcome)) if is_table else rows(outcome)
    made = own_book(tmp_path, OWN).account(given, period="2024-07", as_of=date(2024, 8, 1))
    rating = made.data["units"][0]["rating"]
    assert (rating["missing_apologies"], rating["unknown_apologies"]) == wanted


def test_without_the_key_nothing_is_said_of_the_apology(tmp_path: Path) -> None:
    silent = own_book(tmp_path, OWN.replace("    counts_as: apology\n", ""))
    made = silent.account(rows("missed"), period="2024-07", as_of=date(2024, 8, 1))
    rating = made.data["units"][0]["rating"]
    assert (rating["missing_apologies"], rating["unknown_apologies"]) == (0, 1)


def test_the_account_brings_the_name_of_each_duty_that_was_missed(tmp_path: Path) -> None:
    made = own_book(tmp_path, OWN).account(rows("missed"), period="2024-07", as_of=date(2024, 8, 1))
    assert made.data["dossier_duties"] == {
        "thu_xin_loi": {
            "label": {"vi": "Thư xin lỗi của phường", "en": "The ward's letter of apology"},
            "rule": "thu_xin_loi",
            "version": "local/son-la/2024-01-01",
            "counts_as": "apology",
        }
    }


def test_a_duty_is_called_as_by_the_newest_version_that_had_begun(tmp_path: Path) -> None:
    """One ends on 30/7/2024, the next begins on the 31st, the last day of the month; before both the newest of all."""
    last = OWN.replace('from: "2024-01-01"', 'from: "2024-07-31"').replace("2023-12-01", "2024-07-01")
    place = tmp_path / "local" / "son-la" / "2024-07-31"
    place.mkdir(parents=True)
    (place / "thu_xin_loi.yaml").write_text(last, encoding="utf-8")
    book = own_book(tmp_path, OWN.replace('from: "2024-01-01"', 'from: "2024-01-01", to: "2024-07-30"'))
    found = {}
    for period, day in {"2023-07": "2023-07-05", "2024-06": "2024-06-05", "2024-07": "2024-07-05"}.items():
        row = rows("missed")[0] | {"accepted_on": day, "lawful_due": day, "finished_on": day}
        made = book.account([row | {"thu_xin_loi.act_by": day}], period=period, as_of=date(2024, 9, 1))
        found[period] = made.data["dossier_duties"]["thu_xin_loi"]["version"].rpartition("/")[2]
    assert found == {"2023-07": "2024-07-31", "2024-06": "2024-01-01", "2024-07": "2024-07-31"}


def test_a_duty_that_no_loaded_rule_knows_has_no_name(book: Rulebook) -> None:
    made = book.account(rows("missed"), period="2024-07", as_of=date(2024, 8, 1))
    assert made.data["units"][0]["breaches"][0]["duty"] == "thu_xin_loi"
    assert made.data["dossier_duties"] == {}


def test_the_shipped_rules_say_which_apology_counts(book: Rulebook) -> None:
    """What the apology is under each regime; its content, and forms of a place beside it, are no second apology."""
    assert {"apology_before_due", "apology_r1"} <= book.corpus.counted_as("apology")
    assert not {"apology_content", "overlay_tuyen_quang_form04"} & book.corpus.counted_as("apology")


def test_no_fixed_column_of_a_result_is_taken_for_a_duty() -> None:
    assert duties_among((*FIXED_COLUMNS, "supplement_once", "supplement_once.act_by")) == ("supplement_once",)
    row = dict.fromkeys(FIXED_COLUMNS, "missed") | {"steps": None, "accepted_on": "2024-07-01", "finished_on": None}
    row |= {"punctuality": "overdue", "punctuality_current": "overdue", "ended_by": None}
    row |= dict.fromkeys(("original_due", "lawful_due", "current_due", "promised_due"), "2024-07-10")
    assert row_of_mapping(row, "results[0]").outcomes == ()
