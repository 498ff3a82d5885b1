"""Units through time: who continues whom, what kind a unit is, and who held which post on a day."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from tthc_rules.account import problems
from tthc_rules.account.inputs import Post, UnitRecord
from tthc_rules.account.problems import Remark
from tthc_rules.errors import Problem
from tthc_rules.law.civil import date_of

_NEVER: Final = 1 << 31
_MANY_AT_ONCE: Final = frozenset({"deputy_head"})
_CHAIN: Final = 64


@dataclass
class Organisation:
    """The register of units and their posts, as handed over; `remarks` is what is wrong with it."""

    units: tuple[UnitRecord, ...] = ()
    posts: tuple[Post, ...] = ()
    remarks: list[Remark] = field(default_factory=list)
    _records: dict[str, list[UnitRecord]] = field(default_factory=lambda: defaultdict(list))
    _posts: dict[tuple[str, str], list[Post]] = field(default_factory=lambda: defaultdict(list))
    _before: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _held: dict[object, list[Post]] = field(default_factory=dict)
    _over: dict[object, list[Post]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for record in self.units:
            if record.is_empty:
                self.remarks.append(problems.days_reversed("units", record.unit))
                continue
            self._records[record.unit].append(record)
            if record.became:
                self._before[record.became].add(record.unit)
        for unit, records in self._records.items():
            records.sort(key=_first_day)
            self._check_chain(unit)
        for post in self.posts:
            if post.to is not None and post.to < post.from_:
                self.remarks.append(problems.tenure_reversed(post.unit, post.person))
            else:
                self._posts[post.unit, post.role].append(post)
        for (unit, role), posts in self._posts.items():
            posts.sort(key=lambda post: (post.from_, post.person))
            if role not in _MANY_AT_ONCE:
                self.remarks += _overlaps(unit, role, posts)

    def _check_chain(self, unit: str) -> None:
        records = self._records[unit]
        for record in records:
            if record.became and record.to is None:
                said = ("có «became» mà không có ngày cuối (to)", "has “became” but no last day (to)")
                self.remarks.append(problems.succession_broken(unit, *said))
        seen = {unit}
        now = next((r.became for r in records if r.became), None)
        while now is not None:
            if now in seen:
                said = ("chuỗi kế thừa đi vòng", "its succession goes in a circle")
                self.remarks.append(problems.succession_broken(unit, *said))
                return
            seen.add(now)
            if now not in self._records:
                said = (f"đơn vị kế thừa «{now}» không có trong danh mục", f"its successor “{now}” is not registered")
                self.remarks.append(problems.succession_broken(unit, *said))
                return
            now = next((r.became for r in self._records[now] if r.became), None)

    def current(self, unit: str | None, day: int) -> str | None:
        """The unit that stands for this one on a day: its successor once it has ended."""
        now, seen = unit, 0
        while now is not None and seen < _CHAIN:
            ended = [r for r in self._records.get(now, ()) if r.became and r.to is not None]
            if not ended or any(r.to is None or r.to >= day for r in self._records[now]):
                return now
            now, seen = max(ended, key=lambda r: r.to or 0).became, seen + 1
        return unit

    def on(self, unit: str | None, day: int) -> str | None:
        """The unit as it was on a day: a successor after its end, the one predecessor before its beginning."""
        now = self.current(unit, day)
        for _ in range(_CHAIN):
            if now is None:
                return None
            starts = [r.from_ for r in self._records.get(now, ())]
            before = self._before.get(now, set())
            if not starts or any(s is None or s <= day for s in starts) or len(before) != 1:
                return now
            now = next(iter(before))
        return unit

    def record(self, unit: str | None, day: int) -> UnitRecord | None:
        """What the register says of a unit on a day; the latest it says where none covers the day."""
        records = self._records.get(unit or "", [])
        covering = [r for r in records if _first_day(r) <= day <= _last_day(r)]
        return max(covering or records, key=_first_day, default=None)

    @cached_property
    def cuts(self) -> tuple[int, ...]:
        """The days on which who holds a post, or which unit stands for which, can change."""
        dated: list[UnitRecord | Post] = [*self.units, *self.posts]
        starts = {record.from_ for record in dated if record.from_ is not None}
        ends = {record.to + 1 for record in dated if record.to is not None}
        return tuple(sorted(starts | ends))

    @property
    def by_field(self) -> bool:
        """Whether some deputy is in charge of some fields only."""
        return any(post.fields_ for post in self.posts)

    def holders(self, unit: str | None, role: str, day: int, field: str | None = None) -> list[Post]:
        """Who held the post on a day, by name of the unit as it was then; a deputy, if in charge of the field."""
        key = (unit, role, bisect_right(self.cuts, day), field)
        if key not in self._held:
            self._held[key] = self._holders(unit, role, day, field)
        return self._held[key]

    def _holders(self, unit: str | None, role: str, day: int, field: str | None) -> list[Post]:
        on = self.on(unit, day)
        return [
            post
            for post in self._posts.get((on or "", role), ())
            if post.from_ <= day <= (_NEVER if post.to is None else post.to)
            and (not post.fields_ or field is None or field in post.fields_)
        ]

    def heads(self, unit: str | None) -> list[Post]:
        """Everyone who headed a unit, by the first day."""
        return self._posts.get((unit or "", "head_of_unit"), [])

    def chairs(self, unit: str | None, day: int) -> list[Post]:
        """The chair over a unit: its own, else that of the nearest superior that has one."""
        key = (unit, bisect_right(self.cuts, day))
        if key not in self._over:
            self._over[key] = self._chairs(unit, day)
        return self._over[key]

    def _chairs(self, unit: str | None, day: int) -> list[Post]:
        now = self.on(unit, day)
        for _ in range(_CHAIN):
            if now is None:
                break
            found = self.holders(now, "chair", day)
            if found:
                return found
            record = self.record(now, day)
            now = None if record is None else record.superior
        return []

    def tenures(self, units: Iterable[str], first: int, last: int) -> Iterator[tuple[Post, int]]:
        """Every post of these units held in a span, with the days of it."""
        for unit in sorted(units):
            for (name, _), posts in sorted(self._posts.items()):
                if name == unit:
                    for post in posts:
                        days = min(last, _NEVER if post.to is None else post.to) - max(first, post.from_) + 1
                        if days > 0:
                            yield post, days

    def below(self, unit: str, day: int) -> set[str]:
        """The unit and every unit under it by `superior`, as registered on a day."""
        found = {unit}
        grown = True
        while grown:
            grown = False
            for name in self._records:
                record = self.record(name, day)
                if name not in found and record is not None and record.superior in found:
                    found.add(name)
                    grown = True
        return found

    def registered(self, day: int) -> Iterator[str]:
        """The units that exist on a day."""
        for unit, records in sorted(self._records.items()):
            if any(_first_day(r) <= day <= _last_day(r) for r in records):
                yield unit


def contradictions(units: Iterable[UnitRecord]) -> Iterator[Problem]:
    """Rows of the register that say different things of one unit on one day: which of them holds nobody knows."""
    last_of: dict[str, UnitRecord] = {}
    for record in sorted((one for one in units if not one.is_empty), key=_first_day):
        last = last_of.get(record.unit)
        if last is not None and _first_day(record) <= _last_day(last):
            for what in _SAID:
                said = (getattr(last, what), getattr(record, what))
                if said[0] != said[1]:
                    yield problems.unit_twice(record.unit, _shared_day(last, record), what, said)
                    break
        if last is None or _last_day(last) < _last_day(record):
            last_of[record.unit] = record


_SAID: Final = ("kind", "jurisdiction", "superior", "name", "became")


def _first_day(record: UnitRecord) -> int:
    return 0 if record.from_ is None else record.from_


def _last_day(record: UnitRecord) -> int:
    return _NEVER if record.to is None else record.to


def _shared_day(one: UnitRecord, other: UnitRecord) -> str:
    """A day that both rows are about."""
    named = [day for day in (other.from_, one.from_, one.to, other.to) if day is not None]
    return f"{date_of(named[0]):%d/%m/%Y}" if named else "bất kỳ / any"


def _overlaps(unit: str, role: str, posts: list[Post]) -> Iterator[Remark]:
    for at, one in enumerate(posts):
        for other in posts[at + 1 :]:
            first = max(one.from_, other.from_)
            last = min(_NEVER if one.to is None else one.to, _NEVER if other.to is None else other.to)
            if first <= last and one.person != other.person:
                until = "nay" if last == _NEVER else f"{date_of(last):%d/%m/%Y}"
                yield problems.tenures_overlap(
                    unit, role, (one.person, other.person), f"{date_of(first):%d/%m/%Y}", until
                )
