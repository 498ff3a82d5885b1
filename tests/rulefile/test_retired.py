"""Ids that are used no more: whoever names one is told what stands in its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tthc_rules import CaseError, Rulebook, RuleFileError
from tthc_rules.check.cases import CaseRunner, read_cases

RETIRED = """\
format: 1
retired: thu
label: {vi: "Mã không còn dùng", en: "Ids used no more"}
rows:
  - {id: phieu_xin_loi_cu, successor: apology_before_due, because: {vi: "đã gộp", en: "merged"}}
  - {id: cach_tinh_cu, successor: r1_supplement_effect, because: {vi: "đổi tên", en: "renamed"}}
  - {id: bo_han, because: {vi: "không còn nghĩa vụ này", en: "there is no such duty now"}}
"""
OVERLAY = """\
format: 1
overlay: son_la_thu
label: {vi: "Thử", en: "A trial"}
effective: {from: "2024-01-01"}
instrument: {document: 1/2024, issued_on: "2023-12-01"}
citations: [{document: 1/2024, article: 1, status: text}]
adds:
  - {for: phieu_xin_loi_cu, if: [missed], role: officer, unit: handling_agency, class: breach}
"""
CASE = """\
- name: tên cũ
  dossier: {dossier_id: a, events: [{kind: dossier_accepted, at: "2024-08-05T08:00"}]}
  as_of: "2024-08-20"
  expect: {EXPECT}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "retired.yaml").write_text(RETIRED, encoding="utf-8")
    return folder


def test_a_reading_that_is_used_no_more_names_its_successor(rules: Path) -> None:
    with pytest.raises(RuleFileError) as caught:
        Rulebook.load(rules, interpretations={"cach_tinh_cu": "restart"})
    (problem,) = caught.value.problems
    assert (problem.code, problem.nearest) == ("TR-name-retired", "r1_supplement_effect")
    assert "nay là «r1_supplement_effect»" in problem.vi
    assert "đổi tên" in problem.vi


def test_an_overlay_that_names_one_is_told_its_successor(rules: Path) -> None:
    place = rules / "local" / "son-la" / "2024-01-01"
    place.mkdir(parents=True)
    (place / "thu.yaml").write_text(OVERLAY, encoding="utf-8")
    with pytest.raises(RuleFileError) as caught:
        Rulebook.load(rules)
    assert [(p.code, p.nearest) for p in caught.value.problems] == [("TR-name-retired", "apology_before_due")]


@pytest.mark.parametrize(
    ("expect", "successor"),
    [
        ("obligations: {phieu_xin_loi_cu: missed}", "apology_before_due"),
        ("responsible: {phieu_xin_loi_cu: null}", "apology_before_due"),
        ("obligations: {bo_han: null}", ""),
        ("assumptions: [cach_tinh_cu]", "r1_supplement_effect"),
    ],
)
def test_a_case_that_names_one_is_told_its_successor(rules: Path, expect: str, successor: str) -> None:
    path = rules.parent / "cu.tthc.yaml"
    path.write_text(CASE.replace("EXPECT", expect), encoding="utf-8")
    (case,) = read_cases(path)
    with pytest.raises(CaseError) as caught:
        CaseRunner(rules=(rules,)).run(case)
    (problem,) = caught.value.problems
    assert (problem.code, problem.nearest) == ("TR-name-retired", successor)
    assert f"{path}:4:" in problem.place


def test_an_id_that_a_rule_still_bears_is_not_retired(rules: Path) -> None:
    text = RETIRED.replace("id: bo_han", "id: apology_content")
    (rules / "retired.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleFileError) as caught:
        Rulebook.load(rules)
    assert {problem.code for problem in caught.value.problems} == {"TR-name-retired"}


def test_a_successor_must_be_there(rules: Path) -> None:
    text = RETIRED.replace("successor: apology_before_due", "successor: apology_before_du")
    (rules / "retired.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RuleFileError) as caught:
        Rulebook.load(rules)
    (problem,) = caught.value.problems
    assert (problem.code, problem.nearest) == ("TR-rule-successor", "apology_before_due")
    assert f"{rules / 'retired.yaml'}:" in problem.place


def test_ids_in_use_are_as_before(rules: Path) -> None:
    book = Rulebook.load(rules)
    assert book.corpus.retired["phieu_xin_loi_cu"].successor == "apology_before_due"
