"""Little that becomes much: marks on a letter, folders, links, columns, rows without an end, trees of XML.

None of these tests asks how long something takes: without its guard each gives another answer.
"""

from __future__ import annotations

import csv
import gzip
import os
import re
import sys
import zipfile
from collections.abc import Iterator
from itertools import islice, pairwise
from pathlib import Path
from unicodedata import combining, normalize

import pytest

from tthc_rules.errors import InputFileError
from tthc_rules.law import text
from tthc_rules.logs import csv as csvlog
from tthc_rules.logs import files, xlsxparts, xmlrecords
from tthc_rules.logs.mentions import plain_text
from tthc_rules.logs.sightings import BrokenError
from tthc_rules.logs.xmlrecords import read_xml, xml_records
from tthc_rules.rulefile import folders
from tthc_rules.rulefile.folders import rule_files
from tthc_rules.rulefile.yamltext import read_bytes

ROOT = Path(__file__).parents[2]

# -- letters -----------------------------------------------------------------------------------------------------------


def test_a_letter_under_a_pile_of_marks_is_left_as_it_is() -> None:
    """CPython puts marks in order in a time that grows with the square of their number: a megabyte takes minutes."""
    for pile in ("a" + "\u0315\u0300" * 4_000, "\u0f73" * 4_000, "Hồ sơ " + "e\u0309\u0323" + "\U0001d165\u0334" * 200):
        assert text.nfc(pile) is pile
        assert normalize("NFC", pile) != pile


def test_a_published_limit_under_a_pile_of_marks_is_no_text() -> None:
    assert plain_text("a" + "\u0315\u0300" * 20 + " 5 ngày") is None
    assert plain_text("5 nga\u0300y") == "5 ngày"


def test_writing_is_no_pile() -> None:
    vietnamese = "Ủy ban nhân dân xã Thượng Ễnh Ương – Đường số 5. " * 40
    for written in (vietnamese, "Україна, їжак " * 100, "שָׁלוֹם " * 100, "각" * 300, "e\u0309\u0323" * 300):
        assert text.nfc(normalize("NFD", written)) == normalize("NFC", written)
    assert text.nfc("a" + "\u0323\u0302" * 32 + " " * 300) == normalize("NFC", "a" + "\u0323\u0302" * 32 + " " * 300)


def test_every_sign_that_begins_with_a_mark_counts_as_one() -> None:
    begins = [chr(code) for code in range(sys.maxunicode + 1) if combining(normalize("NFD", chr(code))[0])]
    assert len(begins) > 900
    assert [sign for sign in begins if not combining(sign)] == sorted(text._MARKS_IN_PIECES)
    assert [sign for sign in begins if not re.fullmatch(text._STRANGE.pattern.replace("65,", "1"), sign)] == []


def test_nothing_else_brings_text_into_one_form() -> None:
    """Every door uses `nfc`; a limit of a procedure refuses the pile by itself."""
    package = ROOT / "tthc_rules"
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if re.search(r"normalize\(\s*\"NFK?C\"", path.read_text(encoding="utf-8"))
    }
    assert found == {"law/text.py", "logs/mentions.py"}


# -- rule folders ------------------------------------------------------------------------------------------------------


def test_folders_in_folders_end_somewhere(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*"a" * 40)
    deep.mkdir(parents=True)
    (deep / "x.yaml").write_text("rule: x\n", encoding="utf-8")
    problems: list[object] = []
    assert rule_files(tmp_path, problems) == []  # type: ignore[arg-type]
    (problem,) = problems
    assert "TR-rule-unreadable" in str(problem)


