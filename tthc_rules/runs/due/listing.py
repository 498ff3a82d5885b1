"""Acts that fall due as a person reads them: by unit and role, then by day, what is past its day first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, Literal, NamedTuple, Protocol

from tthc_rules.errors import shown
from tthc_rules.law.codes import STEP
from tthc_rules.result import words
from tthc_rules.runs.due.acts import DueAct, DueActs, Refused

Tone = Literal["", "head", "late", "today", "faint"]
MOST_REFUSED: Final = 20
"""Faults that are told one by one."""


class Line(NamedTuple):
    """A line, and how it is to be seen on a terminal."""

    text: str
    tone: Tone = ""


def listing(found: DueActs, lang: str) -> Iterator[Line]:
    """The list: what could not be judged, how much there is, then each group."""
    return _Listing(found, lang).lines()


class HasRefused(Protocol):
    """A list that says what could not be judged."""

    @property
    def refused(self) -> tuple[Refused, ...]: ...
    @property
    def refused_dossiers(self) -> int: ...


def refused_lines(found: HasRefused, lang: str) -> Iterator[Line]:
    """What could not be judged, counted and then one by one; nothing where all could."""
    if not found.refused:
        return
    many = found.refused_dossiers
    vi = lang == "vi"
    yield Line(
        f"{many} HỒ SƠ, DÒNG LỖI, KHÔNG XÉT ĐƯỢC" if vi else f"{many} DOSSIERS OR ROWS COULD NOT BE JUDGED", "late"
    )
    nameless = sum(not one.dossier_id for one in found.refused)
    if nameless:
        yield Line(
            f"  {nameless} dòng không đọc được mã hồ sơ: hồ sơ nào cũng có thể thiếu việc"
            if vi
            else f"  {nameless} rows whose dossier cannot be read: any dossier may lack what stood there"
        )
    for one in found.refused[:MOST_REFUSED]:
        yield Line(f"  {one.code} {shown(one.place, 200)}: {one.vi if vi else one.en}")
    if (more := len(found.refused) - MOST_REFUSED) > 0:
        yield Line(f"  … còn {more} lỗi nữa" if vi else f"  … {more} more")
    yield Line("")


def total_lines(found: DueActs, lang: str) -> Iterator[Line]:
    """How much there is, in how many dossiers."""
    return _Listing(found, lang).totals()


def owner(one: DueAct) -> tuple[bool, str, tuple[str, ...]]:
    """What an act is listed under: whether its unit is not known, the unit, the roles."""
    return one.unit is None, one.unit or "", tuple(one.roles)


class _Listing:
    """One list in one language."""

    def __init__(self, found: DueActs, lang: str) -> None:
        self.found, self.lang = found, lang

    def t(self, vietnamese: str, english: str) -> str:
        return vietnamese if self.lang == "vi" else english

    def lines(self) -> Iterator[Line]:
        found = self.found
        yield from refused_lines(found, self.lang)
        yield Line(
            self.t(
                f"VIỆC ĐẾN HẠN đến hết ngày {found.until:%d/%m/%Y}",
                f"WHAT FALLS DUE up to and including {found.until:%d/%m/%Y}",
            ),
            "head",
        )
        yield Line(
            self.t(
                f"  xét đến hết ngày {found.as_of:%d/%m/%Y}, trong {found.within} ngày làm việc kể cả ngày đó",
                f"  as of the end of {found.as_of:%d/%m/%Y}, within {found.within} workdays, that day included",
            )
        )
        yield from self.totals()
        for (_, unit, roles), acts in groupby(sorted(found.acts, key=owner), key=owner):
            yield from self._group(unit, roles, list(acts))

    def totals(self) -> Iterator[Line]:
        """How many dossiers, acts, and dossiers of which nothing can be said."""
        found = self.found
        todo = [one for one in found.acts if not one.is_past_condition]
        late = sum(one.overdue for one in todo)
        yield Line(
            self.t(
                f"  {found.dossiers} hồ sơ; {len(todo)} việc, {late} đã quá ngày",
                f"  {found.dossiers} dossiers; {len(todo)} acts, {late} past their day",
            )
        )
        if found.undetermined:
            yield Line(
                self.t(
                    f"  {found.undetermined} hồ sơ chưa kết luận được vì nguồn không ghi: không nêu việc",
                    f"  {found.undetermined} dossiers of which the source does not show enough: no acts",
                )
            )
        if not todo:
            yield Line(self.t("  không có việc nào", "  nothing is due"))

    def _group(self, unit: str, roles: tuple[str, ...], acts: list[DueAct]) -> Iterator[Line]:
        who = unit or self.t("(hồ sơ không ghi đơn vị)", "(the dossier names no unit)")
        answers = ", ".join(words.say(words.ROLES, role, self.lang) for role in roles)
        yield Line("")
        yield Line(f"{shown(who, 200)} — {answers}" if answers else shown(who, 200), "head")
        for (overdue, _), of_day in groupby(
            (one for one in acts if not one.is_past_condition), key=lambda one: (one.overdue, one.by)
        ):
            listed = list(of_day)
            yield self._day(listed[0])
            for one in listed:
                yield from self._act(one, "late" if overdue else "")
        past = Counter((one.label[self.lang], one.only_if or "") for one in acts if one.is_past_condition)
        if past:
            yield Line("  " + self.t("ngày đã qua, chưa phát sinh:", "past their day, not raised:"), "faint")
            for (label, condition), times in past.items():
                yield Line(f"    {times} × {label}; {words.say(words.ONLY_IF, condition, self.lang)}", "faint")

    def _day(self, one: DueAct) -> Line:
        weekday = words.of(words.WEEKDAYS[one.by.weekday()], self.lang)
        tone: Tone = ""
        if one.overdue:
            days = -one.workdays_left
            tail, tone = self.t(f"QUÁ NGÀY {days} ngày làm việc", f"PAST BY {days} workdays"), "late"
            if not days:
                tail = self.t("QUÁ NGÀY", "PAST ITS DAY")
        elif one.by == self.found.as_of:
            tail, tone = self.t("NGAY TRONG NGÀY", "ON THE DAY ITSELF"), "today"
        elif not one.workdays_left:
            tail, tone = self.t("ngày nghỉ, không còn ngày làm việc nào", "a day off, and no workday left"), "today"
        else:
            tail = self.t(f"còn {one.workdays_left} ngày làm việc", f"{one.workdays_left} workdays left")
        return Line(f"  {one.by:%d/%m/%Y} {weekday} — {tail}", tone)

    def _act(self, one: DueAct, tone: Tone) -> Iterator[Line]:
        hour = "" if one.by_time is None else self.t(f", trước {one.by_time}", f", by {one.by_time}")
        name = one.dossier_id if one.procedure is None else f"{one.dossier_id} ({one.procedure})"
        yield Line(f"    {shown(name, 200)}{hour}", tone)
        yield Line(f"      {one.label[self.lang]} [{shown(one.act) if one.act.startswith(STEP) else one.act}]")
        for said in self._beside(one):
            yield Line(f"      {said}", "faint")

    def _beside(self, one: DueAct) -> Iterable[str]:
        if one.only_if is not None:
            yield words.say(words.ONLY_IF, one.only_if, self.lang)
        if one.provisional:
            yield self.t("ngày tạm tính: lịch nghỉ chưa công bố", "provisional: days off not published yet")
