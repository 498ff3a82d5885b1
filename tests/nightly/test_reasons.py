"""Each reason for which a dossier is judged anew has a dossier that would be wrong if its row were carried."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tthc_rules import Rulebook
from tthc_rules.errors import InputFileError
from tthc_rules.runs.doors import rescore_log
from tthc_rules.runs.nightly import basis, record
from tthc_rules.runs.nightly.night import Night, NightFiles, rescore_night
from tthc_rules.runs.nightly.reasons import Reason
from tthc_rules.runs.nightly.rowlogs import NightLog
from tthc_rules.runs.sent import SentFile, rescore_messages

Json = dict[str, Any]
TUESDAY = date(2026, 10, 20)
WEDNESDAY = TUESDAY + timedelta(1)
LIMIT = {"amount": 5, "unit": "workday"}
# Five workdays from Tuesday 13 October are Tuesday 20 October, from Monday the 12th Monday the 19th.


def dossier(accepted: str, *events: Json, **fields: Any) -> Json:
    begun = [{"kind": "dossier_accepted", "at": accepted}] if accepted else []
    return {"dossier_id": "H1", "time_limit": LIMIT, "events": [*begun, *events], **fields}


LATE = dossier("2026-10-12T08:00")
DUE_TODAY = dossier("2026-10-13T08:00")
ENDS_TOMORROW = dossier("2026-10-16T08:00", {"kind": "result_issued", "at": "2026-10-21T10:00"})


def log(path: Path, *dossiers: Json) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in dossiers), encoding="utf-8")
    return path


def night_of(
    book: Rulebook, folder: Path, came: Path, day: date, before: Path | None, delta: bool = True, **asked: Any
) -> tuple[Night, Path]:
    output = folder / f"{day}-{'' if before is None else 'after'}.csv"
    files = NightFiles(output, before, delta and before is not None)
    return rescore_night(book, book.question(day, **asked), NightLog(came, "ndjson"), files), output


def two_nights(
    book: Rulebook, folder: Path, first: Json, second: Json | None = None, day: date = WEDNESDAY, **asked: Any
) -> tuple[Night, bytes, bytes]:
    """The second night, its result, and that of a full run."""
    _, before = night_of(book, folder, log(folder / "one.ndjson", first), TUESDAY, None)
    came = log(folder / "two.ndjson", *([second] if second else []))
    night, after = night_of(book, folder, came, day, before, **asked)
    whole = log(folder / "whole.ndjson", second or first)
    rescore_log(book, book.question(day, **asked), whole, folder / "whole.csv")
    return night, after.read_bytes(), (folder / "whole.csv").read_bytes()


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        pytest.param(LATE, None, "overdue", id="a day later it is a day later"),
        pytest.param(DUE_TODAY, None, "turned", id="in time on its due date, late on the day after"),
        pytest.param(ENDS_TOMORROW, None, "date", id="a result that was entered for tomorrow"),
        pytest.param(LATE, dossier("2026-10-13T08:00"), "changed", id="another acceptance"),
    ],
)
def test_a_dossier_that_would_be_wrong(
    book: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: Json, second: Json | None, why: str
) -> None:
    night, made, whole = two_nights(book, tmp_path, first, second)
    assert night.judged == {why: 1}
    assert made == whole
    monkeypatch.setattr(record, "next_look", lambda row, text, as_of: (None, ""))
    monkeypatch.setattr(record, "digest_of", lambda raw: b"the same")
    night, made, whole = two_nights(book, tmp_path, first, second)
    assert night.judged == {}
    assert made != whole


def test_what_has_ended_or_is_far_from_its_day_is_carried(book: Rulebook, tmp_path: Path) -> None:
    ended = dossier("2026-10-12T08:00", {"kind": "result_issued", "at": "2026-10-16T10:00"})
    sent_on = {"kind": "dossier_forwarded", "at": "2026-10-16T09:00"}
    far = dossier("2026-10-16T08:00", sent_on, time_limit={"amount": 20, "unit": "workday"})
    for one in (ended, far):  # due on 13 November, and nothing turns on 21 October
        night, made, whole = two_nights(book, tmp_path, one)
        assert night.judged == {}
        assert night.carried == 1
        assert made == whole


@pytest.mark.parametrize(
    ("given", "why"),
    [
        pytest.param(dossier("", {"kind": "dossier_submitted", "at": "2026-10-20T15:00"}), "unaccepted"),
        pytest.param(dossier("2026-10-12T08:00", unknown=["pauses"]), "undetermined"),
        pytest.param(dossier("2026-10-20T08:00", {"kind": "scanned", "at": "2026-10-20T09:00"}), "names"),
        pytest.param(dossier("2026-10-20T08:00", time_limit={"amount": 500, "unit": "workday"}), "provisional"),
        pytest.param(dossier("2026-10-20T08:00", jurisdiction="không-đâu"), "error"),
    ],
)
def test_what_cannot_be_told_is_judged_every_night(book: Rulebook, tmp_path: Path, given: Json, why: str) -> None:
    night, made, whole = two_nights(book, tmp_path, given)
    assert night.judged == {why: 1}
    assert made == whole


def test_nothing_is_judged_twice_on_one_day(book: Rulebook, tmp_path: Path) -> None:
    night, made, whole = two_nights(book, tmp_path, LATE, day=TUESDAY)
    assert night.judged == {}
    assert made == whole


def test_an_earlier_day_is_judged_whole(book: Rulebook, tmp_path: Path) -> None:
    night, made, whole = two_nights(book, tmp_path, LATE, day=TUESDAY - timedelta(4))
    assert night.judged == {"earlier": 1}
    assert made == whole


def test_another_question_is_judged_whole(book: Rulebook, tmp_path: Path) -> None:
    first = dossier("2026-10-12T08:00", {"kind": "result_issued", "at": "2026-10-19T17:00"})
    first["events"][0]["appointed_due"] = "2026-10-19T10:00"
    night, made, whole = two_nights(book, tmp_path, first, lateness="promised_by_instant")
    assert night.judged == {"question": 1}
    assert made == whole


def test_another_form_is_judged_whole(book: Rulebook, tmp_path: Path) -> None:
    _, before = night_of(book, tmp_path, log(tmp_path / "one.ndjson", LATE), TUESDAY, None)
    files = NightFiles(tmp_path / "after.ndjson", before, True)
    came = NightLog(log(tmp_path / "two.ndjson"), "ndjson")
    night = rescore_night(book, book.question(WEDNESDAY), came, files)
    rescore_log(book, book.question(WEDNESDAY), tmp_path / "one.ndjson", tmp_path / "whole.ndjson")
    assert night.judged == {Reason.form: 1}
    assert files.output.read_bytes() == (tmp_path / "whole.ndjson").read_bytes()


def test_another_reading_of_the_law_is_judged_whole(book: Rulebook, tmp_path: Path) -> None:
    _, before = night_of(book, tmp_path, log(tmp_path / "one.ndjson", LATE), TUESDAY, None)
    other = Rulebook.load(unconfirmed=True)
    night, after = night_of(other, tmp_path, log(tmp_path / "two.ndjson"), WEDNESDAY, before)
    rescore_log(other, other.question(WEDNESDAY), tmp_path / "one.ndjson", tmp_path / "whole.csv")
    assert night.judged == {"rules": 1}
    assert after.read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_a_letter_that_became_known_is_judged_whole(book: Rulebook, tmp_path: Path) -> None:
    """The letter of 25 December 2025 moved 2 January 2026: what ended before it is judged anew like the rest."""
    one = {**dossier("2025-12-22T08:00", {"kind": "result_issued", "at": "2025-12-24T08:00"})}
    _, before = night_of(book, tmp_path, log(tmp_path / "one.ndjson", one), date(2025, 12, 24), None)
    night, after = night_of(book, tmp_path, log(tmp_path / "two.ndjson"), date(2025, 12, 25), before)
    rescore_log(book, book.question(date(2025, 12, 25)), tmp_path / "one.ndjson", tmp_path / "whole.csv")
    assert night.judged == {"calendar": 1}
    assert after.read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_other_code_is_judged_whole_from_the_whole_log_alone(
    book: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = log(tmp_path / "one.ndjson", LATE)
    _, before = night_of(book, tmp_path, given, TUESDAY, None)
    monkeypatch.setattr(basis, "code_digest", lambda: "another")
    night, _ = night_of(book, tmp_path, given, WEDNESDAY, before, delta=False)
    assert night.judged == {"code": 1}
    with pytest.raises(InputFileError, match="TR-night-code"):
        night_of(book, tmp_path, given, WEDNESDAY, before)


def test_law_that_was_issued_between_is_another_edition(book: Rulebook) -> None:
    """Every day on which a version, an end or an entry of the catalogue became known is a turn."""
    known = {span.issued_on for clocks in book.corpus.clocks.values() for span in (one.in_force for one in clocks)}
    for day in known:
        assert basis.edition(book.corpus, day) > basis.edition(book.corpus, day - 1)


# -- messages: what one dossier is read by in others -------------------------------------------------------------------


def sent(path: Path, *bodies: Json, when: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    lines = [json.dumps({"received_at": when, "body": body}) + "\n" for body in bodies]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def messages_night(book: Rulebook, sender: str, folder: Path, came: Path, day: date, before: Path | None) -> Path:
    """The result of a night, which is that of a full run."""
    output, whole = folder / f"{day}.csv", folder / f"{day}-whole.csv"
    files = NightFiles(output, before, before is not None, Path(f"{output}.faults.csv"))
    rescore_night(book, book.question(day), SentFile(came, sender), files)
    told = Path(f"{whole}.faults.csv")
    rescore_messages(book, book.question(day), SentFile(came.parent, sender), whole, diagnostics=told)
    assert output.read_bytes() == whole.read_bytes()
    assert Path(f"{output}.faults.csv").read_bytes() == told.read_bytes()
    return output


def received(number: int, second: str = "20261102100000") -> Json:
    """A receipt at one second, under codes that bear an earlier day: three of them are the second of an export."""
    return {"MaHoSo": f"H99.14-261001-000{number}", "NgayTiepNhan": second, "TrangThaiHoSo": "2"}


def uid(number: str, **fields: Any) -> Json:
    return {"referenceUid": "u-1", "dossierNo": number, "dossierStatus": "new", "receiveDate": "", **fields}


@pytest.mark.parametrize(
    ("sender", "nights", "say"),
    [
        pytest.param(
            "dvcqg",
            [[received(1)], [received(2)], [received(3)], [received(4)]],
            lambda text: text.count("date_is_export_time"),
            id="the third of one second says of the first what it is",
        ),
        pytest.param(
            "opencps",
            [[uid("")], [uid("H99.99-261103-0001", receiveDate="03/11/2026 08:00:00")], [uid("")]],
            lambda text: 0,
            id="a number that comes later takes the copies from before",
        ),
    ],
)
def test_one_is_read_by_others(
    book: Rulebook, tmp_path: Path, sender: str, nights: list[list[Json]], say: Callable[[str], int]
) -> None:
    before, told = None, []
    for number, bodies in enumerate(nights):
        day = date(2026, 11, 4) + timedelta(number)
        came = sent(tmp_path / "inbox" / f"{day}.ndjson", *bodies, when=f"{day}T21:00:00")
        before = messages_night(book, sender, tmp_path, came, day, before)
        told.append(say(Path(f"{before}.faults.csv").read_text(encoding="utf-8")))
    if sender == "dvcqg":
        assert told == [0, 0, 3, 4]


def test_a_broken_message_stays_an_error_until_the_whole_is_read(book: Rulebook, tmp_path: Path) -> None:
    day = date(2026, 11, 4)
    came = sent(tmp_path / "inbox" / "1.ndjson", received(1), when=f"{day}T21:00:00")
    before = messages_night(book, "dvcqg", tmp_path, came, day, None)
    came = tmp_path / "inbox" / "2.ndjson"
    came.write_text('{"MaHoSo": "H99.14-261001-0001", "Trang\n{"nobody\n', encoding="utf-8")
    for later in (1, 2):
        before = messages_night(book, "dvcqg", tmp_path, came, day + timedelta(later), before)
        lines = before.read_text(encoding="utf-8-sig").splitlines()
        assert [line.split(",")[:2] for line in lines[1:]] == [
            ["", "TR-message-json"], ["H99.14-261001-0001", "TR-message-json"],
        ]  # fmt: skip
        came = sent(tmp_path / "inbox" / "3.ndjson", received(1), when=f"{day + timedelta(2)}T21:00:00")
