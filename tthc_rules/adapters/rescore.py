"""A file of dossiers in, a file of verdicts out, on the reference engine; one bad dossier is one error row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from tthc_rules.adapters.assemble import RawDossier
from tthc_rules.adapters.results import Row, columns_of, error_row, row_of, writer_for
from tthc_rules.errors import DossierError, TthcError
from tthc_rules.evaluate import words
from tthc_rules.evaluate.verdict import Verdict
from tthc_rules.library import Rulebook


@dataclass
class Summary:
    """What a run found: dossiers by punctuality, notes, and errors by code."""

    dossiers: int = 0
    punctuality: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, row: Row) -> None:
        """Count one row of the result."""
        self.dossiers += 1
        if row.get("error_code"):
            self.errors[str(row["error_code"])] += 1
            return
        self.punctuality[str(row["punctuality"])] += 1
        self.notes.update(code for code in str(row["notes"] or "").split("|") if code)
        self.missed.update(name for name, value in row.items() if value in ("missed", "broken"))

    def lines(self, lang: str = "vi") -> list[str]:
        """The summary as a person reads it."""

        def t(vietnamese: str, english: str) -> str:
            return vietnamese if lang == "vi" else english

        lines = [t(f"{self.dossiers} hồ sơ", f"{self.dossiers} dossiers")]
        for code, count in self.punctuality.most_common():
            lines.append(f"  {count:>8}  {words.say(words.PUNCTUALITY, code, lang)} [{code}]")
        for title, counter in (
            (t("Nghĩa vụ không thực hiện, giới hạn bị vượt", "Duties missed, limits broken"), self.missed),
            (t("Ghi chú", "Notes"), self.notes),
            (t("Dòng lỗi, không kết luận được", "Error rows, not judged"), self.errors),
        ):
            if counter:
                lines.append(title)
                lines += [
                    f"  {count:>8}  {words.say(words.NOTES, code, lang)} [{code}]"
                    if code in words.NOTES
                    else f"  {count:>8}  {code}"
                    for code, count in counter.most_common()
                ]
        return lines


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
    format: str | None = None,
    progress: Callable[[int], None] = lambda done: None,
    each: Callable[[Verdict], None] = lambda verdict: None,
) -> Summary:
    """Judge every dossier on `as_of` and write one row each to `target`; returns what was counted.

    The target appears only when the whole run is done. `progress` is told how many dossiers are done,
    `each` sees every verdict.
    """
    duties = sorted(
        {
            duty
            for family in book.corpus.rules.values()
            for versions in family.values()
            for rule in versions
            for duty in rule.duties
        }
    )
    summary = Summary()
    with writer_for(target, columns_of(duties), format) as writer:
        for raw in dossiers:
            try:
                if raw.problems:
                    raise DossierError(raw.problems)
                verdict = book.evaluate(
                    raw.data, as_of, known_on=known_on, lateness=lateness, calendar=calendar, hours=hours
                )
                row = row_of(verdict, raw.data)
                each(verdict)
            except TthcError as error:
                row = error_row(raw.dossier_id, error)
            writer.write(row)
            summary.add(row)
            progress(summary.dossiers)
    return summary
