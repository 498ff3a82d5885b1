"""What a program's log is told: counts and the digest of the law, and nothing of any dossier."""

from __future__ import annotations

import ast
import inspect
import logging
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from conftest import Command

import tthc_rules as tr
from tthc_rules import journal

ROOT = Path(__file__).resolve().parents[1]
SECRETS = ("H56-BIMAT-77", "Nguyễn Thị Bí Mật", "so-bi-mat", "lý do riêng tư", "loai_la_bi_mat", "truong_bi_mat")
LINE = re.compile(r"[a-z ]+(: ([a-z]+=[0-9a-z]* ?)+|: no folder of our own)")


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Callable[[], list[logging.LogRecord]]:
    caplog.set_level(logging.DEBUG, logger="tthc_rules")
    return lambda: [record for record in caplog.records if record.name == "tthc_rules"]


def secret_dossier() -> dict[str, object]:
    """A dossier in which every word is one that no log may hold."""
    return {
        "dossier_id": SECRETS[0],
        "units": {"handling_agency": SECRETS[2]},
        "officers": [SECRETS[1]],
        "time_limit": {"amount": 5, "unit": "workday"},
        SECRETS[5]: SECRETS[1],
        "events": [
            {"kind": "dossier_accepted", "at": "2026-03-02T08:30"},
            {"kind": SECRETS[4], "at": "2026-03-03"},
            {"kind": "apology_sent", "at": "2026-03-10", "reason": SECRETS[3]},
        ],
    }


def broken_dossier() -> dict[str, object]:
    return {"dossier_id": SECRETS[0], "events": [{"kind": "dossier_accepted", "at": SECRETS[1]}]}


def log_of(folder: Path, broken: bool) -> Path:
    log = folder / f"{SECRETS[2]}.csv"
    at = SECRETS[1] if broken else "2026-03-02T08:30"
    log.write_text(
        f"dossier_id,kind,at,{SECRETS[5]}\n{SECRETS[0]},dossier_accepted,{at},{SECRETS[3]}\n", encoding="utf-8"
    )
    return log


def all_done(folder: Path, command: Command) -> None:
    """All that tells the log anything, with dossiers that are judged and dossiers that cannot be."""
    book = tr.Rulebook.load()
    rows = book.rescore_dossiers([secret_dossier(), broken_dossier()], date(2026, 5, 4))
    assert [bool(row["error_code"]) for row in rows] == [False, True]
    pa = pytest.importorskip("pyarrow")
    at = ["2026-03-02T08:30", SECRETS[1]]
    events = {"dossier_id": [SECRETS[0], SECRETS[2]], "kind": ["dossier_accepted"] * 2, "at": at}
    table = book.rescore(pa.table(events), as_of=date(2026, 5, 4))
    book.account(table, period="2026-Q1", as_of=date(2026, 5, 4), units=[{"unit": SECRETS[2], "kind": "commune"}])
    for broken in (False, True):
        log = log_of(folder, broken)
        said = command("rescore", log, "--as-of", "2026-05-04", "-o", folder / f"kq-{broken}.csv", "-q")
        assert said[0] == int(broken)
    keep = ("rescore", log, "--as-of", "2026-05-04", "-o", folder / "dem.csv", "--keep-state", "-q")
    assert command(*keep)[0] == 1


def test_nothing_of_a_dossier_reaches_the_log(
    told: Callable[[], list[logging.LogRecord]], command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTHC_RULES_CACHE", str(tmp_path / SECRETS[2]))
    all_done(tmp_path, command)
    records = told()
    said = "\n".join(f"{record.getMessage()} {record.args!r} {record.exc_text}" for record in records)
    assert [secret for secret in (*SECRETS, str(tmp_path), tmp_path.name) if secret in said] == []
    assert [record.getMessage() for record in records if not LINE.fullmatch(record.getMessage())] == []
    begun = {record.getMessage().partition(":")[0] for record in records}
    assert begun == {"law loaded", "judged", "run ended", "night ended", "account made", "cache"}


def test_counts_and_levels(told: Callable[[], list[logging.LogRecord]]) -> None:
    book = tr.Rulebook.load()
    book.rescore_dossiers([secret_dossier()], date(2026, 5, 4))
    book.rescore_dossiers([secret_dossier(), broken_dossier(), broken_dossier()], date(2026, 5, 4))
    judged = [(one.levelname, one.getMessage()) for one in told() if one.getMessage().startswith("judged")]
    assert judged == [("INFO", "judged: rows=1 errors=0"), ("WARNING", "judged: rows=3 errors=2")]
    loaded = [one.getMessage() for one in told() if one.getMessage().startswith("law")]
    assert loaded == [f"law loaded: digest={book.corpus.digest[:12]} files={len(book.corpus.files)} folders=0"]


def test_one_dossier_tells_nothing(told: Callable[[], list[logging.LogRecord]]) -> None:
    book = tr.Rulebook.load()
    before = len(told())
    book.evaluate(secret_dossier(), as_of=date(2026, 5, 4)).explain()
    with pytest.raises(tr.DossierError):
        book.evaluate(broken_dossier(), as_of=date(2026, 5, 4))
    assert [one.getMessage() for one in told()[before:] if not one.getMessage().startswith("cache")] == []


def test_a_line_takes_counts_and_closed_words_only() -> None:
    """No parameter of a line could carry a word of data: whole numbers, yes or no, literals, and the one digest."""
    lines = [one for name, one in vars(journal).items() if inspect.isfunction(one) and not name.startswith("_")]
    assert len(lines) >= 6
    taken = {
        f"{line.__name__}.{name}: {taken.annotation}"
        for line in lines
        for name, taken in inspect.signature(line).parameters.items()
        if taken.annotation not in ("int", "bool") and not str(taken.annotation).startswith("Literal[")
    }
    assert taken == {"law_loaded.digest: str"}


def test_only_the_journal_knows_the_logger() -> None:
    found = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tthc_rules").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import) and any(name.name == "logging" for name in node.names)
    ]
    assert found == ["tthc_rules/journal.py"]


def test_nothing_is_said_unasked() -> None:
    """Without a handler Python itself would write warnings to stderr."""
    code = "from tthc_rules import journal; journal.rows_made(2, 1)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_the_page_lists_every_line() -> None:
    text = (ROOT / "docs" / "logging.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| .+? \| `(.+?)` \|", text, re.MULTILINE)
    written = re.findall(r'"((?:[a-z]+ ?)+: .+?)"', inspect.getsource(journal))
    assert {re.sub(r"=%[sd]", "=", one) for one in written} == {*listed}
