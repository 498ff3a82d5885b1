"""Dossiers of a portal that does not exist (H99), the same at every run: what it would have recorded up to a day.

Most go well; some wait for papers, stand still, are late with or without an apology. As in real portals a few things
are recorded days later, or for a day still to come, an action is unknown, a paper register knows no hours, a row is
broken. Nothing is taken from a real dossier, and nobody is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from itertools import islice
from random import Random
from typing import Any, Final

import pyarrow as pa

from tthc_postgres.server import PortalError, Session
from tthc_rules import Calendar
from tthc_rules.errors import Problem

UNITS: Final = (
    ("H99.14", "Sở Xây dựng (ví dụ)", "tỉnh"),
    ("H99.15", "Sở Tư pháp (ví dụ)", "tỉnh"),
    ("H99.20", "Sở Nông nghiệp và Môi trường (ví dụ)", "tỉnh"),
    ("H99.00", "Trung tâm Phục vụ hành chính công (ví dụ)", "tỉnh"),
    ("H99.31", "Ủy ban nhân dân phường Đông Ví Dụ", "xã"),
)
PROCEDURES: Final = (
    ("9.900001", "Thủ tục ví dụ: cấp giấy phép", "Xây dựng", 15, "ngày làm việc", "H99.14"),
    ("9.900002", "Thủ tục ví dụ: thẩm định thiết kế", "Xây dựng", 20, "ngày", "H99.14"),
    ("9.900003", "Thủ tục ví dụ: cấp phiếu, trích lục", "Tư pháp", 10, "ngày làm việc", "H99.15"),
    ("9.900004", "Thủ tục ví dụ: đăng ký biến động", "Đất đai", 1, "tháng", "H99.20"),
    ("9.900005", "Thủ tục ví dụ: xác nhận của cấp xã", "Hộ tịch", 3, "ngày làm việc", "H99.31"),
    ("9.900006", "Thủ tục ví dụ: trả trong ngày", "Chứng thực", 8, "giờ", "H99.31"),
    ("9.900007", "Thủ tục ví dụ: thời hạn ghi sai đơn vị", "Thử", 2, "tuần trăng", "H99.15"),
)
"""The last one's limit cannot be read: its dossiers are error rows, and stop nobody else's."""
_SHARE: Final = (20, 12, 25, 14, 20, 8.7, 0.3)
_REASONS: Final = ("chờ kết quả xác minh tại thực địa", "hồ sơ cần thẩm định lại", "chờ ý kiến của cơ quan phối hợp")
SPREAD: Final = 90
"""Workdays over which the dossiers arrive."""
_VIETNAM: Final = timezone(timedelta(hours=7))
_PIECE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the history, and the day on which it is recorded: mostly its own."""

    action: str
    at: datetime
    recorded: date
    new_due: date | None = None
    due: datetime | None = None
    reason: str | None = None
    ground: str | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier with all that will ever be recorded of it."""

    dossier_id: str
    procedure: str
    unit: str
    desk: str
    channel: int
    promised: datetime
    knows_hours: bool
    events: tuple[Event, ...]


class _Story:
    """What happens to one dossier, day by day."""

    def __init__(self, number: int, calendar: Calendar, workdays: list[date]) -> None:
        self.random = Random(f"cong-vi-du-{number}")
        self.calendar = calendar
        self.number = number
        self.start = workdays[self.random.randrange(len(workdays))]
        self.events: list[Event] = []

    def at(self, day: date, first: int = 7) -> datetime:
        """An office hour of that day."""
        hour = self.random.choice([one for one in (7, 8, 9, 9, 10, 10, 13, 14, 14, 15, 16) if one >= first])
        return datetime.combine(day, time(hour, self.random.randrange(60), self.random.randrange(60)))

    def note(self, action: str, at: datetime, recorded: date | None = None, **more: Any) -> None:
        """Something happens, and is recorded on its day or another."""
        self.events.append(Event(action, at, recorded or at.date(), **more))

    def due_of(self, start: date, amount: int, unit: str) -> date:
        """About when it is due: what the portal promises, rightly or not."""
        match unit:
            case "ngày làm việc":
                return self.calendar.add_workdays(start, amount)
            case "ngày":
                return self._rolled(start + timedelta(days=amount))
            case "tháng":
                return self._rolled(start + timedelta(days=30 * amount))
            case _:
                return self.calendar.add_workdays(start, 1)

    def _rolled(self, day: date) -> date:
        return day if self.calendar.is_workday(day) else self.calendar.add_workdays(day, 1)

    def told(self) -> Dossier:
        """The whole of it."""
        random = self.random
        procedure, _, _, amount, unit, agency = random.choices(PROCEDURES, _SHARE)[0]
        is_ward = agency == "H99.31"
        desk = agency if is_ward else "H99.00"
        channel = random.choices((2, 1, 3), (60, 34, 6))[0]
        knows_hours = not (is_ward and unit != "giờ" and random.random() < 0.15)
        accepted = self.at(self.start)
        if channel == 2:
            self.note("NOP", accepted - timedelta(hours=random.choice((1, 2, 20))))
        self.note("TIEP_NHAN", accepted)
        self.note("IN_PHIEU", accepted + timedelta(minutes=2))
        promised = due = self.due_of(self.start, amount, unit)
        handed = accepted + timedelta(minutes=random.choice((15, 30, 50)))
        if accepted.hour >= 15 and random.random() < 0.7:
            handed = datetime.combine(self.calendar.add_workdays(self.start, 1), time(8, 10))
        self.note("CHUYEN_XU_LY", handed)
        if amount >= 5:
            due = self._on_the_way(due, amount, unit, agency)
        self._ended(due, amount, random.random() < 0.08)
        if random.random() < 0.004:
            self.note("QUET_ANH", self.events[-1].at)
        dossier_id = f"{desk}-{self.start:%y%m%d}-{self.number:07d}"
        promise = datetime.combine(promised, time(17, 0))
        self.events.sort(key=lambda event: (event.recorded, event.at))
        return Dossier(dossier_id, procedure, agency, desk, channel, promise, knows_hours, tuple(self.events))

    def _on_the_way(self, due: date, amount: int, unit: str, agency: str) -> date:
        random, calendar = self.random, self.calendar
        story = random.random()
        if story < 0.10:
            asked = calendar.add_workdays(self.start, random.choice((1, 2, 3)))
            self.note("YEU_CAU_BO_SUNG", self.at(asked, 9))
            if random.random() < 0.9:
                back = calendar.add_workdays(asked, random.randrange(1, 12))
                self.note("DA_BO_SUNG", self.at(back))
                return self.due_of(back, amount, unit)
        elif story < 0.14:
            paused = calendar.add_workdays(self.start, 2)
            days = random.randrange(1, 6)
            planned = self.at(calendar.add_workdays(paused, days))
            self.note("TAM_DUNG", self.at(paused), reason="chờ nộp phí", ground="thông báo nộp phí")
            # Now and then the end of a stop is recorded at once, for a day still to come.
            self.note("TIEP_TUC", planned, paused if random.random() < 0.3 else None)
            return calendar.add_workdays(due, days)
        elif story < 0.30:
            other = random.choice([code for code, _, level in UNITS if level == "tỉnh" and code != agency])
            given = calendar.add_workdays(self.start, 1)
            step_due = calendar.add_workdays(given, 3)
            self.note("GIAO_BUOC", self.at(given), agency=other, due=datetime.combine(step_due, time(17, 0)))
            done = calendar.add_workdays(given, random.choice((1, 2, 3, 3, 5)))
            self.note("XONG_BUOC", self.at(done), agency=other)
        elif story < 0.32:
            self.note("TU_CHOI", self.at(calendar.add_workdays(self.start, random.choice((2, 3, 6))), 9))
        return due

    def _ended(self, due: date, amount: int, is_late: bool) -> None:
        random, calendar = self.random, self.calendar
        if any(event.action == "TU_CHOI" for event in self.events):
            return
        waits = sum({"YEU_CAU_BO_SUNG": 1, "DA_BO_SUNG": -1}.get(event.action, 0) for event in self.events)
        if waits or random.random() < 0.005:
            return  # nobody ever finishes it
        if not is_late:
            earlier = due - timedelta(days=random.choice((0, 0, 1, 1, 2, 3)) if amount > 3 else 0)
            day = max(earlier if calendar.is_workday(earlier) else due, self.events[-1].at.date())
            done = self.at(day, 15)
        else:
            before = due - timedelta(days=1)
            told = random.random()
            if told < 0.8:
                said = self.at(before if told < 0.6 else due, 9)
                recorded = said.date() + timedelta(days=random.choice((0, 0, 0, 2)))
                self.note("BAO_TRE_HAN", said, recorded)
                new_due = calendar.add_workdays(due, 5)
                self.note("XIN_LOI", said, recorded, reason=random.choice(_REASONS), new_due=new_due)
                self.note("HEN_LAI", said, recorded, new_due=new_due)
            done = self.at(calendar.add_workdays(due, random.choice((1, 2, 3, 5, 9))))
        self.note("CO_KET_QUA", done)
        self.note("TRA_KET_QUA", done + timedelta(hours=random.choice((1, 20))))


def dossiers(count: int, first: date, calendar: Calendar) -> Iterator[Dossier]:
    """So many dossiers, which arrive on workdays from that day on; a larger number begins with the same ones."""
    start = first if calendar.is_workday(first) else calendar.add_workdays(first, 1)
    workdays = [calendar.add_workdays(start, number) for number in range(SPREAD)]
    for number in range(1, count + 1):
        yield _Story(number, calendar, workdays).told()


# -- into the portal -----------------------------------------------------------------------------------------------


def fill(
    session: Session, count: int, first: date, until: date, calendar: Calendar, tick: Callable[[int], None]
) -> int:
    """Record in the portal what is known by the end of that day and is not there yet; how many rows of the history."""
    _check(session, count, first, until)
    session.begin()
    session.ask("SELECT count(*) FROM cong.ho_so")
    _static(session)
    arrived = (one for one in dossiers(count, first, calendar) if one.events[0].recorded <= until)
    rows = 0
    done = 0
    while piece := list(islice(arrived, _PIECE)):
        rows += _record(session, piece, until)
        done += len(piece)
        tick(done)
    session.do("DELETE FROM cong.du_lieu_vi_du")
    session.do("INSERT INTO cong.du_lieu_vi_du VALUES ($1::integer, $2, $3)", count, first, until)
    session.commit()
    return rows


def _check(session: Session, count: int, first: date, until: date) -> None:
    """Only a portal that holds the very same invented data, up to an earlier day, is gone on with."""
    there = session.ask("SELECT so_ho_so, tu_ngay, den_ngay FROM cong.du_lieu_vi_du")
    ((strangers,),) = session.ask("SELECT count(*) FROM cong.ho_so") if not there else ((0,),)
    if strangers or (there and (there[0][:2] != (count, first) or until < there[0][2])):
        raise PortalError(
            Problem(
                "PG-exists",
                "cong.ho_so",
                "đã có hồ sơ khác ở đây: chỉ nạp tiếp đúng dữ liệu bịa đã nạp (cùng --dossiers, --from, --until không "
                "lùi); không gì bị ghi đè",
                "other dossiers are here: only the very invented data is gone on with (same --dossiers and --from, "
                "--until not earlier); nothing is overwritten",
                known=tuple(f"--dossiers {n} --from {a} --until {z}" for n, a, z in there),
            )
        )


def _static(session: Session) -> None:
    for unit in UNITS:
        session.do("INSERT INTO cong.don_vi VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", *unit)
    for *procedure, _ in PROCEDURES:
        session.do("INSERT INTO cong.thu_tuc VALUES ($1, $2, $3, $4::integer, $5) ON CONFLICT DO NOTHING", *procedure)


def _record(session: Session, piece: list[Dossier], until: date) -> int:
    """Copy a piece beside the tables, and put in what is not there yet."""
    files, history = _tables(piece, until)
    session.copy_in("ho_so_moi", pa.RecordBatchReader.from_batches(files.schema, files.to_batches()))
    session.copy_in("lich_su_moi", pa.RecordBatchReader.from_batches(history.schema, history.to_batches()))
    session.do(
        "INSERT INTO cong.ho_so SELECT ma_ho_so, ma_thu_tuc, don_vi_giai_quyet, bo_phan_mot_cua,"
        " kenh_thuc_hien::smallint, ngay_hen_tra, trang_thai::smallint FROM ho_so_moi ON CONFLICT DO NOTHING"
    )
    session.do(
        "UPDATE cong.ho_so h SET trang_thai = m.trang_thai::smallint FROM ho_so_moi m"
        " WHERE h.ma_ho_so = m.ma_ho_so AND h.trang_thai IS DISTINCT FROM m.trang_thai::smallint"
    )
    ((rows,),) = session.ask(
        "WITH moi AS (INSERT INTO cong.lich_su (ma_ho_so, stt, hanh_dong, luc, ngay, han_moi, han_buoc, ly_do, can_cu,"
        " co_quan) SELECT ma_ho_so, stt, hanh_dong, luc, ngay, han_moi, han_buoc, ly_do, can_cu, co_quan"
        " FROM lich_su_moi ON CONFLICT DO NOTHING RETURNING 1) SELECT count(*) FROM moi"
    )
    session.do("DROP TABLE ho_so_moi")
    session.do("DROP TABLE lich_su_moi")
    return int(rows)


def _tables(piece: list[Dossier], until: date) -> tuple[pa.Table, pa.Table]:
    files: list[dict[str, Any]] = []
    history: list[dict[str, Any]] = []
    for one in piece:
        known = [(place, event) for place, event in enumerate(one.events, 1) if event.recorded <= until]
        files.append(
            {
                "ma_ho_so": one.dossier_id, "ma_thu_tuc": one.procedure, "don_vi_giai_quyet": one.unit,
                "bo_phan_mot_cua": one.desk, "kenh_thuc_hien": one.channel, "ngay_hen_tra": one.promised,
                "trang_thai": _state_of([event.action for _, event in known]),
            }
        )  # fmt: skip
        for place, event in known:
            history.append(
                {
                    "ma_ho_so": one.dossier_id, "stt": place, "hanh_dong": event.action,
                    "luc": event.at.replace(tzinfo=_VIETNAM) if one.knows_hours else None,
                    "ngay": None if one.knows_hours else event.at.date(),
                    "han_moi": event.new_due,
                    "han_buoc": None if event.due is None else event.due.replace(tzinfo=_VIETNAM),
                    "ly_do": event.reason, "can_cu": event.ground, "co_quan": event.agency,
                }
            )  # fmt: skip
    return pa.Table.from_pylist(files, _FILES), pa.Table.from_pylist(history, _HISTORY)


def _state_of(actions: list[str]) -> int:
    """The portal's own state, which nothing is judged by."""
    states = {"TRA_KET_QUA": 10, "CO_KET_QUA": 9, "TU_CHOI": 3, "YEU_CAU_BO_SUNG": 5, "CHUYEN_XU_LY": 4, "TIEP_NHAN": 2}
    return next((states[action] for action in reversed(actions) if action in states), 1)


_FILES: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("ma_ho_so", "ma_thu_tuc", "don_vi_giai_quyet", "bo_phan_mot_cua")),
        ("kenh_thuc_hien", pa.int32()),
        ("ngay_hen_tra", pa.timestamp("us")),
        ("trang_thai", pa.int32()),
    ]
)
_HISTORY: Final = pa.schema(
    [
        ("ma_ho_so", pa.string()),
        ("stt", pa.int32()),
        ("hanh_dong", pa.string()),
        ("luc", pa.timestamp("us", "UTC")),
        ("ngay", pa.date32()),
        ("han_moi", pa.date32()),
        ("han_buoc", pa.timestamp("us", "UTC")),
        *((name, pa.string()) for name in ("ly_do", "can_cu", "co_quan")),
    ]
)
