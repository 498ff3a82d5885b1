"""What falls due in a log: every act by hand from the clauses and the published calendar, in every form of the log."""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Command

from tthc_rules import Dossier, Rulebook
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.runs import rawlog
from tthc_rules.runs.due.acts import TAKEN_BACK, Collector, DueActs, window_end
from tthc_rules.runs.due.listing import listing
from tthc_rules.testing import event

Json = dict[str, Any]
AS_OF = dt.date(2026, 11, 23)  # a Monday; Tuesday the 24th is a day off


def dossier(name: str, amount: int, unit: str, *events: Json, agency: str | None = None) -> Json:
    made: Json = {"dossier_id": name, "time_limit": {"amount": amount, "unit": unit}, "events": [*events]}
    return made if agency is None else made | {"units": {"handling_agency": agency, "one_stop_unit": "ttpvhcc"}}


FORWARDED = event("dossier_forwarded", "2026-11-17T08:00")
STEP = {"agency": "ubnd-xa-1"}
LOG = [
    dossier("HS-1", 5, "workday", event("dossier_accepted", "2026-11-20T15:30"), agency="so-xay-dung"),
    dossier("HS-2", 3, "workday", event("dossier_accepted", "2026-11-16T15:30"), FORWARDED, agency="so-xay-dung"),
    dossier(
        "HS-3", 3, "workday", event("dossier_accepted", "2026-11-19T09:30"), event("result_issued", "2026-11-23T08:00"),
        agency="so-noi-vu",
    ),
    dossier("HS-4", 8, "work_hour", event("dossier_accepted", "2026-11-20T09:30")),
    dossier(
        "HS-5", 30, "workday", event("dossier_accepted", "2026-11-02T09:30"), {**FORWARDED, "at": "2026-11-02T10:30"},
        event("step_assigned", "2026-11-02T11:00", due="2026-11-24", **STEP),
        event("step_assigned", "2026-11-02T11:01", due="2026-11-20", **STEP),
        agency="so-noi-vu",
    ),
    dossier("HS-6", 3, "workday", event("dossier_accepted", "2026-08-03T09:00"), event("result_issued", "2026-08-05")),
]  # fmt: skip
EXPECTED = [
    # HS-5 is due on 15/12; it could be sent back up to the third workday, 5/11
    ("2026-11-05", None, "HS-5", "return_ineligible", True, "not_eligible", -12),
    # HS-2: 17, 18, 19 November; apology and notice are owed one day before
    ("2026-11-18", None, "HS-2", "apology_before_due", True, None, -3),
    ("2026-11-18", None, "HS-2", "late_notice_to_one_stop", True, None, -3),
    ("2026-11-19", None, "HS-2", "return_result", True, None, -2),
    ("2026-11-20", None, "HS-4", "transfer_same_day", True, None, -1),
    ("2026-11-20", None, "HS-5", "step:ubnd-xa-1", True, None, -1),
    # HS-4: eight working hours from Friday 9:30 end on Monday at 9:30, and the day before that is a Sunday
    ("2026-11-22", None, "HS-4", "apology_before_due", True, None, -1),
    ("2026-11-22", None, "HS-4", "late_notice_to_one_stop", True, None, -1),
    ("2026-11-23", "09:30", "HS-4", "return_result", True, None, 0),
    # HS-1 was received after 15:00; it is due on 30/11
    ("2026-11-23", None, "HS-1", "transfer_next_morning", False, None, 0),
    ("2026-11-24", None, "HS-5", "step:ubnd-xa-1", False, None, 0),
    # three workdays from Friday the 20th: 23, 25, 26
    ("2026-11-26", None, "HS-1", "return_ineligible", False, "not_eligible", 2),
    ("2026-11-26", None, "HS-4", "return_ineligible", False, "not_eligible", 2),
]


def raws(dossiers: list[Json]) -> Iterator[RawDossier]:
    return (RawDossier(str(one.get("dossier_id", "")), one, f"log:{at}") for at, one in enumerate(dossiers))


