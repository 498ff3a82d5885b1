"""The chosen dossiers, what is asked of each, and what is said of it as the text of files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from tthc_rules import Rulebook, Verdict

HERE: Final = Path(__file__).parent
DOSSIERS: Final = HERE / "dossiers"
SAID: Final = HERE / "said"
DIGESTS: Final = {"rules": "…", "calendar": "…"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A dossier, and the question of which the answer is kept."""

    name: str
    dossier: dict[str, Any]
    as_of: date
    known_on: date | None = None
    lateness: str = "by_date"
    calendar: str | None = None

    def verdict(self, book: Rulebook, engine: str | None = None) -> Verdict:
        return book.evaluate(
            self.dossier,
            self.as_of,
            known_on=self.known_on,
            lateness=self.lateness,
            calendar=self.calendar,
            engine=engine,
        )

    def said(self, book: Rulebook, engine: str | None = None) -> dict[str, str]:
        """What is said, by name of file."""
        verdict = self.verdict(book, engine)
        data = {**verdict.model_dump(mode="json"), "digests": DIGESTS}
        return {
            f"{self.name}.json": json.dumps(data, ensure_ascii=False, indent=1) + "\n",
            **{f"{self.name}.{lang}.txt": _told(verdict, lang) for lang in ("vi", "en")},
            **{f"{self.name}.short.{lang}.txt": f"{verdict.explain(lang, short=True)}\n" for lang in ("vi", "en")},
        }

    def text(self) -> str:
        """The question as its file holds it."""
        asked: dict[str, Any] = {"as_of": self.as_of.isoformat()}
        if self.known_on is not None:
            asked["known_on"] = self.known_on.isoformat()
        if self.lateness != "by_date":
            asked["lateness"] = self.lateness
        if self.calendar is not None:
            asked["calendar"] = self.calendar
        return json.dumps({**asked, "dossier": self.dossier}, ensure_ascii=False, indent=1) + "\n"


def golden_book() -> Rulebook:
    """The shipped law and the two trial acts."""
    return Rulebook.load(HERE / "rules")


def read() -> list[Asked]:
    """The chosen dossiers, by name."""
    return [_asked(path) for path in sorted(DOSSIERS.glob("*.json"))]


def kept(name: str) -> dict[str, str]:
    """What is kept of that dossier, by name of file."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(SAID.glob(f"{name}.*"))}


def shows(verdict: Verdict) -> Iterator[tuple[str, ...]]:
    """What this verdict has that another may not have: its state, its notes, its outcomes."""
    clock = verdict.clock
    yield "punctuality", verdict.punctuality
    yield "reason", clock.reason
    yield "ended_by", str(clock.ended_by)
    yield "clock", str(clock.version)
    yield from (("note", note.code) for note in verdict.notes)
    for what, findings in (("obligation", verdict.obligations), ("limit", verdict.limits)):
        for finding in findings:
            yield what, finding.outcome
            yield what, finding.outcome, finding.id
    yield from (("step", step.outcome) for step in verdict.steps)


def _told(verdict: Verdict, lang: str) -> str:
    digests = verdict.digests
    text = verdict.explain(lang, day_by_day=True)
    for digest in (digests.rules, digests.calendar):
        text = text.replace(digest, "…").replace(digest[:12], "…")
    return text.rstrip("\n") + "\n"


def _asked(path: Path) -> Asked:
    data = json.loads(path.read_text(encoding="utf-8"))
    known = data.get("known_on")
    return Asked(
        path.stem,
        data["dossier"],
        date.fromisoformat(data["as_of"]),
        None if known is None else date.fromisoformat(known),
        data.get("lateness", "by_date"),
        data.get("calendar"),
    )
