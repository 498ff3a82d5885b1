"""`tthc-rules catalogue`: published limits become a rule file; what is not certain is listed and left out."""

from __future__ import annotations

import csv
import gzip
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tthc_rules import OptionError, Rulebook
from tthc_rules.errors import InputFileError, Problem
from tthc_rules.logs.catalogue import Published, read_catalogue
from tthc_rules.runs.catalogue import catalogue, made_of

Json = dict[str, Any]
JULY = 1_782_864_000_000
"""2026-07-01T00:00Z in milliseconds: 7 o'clock of that day in Vietnam."""
ELEVEN_AT_NIGHT = JULY - 1
"""A millisecond before: 06:59:59.999 of 1 July in Vietnam, still 30 June in UTC."""


def method(name: str, time: object, unit: str | None = "WORKING_DAY", description: str = "") -> Json:
    return {"submissionMethod": name, "processingTime": time, "processingTimeUnit": unit, "description": description}


def procedure(*methods: Json, code: str = "1.000001", updated: object = JULY, decision: str = "1/QĐ-BTP") -> Json:
    return {
        "id": "0b0e", "codeNotation": code, "name": "Thử nghiệm", "isWard": True,
        "executionMethods": list(methods), "decisionNo": decision, "updatedAt": updated,
    }  # fmt: skip


def answer(*procedures: Json) -> Json:
    return {"code": "OK", "data": list(procedures), "message": "Thành công"}


def write(folder: Path, value: object, name: str = "portal.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def made(folder: Path, *procedures: Json) -> list[Json]:
    return made_of(read_catalogue(write(folder, answer(*procedures)))).entries


def limits(entries: list[Json]) -> list[tuple[tuple[str, ...], Json]]:
    return [(tuple(entry.get("channels", ())), entry["time_limit"]) for entry in entries]


ALL_FIVE = tuple(method(name, 5) for name in ("DIRECT", "ONLINE", "POSTAL"))
FIVE: Json = {"amount": 5, "unit": "workday"}


# -- what a procedure makes --------------------------------------------------------------------------------------------


def test_one_limit_for_every_way_of_filing_is_one_entry(tmp_path: Path) -> None:
    (entry,) = made(tmp_path, procedure(*ALL_FIVE))
    assert entry == {
        "procedure": "1.000001",
        "from": "2026-07-01",
        "known_from": "2026-07-01",
        "time_limit": FIVE,
        "citations": [
            {
                "document": "1/QĐ-BTP",
                "status": "secondary",
                "source": "Cổng Dịch vụ công quốc gia, 2026-07-01: «5 ngày làm việc»",
            }
        ],
    }


def test_ways_of_filing_that_are_not_published_have_no_limit(tmp_path: Path) -> None:
    assert limits(made(tmp_path, procedure(method("DIRECT_AND_ONLINE", 5)))) == [(("in_person", "online"), FIVE)]


def test_limits_by_channel(tmp_path: Path) -> None:
    found = made(tmp_path, procedure(method("DIRECT", 5), method("ONLINE", 3), method("POSTAL", 5)))
    assert limits(found) == [(("in_person", "postal"), FIVE), (("online",), {"amount": 3, "unit": "workday"})]


@pytest.mark.parametrize(
    ("one", "limit"),
    [
        (method("ONLINE", 5, "DAY"), {"amount": 5, "unit": "calendar_day"}),
        (method("ONLINE", "05", "DAY"), {"amount": 5, "unit": "calendar_day"}),
        (method("ONLINE", 5.0, "DAY"), {"amount": 5, "unit": "calendar_day"}),
        (method("ONLINE", 2, "MONTH"), {"amount": 2, "unit": "month"}),
        (method("ONLINE", 1, "YEAR"), {"amount": 1, "unit": "year"}),
        (method("ONLINE", None, None, "05 ngày làm việc kể từ ngày nhận đủ hồ sơ"), FIVE),
        (method("ONLINE", 0, "DAY", "05 ngày làm việc kể từ ngày nhận đủ hồ sơ"), FIVE),
        (method("ONLINE", 5, "WORKING_DAY", "05 ngày làm việc, không tính thời gian khắc phục"), FIVE),
    ],
)
def test_what_is_certain_is_an_entry(tmp_path: Path, one: Json, limit: Json) -> None:
    assert limits(made(tmp_path, procedure(one))) == [(("online",), limit)]


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (method("ONLINE", 8, "HOUR"), "unit_unknown"),
        (method("ONLINE", 5, None), "unit_unknown"),
        (method("ONLINE", 0, "DAY"), "not_whole"),
        (method("ONLINE", 1.5), "not_whole"),
        (method("ONLINE", None), "no_term"),
        (method("ONLINE", 5, "FORTNIGHT"), "refused_words"),
        (method("ONLINE", 5, "DAY", "5 ngày làm việc kể từ ngày nhận đủ hồ sơ"), "conflict_unit"),
        (method("ONLINE", 5, "DAY", "7 ngày"), "conflict_amount"),
        (method("ONLINE", 5, "WORKING_DAY", "Trường hợp cấp lại: 5 ngày làm việc"), "cases"),
        (method("ONLINE", 21, "DAY", "21 ngày kể từ ngày nhận được báo cáo của Tổ giám sát thanh lý"), "other_start"),
    ],
)
def test_what_is_not_certain_is_left_out_and_listed(tmp_path: Path, one: Json, why: str) -> None:
    outcome = made_of(read_catalogue(write(tmp_path, procedure(one))))
    assert (outcome.entries, [left.why for left in outcome.left]) == ([], [why])


