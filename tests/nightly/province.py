"""A small province: dossiers that live through some weeks, as a log, as dossiers, and as messages of each sender.

A night is what came since the evening before. Some rows come late, some are of days to come, some come twice, some are
broken; some dossiers share a second, are sent before they have a number, or name what nobody knows.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from xml.sax.saxutils import quoteattr

Json = dict[str, Any]
FIRST: Final = date(2026, 11, 2)
"""The day of the first night."""
COLUMNS: Final = (
    "dossier_id", "kind", "at", "appointed_due", "new_due", "agency", "due", "procedure", "channel",
    "time_limit.amount", "time_limit.unit", "note",
)  # fmt: skip
_EVENING: Final = time(21, 30)


@dataclass(frozen=True, slots=True)
class Seen:
    """An event, and the day on which anybody learns of it."""

    known: date
    kind: str
    at: datetime
    fields: Json = field(default_factory=dict)


@dataclass(slots=True)
class Life:
    """A dossier with all that will have happened to it."""

    number: int
    accepted: datetime
    limit: int
    is_online: bool
    seen: list[Seen] = field(default_factory=list)

    @property
    def code(self) -> str:
        """Its code, which bears its day; one in eleven bears another."""
        day = self.accepted.date() - timedelta(days=3 * (self.number % 11 == 5))
        return f"H99.14-{day:%y%m%d}-{self.number:04d}"

    def until(self, day: date) -> list[Seen]:
        """What is known of it on the evening of a day."""
        return [one for one in self.seen if one.known <= day]

    def at(self, kind: str, day: date) -> datetime | None:
        """When something of a kind happened, the last time, as known on a day."""
        found = [one.at for one in self.until(day) if one.kind == kind]
        return found[-1] if found else None


def lives(seed: int, count: int, nights: int) -> list[Life]:
    """Dossiers, most of them accepted before the first night and some on each night."""
    rng = Random(seed)
    return [_life(rng, number, nights) for number in range(count)]


def _life(rng: Random, number: int, nights: int) -> Life:
    day = FIRST + timedelta(days=rng.randrange(-25, nights))
    accepted = _on(rng, day, 7, 16)
    if number % 9 == 4:  # several in one second
        accepted = datetime.combine(day, time(9, 0, 1))
    life = Life(number, accepted, rng.choice((1, 3, 5, 10, 15, 20)), rng.random() < 0.4)
    due = accepted + timedelta(days=life.limit + 2 * (life.limit // 5))
    if rng.random() < 0.3:
        life.seen.append(Seen(day, "dossier_submitted", accepted - timedelta(hours=rng.randrange(1, 40))))
    late = timedelta(days=rng.choice((0, 0, 0, 0, 0, 1, 2, 4)))
    if rng.random() < 0.95:
        extra = {"appointed_due": f"{due.date()}T17:00"} if rng.random() < 0.7 else {}
        life.seen.append(Seen(day + late, "dossier_accepted", accepted, extra))
    _waiting(rng, life, day)
    if rng.random() < 0.75:
        _end(rng, life, accepted + timedelta(days=rng.randrange(max(2, life.limit * 2))))
    if rng.random() < 0.1:
        life.seen.append(Seen(day + timedelta(3), "scanned", accepted + timedelta(days=rng.randrange(12))))
    if rng.random() < 0.1:
        when = due - timedelta(days=rng.randrange(3))
        life.seen.append(Seen(when.date(), "reappointed", when, {"new_due": (due + timedelta(7)).date().isoformat()}))
    if rng.random() < 0.1:
        begun = accepted + timedelta(hours=3)
        until = (begun + timedelta(days=rng.randrange(1, 9))).date().isoformat()
        life.seen.append(Seen(day, "opinion_requested", begun, {"agency": "stc", "due": until}))
    life.seen.sort(key=lambda one: (one.known, one.at))
    return life


def _waiting(rng: Random, life: Life, day: date) -> None:
    if rng.random() < 0.25:
        asked = life.accepted + timedelta(days=rng.randrange(1, 4))
        life.seen.append(Seen(asked.date(), "supplement_requested", asked))
        if rng.random() < 0.7:
            got = asked + timedelta(days=rng.randrange(1, 8))
            life.seen.append(Seen(got.date(), "supplement_received", got))


def _end(rng: Random, life: Life, end: datetime) -> None:
    early = timedelta(days=rng.choice((0, 0, 0, 0, 2)))  # some are entered before their day
    kind = rng.choices(("result_issued", "dossier_withdrawn", "dossier_refused"), (12, 1, 1))[0]
    life.seen.append(Seen(max(end - early, life.accepted).date(), kind, end))
    if kind == "result_issued" and rng.random() < 0.5:
        back = end + timedelta(days=rng.randrange(4))
        life.seen.append(Seen(back.date(), "result_returned", back))


def _on(rng: Random, day: date, first: int, last: int) -> datetime:
    return datetime.combine(day, time(rng.randrange(first, last), rng.randrange(60), rng.randrange(60)))


# -- logs --------------------------------------------------------------------------------------------------------------


def rows_of(all_lives: list[Life], since: date | None, day: date) -> Iterator[list[str]]:
    """The rows that came after `since` (or ever) until the evening of a day, in the order in which they came."""
    came = [
        (one.known, life.number, life, one)
        for life in all_lives
        for one in life.until(day)
        if since is None or one.known > since
    ]
    for known, number, life, one in sorted(came, key=lambda each: each[:2]):
        row = [life.code, one.kind, one.at.isoformat(), *(one.fields.get(name, "") for name in COLUMNS[3:7])]
        row += ["1.000001", "online" if life.is_online else "in_person", str(life.limit), "workday", ""]
        yield row
        if number % 17 == 3 and one.kind == "dossier_accepted":
            yield row  # it comes twice
        if number % 41 == 7 and one.kind == "dossier_accepted" and known.day % 2:
            yield [life.code, "result_issued"]  # a row that is cut off


def as_csv(rows: Iterator[list[str]]) -> str:
    """The rows as a log."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(rows)
    return text.getvalue()


