"""Rule folders: nothing in them is passed over in silence, and nothing lies where it would never apply."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tthc_rules import Problem, Rulebook, RuleFileError
from tthc_rules.cli import main
from tthc_rules.library import shipped_rulesets

OVERLAY = next((shipped_rulesets() / "local" / "son-la").rglob("overlay_*.yaml"))
RULE = """\
format: 1
rule: thu_nghiem
label: {vi: "Thử nghiệm", en: "A trial"}
effective: {from: "2024-01-01", picked_by: lawful_due}
instrument: {document: 1/2024, issued_on: "2023-12-01"}
citations:
  - {document: 1/2024, article: 1, status: text}
deadlines:
  thu_nghiem: {event: apology_sent, due: lawful_due}
obligations:
  - {id: thu_nghiem, owed_by: handling_agency, to: applicant, discharged_by: thu_nghiem}
responsibilities:
  - {for: thu_nghiem, if: [missed], role: head_of_unit, unit: handling_agency, class: breach}
examples: []
"""


def problems(folder: Path) -> list[Problem]:
    with pytest.raises(RuleFileError) as caught:
        Rulebook.load(folder)
    return list(caught.value.problems)


def put(folder: Path, inside: str, text: str = RULE) -> Path:
    path = folder / inside
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_rule_is_right_where_it_belongs(tmp_path: Path) -> None:
    put(tmp_path, "one_stop/2024-01-01/thu_nghiem.yaml")
    assert "thu_nghiem" in Rulebook.load(tmp_path).corpus.rules["one_stop"]
    other = tmp_path / "khác"
    put(other, "local/son-la/2024-01-01/thu_nghiem.yaml")
    assert "thu_nghiem" in Rulebook.load(other).corpus.rules["local/son-la"]


def test_a_folder_that_is_named_twice_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a case names its rules and `--rules` names them again."""
    put(tmp_path, "mine/one_stop/2024-01-01/thu_nghiem.yaml")
    monkeypatch.chdir(tmp_path)
    once = Rulebook.load("mine").corpus
    twice = Rulebook.load("mine", tmp_path / "mine", "mine/../mine").corpus
    assert (twice.digest, twice.files) == (once.digest, once.files)
    (rule,) = twice.rules["one_stop"]["thu_nghiem"]
    assert Path(rule.source.rsplit(":", 2)[0]).is_relative_to("mine")  # by the name that came first


@pytest.mark.parametrize(
    ("family", "nearest"),
    [
        ("onestop", "one_stop"),
        ("one-stop", "one_stop"),
        ("One_stop", "one_stop"),
        ("loca/son-la", "local/son-la"),
        ("local/sonla", "local/son-la"),
        ("Local/son-la", "local/son-la"),
        ("local/son_la", "local/son-la"),
        ("national", ""),  # of units only: a rule for dossiers is asked in no such family
        ("son-la", None),
        ("quy-tac/one_stop", None),
    ],
)
def test_a_folder_that_can_never_apply(tmp_path: Path, family: str, nearest: str | None) -> None:
    path = put(tmp_path, f"{family}/2024-01-01/thu_nghiem.yaml")
    (problem,) = problems(tmp_path)
    assert (problem.code, problem.place) == ("TR-rule-never", f"{path}:1:1")
    assert family in problem.vi
    if nearest:
        assert problem.nearest == nearest


@pytest.mark.parametrize("family", ["local/sonla", "loca/son-la", "one_stop"])
def test_a_local_act_lies_with_its_place(tmp_path: Path, family: str) -> None:
    day = OVERLAY.parent.name
    put(tmp_path, f"{family}/{day}/them.yaml", OVERLAY.read_text(encoding="utf-8"))
    assert "TR-rule-never" in [problem.code for problem in problems(tmp_path)]


@pytest.mark.parametrize("name", ["x.yml", "x.YAML", "x.Yml"])
def test_a_rule_file_with_another_ending(tmp_path: Path, name: str) -> None:
    put(tmp_path, "one_stop/2024-01-01/thu_nghiem.yaml")
    path = put(tmp_path, f"one_stop/2024-01-01/{name}")
    (problem,) = problems(tmp_path)
    assert (problem.code, problem.place, problem.nearest) == ("TR-rule-suffix", str(path), "x.yaml")