def gathered(
    book: Rulebook, dossiers: list[Json], within: int = 3, as_of: dt.date = AS_OF, back: bool = False
) -> DueActs:
    return Collector(book, book.question(as_of), within, back).take(raws(dossiers))


def told(found: DueActs) -> list[tuple[Any, ...]]:
    return [
        (one.by.isoformat(), one.by_time, one.dossier_id, one.act, one.overdue, one.only_if, one.workdays_left)
        for one in found.acts
    ]


def test_every_act_by_hand(book: Rulebook) -> None:
    found = gathered(book, LOG)
    assert told(found) == EXPECTED
    assert (found.until, found.dossiers, found.undetermined) == (dt.date(2026, 11, 26), 6, 0)
    by_name = {(one.dossier_id, one.act, one.number): one for one in found.acts}
    late = by_name["HS-2", "apology_before_due", 1]
    assert (late.unit, late.owed_by, late.roles) == ("so-xay-dung", "handling_agency", ("head_of_unit",))
    assert (late.fulfilled_by, late.clause) == (("apology_sent",), "khoản 6 Điều 19 Nghị định số 118/2025/NĐ-CP")
    step = by_name["HS-5", "step:ubnd-xa-1", 2]
    assert (step.unit, step.roles, step.by) == ("ubnd-xa-1", (), dt.date(2026, 11, 24))


@pytest.mark.parametrize(
    ("as_of", "within", "until"),
    [
        ("2026-11-23", 0, "2026-11-22"),  # what is past its day
        ("2026-11-23", 1, "2026-11-24"),  # Monday, and the day off after it
        ("2026-11-23", 3, "2026-11-26"),  # Monday, Wednesday, Thursday
        ("2026-11-27", 1, "2026-11-29"),  # Friday, and the weekend: what is due on it has to be done on Friday
        ("2026-11-21", 1, "2026-11-24"),  # a Saturday: the first workday is Monday
        ("2026-08-21", 1, "2026-08-21"),  # Saturday 22/8 is a make-up workday
        ("2027-02-03", 1, "2027-02-10"),  # the last workday before Tết
    ],
)
def test_the_window(book: Rulebook, as_of: str, within: int, until: str) -> None:
    day = dt.date.fromisoformat(as_of)
    assert window_end(book.calendar(known_on=day), day, within) == dt.date.fromisoformat(until)


@pytest.mark.parametrize("within", range(5))
def test_a_wider_window_adds_later_acts_alone(book: Rulebook, within: int) -> None:
    until = window_end(book.calendar(known_on=AS_OF), AS_OF, within)
    everything = told(gathered(book, LOG, 30))
    assert told(gathered(book, LOG, within)) == [one for one in everything if one[0] <= until.isoformat()]


def test_a_correction_that_was_missed_is_still_to_be_done(book: Rulebook) -> None:
    """Reported on Monday 14/9/2026, three workdays later is Thursday 17/9; the dossier ended long before."""
    reported = dossier(
        "HS-7", 3, "workday", event("dossier_accepted", "2026-08-03T09:00"), event("result_issued", "2026-08-05T09:00"),
        event("error_reported", "2026-09-14T09:00"),
    )  # fmt: skip
    found = gathered(book, [reported])
    assert [(one.act, one.by, one.overdue) for one in found.acts] == [("error_corrected", dt.date(2026, 9, 17), True)]


