"""A night of messages against a full run from the same messages: what is judged, and how long each takes.

    python -m benchmarks.nightly [--dossiers N] [--changed SHARE] [--rounds N]

Dossiers of the national portal, each sent three times, of which nineteen in twenty have ended; in the night one in a
hundred is sent again. Both ways must leave the same bytes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.timing import timed
from tthc_rules import Rulebook
from tthc_rules.runs.nightly.night import Night, NightFiles, rescore_night
from tthc_rules.runs.sent import SentFile, rescore_messages

GOAL: Final = 0.1
LAST: Final = date(2026, 11, 19)
"""The evening of the full run; the night is the next one."""
RULES: Final = Path(__file__).parents[1] / "examples" / "messages" / "rules"


def message(number: int, accepted: datetime, done: datetime | None, when: datetime, status: str) -> str:
    """One copy of a dossier, as the portal sends it."""
    body: dict[str, Any] = {
        "MaHoSo": f"H99.14-{accepted:%y%m%d}-{number:06d}", "MaTTHC": "1.000001.000.00.00.H99", "MaLinhVuc": "XD01",
        "TenTTHC": "(ví dụ)", "KenhThucHien": "1", "ChuHoSo": "NGƯỜI MẪU", "NgayTiepNhan": f"{accepted:%Y%m%d%H%M%S}",
        "NgayHenTra": f"{accepted + timedelta(7):%Y%m%d}170000", "TrangThaiHoSo": status, "HinhThuc": "0",
        "NgayKetThucXuLy": "" if done is None else f"{done:%Y%m%d%H%M%S}", "NgayTra": "",
        "DonViXuLy": f"UBND xã {number % 200}", "DanhSachHoSoBoSung": [], "NgayTuChoi": "", "NgayNopHoSo": "",
    }  # fmt: skip
    return json.dumps({"received_at": when.isoformat(), "body": body}, ensure_ascii=False) + "\n"


def messages(count: int, changed: float) -> Iterator[tuple[bool, str]]:
    """The messages of the past (false) and those of the night (true)."""
    rng = Random(20261119)
    evening = datetime.combine(LAST, datetime.min.time()) + timedelta(hours=45)
    for number in range(count):
        is_open = number % 20 == 0
        begun = LAST - timedelta(days=rng.randrange(1, 8) if is_open else rng.randrange(10, 300))
        accepted = datetime.combine(begun, datetime.min.time()) + timedelta(seconds=rng.randrange(27_000, 60_000))
        done = None if is_open else accepted + timedelta(days=rng.randrange(1, 9))
        yield False, message(number, accepted, None, accepted + timedelta(hours=4), "2")
        yield False, message(number, accepted, None, accepted + timedelta(hours=20), "4")
        if done is not None:
            yield False, message(number, accepted, done, done + timedelta(hours=5), "9")
        if rng.random() < changed:
            yield True, message(number, accepted, done or evening - timedelta(hours=6), evening, "9")


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nightly", description=__doc__)
    parser.add_argument("--dossiers", type=int, default=100_000)
    parser.add_argument("--changed", type=float, default=0.01)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args(arguments)
    book = Rulebook.load(RULES)
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "inbox").mkdir()
        past, night = folder / "inbox" / "1.ndjson", folder / "inbox" / "2.ndjson"
        with past.open("w", encoding="utf-8") as before, night.open("w", encoding="utf-8") as after:
            for is_new, line in messages(asked.dossiers, asked.changed):
                (after if is_new else before).write(line)
        full: list[float] = []
        short: list[float] = []
        told: list[Night] = []
        first = book.question(LAST)
        kept = timed(lambda: rescore_night(book, first, SentFile(past, "dvcqg"), NightFiles(folder / "first.csv")))
        question = book.question(LAST + timedelta(1))
        files = NightFiles(folder / "night.csv", folder / "first.csv", True)
        whole = folder / "whole.csv"
        for _ in range(asked.rounds):
            short.append(timed(lambda: told.append(rescore_night(book, question, SentFile(night, "dvcqg"), files))))
            full.append(timed(lambda: rescore_messages(book, question, SentFile(folder / "inbox", "dvcqg"), whole)))
            assert (folder / "night.csv").read_bytes() == whole.read_bytes()
        print(f"{asked.dossiers} dossiers, {told[0].judged.total()} judged in the night")
        state = (folder / "night.csv.state").stat().st_size / asked.dossiers
        print(f"first run with its state {kept:.1f} s; full run {min(full):.1f} s; night {min(short):.2f} s")
        print(f"state {state:,.0f} bytes a dossier; judged for: {dict(told[0].judged)}")
        print(f"night against full run {min(short) / min(full):.3f}, goal at most {GOAL}")


if __name__ == "__main__":
    main()