def test_an_empty_folder(tmp_path: Path) -> None:
    assert [(p.code, p.place) for p in problems(tmp_path)] == [("TR-rule-empty", str(tmp_path))]
    (tmp_path / "README.md").write_text("chưa có gì", encoding="utf-8")
    assert [(p.code, p.place) for p in problems(tmp_path)] == [("TR-rule-empty", str(tmp_path))]
    put(tmp_path, "one_stop/2024-01-01/thu_nghiem.yaml")
    Rulebook.load(tmp_path)
    (tmp_path / "local" / "son-la").mkdir(parents=True)
    assert [(p.code, p.place) for p in problems(tmp_path)] == [("TR-rule-empty", str(tmp_path / "local" / "son-la"))]


def test_a_folder_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "one_stop/2024-01-01/thu_nghiem.yaml")
    shut = tmp_path / "local"
    shut.mkdir()
    scan = os.scandir

    def refuse(path: Path) -> object:
        if Path(path) == shut:
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert [(p.code, p.place) for p in problems(tmp_path)] == [("TR-rule-unreadable", str(shut))]


links = pytest.mark.skipif(os.name == "nt", reason="liên kết cần quyền riêng trên Windows / links need rights there")


@links
def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    put(tmp_path / "quy-tac", "one_stop/2024-01-01/thu_nghiem.yaml")
    day = tmp_path / "quy-tac" / "one_stop" / "2024-01-01"
    (day / "that.d").mkdir()
    (day / "thu_nghiem.yaml").rename(day / "that.d" / "that.txt")
    (day / "thu_nghiem.yaml").symlink_to(Path("that.d") / "that.txt")
    assert "thu_nghiem" in Rulebook.load(tmp_path / "quy-tac").corpus.rules["one_stop"]
    (tmp_path / "tên-khác").symlink_to(tmp_path / "quy-tac")  # the user names the link himself
    assert "thu_nghiem" in Rulebook.load(tmp_path / "tên-khác").corpus.rules["one_stop"]


@links
def test_a_linked_folder_inside_is_followed_with_the_same_rules(tmp_path: Path) -> None:
    put(tmp_path, "kho/2024-01-01/thu_nghiem.yaml")
    (tmp_path / "one_stop").symlink_to("kho")
    (problem,) = problems(tmp_path)  # what lies in `kho` itself never applies: nothing is passed over
    assert (problem.code, "kho" in problem.place) == ("TR-rule-never", True)


@links
@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_link_that_leaves_the_folder_is_refused(tmp_path: Path, what: str) -> None:
    outside = put(tmp_path, "ngoài/2024-01-01/thu_nghiem.yaml")
    rules = tmp_path / "quy-tac"
    put(rules, "one_stop/2024-01-01/khac.yaml", RULE.replace("thu_nghiem", "khac"))
    link = rules / "one_stop" / ("2024-01-01/thu_nghiem.yaml" if what == "file" else "2024-01-02")
    link.symlink_to(outside if what == "file" else outside.parent)
    assert [(p.code, p.place) for p in problems(rules)] == [("TR-rule-link", str(link))]


@links
def test_a_link_into_itself_and_one_into_nothing(tmp_path: Path) -> None:
    put(tmp_path, "one_stop/2024-01-01/thu_nghiem.yaml")
    (tmp_path / "one_stop" / "vòng").symlink_to(tmp_path)
    (tmp_path / "mất.yaml").symlink_to("không-có.yaml")
    assert sorted(p.code for p in problems(tmp_path)) == ["TR-rule-link", "TR-rule-unreadable"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="không có FIFO trên Windows / no FIFO on Windows")
def test_what_is_no_plain_file_is_never_opened(tmp_path: Path) -> None:
    put(tmp_path, "one_stop/2024-01-01/thu_nghiem.yaml")
    os.mkfifo(tmp_path / "ống.yaml")
    assert [(p.code, p.place) for p in problems(tmp_path)] == [("TR-rule-unreadable", str(tmp_path / "ống.yaml"))]


def test_check_and_test_say_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, "onestop/2024-01-01/thu_nghiem.yaml")
    for words in (["check", str(tmp_path)], ["calendar", "vn", "2024", "--rules", str(tmp_path)]):
        monkeypatch.setattr("sys.argv", ["tthc-rules", *words])
        with pytest.raises(SystemExit) as caught:
            main()
        assert caught.value.code == 2
        said = capsys.readouterr().err
        assert "TR-rule-never" in said
        assert "one_stop" in said


def test_the_shipped_law_copied_elsewhere_loads(tmp_path: Path) -> None:
    shutil.copytree(shipped_rulesets(), tmp_path / "luật")
    assert Rulebook.load(tmp_path / "luật", shipped=False).corpus.digest == Rulebook.load().corpus.digest