def test_two_limits_of_one_channel_are_a_conflict(tmp_path: Path) -> None:
    given = procedure(method("ONLINE", 5), method("ONLINE", 7), method("DIRECT", 5))
    outcome = made_of(read_catalogue(write(tmp_path, given)))
    assert limits(outcome.entries) == [(("in_person",), FIVE)]
    assert [left.why for left in outcome.left] == ["conflict_lines"] * 2
    assert len(outcome.conflicts) == 2


def test_one_line_in_doubt_leaves_its_channel_out(tmp_path: Path) -> None:
    given = procedure(
        method("ONLINE", 5), method("ONLINE", 5, "WORKING_DAY", "Trường hợp cấp lại"), method("DIRECT", 5)
    )
    outcome = made_of(read_catalogue(write(tmp_path, given)))
    assert limits(outcome.entries) == [(("in_person",), FIVE)]
    assert [left.why for left in outcome.left] == ["beside", "refused_condition"]


def test_the_newest_publication_counts(tmp_path: Path) -> None:
    old = procedure(method("ONLINE", 9), updated=JULY - 86_400_000 * 90)
    outcome = made_of(read_catalogue(write(tmp_path, answer(old, procedure(method("ONLINE", 5))))))
    assert limits(outcome.entries) == [(("online",), FIVE)]
    assert [left.why for left in outcome.left] == ["older"]


def test_a_decision_of_one_place_needs_the_place(tmp_path: Path) -> None:
    path = write(tmp_path, procedure(method("ONLINE", 5), decision="1404/QĐ-UBND"))
    assert [left.why for left in made_of(read_catalogue(path)).left] == ["local"]
    (entry,) = made_of(read_catalogue(path), jurisdiction="son-la").entries
    assert entry["jurisdictions"] == ["son-la"]


def test_the_day_is_that_of_vietnam(tmp_path: Path) -> None:
    (entry,) = made(tmp_path, procedure(method("ONLINE", 5), updated=ELEVEN_AT_NIGHT))
    assert entry["known_from"] == "2026-07-01"


def test_a_line_without_a_day_needs_one(tmp_path: Path) -> None:
    path = write(tmp_path, procedure(method("ONLINE", 5), updated=None))
    with pytest.raises(OptionError) as error:
        made_of(read_catalogue(path))
    assert (error.value.code, error.value.place) == ("TR-option-value", "--from")
    (entry,) = made_of(read_catalogue(path), since=date(2026, 6, 1)).entries
    assert entry["known_from"] == "2026-06-01"


# -- reading -----------------------------------------------------------------------------------------------------------

ONE = procedure(method("ONLINE", 5))


@pytest.mark.parametrize(
    "value",
    [
        ONE,
        [ONE],
        answer(ONE),
        [answer(ONE)],
        {"code": "OK", "data": ONE},
        {"code": "OK", "data": {"data": ONE}},
        {"code": "OK", "data": {"content": [ONE], "last": True}},
        {**ONE, "codeNotation": None, "code": "1.000001"},
    ],
)
def test_every_shape_of_the_portals_answer(tmp_path: Path, value: object) -> None:
    (line,) = read_catalogue(write(tmp_path, value))
    assert isinstance(line, Published)
    assert (line.procedure, line.channels, line.cell) == ("1.000001", ("online",), "5 ngày làm việc")


def test_lines_of_answers_and_packed_files(tmp_path: Path) -> None:
    path = tmp_path / "portal.ndjson.gz"
    path.write_bytes(gzip.compress("\n".join(json.dumps(answer(ONE)) for _ in range(3)).encode()))
    assert len(list(read_catalogue(path))) == 3