def test_a_day_beyond_one_that_no_letter_has_fixed_is_provisional(book: Rulebook) -> None:
    """As known on 1/9/2026 Tết 2027 (4-10 February) stands by statute alone: ten workdays from 28/1 end on 18/2."""
    tet = dossier("HS-8", 10, "workday", event("dossier_accepted", "2027-01-28T16:00"))
    question = book.question(dt.date(2027, 1, 28), dt.date(2026, 9, 1))
    found = Collector(book, question, 15).take(raws([tet]))
    shown = {one.act: (one.by.isoformat(), one.provisional) for one in found.acts}
    assert shown["transfer_next_morning"] == ("2027-01-29", False)
    assert shown["return_ineligible"] == ("2027-02-02", False)
    assert shown["return_result"] == ("2027-02-18", True)
    assert "ngày tạm tính" in "\n".join(line.text for line in listing(found, "vi"))


def test_what_the_source_does_not_show_is_asked_of_nobody(book: Rulebook) -> None:
    """The ends are not seen: HS-2 may have been returned, and no act is listed; it is counted."""
    found = gathered(book, [{**LOG[1], "observes": ["dossier_accepted"]}])
    assert (found.acts, found.undetermined) == ((), 1)
    assert "1 hồ sơ chưa kết luận được" in "\n".join(line.text for line in listing(found, "vi"))


# -- what a calendar takes back ----------------------------------------------------------------------------------------


def test_what_was_fulfilled_is_taken_back(book: Rulebook) -> None:
    """HS-3 was due on Wednesday the 25th and ended on Monday; on Sunday its acts stood in the list.

    HS-2 was forwarded on its day, the 17th, and could be sent back as not eligible up to its due date, the 19th.
    """
    found = gathered(book, LOG, back=True)
    assert [(one.dossier_id, one.act, one.by.isoformat()) for one in found.taken_back] == [
        ("HS-2", "transfer_next_morning", "2026-11-17"),
        ("HS-2", "return_ineligible", "2026-11-19"),
        ("HS-3", "transfer_same_day", "2026-11-19"),
        ("HS-3", "apology_before_due", "2026-11-24"),
        ("HS-3", "late_notice_to_one_stop", "2026-11-24"),
        ("HS-3", "return_ineligible", "2026-11-25"),
        ("HS-3", "return_result", "2026-11-25"),
    ]
    assert gathered(book, LOG).taken_back == ()
    two_weeks = gathered(book, [LOG[2]], as_of=AS_OF + dt.timedelta(13), back=True)
    assert len(two_weeks.taken_back) == 5
    assert gathered(book, [LOG[2]], as_of=AS_OF + dt.timedelta(14), back=True).taken_back == ()


def at(rng: random.Random) -> str:
    day = dt.date(2026, 10, 26) + dt.timedelta(rng.randrange(36))
    return f"{day}T{rng.choice(('08:00', '09:15', '15:30', '16:20'))}"


def a_dossier(rng: random.Random, number: int) -> Json:
    kinds = [
        "dossier_forwarded", "supplement_requested", "supplement_received", "clock_paused", "clock_resumed",
        "apology_sent", "delay_notice_sent", "result_issued", "dossier_withdrawn", "error_reported",
        "result_corrected",
    ]  # fmt: skip
    events = [event("dossier_accepted", at(rng)), event("dossier_submitted", at(rng))]
    events += [event(rng.choice(kinds), at(rng)) for _ in range(rng.randrange(5))]
    for _ in range(rng.randrange(3)):
        events.append(event("step_assigned", at(rng), agency=rng.choice("ab"), due=at(rng)))
        if rng.random() < 0.5:
            events.append(event("step_done", at(rng), agency=rng.choice("ab")))
    unit = rng.choice(("workday", "calendar_day", "work_hour"))
    made = dossier(f"R-{number}", rng.randrange(1, 16), unit, *events, agency="so-a")
    made["channel"] = rng.choice(("online", "in_person"))
    if rng.random() < 0.3:
        made["unknown"] = ["pauses"]
    return made