@pytest.mark.skipif(os.name == "nt", reason="liên kết cần quyền riêng trên Windows / links need rights there")
def test_links_that_fork_are_not_followed_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two links in each of twelve folders to the next one are four thousand ways to one file."""
    monkeypatch.setattr(folders, "_MOST", 200)
    names = [tmp_path / f"{number:02}" for number in range(12)]
    for folder in names:
        folder.mkdir()
    for here, there in pairwise(names):
        for name in ("một", "hai"):
            (here / name).symlink_to(there)
    (names[-1] / "x.yaml").write_text("rule: x\n", encoding="utf-8")
    problems: list[object] = []
    assert len(rule_files(tmp_path, problems)) < 200  # type: ignore[arg-type]
    assert [str(one).count("200") > 0 for one in problems] == [True]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="hệ này không có FIFO / no FIFO here")
def test_what_is_no_plain_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ống.yaml")
    for path in (tmp_path / "ống.yaml", Path("/dev/zero"), Path("/dev/null")):
        with pytest.raises(OSError, match="not a plain file"):
            read_bytes(path)


# -- tables ------------------------------------------------------------------------------------------------------------


def test_a_header_has_as_many_columns_as_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    names = ",".join(f"c{number}" for number in range(csvlog.MAX_COLUMNS))
    path.write_text(f"{names}\n", encoding="utf-8")
    assert len(csvlog.read_rows(path)[0]) == csvlog.MAX_COLUMNS
    path.write_text(f"{names},one_more\n", encoding="utf-8")
    with pytest.raises(InputFileError) as caught:
        csvlog.read_rows(path)
    assert (caught.value.code, caught.value.place) == ("TR-file-size", f"{path}:1")


def test_a_row_that_never_ends_is_held_no_further_than_a_line_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csvlog, "MAX_LINE", 1000)
    path = tmp_path / "log.csv"
    row = 'x","' + "b" * 300 + '","\n'  # each line ends within quotes, and the next goes on there
    path.write_text("a,b,c\n" + '1,"' + row * 50 + "H2,2,3\n", encoding="utf-8")
    _, rows = csvlog.read_rows(path)
    held = [row for row in rows if row.problem is None]
    assert [one.cells["a"] for one in held] == ["H2"]
    lines = csvlog._CsvLines(path)
    with pytest.raises(csv.Error):
        list(islice(lines, 50))
    assert (len(lines.taken), len(lines.waiting)) == (4, 1)  # the header, and three lines of some 310 letters


def test_no_more_of_a_line_is_held_than_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_LINE", 100)
    path = tmp_path / "log.csv.gz"
    path.write_bytes(gzip.compress(b"a" * 10_050 + b"\nb\n" + b"c" * 100 + b"\nd"))
    found = list(files.numbered_lines(path))
    assert [(number, line[:1]) for number, line in found] == [(1, b"a"), (2, b"b"), (3, b"c"), (4, b"d")]
    assert max(len(line) for _, line in found) == 100


# -- XML ---------------------------------------------------------------------------------------------------------------


def told(pieces: Iterator[bytes]) -> str:
    with pytest.raises(BrokenError) as caught:
        list(xml_records(pieces, ("dossierNo",)))
    return caught.value.about


def test_a_tree_without_records_is_not_held_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xmlrecords, "_MOST_HELD", 100_000)
    record = b"<data><dossierNo>H1</dossierNo><note>" + b"x" * 500 + b"</note></data>"
    assert len(list(xml_records(iter([b"<a>", *[record] * 1000, b"</a>"]), ("dossierNo",)))) == 1000
    for piece in (b"<b/>", b"<b>mot</b>", b"<b c='" + b"x" * 500 + b"'/>", b"x" * 100):
        assert told(iter([b"<a>", *[piece] * 20_000, b"</a>"])) == "too_large"
    with pytest.raises(BrokenError):
        list(read_xml("<a>" + "<b/>" * 20_000 + "</a>"))


def test_elements_are_nested_so_deep_and_no_deeper() -> None:
    deepest = xmlrecords._MAX_DEPTH
    assert list(xml_records(iter([b"<a>" * deepest + b"</a>" * deepest]), ())) != []
    assert told(iter([b"<a>" * (deepest + 1) + b"</a>" * (deepest + 1)])) == "nested_too_deep"


def test_a_tag_without_an_end_is_not_read_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Old releases of expat begin a token anew with each piece that comes."""
    monkeypatch.setattr(xmlrecords, "_LONGEST", 10_000)
    taken = 0

    def pieces() -> Iterator[bytes]:
        nonlocal taken
        yield b"<a b='"
        while taken < 1000:
            taken += 1
            yield b"x" * 1000
        yield b"'/>"

    assert told(pieces()) == "too_large"
    assert taken < 20


# -- Excel -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"]
)
def test_an_element_of_a_workbook_has_few_attributes(tmp_path: Path, part: str) -> None:
    """The reader of values in Rust compared each attribute with each: RUSTSEC-2026-0194."""
    absent = "chưa cài python-calamine, XlsxWriter / python-calamine, XlsxWriter are not installed"
    xlsxwriter = pytest.importorskip("xlsxwriter", reason=absent)
    pytest.importorskip("python_calamine", reason=absent)
    path, odd = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_string(0, 0, "dossier_id")
    assert xlsxparts.look(path, path.read_bytes()).sheet == "Sheet1"
    for many, code in ((40, None), (xlsxparts.MAX_ATTRIBUTES, "TR-file-size"), (2_000, "TR-file-size")):
        with zipfile.ZipFile(path) as package, zipfile.ZipFile(odd, "w") as made:
            for name in package.namelist():
                data = package.read(name)
                if name == part:
                    more = b"".join(b' a%d="1"' % number for number in range(many))
                    data = re.sub(rb"<(workbook|worksheet|sst|styleSheet) ", rb"<\1" + more + b" ", data, count=1)
                made.writestr(name, data)
        if code is None:
            assert xlsxparts.look(odd, odd.read_bytes()).sheet == "Sheet1"
        else:
            with pytest.raises(InputFileError) as caught:
                xlsxparts.look(odd, odd.read_bytes())
            assert (caught.value.code, caught.value.place) == (code, f"{odd}:{part}")