@pytest.mark.parametrize(
    "value",
    [
        {"codeNotation": "1.000001", "name": "a list without details"},
        {**ONE, "codeNotation": "", "code": None},
        {**ONE, "executionMethods": "none"},
        {**ONE, "executionMethods": ["DIRECT"]},
        {**ONE, "updatedAt": "yesterday"},
        {**ONE, "updatedAt": "2026-W27-3"},
        {**ONE, "updatedAt": 10**30},
        procedure(method("BY_PIGEON", 5)),
        ["text"],
    ],
)
def test_a_record_that_cannot_be_used_is_a_problem_at_its_place(tmp_path: Path, value: object) -> None:
    (problem,) = read_catalogue(write(tmp_path, value))
    assert isinstance(problem, Problem)
    assert problem.place.startswith(str(tmp_path))


TABLE = """\
procedure,channel,cell,description,decision
1.000001,Trực tiếp,5 Ngày làm việc,Miễn phí,1/QĐ-BTP
1.000001,Trực tuyến,5 Ngày làm việc,"5 ngày kể từ ngày nhận đủ hồ sơ",1/QĐ-BTP
1.000002,,7 Ngày,,
,Trực tiếp,7 Ngày,,
1.000003,fax,7 Ngày,,
"""


def test_a_table_of_pages(tmp_path: Path) -> None:
    path = tmp_path / "pages.csv"
    path.write_text(TABLE, encoding="utf-8")
    outcome = made_of(read_catalogue(path), since=date(2026, 7, 1))
    assert limits(outcome.entries) == [(("in_person",), FIVE), ((), {"amount": 7, "unit": "calendar_day"})]
    assert outcome.entries[1]["citations"][0]["document"] == "Cổng Dịch vụ công quốc gia"
    assert [left.why for left in outcome.left] == ["conflict_unit"]
    assert [problem.place for problem in outcome.problems] == [f"{path}:5", f"{path}:6"]


def test_a_table_without_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "pages.csv"
    path.write_text("procedure;cell\n1;2\n", encoding="utf-8")
    with pytest.raises(InputFileError, match="delimiter"):
        list(read_catalogue(path))


def test_another_format(tmp_path: Path) -> None:
    with pytest.raises(InputFileError):
        list(read_catalogue(write(tmp_path, ONE, "portal.xlsx")))


# -- the file ----------------------------------------------------------------------------------------------------------


def run(*arguments: str | Path, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from tthc_rules.cli import main; main()", "catalogue", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, input=stdin, encoding="utf-8", timeout=120, check=False)


def test_a_list_from_stdin_and_one_whose_extension_says_nothing(tmp_path: Path) -> None:
    text = json.dumps(answer(procedure(method("ONLINE", 3))), ensure_ascii=False)
    done = run("-", "--format", "json", "-o", tmp_path / "a.yaml", stdin=text)
    assert done.returncode == 0, done.stderr
    (tmp_path / "portal.txt").write_text(text, encoding="utf-8")
    assert run(tmp_path / "portal.txt", "--format", "json", "-o", tmp_path / "b.yaml").returncode == 0
    first, second = (yaml.safe_load((tmp_path / name).read_text(encoding="utf-8")) for name in ("a.yaml", "b.yaml"))
    assert first["entries"] == second["entries"] != []
    asked = run("-", "-o", tmp_path / "c.yaml", stdin=text)
    assert (asked.returncode, "TR-stdin-format --format" in asked.stderr) == (2, True)


def test_the_file_is_used_as_law(tmp_path: Path) -> None:
    path = write(tmp_path, answer(procedure(method("ONLINE", 3), method("DIRECT", 5))))
    rules = tmp_path / "my-rules"
    done = run(path, "-o", rules / "procedures" / "Cổng quốc gia.yaml")
    assert done.returncode == 0, done.stderr
    assert "2 dòng, 2 thời hạn, 0 dòng để lại" in done.stderr
    book = Rulebook.load(rules)
    dossier = {
        "dossier_id": "H", "procedure": "1.000001", "channel": "online",
        "events": [{"kind": "dossier_accepted", "at": "2026-07-06T08:30"}],
    }  # fmt: skip
    assert str(book.evaluate(dossier, date(2026, 7, 7)).clock.lawful_due) == "2026-07-09"  # Monday + 3 = Thursday
    here = {**dossier, "channel": "in_person"}
    assert str(book.evaluate(here, date(2026, 7, 7)).clock.lawful_due) == "2026-07-13"  # + 5 = Monday


def test_a_second_run_writes_the_same_and_replaces_its_own(tmp_path: Path) -> None:
    output, rest = tmp_path / "q.yaml", tmp_path / "rest.csv"
    path = write(tmp_path, procedure(method("ONLINE", 5), method("DIRECT", 8, "HOUR")))
    assert run(path, "-o", output, "--rest", rest).returncode == 0
    first = output.read_bytes()
    assert run(path, "-o", output, "--rest", rest).returncode == 0
    assert output.read_bytes() == first
    with rest.open(encoding="utf-8", newline="") as lines:
        (row,) = csv.DictReader(lines)
    assert (row["procedure"], row["channels"], row["why"], row["cell"]) == (
        "1.000001",
        "in_person",
        "unit_unknown",
        "8 giờ",
    )


@pytest.mark.parametrize("change", ["a person's file: 1\n", None])
def test_what_is_not_ours_is_never_written_over(tmp_path: Path, change: str | None) -> None:
    output = tmp_path / "q.yaml"
    path = write(tmp_path, ONE)
    if change is None:  # written by this command, and mended by a person since
        assert run(path, "-o", output).returncode == 0
        change = output.read_text(encoding="utf-8").replace("amount: 5", "amount: 4")
    output.write_text(change, encoding="utf-8")
    done = run(path, "-o", output)
    assert (done.returncode, "TR-output-foreign" in done.stderr) == (2, True)
    assert output.read_text(encoding="utf-8") == change


def test_neither_is_a_foreign_list_of_the_rest(tmp_path: Path) -> None:
    rest = tmp_path / "rest.csv"
    rest.write_text("mine\n", encoding="utf-8")
    done = run(write(tmp_path, ONE), "-o", tmp_path / "q.yaml", "--rest", rest)
    assert (done.returncode, rest.read_text(encoding="utf-8")) == (2, "mine\n")
    assert not (tmp_path / "q.yaml").exists()


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("-o", "q.yml"), "TR-option-value"),
        (("-o", "portal.json"), "TR-option-value"),
        (("-o", "q.yaml", "--from", "1/7/2026"), "TR-option-date"),
        (("-o", "q.yaml", "--jurisdiction", "son-lo"), "TR-option-value"),
        (("-o", "q.yaml", "--regime", "One Stop"), "TR-option-value"),
    ],
)
def test_options_that_cannot_be(tmp_path: Path, options: tuple[str, ...], code: str) -> None:
    path = write(tmp_path, ONE)
    given = [str(tmp_path / one) if one.endswith((".yml", ".yaml", ".json")) else one for one in options]
    done = run(path, *given)
    assert done.returncode == 2, done.stderr
    assert code in done.stderr
    assert sorted(one.name for one in tmp_path.iterdir()) == ["portal.json"]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"data": []}', '[{"code": "1"}]'])