@pytest.mark.parametrize("seed", range(3))
def test_taken_back_is_what_stood_on_some_day_before_and_no_more(book: Rulebook, seed: int) -> None:
    """Looked at on every one of the days before, without asking which of them had events."""
    rng = random.Random(seed)
    for number in range(25):
        log = [a_dossier(rng, number)]
        as_of = dt.date(2026, 11, 9) + dt.timedelta(rng.randrange(25))
        found = gathered(book, log, as_of=as_of, back=True)
        stands = {(one.act, one.number) for one in found.acts}
        before: set[tuple[str, int]] = set()
        listed: set[tuple[str, int]] = set()
        for days in range(1, TAKEN_BACK + 1):
            question = book.question(as_of - dt.timedelta(days), as_of)
            then = Collector(book, question, 3).take(raws(log))
            before |= {(one.act, one.number) for one in then.acts if not one.is_past_condition}
            listed |= {(one.act, one.number) for one in then.acts}
        back = {(one.act, one.number) for one in found.taken_back}
        assert before - stands <= back <= listed - stands


# -- every form of a log -----------------------------------------------------------------------------------------------


def as_ndjson(folder: Path) -> Path:
    path = folder / "log.ndjson"
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in LOG), encoding="utf-8")
    return path


def flat() -> list[Json]:
    rows = []
    for one in LOG:
        head = {"dossier_id": one["dossier_id"]} | {f"time_limit.{k}": v for k, v in one["time_limit"].items()}
        head |= {f"units.{k}": v for k, v in one.get("units", {}).items()}
        rows += [{**head, **happened} for happened in one["events"]]
    return rows


def as_csv(folder: Path) -> Path:
    path = folder / "log.csv"
    names = dict.fromkeys(name for row in flat() for name in row)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, names, restval="")
        table.writeheader()
        table.writerows(flat())
    return path


def as_flat_parquet(folder: Path) -> Path:
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = dict.fromkeys(name for row in flat() for name in row)
    rows = [{name: row.get(name) for name in names} for row in flat()]
    random.Random(1).shuffle(rows)
    rows.sort(key=lambda row: str(row["at"]))  # by time: the rows of a dossier are scattered
    pq.write_table(pa.Table.from_pylist(rows), folder / "log.parquet")
    return folder / "log.parquet"


def as_nested_parquet(folder: Path) -> Path:
    import pyarrow.parquet as pq

    from tthc_rules.bulk.dossiers import table_of_dossiers

    table = table_of_dossiers([Dossier.model_validate(one) for one in LOG])
    pieces = folder / "pieces"
    pieces.mkdir()
    pq.write_table(table.slice(0, 4), pieces / "a.parquet")
    pq.write_table(table.slice(4), pieces / "b.parquet")
    return pieces


MAKERS: dict[str, Callable[[Path], Path]] = {
    "ndjson": as_ndjson, "csv": as_csv, "flat parquet": as_flat_parquet, "nested parquet": as_nested_parquet,
}  # fmt: skip


@pytest.mark.parametrize("form", MAKERS)
def test_every_form_of_a_log_gives_the_same(form: str, tmp_path: Path, command: Command, bulk: None) -> None:
    log = MAKERS[form](tmp_path)
    code, said = command("due", log, "--as-of", "2026-11-23", "-o", tmp_path / "due.json")
    assert code == 0, said
    found = json.loads((tmp_path / "due.json").read_text(encoding="utf-8"))
    shown = [tuple(one[name] for name in ("by", "by_time", "dossier_id", "act", "overdue", "only_if", "workdays_left"))
             for one in found["acts"]]  # fmt: skip
    assert sorted(map(str, shown)) == sorted(map(str, EXPECTED))
    assert (found["dossiers"], found["undetermined"], found["refused"]) == (6, 0, [])


def test_without_the_fast_core_it_is_the_same(
    tmp_path: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = as_ndjson(tmp_path)
    for name, has in (("one.json", False), ("fast.json", True)):
        monkeypatch.setattr(rawlog, "has_fast_core", lambda book, has=has: has)
        assert command("due", log, "--as-of", "2026-11-23", "-o", tmp_path / name)[0] == 0
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "fast.json").read_bytes()