def as_events(rows: Iterator[list[str]]) -> str:
    """The same as objects, one a line; what is cut off has no time."""
    lines = []
    for row in rows:
        cells = {name: value for name, value in zip(COLUMNS, row, strict=False) if value}
        if "time_limit.amount" in cells:
            cells["time_limit.amount"] = int(cells["time_limit.amount"])  # type: ignore[assignment]
        lines.append(json.dumps(cells))
    return "\n".join(lines) + "\n"


def dossiers_of(all_lives: list[Life], since: date | None, day: date) -> list[Json]:
    """Each dossier of which something came, with all that is known of it."""
    return [
        {
            "dossier_id": life.code,
            "time_limit": {"amount": life.limit, "unit": "workday"},
            "events": [{"kind": one.kind, "at": one.at.isoformat(), **one.fields} for one in life.until(day)],
        }
        for life in _in_order_of_coming(all_lives)
        if any(since is None or one.known > since for one in life.until(day))
    ]


def as_dossiers(dossiers: list[Json]) -> str:
    """Dossiers as objects, one a line."""
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in dossiers)


def as_json(dossiers: list[Json]) -> str:
    """Dossiers as one JSON array."""
    return json.dumps(dossiers, ensure_ascii=False, indent=1)


def as_xes(dossiers: list[Json]) -> str:
    """Dossiers as traces."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<log>"]
    for one in dossiers:
        lines += ["<trace>", *_attributes({"concept:name": one["dossier_id"]} | one, ("dossier_id", "events"))]
        for event in one["events"]:
            named = {"concept:name": event["kind"], "time:timestamp": event.get("at", "")} | event
            lines += ["<event>", *_attributes(named, ("kind", "at")), "</event>"]
        lines.append("</trace>")
    return "\n".join([*lines, "</log>", ""])


def _attributes(fields: Json, but: tuple[str, ...], before: str = "") -> Iterator[str]:
    for name, value in fields.items():
        if name in but:
            continue
        if isinstance(value, dict):
            yield from _attributes(value, (), f"{before}{name}.")
        else:
            yield f'<string key="{before}{name}" value={quoteattr(str(value))}/>'


def _in_order_of_coming(all_lives: list[Life]) -> list[Life]:
    return sorted((life for life in all_lives if life.seen), key=lambda life: (life.seen[0].known, life.number))


# -- messages ----------------------------------------------------------------------------------------------------------


def messages_of(sender: str, all_lives: list[Life], day: date, arrive: bool = True) -> str:
    """The messages of one evening, one a line: a copy of each dossier of which something came on that day."""
    made = {"dvcqg": _dvcqg, "igate": _igate, "opencps": _opencps}[sender]
    changed = [life for life in all_lives if any(one.known == day for one in life.seen)]
    when = datetime.combine(day, _EVENING)
    lines = []
    for place, life in enumerate(changed):
        message: Json = {"body": made(life, day)}
        if arrive:
            message["received_at"] = (when + timedelta(minutes=place // 40)).isoformat()
        lines.append(json.dumps(message, ensure_ascii=False))
        if life.number % 53 == 11:
            lines.append(f'{{"body": {{"{_ID[sender]}": "{life.code}", "broken"')
    if day.day % 7 == 3:
        lines.append('{"body": {"nobody')
    return "\n".join(lines) + "\n"


_ID: Final = {"dvcqg": "MaHoSo", "igate": "code", "opencps": "dossierNo"}


def _dvcqg(life: Life, day: date) -> Json:
    accepted, issued = life.at("dossier_accepted", day), life.at("result_issued", day)
    asked, got = life.at("supplement_requested", day), life.at("supplement_received", day)
    episodes = []
    if asked is not None:
        episodes.append(
            {
                "HoSoBoSungId": f"{life.number}",
                "NgayBoSung": _digits(asked),
                "NgayTiepNhanBoSung": _digits(got),
                "TrangThaiBoSung": "1" if got else "0",
            }
        )
    status = "9" if issued else "5" if asked and not got else "2" if accepted else "1"
    if life.at("dossier_withdrawn", day):
        status = "7"
    # some are exported at once: the finish is the second in which the message is made
    if issued is not None and life.number % 13 == 2:
        issued = datetime.combine(day, _EVENING)
    return {
        "MaHoSo": life.code, "MaTTHC": "1.000001.000.00.00.H99", "MaLinhVuc": "G17-XD01",
        "KenhThucHien": "2" if life.is_online else "1", "NgayTiepNhan": _digits(accepted),
        "NgayHenTra": _promised(life, day), "TrangThaiHoSo": status, "NgayKetThucXuLy": _digits(issued),
        "NgayTra": _digits(life.at("result_returned", day)), "DonViXuLy": f"UBND xã {life.number % 5}",
        "DanhSachHoSoBoSung": episodes, "NgayTuChoi": _digits(life.at("dossier_refused", day)),
        "ChuHoSo": "NGƯỜI MẪU",
    }  # fmt: skip


def _digits(when: datetime | None) -> str:
    return "" if when is None else f"{when:%Y%m%d%H%M%S}"


def _promised(life: Life, day: date) -> str:
    moved = [one.fields["new_due"] for one in life.until(day) if one.kind == "reappointed"]
    first = [one.fields.get("appointed_due", "") for one in life.until(day) if one.kind == "dossier_accepted"]
    written = (moved or first or [""])[-1]
    return "" if not written else f"{written[:10].replace('-', '')}170000"


def _igate(life: Life, day: date) -> Json:
    issued, asked, got = (
        life.at(kind, day) for kind in ("result_issued", "supplement_requested", "supplement_received")
    )
    state = "Đã có kết quả" if issued else "Yêu cầu bổ sung" if asked and not got else "Đang xử lý"
    record = {
        "id": f"66aa{life.number:020d}", "code": life.code, "dossierStatus": {"id": 2, "name": state},
        "procedure": {"code": "1.000001.000.00.00.H99", "sector": {"code": "XD"}},
        "agency": {"code": "000.00.53.H99", "name": "UBND xã Ví Dụ"}, "applyMethod": {"name": "Trực tiếp"},
        "acceptedDate": _zoned(life.at("dossier_accepted", day)), "completedDate": _zoned(issued),
        "applicant": {"data": {"fullname": "NGƯỜI MẪU"}}, "processingTime": life.limit, "processingTimeUnit": "d",
    }  # fmt: skip
    return {"content": [record], "number": life.number % 4, "last": life.number % 4 == 3}


def _zoned(when: datetime | None) -> str | None:
    return None if when is None else f"{when:%Y-%m-%dT%H:%M:%S}.000+0700"


def _opencps(life: Life, day: date) -> Json:
    accepted, issued = life.at("dossier_accepted", day), life.at("result_issued", day)
    status = "done" if issued else "processing" if accepted else "new"
    # a file that is not accepted yet has no number: its first copies are known by their uid alone
    number = life.code if accepted or life.number % 3 else ""
    return {
        "dossierId": life.number, "referenceUid": f"uid-{life.number}", "dossierNo": number,
        "serviceCode": "1.000001.000.00.00.H99", "govAgencyCode": "000.00.99.H99", "applicantName": "NGƯỜI MẪU",
        "submitDate": "", "receiveDate": _slashed(accepted), "dueDate": "", "releaseDate": _slashed(issued),
        "finishDate": "", "dossierStatus": status, "online": "true", "durationCount": life.limit, "durationUnit": 0,
    }  # fmt: skip


def _slashed(when: datetime | None) -> str:
    return "" if when is None else f"{when:%d/%m/%Y %H:%M:%S}"


def write(path: Path, text: str) -> Path:
    """A file of a night."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
