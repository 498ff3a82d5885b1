"""The pages about senders say what the code does: the table of what each can show, every diagnostic."""

from __future__ import annotations

import re
from pathlib import Path

from tthc_rules.law.fields import KINDS
from tthc_rules.logs.diagnostics import COLUMNS, REPORT_COLUMNS
from tthc_rules.logs.diagnostics.codes import CODES, LEVELS
from tthc_rules.logs.senders import SHOWS, observed, shows_of

from .test_exactly import OURS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SIGNS = {"●": "always", "○": "sometimes", "–": None}


def test_the_table_of_what_senders_show_is_that_of_the_code() -> None:
    text = (DOCS / "senders.md").read_text(encoding="utf-8")
    assert f"| loại / kind | {' | '.join(OURS)} |" in text, "a column for each sender of ours"
    found = re.findall(r"^\| `([a-z_]+)` \| ([●○–](?: \| [●○–])*) \|$", text, re.MULTILINE)
    assert [kind for kind, _ in found] == list(SHOWS)
    for kind, signs in found:
        assert [SHOWS[kind].get(sender) for sender in OURS] == [SIGNS[sign] for sign in signs.split(" | ")], kind


def test_no_sender_shows_what_no_message_can_carry() -> None:
    never = {
        "apology_sent", "delay_notice_sent", "opinion_requested", "opinion_received", "paper_forwarded",
        "received_by_competent_agency", "interval_excluded", "dossier_lost", "error_reported", "result_corrected",
        "dossier_closed", "late_officers_published", "slip_sent",
    }  # fmt: skip
    assert never | SHOWS.keys() == set(KINDS)
    assert not never & SHOWS.keys()


def test_a_record_observes_what_its_sender_always_shows_and_what_was_read() -> None:
    shows = shows_of("igate")
    assert "reappointed" not in observed(shows, ())
    assert "step_done" in observed(shows, {"step_assigned"})
    assert "dossier_forwarded" not in observed(shows, {"step_assigned", "dossier_forwarded"})
    assert "result_returned" not in observed(shows, ("result_returned",))


def test_every_diagnostic_has_its_row_and_no_other() -> None:
    text = (DOCS / "diagnostics.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_]+)` \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$", text, re.MULTILINE)
    wanted = [
        (name, ", ".join(code.levels), code.traps or "–", f"{code.vi}: {code.does_vi}", f"{code.en}: {code.does_en}")
        for name, code in CODES.items()
    ]
    assert rows == wanted
    assert f"`{', '.join(COLUMNS)}`" in text
    assert f"`{', '.join(REPORT_COLUMNS)}`" in text


def test_every_code_is_told_somewhere_and_every_told_one_is_known() -> None:
    sources = [*(ROOT / "tthc_rules" / "logs").rglob("*.py")]
    told = "".join(path.read_text(encoding="utf-8") for path in sources if path.name != "codes.py")
    assert [name for name in CODES if f'"{name}"' not in told] == []
    named = set(re.findall(r'(?:\.tell\(\s*|Diagnostic\(\s*(?:key|""), )"([a-z_]+)"', told))
    assert len(named) > 40
    assert named - set(CODES) == set()


def test_every_trap_of_the_reference_has_its_diagnostic() -> None:
    """Q1–Q9, S1–S5, D2–D7 and X1–X14, X16 are told; D1 and X12 are how values are read, X15 is `observes`."""
    traps = {trap for code in CODES.values() for trap in code.traps.split()}
    wanted = {f"Q{n}" for n in range(1, 10)} | {"S1", "S2", "S3", "S5"} | {"D1", "D2", "D3", "D6", "D7"}
    wanted |= {f"X{n}" for n in (1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 13, 14, 16)}
    assert wanted - traps == set()
    assert all(code.levels and set(code.levels) <= set(LEVELS) for code in CODES.values())
