"""What every row stands on beside its own dossier: where one of these is another, every row is made anew."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from tthc_rules.code import code_digest
from tthc_rules.errors import InputFileError
from tthc_rules.law.civil import day_of
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.known import KnownLaw
from tthc_rules.law.question import Question
from tthc_rules.library import Rulebook
from tthc_rules.result.columns import RESULTS_FORMAT
from tthc_rules.runs.nightly import complaints
from tthc_rules.runs.nightly.reasons import Reason
from tthc_rules.runs.nightly.state import State
from tthc_rules.runs.output import plain_file

_ALL: Final = (Reason.code, Reason.rules, Reason.calendar, Reason.question, Reason.form)


def basis_of(
    book: Rulebook, question: Question, log: dict[str, Any], form: str, plain: bool, columns: tuple[str, ...]
) -> dict[str, Any]:
    """What the rows of a night stand on, under the reason for which another makes them all anew."""
    known = day_of(question.known_on)
    return {
        Reason.code.value: [code_digest(), RESULTS_FORMAT],
        Reason.rules.value: [book.corpus.digest, edition(book.corpus, known)],
        Reason.calendar.value: {
            name: law.known_on(known).digest for name, law in sorted(book.corpus.calendars.items())
        },
        Reason.question.value: [
            question.lateness, question.calendar, question.hours, question.strict, log.get("read"),
        ],
        Reason.form.value: [form, plain, list(columns)],
        "log": log["kind"],
        "fetched_on": log["fetched_on"],
        "as_of": question.as_of.isoformat(),
    }  # fmt: skip


def edition(corpus: Corpus, known_on: int) -> int:
    """Two days with one number know the same law and the same catalogue."""
    entries = {row.known_from for rows in corpus.catalogue.values() for row in rows if row.known_from is not None}
    return KnownLaw(corpus).edition(known_on) + bisect_right(sorted(entries), known_on)


def another(before: dict[str, Any], now: dict[str, Any]) -> Reason | None:
    """Why every row is made anew, if every row is."""
    found = next((reason for reason in _ALL if before.get(reason.value) != now[reason.value]), None)
    if found is None and date.fromisoformat(now["as_of"]) < date.fromisoformat(before["as_of"]):
        return Reason.earlier
    return found


def before_of(state: State, result: Path, now: dict[str, Any], is_delta: bool) -> dict[str, Any]:
    """What the rows of the night before stand on; raises where this night cannot go on with them."""
    before = state.said("basis")
    said = state.said("result")
    if not isinstance(before, dict) or not isinstance(said, str) or "as_of" not in before:
        raise InputFileError(complaints.foreign_state(state.shown))
    try:
        same = digest_of_file(result) == said
    except OSError:
        same = False
    if not same:
        raise InputFileError(complaints.other_result(result))
    if before["log"] != now["log"]:
        raise InputFileError(complaints.other_log(state.shown, str(before["log"]), str(now["log"])))
    if is_delta and before[Reason.code.value] != now[Reason.code.value]:
        raise InputFileError(complaints.other_code(state.shown))
    return before


def digest_of_file(path: Path) -> str:
    """The digest of a result; raises `OSError`."""
    made = sha256()
    with plain_file(path) as file:
        while block := file.read(1 << 20):
            made.update(block)
    return made.hexdigest()
