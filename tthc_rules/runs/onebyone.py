"""A file of dossiers in, a file of verdicts out, on the reference engine; one bad dossier is one error row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, Literal

from tthc_rules import journal
from tthc_rules.errors import DossierError, EngineError, InputFileError, OptionError, Problem, TthcError, shown
from tthc_rules.law.codes import KINDS, KNOWN_KIND
from tthc_rules.library import Rulebook
from tthc_rules.logs.assemble import RawDossier
from tthc_rules.result import words
from tthc_rules.result.columns import columns_of, duties_among
from tthc_rules.result.row import Row, error_row, row_of
from tthc_rules.result.verdict import Verdict
from tthc_rules.runs.output import claimed
from tthc_rules.runs.writers import result_format, writer_for

MOST_SHOWN: Final = 40
"""Lines of one heading of a summary."""
FAULTS: Final = ("missed", "broken")
"""Outcomes that a summary counts by duty or limit."""


@dataclass
class Summary:
    """What a run found: rows of no known dossier, dossiers by punctuality, notes, and errors by code."""

    core: Literal["", "fast", "one"] = ""
    """Who judged: the fast core, or the one-dossier path, one by one."""
    dossiers: int = 0
    nameless: int = 0
    """Error rows whose dossier could not be read: any dossier may lack what stood there."""
    punctuality: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    """Dossiers by what they call by a name that nobody knows, as in the column `unknown_names`."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Dossiers that have an event of a kind that is `known`, or one that is not, by its kind."""
    missed: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    """Rows of activities that were not done, by what they said of themselves."""

    def add(self, row: Row) -> None:
        """Count one row of the result."""
        self.dossiers += bool(row.get("dossier_id"))
        self.nameless += not row.get("dossier_id")
        if row.get("error_code"):
            self.errors[str(row["error_code"])] += 1
            return
        self.punctuality[str(row["punctuality"])] += 1
        self.notes.update(code for code in str(row["notes"] or "").split("|") if code)
        self.names.update(name for name in str(row["unknown_names"] or "").split("|") if name)
        self.missed.update(name for name in duties_among(row) if row[name] in FAULTS)

    def lines(self, lang: str = "vi") -> list[str]:
        """The summary as a person reads it."""

        def t(vietnamese: str, english: str) -> str:
            return vietnamese if lang == "vi" else english

        lines = []
        if self.nameless:
            lines.append(
                t(
                    f"{self.nameless} dòng không đọc được mã hồ sơ: hồ sơ nào cũng có thể thiếu sự kiện ở các dòng đó",
                    f"{self.nameless} rows whose dossier cannot be read: any dossier may lack what stood there",
                )
            )
        lines.append(t(f"{self.dossiers} hồ sơ", f"{self.dossiers} dossiers"))
        for code, count in self.punctuality.most_common():
            lines.append(f"  {count:>8}  {words.say(words.PUNCTUALITY, code, lang)} [{code}]")
        for title, counter in (
            (t("Nghĩa vụ không thực hiện, giới hạn bị vượt", "Duties missed, limits broken"), self.missed),
            (t("Ghi chú", "Notes"), self.notes),
            (t("Tên không biết, giữ lại, không có tác dụng", "Unknown names, kept without effect"), self.names),
            (t("Dòng lỗi, không kết luận được", "Error rows, not judged"), self.errors),
            (t("Dòng không phải việc đã xong, không tính", "Rows of what was not done, left out"), self.left_out),
        ):
            if counter:
                lines.append(title)
                lines += [
                    f"  {count:>8}  {words.say(words.NOTES, code, lang)} [{code}]"
                    if code in words.NOTES
                    else f"  {count:>8}  {code}"
                    for code, count in counter.most_common(MOST_SHOWN)
                ]
                if (more := len(counter) - MOST_SHOWN) > 0:
                    lines.append(t(f"  {'…':>8}  còn {more} loại nữa", f"  {'…':>8}  {more} more"))
        match self.core:
            case "fast":
                lines.append(t("Tính trên lõi nhanh", "Judged on the fast core"))
            case "one":
                lines.append(
                    t(
                        'Tính từng hồ sơ một; nhanh hơn nhiều khi cài  pip install "tthc-rules[bulk]"',
                        'Judged one by one; much faster with  pip install "tthc-rules[bulk]"',
                    )
                )
        return lines

    def see_kinds(self, data: Mapping[str, object]) -> None:
        """Count the kinds of a dossier's events, as they are written."""
        events = data.get("events")
        written = [event.get("kind") for event in events if isinstance(event, dict)] if isinstance(events, list) else []
        self.kinds.update({KNOWN_KIND if kind in KINDS else kind for kind in written if isinstance(kind, str)})

    def ended(self, place: str) -> None:
        """The log was read to its end: the program's log is told, if `check_kinds` has nothing to say."""
        self.check_kinds(place)
        journal.run_ended(self.core, self.dossiers, self.errors.total(), self.nameless)

    def check_kinds(self, place: str) -> None:
        """Raise `InputFileError` where a log has events and no kind among them is known: it needs a mapping."""
        if self.kinds and not self.kinds[KNOWN_KIND]:
            raise InputFileError(no_kind_known(place, [kind for kind, _ in self.kinds.most_common(MOST_SHOWN)]))


def rescore(
    book: Rulebook,
    dossiers: Iterable[RawDossier],
    target: Path,
    as_of: date,
    *,
    known_on: date | None = None,
    lateness: str = "by_date",
    calendar: str | None = None,
    hours: str | None = None,
    strict: bool = False,
    format: str | None = None,
    plain: bool = False,
    progress: Callable[[int], None] = lambda done: None,
    each: Callable[[Verdict], None] = lambda verdict: None,
    at_end: Callable[[], None] = lambda: None,
    inputs: Iterable[Path] = (),
) -> Summary:
    """Judge every dossier on `as_of` and write one row each to `target`; returns what was counted.

    The target appears only when the whole run is done, and is none of the `inputs`. `progress` is told how many
    dossiers are done, `each` sees every verdict, `at_end` comes behind the last of them and may still refuse.
    """
    book.question(as_of, known_on, lateness, calendar, hours, strict)  # a bad option stops before anything is written
    summary, first = Summary(core="one"), ""
    form = result_format(target, format)
    with (
        claimed((target,), inputs) as (place,),
        writer_for(place.path, columns_of(book.corpus.duties), form, plain) as writer,
    ):
        for raw in dossiers:
            first = first or raw.place
            summary.see_kinds(raw.data)
            try:
                if raw.problems:
                    raise DossierError(raw.problems)
                verdict = book.evaluate(
                    raw.data, as_of, known_on=known_on, lateness=lateness, calendar=calendar, hours=hours,
                    strict=strict,
                )  # fmt: skip
                row = row_of(verdict)
                each(verdict)
            except (EngineError, OptionError):
                raise
            except TthcError as error:
                row = error_row(raw.dossier_id, error)
            writer.write(row)
            summary.add(row)
            summary.left_out.update(raw.left_out)
            progress(summary.dossiers + summary.nameless)
        at_end()
        summary.ended(first)
    return summary


def no_kind_known(place: str, kinds: Sequence[str]) -> Problem:
    """A log in which no event is of a kind that is known: it would be judged as if nothing had happened."""
    listed = ", ".join(f"«{shown(kind)}»" for kind in kinds)
    return Problem(
        "TR-file-kinds",
        place,
        f"tệp không có loại sự kiện nào đã biết ({listed}); viết tệp ánh xạ nói loại nào là gì: --mapping",
        f"no kind of event in the file is known ({listed}): write a mapping that says which is what (--mapping)",
    )
