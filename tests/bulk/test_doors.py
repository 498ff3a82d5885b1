"""Every log gives the same bytes, the same summary and the same end on the fast core as one by one."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from tthc_rules import Rulebook
from tthc_rules.errors import TthcError

NEEDS: Final = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow"):
    pytest.importorskip(package, reason=NEEDS)

from agreement.generate import block_at  # noqa: E402
from agreement.ground import ground_of  # noqa: E402
from pyarrow import parquet  # noqa: E402
from truth import AS_OF, DOSSIERS, Json, fields_of, log_of  # noqa: E402

from tthc_rules.law.fields import misspelt_columns  # noqa: E402
from tthc_rules.logs import csvblocks, files  # noqa: E402
from tthc_rules.runs import plaincsv, together  # noqa: E402
from tthc_rules.runs.doors import rescore_log  # noqa: E402


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a few dossiers, and blocks of a few lines."""
    monkeypatch.setattr(together, "AT_ONCE", 37)
    monkeypatch.setattr(plaincsv, "PART", 23)
    monkeypatch.setattr(files, "_CHUNK", 1500)
    monkeypatch.setattr(csvblocks, "BLOCK", 4000)


def told(book: Rulebook, log: Path, output: Path, fast: bool, as_of: date, **how: Any) -> tuple[Any, ...]:
    """What a run leaves: the bytes, what it counted, what it explained and how it ended."""
    output.unlink(missing_ok=True)
    explained: list[str] = []
    strict = how.pop("strict", False)
    question = book.question(as_of, strict=strict)
    try:
        summary = rescore_log(
            book, question, log, output, fast=fast, explained=2,
            each=lambda verdict: explained.append(verdict.explain("en")), **how,
        )  # fmt: skip
    except TthcError as error:
        return (str(error), output.exists(), explained)
    assert summary.core == ("fast" if fast else "one")
    summary.core = ""
    said = output.read_bytes().splitlines(keepends=True)
    return (said, summary.lines("vi"), summary.lines("en"), explained)


def same(book: Rulebook, log: Path, as_of: date = AS_OF, formats: Sequence[str] = ("csv", "ndjson"), **how: Any) -> Any:
    """Judge a log both ways; the two leave the same."""
    for suffix in formats:
        slow, fast = (
            told(book, log, log.with_name(f"out.{suffix}"), fast, as_of, **dict(how)) for fast in (False, True)
        )
        assert fast == slow
    return slow


# -- logs --------------------------------------------------------------------------------------------------------------


def generated(book: Rulebook, number: int, n: int = 120) -> tuple[date, list[Json]]:
    """Dossiers on the edges of the law, three in a hundred malformed, and the day they are asked about."""
    question, made = block_at(7, number, n, ground_of(book))
    return question.as_of, [dossier for _, dossier in made]


def rows_of(dossiers: Iterable[Any]) -> list[Json]:
    """One row an event, with the fields of the dossier in each.

    Left out is what is no dossier at all, and a misspelt field, which as a column would stop the run.
    """
    good = [
        dossier
        for dossier in dossiers
        if isinstance(dossier, dict)
        and isinstance(dossier.get("dossier_id"), str)
        and isinstance(dossier.get("events"), list)
        and all(isinstance(event, dict) for event in dossier["events"])
        and all(isinstance(dossier.get(group, {}), dict) for group in ("units", "time_limit"))
        and not misspelt_columns(of_either=[*dossier, *(name for event in dossier["events"] for name in event)])
    ]
    return log_of(good, own=True)


def cell(value: Any) -> str:
    if isinstance(value, list):
        return "|".join(map(str, value))
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def as_csv(rows: Sequence[Json], delimiter: str = ",", newline: str = "\n") -> str:
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    table = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    table.writerow(names)
    table.writerows([[cell(row.get(name)) for name in names] for row in rows])
    return text.getvalue()


def shuffled(rows: list[Json]) -> list[Json]:
    return Random(3).sample(rows, len(rows))


def spoilt(text: str) -> str:
    """The text of a CSV with what real ones hold: rows cut, rows too long, rows without a name, quotes not closed."""
    lines = text.splitlines(keepends=True)
    end = "\r\n" if lines[0].endswith("\r\n") else "\n"
    for at, line in list(enumerate(lines))[5::41]:
        lines[at] = line.split(",")[0] + end
    for at, line in list(enumerate(lines))[9::53]:
        lines[at] = line.rstrip("\r\n") + ",more,and more" + end
    for at, line in list(enumerate(lines))[13::67]:
        lines[at] = "," + line.partition(",")[2]
    for at, line in list(enumerate(lines))[17::71]:
        lines[at] = line.replace(",", ',"', 1)
    lines[21:21] = [end, "," * lines[0].count(",") + end]
    return "".join(lines)