def test_a_file_without_procedures(tmp_path: Path, text: str) -> None:
    path = tmp_path / "portal.json"
    path.write_text(text, encoding="utf-8")
    done = run(path, "-o", tmp_path / "q.yaml")
    assert done.returncode == 2, done.stderr
    assert not (tmp_path / "q.yaml").exists()


def test_conflicts_are_said_by_code_and_make_the_exit_code(tmp_path: Path) -> None:
    path = write(tmp_path, procedure(method("ONLINE", 15, "DAY", "15 ngày làm việc kể từ ngày nhận được hồ sơ")))
    done = run(path, "-o", tmp_path / "q.yaml")
    assert done.returncode == 1
    assert (
        "1.000001 online: hai đơn vị khác nhau: «15 ngày» · «15 ngày làm việc kể từ ngày nhận được hồ sơ»"
        in done.stderr
    )
    assert "mâu thuẫn" in done.stderr
    english = run(path, "-o", tmp_path / "q.yaml", "--lang", "en")
    assert "cell and description name two units" in english.stderr


def test_hostile_text_is_only_text(tmp_path: Path) -> None:
    code = "1\"\n  - procedure: x\u202e{}[]#&*!|>'%@`\\u0041\x1b[31m"
    path = write(tmp_path, procedure(method("ONLINE", 5), code=code, decision='"}]: - \n# \x07'))
    output = tmp_path / "r" / "q.yaml"
    catalogue(read_catalogue(path), output)
    (name,) = Rulebook.load(tmp_path / "r").corpus.catalogue
    assert "\x1b" not in name
    assert "\n" not in name
    assert name.startswith('1" - procedure: x')


def test_a_large_catalogue_is_several_files_and_old_parts_go(tmp_path: Path) -> None:
    many = [
        Published("t:1", f"1.{n:06d}", ("online",), "5 Ngày", "", "1/QĐ-BTP", date(2026, 7, 1)) for n in range(7_000)
    ]
    output = tmp_path / "r" / "q.yaml"
    outcome = catalogue(many, output)
    assert [path.name for path in outcome.files] == ["q.yaml", "q-2.yaml", "q-3.yaml"]
    assert len(Rulebook.load(tmp_path / "r").corpus.catalogue) == 7_000
    (tmp_path / "r" / "q-4.yaml").write_text("# mine\n", encoding="utf-8")
    catalogue(many[:10], output)
    assert sorted(path.name for path in output.parent.iterdir()) == ["q-4.yaml", "q.yaml"]
