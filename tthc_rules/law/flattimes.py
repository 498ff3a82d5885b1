"""Where a time ends that is counted from a moment, as lines of the flat function: `law/outcome` says what they mean."""

from __future__ import annotations

from collections.abc import Sequence

from tthc_rules.law import clock
from tthc_rules.law.flatlines import NONE, Writing


class Times(Writing):
    """Writes the end of a time, as day and minute, and an event against it."""

    def _count_own(self, into: Sequence[str], at: str, own: str, rolls: bool) -> None:
        """As `law/outcome.own_ends`: a time of sector law from an event; nothing is counted beyond the calendar."""
        lines, amount, unit, last = self.lines, self._variable(), self._variable(), self._variable()
        lines.add(f"{amount} = {own} >> 3")
        lines.add(f"{unit} = {own} & 7")
        with lines.block(f"if {unit} == {clock.WORK_HOUR} and {amount} > 0:"):
            self._count_hours(into, at, amount)
        with lines.block("else:"):
            day, place = f"day[{at}]", self._variable()
            lines.add(f"{last} = {NONE}")
            with lines.block(f"if base < {day} <= last:"):
                with lines.block(f"if {unit} == {clock.WORKDAY} or {unit} == {clock.WORK_HOUR}:"):
                    if rolls:
                        lines.add(f"{place} = idx[{day} - base] + {amount}")
                        with lines.block(f"if {amount} == 0:"):
                            lines.add(f"{place} = idx[{day} - base - 1] + 1")
                        with lines.block(f"if {place} < len(nth):"):
                            lines.add(f"{last} = nth[{place}]")
                    else:
                        lines.add(f"{last} = {day}")
                        with lines.block(f"if {amount} > 0:"):
                            lines.add(f"{place} = idx[{day} - base] + {amount}")
                            lines.add(f"{last} = nth[{place}] if {place} < len(nth) else {NONE}")
                with lines.block("else:"):
                    end = self._variable()
                    lines.add(f"{end} = {day} + {amount} * (7 if {unit} == {clock.WEEK} else 1)")
                    with lines.block(f"if {unit} == {clock.MONTH} or {unit} == {clock.YEAR}:"):
                        self._count_months(end, day, f"{amount} * (12 if {unit} == {clock.YEAR} else 1)")
                    with lines.block(f"if {end} <= last:"):
                        if rolls:
                            lines.add(f"{place} = idx[{end} - base - 1] + 1")
                            lines.add(f"{last} = nth[{place}] if {place} < len(nth) else {NONE}")
                        else:
                            lines.add(f"{last} = {end}")
            self._until_midnight(into, last)

    def _count_months(self, into: str, day: str, months: str) -> None:
        """The corresponding day so many months later, or the last day of that month, as `law/clock` counts it."""
        lines = self.lines
        shifted, era, within, year, spot, month, of_month, longest = (self._variable() for _ in range(8))
        for line in (
            f"{shifted} = {day} + 719468",
            f"{era} = {shifted} // 146097",
            f"{within} = {shifted} - {era} * 146097",
            f"{year} = ({within} - {within} // 1460 + {within} // 36524 - {within} // 146096) // 365",
            f"{spot} = {within} - (365 * {year} + {year} // 4 - {year} // 100)",
            f"{month} = (5 * {spot} + 2) // 153",
            f"{of_month} = {spot} - (153 * {month} + 2) // 5 + 1",
            f"{month} = {month} + 3 if {month} < 10 else {month} - 9",
            f"{year} = {year} + {era} * 400 + (1 if {month} <= 2 else 0)",
            f"{month} += {months}",
            f"{year} += ({month} - 1) // 12",
            f"{month} = ({month} - 1) % 12 + 1",
            f"{longest} = 31",
        ):
            lines.add(line)
        with lines.block(f"if {month} == 4 or {month} == 6 or {month} == 9 or {month} == 11:"):
            lines.add(f"{longest} = 30")
        with lines.block(f"elif {month} == 2:"):
            leap = f"{year} % 4 == 0 and ({year} % 100 != 0 or {year} % 400 == 0)"
            lines.add(f"{longest} = 29 if {leap} else 28")
        for line in (
            f"{of_month} = min({of_month}, {longest})",
            f"{year} = {year} - (1 if {month} <= 2 else 0)",
            f"{era} = {year} // 400",
            f"{within} = {year} - {era} * 400",
            f"{spot} = (153 * ({month} - 3 if {month} > 2 else {month} + 9) + 2) // 5 + {of_month} - 1",
            f"{into} = {era} * 146097 + {within} * 365 + {within} // 4 - {within} // 100 + {spot} - 719468",
        ):
            lines.add(line)

    def _count_hours(self, into: Sequence[str], event: str, amount: str) -> None:
        """As `law/outcome.hours_after`, from the earliest and the latest minute of an event."""
        lines, day = self.lines, f"day[{event}]"
        turn, start, target, shift, low, high, mid = (self._variable() for _ in range(7))
        with (
            lines.block(f"for {turn} in range(2):"),
            lines.block(f"if base <= {day} < last and len(office) > 0:"),
        ):
            lines.add(f"{start} = minute[{event}] if minute[{event}] >= 0 else {turn} * 1440")
            lines.add(f"{target} = office[{day} - base]")
            lines.add(f"{shift} = shift_of[{day} - base] * 4")
            with lines.block(f"if office[{day} - base + 1] > {target}:"):
                for slot in (0, 2):
                    opens, shuts = f"shifts[{shift} + {slot}]", f"shifts[{shift} + {slot + 1}]"
                    with lines.block(f"if {start} > {opens}:"):
                        lines.add(f"{target} += min({start}, {shuts}) - {opens}")
            lines.add(f"{target} += {amount} * 60")
            with lines.block(f"if {target} <= office[last - base + 1]:"):
                lines.add(f"{low} = 0")
                lines.add(f"{high} = last - base + 1")
                with lines.block(f"while {low} < {high}:"):
                    lines.add(f"{mid} = ({low} + {high} + 1) // 2")
                    with lines.block(f"if office[{mid}] < {target}:"):
                        lines.add(f"{low} = {mid}")
                    with lines.block("else:"):
                        lines.add(f"{high} = {mid} - 1")
                lines.add(f"{target} -= office[{low}]")
                lines.add(f"{shift} = shift_of[{low}] * 4")
                lines.add(f"{mid} = shifts[{shift} + 1] - shifts[{shift}]")
                lines.add(
                    f"{start} = {target} + (shifts[{shift}] if {target} <= {mid} else shifts[{shift} + 2] - {mid})"
                )
                with lines.block(f"if {turn} == 0:"):
                    lines.add(f"{into[0]} = base + {low}")
                    lines.add(f"{into[1]} = {start}")
                with lines.block(f"if {into[0]} != {NONE}:"):
                    lines.add(f"{into[2]} = base + {low}")
                    lines.add(f"{into[3]} = {start}")
            with lines.block("else:"):
                lines.add(f"{into[2]} = {NONE}")

    def _count_office_days(self, into: Sequence[str], event: str, amount: int) -> None:
        """As `law/outcome.office_day`, from the earliest and the latest minute of an event."""
        lines, day = self.lines, f"day[{event}]"
        turn, start, place = (self._variable() for _ in range(3))
        with lines.block(f"for {turn} in range(2):"), lines.block(f"if base < {day} < last and len(office) > 0:"):
            lines.add(f"{start} = minute[{event}] if minute[{event}] >= 0 else {turn} * 1440")
            lines.add(f"{place} = idx[{day} - base] + {amount}")
            closed = f"{start} >= shifts[shift_of[{day} - base] * 4 + 3]"
            with lines.block(f"if office[{day} - base + 1] == office[{day} - base] or {closed}:"):
                lines.add(f"{place} += 1")
            with lines.block(f"if {place} < len(nth):"):
                with lines.block(f"if {turn} == 0:"):
                    lines.add(f"{into[0]} = nth[{place}]")
                    lines.add(f"{into[1]} = 1440")
                with lines.block(f"if {into[0]} != {NONE}:"):
                    lines.add(f"{into[2]} = nth[{place}]")
                    lines.add(f"{into[3]} = 1440")
            with lines.block("else:"):
                lines.add(f"{into[2]} = {NONE}")

    def _until_midnight(self, into: Sequence[str], last: str) -> None:
        """A time that is counted in days ends with its last day."""
        for part, value in zip(into, (last, "1440", last, "1440"), strict=True):
            self.lines.add(f"{part} = {value}")

    def _within(self, ends: Sequence[str], place: str) -> str:
        """An event against such an end, as a variable: -1 in time, 1 late, 0 where a day without an hour decides."""
        first_day, first, last_day, last = ends
        at, lines = self._variable(), self.lines
        lines.add(f"{at} = 1")
        with lines.block(f"if {place} >= 0:"):
            done, hour = f"day[{place}]", f"minute[{place}]"
            late = f"{done} > {last_day} or ({done} == {last_day} and {hour} > {last})"
            lines.add(f"{at} = 1 if {late} else 0")
            at_latest = f"({hour} if {hour} >= 0 else 1439)"
            in_time = f"{done} < {first_day} or ({done} == {first_day} and {at_latest} <= {first})"
            with lines.block(f"if {in_time}:"):
                lines.add(f"{at} = -1")
        return at