FORMS: Final[dict[str, Callable[[list[Json]], bytes]]] = {
    "grouped": lambda rows: as_csv(rows).encode(),
    "unordered": lambda rows: as_csv(shuffled(rows)).encode(),
    "reversed": lambda rows: as_csv(rows[::-1]).encode(),
    "mark": lambda rows: as_csv(rows).encode("utf-8-sig"),
    "crlf": lambda rows: as_csv(rows, newline="\r\n").encode(),
    "semicolons": lambda rows: as_csv(rows, delimiter=";").encode(),
    "spoilt": lambda rows: spoilt(as_csv(rows)).encode(),
    "spoilt, crlf": lambda rows: spoilt(as_csv(rows, newline="\r\n")).encode(),
    "bad bytes": lambda rows: as_csv(rows).encode().replace(b"so-", b"s\xff-", 3),
    "no end": lambda rows: as_csv(rows).encode().rstrip(b"\n"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("number", [0, 1])
def test_a_csv_of_generated_dossiers(book: Rulebook, tmp_path: Path, form: str, number: int) -> None:
    as_of, dossiers = generated(book, number)
    log = tmp_path / "log.csv"
    log.write_bytes(FORMS[form](rows_of(dossiers)))
    delimiter = ";" if form == "semicolons" else None
    said = same(book, log, as_of, delimiter=delimiter)
    assert len(said[0]) > 50
    same(book, log, as_of, formats=["csv"], delimiter=delimiter, grouped=True)
    same(book, log, as_of, formats=["csv"], delimiter=delimiter, strict=True, plain=True)


def test_a_dossier_that_is_refused_takes_no_explanation_from_the_next(book: Rulebook, tmp_path: Path) -> None:
    log = tmp_path / "log.ndjson"
    dossiers = [{**DOSSIERS[0], "dossier_id": name} for name in "ABCD"]
    dossiers[0]["jurisdiction"] = "nowhere"
    log.write_text("".join(json.dumps(dossier) + "\n" for dossier in dossiers), encoding="utf-8")
    *_, explained = same(book, log, AS_OF)
    assert [text.split()[1] for text in explained] == ["B", "C"]


@pytest.mark.parametrize("form", ["grouped", "unordered", "reversed", "mark", "crlf", "no end"])
def test_plain_files_are_read_natively(book: Rulebook, tmp_path: Path, form: str) -> None:
    """Else the comparison above would compare the strict reader with itself."""
    log = tmp_path / "log.csv"
    several = [{**dossier, "dossier_id": f"{dossier['dossier_id']}-{k}"} for k in range(9) for dossier in DOSSIERS]
    log.write_bytes(FORMS[form](rows_of(several)))
    how: Any = {"log": log, "delimiter": ",", "target": tmp_path / "out.csv"}
    if form == "unordered":
        with pytest.raises(plaincsv.NotGroupedError):
            together.rescore_plain(book, book.question(AS_OF), scattered=False, **how)
        assert not (tmp_path / "out.csv").exists()
    summary = together.rescore_plain(book, book.question(AS_OF), scattered=form == "unordered", **how)
    assert summary.dossiers == len(several)


@pytest.mark.parametrize("form", ["grouped", "spoilt"])
def test_a_result_in_parquet_holds_the_same_rows_under_the_same_schema(
    book: Rulebook, tmp_path: Path, form: str
) -> None:
    as_of, dossiers = generated(book, 0)
    (tmp_path / "log.csv").write_bytes(FORMS[form](rows_of(dossiers)))
    made = []
    for fast in (False, True):
        output = tmp_path / f"{fast}.parquet"
        rescore_log(book, book.question(as_of), tmp_path / "log.csv", output, fast=fast)
        made.append(parquet.read_table(output))
    assert made[0].schema.equals(made[1].schema, check_metadata=True)
    assert made[0].to_pylist() == made[1].to_pylist()


@pytest.mark.parametrize("suffix", ["ndjson", "json"])
@pytest.mark.parametrize("number", [2, 3])
def test_json_of_generated_dossiers(book: Rulebook, tmp_path: Path, suffix: str, number: int) -> None:
    as_of, dossiers = generated(book, number)
    log = tmp_path / f"log.{suffix}"
    lines = [json.dumps(dossier, ensure_ascii=False) for dossier in dossiers]
    log.write_text("\n".join(lines) if suffix == "ndjson" else f"[{','.join(lines)}]", encoding="utf-8")
    assert len(same(book, log, as_of)[0]) == len(dossiers)


def test_rows_of_events_in_ndjson(book: Rulebook, tmp_path: Path) -> None:
    as_of, dossiers = generated(book, 4)
    log = tmp_path / "log.ndjson"
    log.write_text("".join(f"{json.dumps(row)}\n" for row in rows_of(dossiers)), encoding="utf-8")
    same(book, log, as_of)


def test_attributes_in_a_file_of_their_own(book: Rulebook, tmp_path: Path) -> None:
    log, about = tmp_path / "log.csv", tmp_path / "about.csv"
    log.write_text(as_csv(log_of(DOSSIERS)), encoding="utf-8")
    about.write_text(as_csv([*fields_of(DOSSIERS[:-1]), {"dossier_id": "nobody"}]), encoding="utf-8")
    same(book, log, dossiers=about)


def test_a_log_of_process_mining_and_its_life_cycle(book: Rulebook, tmp_path: Path) -> None:
    names = {
        "dossier_id": "case:concept:name",
        "kind": "concept:name",
        "at": "time:timestamp",
        "procedure": "case:procedure",
    }
    rows = [{names.get(name, name): value for name, value in row.items()} for row in log_of(DOSSIERS, own=True)]
    for number, row in enumerate(rows):
        row["lifecycle:transition"] = ("complete", "start", "", "Schedule")[number % 4]
    log = tmp_path / "log.csv"
    log.write_text(as_csv(rows), encoding="utf-8")
    said = same(book, log)
    assert any("[" in line for line in said[1])


# -- one cell that is odd ----------------------------------------------------------------------------------------------

HEADER: Final = (
    "dossier_id,kind,at,procedure,field,channel,time_limit.amount,time_limit.unit,filed_elsewhere,officers,"
    "units.handling_agency,appointed_due,reason,note"
)
GOOD: Final = "HS-1,dossier_accepted,2024-08-23T15:00,1.01,đất đai,online,5,workday,false,a|b,so-tnmt,2024-08-30,,"
ODD: Final[dict[str, Sequence[tuple[str, str]]]] = {
    "the same number": [(",5,", ",05,"), (",5,", ",5.0,")],
    "other numbers": [
        (",5,", ",6,"),
        (",5,", ",5.5,"),
        (",5,", ",-1,"),
        (",5,", ",1e3,"),
        (",5,", ",99999999999999999999,"),
    ],
    "flags": [("false", "FALSE"), ("false", "no"), ("false", "")],
    "lists": [("a|b", "a | b"), ("a|b", "b|a"), ("a|b", "|"), ("a|b", "a||b|")],
    "blanks": [("HS-1", " HS-1 "), ("so-tnmt", "so-tnmt\u00a0"), ("đất đai", "  đất đai"), ("online", "\u3000online")],
    "moments": [
        ("2024-08-23T15:00", "2024-08-23T24:00"),
        ("2024-08-23T15:00", "2024-08-23"),
        ("2024-08-30", "2024-08-30T24:00"),
        ("2024-08-23T15:00", "23/08/2024"),
        ("2024-08-23T15:00", ""),
        ("2024-08-23T15:00", "2024-08-23 15:00:00+07:00"),
        ("2024-08-23T15:00", "2024-02-30"),
        ("2024-08-23T15:00", "1800-01-01"),
    ],
    "kinds": [("dossier_accepted", ""), ("dossier_accepted", "DossierAccepted"), ("dossier_accepted", "scanned")],
    "letters": [
        ("đất đai", "đất đai".encode().decode() + "\u0301"),
        ("so-tnmt", "so-\u200btnmt"),
        ("HS-1", "HS-é"),
        ("HS-1", "HS-e\u0301"),
    ],
    "formulas": [
        ("đất đai", "'=SUM(A1)"),
        ("đất đai", "=1+1"),
        ("đất đai", "''-x"),
        ("so-tnmt", "@x"),
        ("HS-1", "-HS"),
        ("HS-1", "'+HS"),
    ],
    "quotes": [
        ("đất đai", '"đất, đai"'),
        ("đất đai", '"đất ""đai"""'),
        ("đất đai", 'đất "đai"'),
        ("HS-1", '"HS-1"'),
        ("đất đai", '"đất\nđai"'),
        ("đất đai", '"đất đai'),
        ("đất đai", '"đất" đai'),
    ],
    "signs": [
        ("đất đai", "đất\tđai"),
        ("đất đai", "đất\x00đai"),
        ("đất đai", "đất\x1fđai"),
        ("HS-1", "HS\x7f1"),
        ("đất đai", "đất\rđai"),
        ("đất đai", "x" * 140_000),
    ],
    "no name": [("HS-1", ""), ("HS-1", "  ")],
    "notes": [(",,\n", ",chờ,xem thêm\n"), (",,\n", ",,a|b→c\n")],
    "words of ours": [
        ("đất đai", "missed"),
        ("đất đai", "null"),
        ("đất đai", "NaN"),
        ("đất đai", "N/A"),
        ("HS-1", "NA"),
    ],
}


@pytest.mark.parametrize("what", ODD)
def test_one_odd_cell(book: Rulebook, tmp_path: Path, what: str) -> None:
    """Each oddity in a dossier of its own, with a second row that says the usual; then all of them in one file."""
    lines = []
    for number, (old, new) in enumerate(ODD[what]):
        usual = f"{GOOD}\n".replace("HS-1", f"HS-{number}", 1)
        odd = usual.replace(old.replace("HS-1", f"HS-{number}"), new, 1)
        assert odd != usual
        later = usual.replace("dossier_accepted,2024-08-23T15:00", "result_issued,2024-09-06T10:00")
        lines += [odd, later]
        log = tmp_path / f"{number}.csv"
        for made in ([odd, later], [later, odd], [later, f"HS-9{GOOD[4:]}\n", odd]):
            log.write_bytes("".join([f"{HEADER}\n", *made]).encode())
            same(book, log, formats=["csv"])
    log = tmp_path / "all.csv"
    log.write_bytes("".join([f"{HEADER}\n", *lines]).encode())
    same(book, log)


@pytest.mark.parametrize(
    "header",
    [
        "dossier_id,kind,at,case:procedure", "dossier_id,kind,at,procedure,case:procedure", "dossier_id,kind,at,case:x",
        "dossier_id,kind,at,event:reason", "dossier_id,kind,at,event:reason,reason", "dossier_id,kind,at,units.x",
        "dossier_id,kind,at,event:procedure", "dossier_id,kind,at,", "dossier_id,kind,at,Unnamed: 0,x",
        "dossier_id,case:concept:name,kind,at", "dossier_id,kind,concept:name,at", "dossier_id,kind,at,events",
        "dossier_id,kind,at,dossier_id", "dossier_id,kind,at,reson", "dossier_id,kind", "dossier_id;kind;at",
        "dossier_id,kind,at,lifecycle:transition,event:lifecycle:transition", "dossier_id,kind,at,time_limit.x",
        "dossier_id,kind,at,tthc:problem", "dossier_id,kind,at,time_limit", "dossier_id,kind,at,a?tthc",
    ],
)  # fmt: skip
def test_headers_of_every_sort(book: Rulebook, tmp_path: Path, header: str) -> None:
    width = header.count(",") - 2
    rows = [
        f"HS-{k},dossier_accepted,2024-08-2{k}" + "".join(f",{word}" for word in words[: max(width, 0)])
        for k, words in enumerate((("x", "y"), ("", "y"), ("x", ""), ("", ""), ("x", "x")))
    ]
    log = tmp_path / "log.csv"
    log.write_text("\n".join([header, *rows]), encoding="utf-8")
    same(book, log, formats=["csv"])


def test_logs_without_rows(book: Rulebook, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    for text in (
        "",
        "\n",
        "dossier_id,kind,at",
        "dossier_id,kind,at\n",
        "dossier_id,kind,at\n\n\n",
        "\n\ndossier_id,kind,at\nA,x,2024-01-01",
    ):
        log.write_text(text, encoding="utf-8")
        same(book, log)


@pytest.mark.parametrize("delimiter", ["", ";;", '"', "\n", "é", "\t", "|", " ", "'"])
def test_delimiters_of_every_sort(book: Rulebook, tmp_path: Path, delimiter: str) -> None:
    log = tmp_path / "log.csv"
    text = as_csv(rows_of(DOSSIERS)).replace(",", delimiter or ",")
    log.write_text(text, encoding="utf-8")
    same(book, log, delimiter=delimiter, formats=["csv"])


def test_a_log_of_kinds_that_nobody_knows(book: Rulebook, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    rows = "".join(f"HS-{k % 3},{('nộp', 'nhận', 'trả')[k % 2]},2024-08-2{k}\n" for k in range(9))
    log.write_text(f"dossier_id,kind,at\n{rows}", encoding="utf-8")
    assert "TR-" in same(book, log)[0]
