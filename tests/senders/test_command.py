"""Messages on the command line: what is written, what is said, what a file of any size and form is read as."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.errors import InputFileError
from tthc_rules.logs import senders as registry
from tthc_rules.logs.diagnostics import COLUMNS, Diagnostic
from tthc_rules.logs.files import MAX_LINE
from tthc_rules.logs.limits import LimitSource
from tthc_rules.logs.messagefiles import messages_in
from tthc_rules.logs.messages import Message, MessageReader, read_messages
from tthc_rules.logs.sightings import ReadDossier, Sender, SenderBatch, Sighting
from tthc_rules.runs.sent import SentFile, rescore_messages

from .sampled import Sample, samples
from .test_exactly import ALL, OURS

Command = Callable[..., tuple[int, str]]
RULES = """format: 1
time_limits: tinh-thu
label: {vi: "Thử", en: "Trial"}
regime: one_stop
entries:
  - procedure: "1.000001"
    from: "2020-01-01"
    time_limit: {amount: 5, unit: workday}
    citations: [{document: "Quyết định thử", status: secondary}]
"""


def written(folder: Path, sample: Sample, name: str = "m.ndjson") -> Path:
    """The messages of a sample, one a line, each with what is known of it."""
    path = folder / name
    lines = [json.dumps(part, ensure_ascii=False) for part in sample.given["transport"]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tinh") / "rules"
    (folder / "procedures").mkdir(parents=True)
    (folder / "procedures" / "tinh-thu.yaml").write_text(RULES, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def loaded(rules: Path) -> Rulebook:
    return Rulebook.load(rules)


@pytest.mark.parametrize("sample", ALL, ids=str)
def test_nothing_personal_leaves_the_command(
    sample: Sample, tmp_path: Path, command: Command, rules: Path, loaded: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rulebook, "load", lambda *folders, **options: loaded)  # once for all samples
    log, day = written(tmp_path, sample), sample.as_of.isoformat()
    asked = ("--format", sample.sender, "--as-of", day, "--fetched-on", day, "--explain", "3", "--rules", rules)
    beside = ("--diagnostics", tmp_path / "d.csv", "--report", tmp_path / "r.ndjson")
    code, said = command("rescore", log, "-o", tmp_path / "out.csv", *asked, *beside)
    assert code == 0, said
    log.unlink()
    shown = said + "".join(path.read_text(encoding="utf-8") + path.name for path in tmp_path.iterdir())
    assert [word for word in sample.expected["never"] if word in shown] == []
    found = {(row["code"], row["level"], row["dossier_id"] or None, row["field"]) for row in rows(tmp_path / "d.csv")}
    wanted = {(one["code"], one["level"], one["dossier_id"], one["about"]) for one in sample.expected["diagnostics"]}
    assert wanted - found == set()
    assert len(rows(tmp_path / "out.csv")) == len(sample.expected["dossiers"])


def test_the_catalogue_of_the_rules_judges(tmp_path: Path, command: Command, rules: Path) -> None:
    """An errand of the national portal: the limit is found by 1.000001 in 1.000001.000.00.00.H99."""
    (sample,) = (one for one in samples("dvcqg") if one.name == "08")
    log = written(tmp_path, sample)
    asked = ("--format", "dvcqg", "--as-of", "2024-10-15", "--rules", rules)
    code, said = command("rescore", log, "-o", tmp_path / "out.csv", *asked, "--lang", "vi")
    assert code == 0
    early, unclear = rows(tmp_path / "out.csv")
    assert (early["lawful_due"], early["punctuality"]) == ("2024-09-12", "early")
    assert unclear["punctuality"] == "undetermined"
    assert "2 hồ sơ bị ghi lại trạng thái 9" in said
    _, english = command("rescore", log, "-o", tmp_path / "out.csv", *asked, "--lang", "en")
    assert "2 dossiers were rewritten to state 9" in english
    assert not {"missed", "met_late", "broken"} & {*early.values(), *unclear.values()}
    code, told = command("evaluate", log, "--dossier", "H99.14-240905-0008", *asked, "--lang", "vi")
    assert code == 0
    assert "trả trước hạn" in told
    assert "12/09/2024" in told
    code, told = command("evaluate", log, *asked)
    assert code == 2
    assert "H99.14-240905-0009" in told


def test_the_command_of_the_readme_runs(tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).parents[2]
    (job, same) = re.findall(r"`tthc-rules (rescore examples/messages[^`]+)`", (root / "README.md").read_text("utf-8"))
    assert job == same
    shutil.copytree(root / "examples" / "messages", tmp_path / "examples" / "messages")
    monkeypatch.chdir(tmp_path)
    code, said = command(*shlex.split(job))
    assert code == 0
    assert "2 hồ sơ bị ghi lại trạng thái 9" in said
    assert len(rows(tmp_path / "results.csv")) == 14
    assert {row["code"] for row in rows(tmp_path / "chan-doan.csv")} >= {"pause_erased", "finish_at_receipt"}


def test_a_report_counts_as_people_write_numbers() -> None:
    reader = MessageReader("dvcqg")
    for number in range(1204):
        code = f"H99.14-240904-{number:04d}"
        reader.feed(
            Message({"MaHoSo": code, "NgayTiepNhan": "20240904083000", "TrangThaiHoSo": "9", "NgayKetThucXuLy": ""})
        )
    report = reader.reading().report()
    assert "1.204 hồ sơ bị ghi lại trạng thái 9, việc tạm dừng bị xóa" in report
    assert "1,204 dossiers were rewritten" in reader.reading().report("en")


def test_a_report_names_no_number_of_what_is_no_dossier() -> None:
    """Messages that cannot be read are counted one by one in `broken`; that they are there is said once."""
    reading = read_messages("dvcqg", [Message({"soHoSoLT": str(number)}) for number in range(16)])
    assert len(reading.broken) == 16
    assert reading.report().startswith("  có thông điệp không phải của nguồn này")
    assert reading.report("en").startswith("  seen: messages that are not this sender's")


def test_what_a_file_has_around_a_message_is_no_message_and_says_how_to_hand_it_over() -> None:
    sample = next(sample for sample in ALL if sample.sender == "dvcqg")
    reading = read_messages("dvcqg", [Message(json.dumps(part)) for part in sample.given["transport"]])
    assert {one.dossier_id for one in reading.dossiers} == {one.dossier_id for one in sample.read().dossiers}
    for one in reading.dossiers:
        assert [problem.code for problem in one.problems] == ["TR-message-around"]
        assert "Message(body, received_at, url)" in one.problems[0].vi


def test_both_ways_of_judging_write_the_same(tmp_path: Path, book: Rulebook) -> None:
    pytest.importorskip("llvmlite")
    for sample in ALL:
        sent = SentFile(written(tmp_path, sample), sample.sender, sample.as_of)
        made = []
        for fast in (True, False):
            target = tmp_path / f"{fast}.ndjson"
            rescore_messages(book, book.question(sample.as_of), sent, target, fast=fast)
            made.append(target.read_bytes())
        assert made[0] == made[1]


def test_tables_in_every_form(tmp_path: Path, book: Rulebook) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    (sample,) = (one for one in samples("dvcqg") if one.name == "22")
    sent = SentFile(written(tmp_path, sample), "dvcqg")
    places = {kind: tmp_path / f"d.{kind}" for kind in ("csv", "ndjson", "parquet")}
    for kind, place in places.items():
        report = tmp_path / f"r.{kind}"
        rescore_messages(book, book.question(sample.as_of), sent, tmp_path / "o.csv", diagnostics=place, report=report)
    by_row = [json.loads(line) for line in places["ndjson"].read_text(encoding="utf-8").splitlines()]
    assert tuple(by_row[0]) == COLUMNS
    assert parquet.read_table(places["parquet"]).to_pylist() == by_row
    assert [{key: value or None for key, value in row.items()} for row in rows(places["csv"])] == by_row
    assert {row["code"] for row in by_row} >= {"snapshot_conflict", "status_order"}


def test_a_broken_message_is_counted_first_and_makes_the_exit_code(tmp_path: Path, command: Command) -> None:
    log = tmp_path / "m.ndjson"
    log.write_text('{"MaHoSo": "H99.14-240904-0001", "NgayTiepNhan": "20240904083000"}\n{"x": NaN}\n', encoding="utf-8")
    code, said = command("rescore", log, "-o", tmp_path / "o.csv", "--format", "dvcqg", "--as-of", "2024-10-15")
    assert code == 1
    assert "1 dòng không đọc được mã hồ sơ" in said
    nameless, _ = rows(tmp_path / "o.csv")
    assert nameless["error_code"] == "TR-message-json"


@pytest.mark.parametrize(
    "options",
    [
        ("--mapping", "m.yaml"),
        ("--dossiers", "a.csv"),
        ("--resume",),
        ("--grouped",),
    ],
)
def test_options_of_other_logs_are_refused(options: tuple[str, ...], tmp_path: Path, command: Command) -> None:
    log = tmp_path / "m.ndjson"
    log.write_text("{}", encoding="utf-8")
    code, said = command(
        "rescore", log, "-o", tmp_path / "o.csv", "--format", "igate", "--as-of", "2024-10-15", *options
    )
    assert code == 2
    assert "TR-option-value" in said
    code, said = command("rescore", log, "-o", tmp_path / "o.csv", "--as-of", "2024-10-15", "--report", "r.csv")
    assert (code, "--report" in said) == (2, True)


def test_a_result_is_not_written_over_its_messages_or_itself(tmp_path: Path, command: Command) -> None:
    log = tmp_path / "m.ndjson"
    log.write_text('{"MaHoSo": "H99.14-240904-0001", "NgayTiepNhan": ""}', encoding="utf-8")
    asked = ("--format", "dvcqg", "--as-of", "2024-10-15")
    for target, table in (
        (log, "d.csv"),
        (tmp_path / "o.csv", "o.csv"),
        (tmp_path / "o.csv", "m.ndjson"),
        (tmp_path / "o.csv", "d.txt"),
    ):
        code, said = command("rescore", log, "-o", target, *asked, "--diagnostics", tmp_path / table)
        assert code == 2, said
    assert log.read_text(encoding="utf-8").startswith('{"MaHoSo"')
    assert [path.name for path in tmp_path.iterdir()] == ["m.ndjson"]


def test_the_senders_are_listed(command: Command) -> None:
    code, said = command("senders")
    assert code == 0
    told = [line.split()[0] for line in said.splitlines() if not line.startswith(" ")]
    assert told == list(OURS), "_OURS and SHOWS in logs/senders.py name the same senders, in one order"


# -- files -------------------------------------------------------------------------------------------------------------


def dossiers_of(path: Path, sender: str = "dvcqg") -> list[str]:
    reading = read_messages(sender, messages_in(path, ("dossierNo", "referenceUid")))
    assert reading.broken == ()
    return [read.dossier_id for read in reading.dossiers]


def sent(number: int) -> dict[str, Any]:
    return {"MaHoSo": f"H99.14-240904-{number:04d}", "NgayTiepNhan": "20240904083000", "TrangThaiHoSo": "4"}


@pytest.mark.parametrize(
    "body",
    [
        [sent(1), sent(2)],
        {"service": "DongBoHoSoMC", "isUpdating": "True", "data": [sent(1), sent(2)]},
        {"data": [sent(1), sent(2)]},
        [{"data": [sent(1)]}, {"body": sent(2), "received_at": "2024-09-05T08:00:00", "url": "/x"}],
        {"transport": [{"body": [sent(1)], "received_at": None}, {"body": {"data": [sent(2)]}}]},
    ],
)
def test_the_forms_of_a_file(body: Any, tmp_path: Path) -> None:
    wanted = ["H99.14-240904-0001", "H99.14-240904-0002"]
    for name, text in (
        ("a.json", json.dumps(body)),
        ("b.json", json.dumps(body, indent=1)),
        ("c.ndjson", json.dumps(body)),
    ):
        path = tmp_path / name
        path.write_text("\ufeff" + text, encoding="utf-8")
        assert dossiers_of(path) == wanted
        packed = tmp_path / f"{name}.gz"
        packed.write_bytes(gzip.compress(text.encode()))
        assert dossiers_of(packed) == wanted


def test_a_folder_of_messages(tmp_path: Path) -> None:
    for number in (2, 1):
        (tmp_path / f"{number}.json").write_text(json.dumps(sent(number)), encoding="utf-8")
    (tmp_path / "README.txt").write_text("no message", encoding="utf-8")
    assert dossiers_of(tmp_path) == ["H99.14-240904-0001", "H99.14-240904-0002"]
    (tmp_path / "empty").mkdir()
    for wrong in (tmp_path / "empty", tmp_path / "README.txt", tmp_path / "no.json"):
        with pytest.raises(InputFileError):
            list(messages_in(wrong))


def test_messages_in_a_folder_inside_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    """A folder a day beside older files: read too, or refused, as Parquet that would be passed over is."""
    (tmp_path / "1.json").write_text(json.dumps(sent(1)), encoding="utf-8")
    (tmp_path / "2024-09-05").mkdir()
    (tmp_path / "2024-09-05" / "2.json").write_text(json.dumps(sent(2)), encoding="utf-8")
    try:
        found = dossiers_of(tmp_path)
    except InputFileError:
        return
    assert found == ["H99.14-240904-0001", "H99.14-240904-0002"]


def test_a_folder_inside_without_messages_is_nobodys(tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text(json.dumps(sent(1)), encoding="utf-8")
    (tmp_path / "ảnh").mkdir()
    (tmp_path / "ảnh" / "1.png").write_bytes(b"")
    assert dossiers_of(tmp_path) == ["H99.14-240904-0001"]
    (tmp_path / "ảnh" / "2.JSON.gz").write_bytes(b"")
    with pytest.raises(InputFileError) as caught:
        dossiers_of(tmp_path)
    assert (caught.value.code, "2.JSON.gz" in str(caught.value)) == ("TR-file-unreadable", True)


@pytest.mark.parametrize("around", ["before", "behind"])
def test_one_envelope_larger_than_a_line_is_a_stream(around: str, tmp_path: Path) -> None:
    filler = "x" * 4000
    count = MAX_LINE // 4000 + 200
    records = ",\n".join(json.dumps({**sent(number), "TrichYeuHoSo": filler}) for number in range(count))
    head = '"service": "DongBoHoSoMC", "other": {"data": []}, "isUpdating": "True"'
    text = f'{{{head}, "data": [{records}]}}' if around == "before" else f'{{"data": [{records}], {head}}}'
    path = tmp_path / "large.json"
    path.write_text(text, encoding="utf-8")
    messages = list(messages_in(path))
    assert len(messages) > 5
    assert all(isinstance(one.body, dict) and one.body["isUpdating"] == "True" for one in messages)
    assert len(dossiers_of(path)) == count
    path.write_text(text[:-1000], encoding="utf-8")
    with pytest.raises(InputFileError):
        list(messages_in(path))


def test_xml_of_any_size_is_read_record_by_record(tmp_path: Path) -> None:
    path = tmp_path / "all.xml"

    def pieces() -> Iterator[str]:
        yield '<?xml version="1.0"?>\n<result><total>3000</total>'
        for number in range(3000):
            yield f"<data><referenceUid>u{number}</referenceUid><dossierNo>H99.99-240904-{number:04d}</dossierNo>"
            yield f"<note>{'x' * 500}</note></data>"
        yield "</result>"

    path.write_text("".join(pieces()), encoding="utf-8")
    assert len(list(messages_in(path, ("dossierNo",)))) == 3000
    assert len(dossiers_of(path, "opencps")) == 3000
    for broken in ('<!DOCTYPE a [<!ENTITY b "NGƯỜI MẪU">]><a>&b;</a>', "<a><b>NGƯỜI MẪU</a>", "<a>" * 50, ""):
        path.write_text(broken, encoding="utf-8")
        with pytest.raises(InputFileError) as caught:
            list(messages_in(path))
        assert "MẪU" not in caught.value.render()


def test_a_line_that_is_no_text_names_its_dossier(tmp_path: Path) -> None:
    path = tmp_path / "m.ndjson"
    path.write_bytes(b'{"MaHoSo": "H99.14-240904-0001", "ChuHoSo": "\xff"}\n' + json.dumps(sent(2)).encode() + b"\n\n")
    bad, good = read_messages("dvcqg", messages_in(path)).dossiers
    assert (bad.problems[0].code, bad.problems[0].place) == ("TR-message-text", f"{path}:1")
    assert good.problems == ()


# -- senders of others -------------------------------------------------------------------------------------------------


class Odd(Sender):
    """A sender of another package: a dossier a message, under a key of its own."""

    name = "odd"
    label = ("Nguồn thử", "A trial")
    id_keys = ("so",)
    shows = {"dossier_accepted": "always", "result_issued": "always"}  # noqa: RUF012

    def sightings(self, body: object, arrival: str, url: str) -> Iterator[Sighting | Diagnostic]:
        assert isinstance(body, dict)
        yield Sighting(str(body["so"]), arrival, 0, {"at": body["at"]})

    def batch(self, limits: LimitSource, fetched_on: date | None) -> SenderBatch:
        return OddBatch()


class OddBatch(SenderBatch):
    def dossier(self, key: str, sightings: list[Sighting]) -> tuple[ReadDossier | None, list[Diagnostic]]:
        event = {"kind": "dossier_accepted", "at": sightings[-1].data["at"]}
        return ReadDossier(key, {"dossier_id": key, "observes": list(Odd.shows), "events": [event]}), []


class Lame(Odd):
    """One that was not tried on what comes."""

    def sightings(self, body: object, arrival: str, url: str) -> Iterator[Sighting | Diagnostic]:
        assert isinstance(body, dict)
        yield Sighting(body["so"], arrival, 0, {"at": body["at"]})  # none of the messages of others has one
        if body["at"] == "none":
            yield "no sighting"  # type: ignore[misc]

    def batch(self, limits: LimitSource, fetched_on: date | None) -> SenderBatch:
        return LameBatch()


class LameBatch(OddBatch):
    def dossier(self, key: str, sightings: list[Sighting]) -> tuple[ReadDossier | None, list[Diagnostic]]:
        if sightings[-1].data["at"] is None:
            raise ValueError("NGUYỄN THỊ MẪU, 0912345678")
        return None if key == "D" else super().dossier(key, sightings)  # type: ignore[return-value]


class Mute(Odd):
    """One that says of no kind of event whether it can show it, and of another what nobody knows."""

    shows = {"dossier_acepted": "always", "result_issued": "mostly"}  # noqa: RUF012


@pytest.fixture
def lame(monkeypatch: pytest.MonkeyPatch) -> None:
    points = [EntryPoint(name, f"{__name__}:{name.title()}", registry.GROUP) for name in ("lame", "mute")]
    monkeypatch.setattr(registry, "entry_points", lambda group: points)


FAILED = "TR-message-sender-failed"
BESIDE = [
    {"so": "A", "at": "2026-01-05"},
    {"so": "B", "at": None},
    {"so": "C"},
    {"so": "D", "at": "2026-01-05"},
    {"so": "E", "at": "none"},
    ["another", "message"],
    {"so": "F", "at": "2026-01-06"},
]


@pytest.mark.usefixtures("lame")
def test_where_the_code_of_others_fails_one_dossier_is_an_error_row_and_its_words_stay_there() -> None:
    reading = read_messages("lame", [Message(one) for one in BESIDE])
    said = {one.dossier_id: [problem.code for problem in one.problems] for one in reading.dossiers}
    failed = [FAILED]
    assert said == {"A": [], "B": failed, "C": failed, "D": failed, "E": failed, "F": []}
    (nobody,) = reading.broken
    assert nobody.code == FAILED
    b = next(one for one in reading.dossiers if one.dossier_id == "B").problems[0]
    assert re.search(r"«lame» .*\(ValueError, test_command\.py:\d+\)", b.vi)
    e = next(one for one in reading.dossiers if one.dossier_id == "E").problems[0]
    assert "(str, no Sighting)" in e.en
    told = " ".join(problem.vi + problem.en for one in reading.dossiers for problem in one.problems)
    assert "MẪU" not in told
    with pytest.raises(ValueError, match="MẪU"):  # its author sees all of it
        read_messages(Lame(), [Message(BESIDE[1])])


@pytest.mark.usefixtures("lame")
def test_a_run_goes_past_what_a_sender_of_others_cannot_read(command: Command, tmp_path: Path) -> None:
    log, out = tmp_path / "m.ndjson", tmp_path / "o.csv"
    log.write_text("".join(json.dumps(one) + "\n" for one in BESIDE), encoding="utf-8")
    code, said = command("rescore", log, "-o", out, "--format", "lame", "--as-of", "2026-02-01")
    assert code == 1, said
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = {row["dossier_id"]: row["error_code"] for row in csv.DictReader(file)}
    assert rows == {"": FAILED, "A": "", "B": FAILED, "C": FAILED, "D": FAILED, "E": FAILED, "F": ""}


@pytest.mark.usefixtures("lame")
def test_a_sender_that_shows_what_nobody_knows_does_not_load() -> None:
    with pytest.raises(InputFileError) as caught:
        read_messages("mute", [])
    assert caught.value.code == "TR-message-sender"
    assert "shows[dossier_acepted], shows[result_issued]" in caught.value.render()


def test_others_add_senders(monkeypatch: pytest.MonkeyPatch, command: Command, tmp_path: Path) -> None:
    points = [
        EntryPoint("odd", f"{__name__}:Odd", registry.GROUP),
        EntryPoint("bad", "no_such_module:Bad", registry.GROUP),
        EntryPoint("none", "builtins:dict", registry.GROUP),
        EntryPoint("dvcqg", f"{__name__}:Odd", registry.GROUP),  # ours keeps its name
    ]
    monkeypatch.setattr(registry, "entry_points", lambda group: points)
    code, said = command("senders")
    assert code == 0
    assert "odd  Nguồn thử" in said
    assert "bad  TR-message-sender" in said
    assert "dvcqg  Cổng" in said
    (one,) = read_messages("odd", [Message({"so": "A", "at": "2026-01-05"})]).dossiers
    assert one.data["dossier_id"] == "A"
    for name in ("bad", "none", "nobody"):
        with pytest.raises(InputFileError) as caught:
            read_messages(name, [])
        assert caught.value.code == "TR-message-sender"
    log = tmp_path / "m.ndjson"
    log.write_text('{"so": "A", "at": "2026-01-05"}\n', encoding="utf-8")
    code, said = command("rescore", log, "-o", tmp_path / "o.csv", "--format", "odd", "--as-of", "2026-02-01")
    assert code == 0, said
