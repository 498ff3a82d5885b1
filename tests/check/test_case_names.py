"""Names that are no names in what a case expects: an error with the place and the nearest name, never a passed case."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Command, text_file

CASE = """\
- name: quá hạn một ngày
  dossier:
    dossier_id: HS-1
    time_limit: {amount: 5, unit: workday}
    events:
      - {kind: dossier_accepted, at: "2024-08-05T08:30"}
  as_of: "2024-08-13"
  expect: %s
"""


def test_the_case_is_right_to_begin_with(command: Command, tmp_path: Path) -> None:
    expect = "{punctuality: overdue, obligations: {apology_before_due: missed, apology_content: null}}"
    assert command("test", text_file(tmp_path, CASE % expect, "ca.tthc.yaml"))[0] == 0


@pytest.mark.parametrize(
    ("expect", "written", "nearest"),
    [
        ("{obligations: {apology_befor_due: missed}}", "apology_befor_due", "apology_before_due"),
        ("{obligations: {apology_befor_due: null}}", "apology_befor_due", "apology_before_due"),
        ("{obligations: {Apology_before_due: missed}}", "Apology_before_due", "apology_before_due"),
        ("{limits: {suplement_once: kept}}", "suplement_once", "supplement_once"),
        ("{limits: {suplement_once: null}}", "suplement_once", "supplement_once"),
        (
            "{responsible: {late_notice_to_one_stp: [head_of_unit]}}",
            "late_notice_to_one_stp",
            "late_notice_to_one_stop",
        ),
        ("{responsible: {late_notice_to_one_stp: null}}", "late_notice_to_one_stp", "late_notice_to_one_stop"),
        ("{punctuality: overdeu}", "overdeu", "overdue"),
        ("{punctuality_current: on-time}", "on-time", "on_time"),
        ("{obligations: {apology_before_due: mised}}", "mised", "missed"),
        ("{limits: {supplement_once: keptt}}", "keptt", "kept"),
        ("{punctualty: overdue}", "punctualty", "punctuality"),
    ],
)
def test_an_unknown_word_is_an_error_with_the_nearest(
    command: Command, tmp_path: Path, expect: str, written: str, nearest: str
) -> None:
    code, told = command("test", text_file(tmp_path, CASE % expect, "ca.tthc.yaml"))
    assert code == 2, told
    assert written in told
    assert nearest in told.replace(written, "")
    assert "ca.tthc.yaml:8" in told  # where it stands


@pytest.mark.parametrize(
    "expect", ["{obligations: {apology_before_due: kept}}", "{limits: {supplement_once: met}}", "{punctuality: missed}"]
)
def test_a_word_of_another_kind_of_finding_is_unknown_there(command: Command, tmp_path: Path, expect: str) -> None:
    assert command("test", text_file(tmp_path, CASE % expect, "ca.tthc.yaml"))[0] == 2


def test_a_name_that_only_own_rules_know_needs_those_rules(command: Command, tmp_path: Path) -> None:
    code, told = command(
        "test", text_file(tmp_path, CASE % "{obligations: {loi_xin_loi_cua_xa: missed}}", "ca.tthc.yaml")
    )
    assert code == 2
    assert "loi_xin_loi_cua_xa" in told


def test_a_case_that_expects_an_error_is_checked_all_the_same(command: Command, tmp_path: Path) -> None:
    expect = '{error: "*", obligations: {apology_befor_due: missed}}'
    assert command("test", text_file(tmp_path, CASE % expect, "ca.tthc.yaml"))[0] == 2


def test_one_bad_name_is_not_hidden_by_the_cases_that_pass(command: Command, tmp_path: Path) -> None:
    right = CASE % "{punctuality: overdue}"
    wrong = (CASE % "{obligations: {apology_befor_due: missed}}").replace("quá hạn một ngày", "ca thứ hai")
    code, told = command("test", text_file(tmp_path, right + wrong, "ca.tthc.yaml"))
    assert code == 2
    assert "ca.tthc.yaml:16" in told


@pytest.mark.parametrize(
    "text",
    [
        (CASE % "{punctuality: overdue}").replace("dossier_id: HS-1", "dossier_id: HS-1\n    dossier_id: HS-2"),
        CASE % "{punctuality: overdue, punctuality: on_time}",
        (CASE % "{punctuality: overdue}").replace('at: "2024-08-05T08:30"', 'at: "2024-08-05T08:30", at: "2024-08-06"'),
        (CASE % "{punctuality: overdue}") + '  as_of: "2024-08-14"\n',
    ],
)
def test_a_key_that_stands_twice_in_a_case_is_an_error(command: Command, tmp_path: Path, text: str) -> None:
    assert command("test", text_file(tmp_path, text, "ca.tthc.yaml"))[0] == 2
