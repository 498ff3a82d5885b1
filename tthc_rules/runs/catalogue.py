"""Published limits -> a catalogue file of rules: what is certain as entries, all else listed and left out.

The files are ours as long as their first line bears the digest of the rest: one that somebody changed, or made, is
never written over.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final
from unicodedata import normalize

from tthc_rules.errors import InputFileError, OptionError, Problem, visible
from tthc_rules.logs.catalogue import CHANNELS, Published
from tthc_rules.logs.described import read_limit
from tthc_rules.logs.spreadsheet import guarded
from tthc_rules.logs.stated import (
    REFUSALS,
    Conditional,
    Conflict,
    NoTerm,
    SameDay,
    Term,
    TimeLimitText,
    UnitUnknown,
    Unreadable,
)
from tthc_rules.logs.terms import as_time_limit
from tthc_rules.runs.output import beside, claimed, write_text

SOURCE: Final = "Cổng Dịch vụ công quốc gia"
MOST: Final = 800_000
"""Bytes of one file: a rule file has at most a million."""
MOST_ENTRIES: Final = 3_000
_MADE: Final = re.compile(r"# tthc-rules catalogue sha256=([0-9a-f]{64})\n")

LimitKeys = tuple[tuple[str, int | str], ...]
"""A time limit as its keys and values, so that two of them can be compared."""

WHY: Final[dict[str, tuple[str, str]]] = {
    "conflict_unit": ("mâu thuẫn đơn vị giữa ô và mô tả", "cell and description name two units"),
    "conflict_amount": ("mâu thuẫn con số giữa ô và mô tả", "cell and description name two limits"),
    "conflict_lines": ("một cách nộp có hai thời hạn", "one way of filing has two limits"),
    "cases": ("tùy trường hợp", "depends on the case"),
    "unit_unknown": ("không rõ đơn vị", "the unit is unknown"),
    "no_term": ("không ghi thời hạn", "no limit is stated"),
    "not_whole": ("không phải số nguyên, hoặc là số 0", "not a whole number, or 0"),
    "other_start": ("không tính từ lúc nhận hồ sơ", "not counted from receipt"),
    "older": ("bản công bố cũ hơn của cùng thủ tục", "an older publication of the procedure"),
    "beside": ("cách nộp này còn dòng khác không chắc", "another line of this way of filing is in doubt"),
    "local": ("quyết định của một địa phương, không rõ nơi nào", "a decision of one place, which one it does not say"),
    **{f"refused_{name}": words for name, words in REFUSALS.items()},
}
"""Why a line is no entry, by the word that counts it."""


@dataclass(frozen=True, slots=True)
class Left:
    """A published line that is no entry: why, and what a person should look at."""

    line: Published
    why: str
    said: str


@dataclass(slots=True)
class CatalogueRun:
    """What a run made of a file: the entries, what was left out and what could not be used."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: int = 0
    files: tuple[Path, ...] = ()

    @property
    def conflicts(self) -> list[Left]:
        """What contradicts itself."""
        return [one for one in self.left if one.why.startswith("conflict")]

    def summary(self, lang: str = "vi") -> Iterator[str]:
        """The counts, and the conflicts by the code of the procedure."""
        vi = lang == "vi"
        if self.problems:
            yield f"{len(self.problems)} dòng không dùng được" if vi else f"{len(self.problems)} unusable lines"
        found = f"{self.lines} dòng, {len(self.entries)} thời hạn, {len(self.left)} dòng để lại"
        yield found if vi else f"{self.lines} lines, {len(self.entries)} limits, {len(self.left)} left out"
        for why, count in Counter(one.why for one in self.left).most_common():
            yield f"  {count:>6}  {WHY[why][0 if vi else 1]} ({why})"
        for one in self.conflicts[:20]:
            yield f"  {visible(one.line.procedure)} {'+'.join(one.line.channels)}: {one.said}"
        if len(self.conflicts) > 20:
            yield (
                f"  … {len(self.conflicts) - 20} mâu thuẫn nữa"
                if vi
                else f"  … {len(self.conflicts) - 20} more conflicts"
            )


def catalogue(
    lines: Iterable[Published | Problem],
    output: Path,
    *,
    rest: Path | None = None,
    since: date | None = None,
    regime: str = "one_stop",
    jurisdiction: str | None = None,
    inputs: Sequence[Path] = (),
    progress: Callable[[int], None] = lambda done: None,
) -> CatalogueRun:
    """Write the entries to `output`, and to `rest` every line that is none.

    `since` is the day of the lines that bear none. Raises `OptionError` or `InputFileError` before anything is written.
    """
    if output.suffix != ".yaml":
        raise OptionError(_no_yaml(output))
    outputs = [output, *([rest] if rest else [])]
    with claimed(outputs, inputs, parents=True) as targets:
        before = _ours(targets[0].path)
        if rest is not None:
            _check_rest(targets[1].path)
        outcome = made_of(lines, since=since, jurisdiction=jurisdiction, progress=progress)
        texts = [
            _text_of(part, _named(output, number), regime) for number, part in enumerate(_parts(outcome.entries), 1)
        ]
        places = [targets[0].path, *(_further(targets[0].path, number) for number in range(2, len(texts) + 1))]
        for place in set(places[1:]) - before:
            if place.exists() or place.is_symlink():
                raise InputFileError(_not_ours(place))
        for place, text in zip(places, texts, strict=True):
            write_text(place, text)
        for place in before - set(places):
            place.unlink(missing_ok=True)
        if rest is not None:
            _write_rest(targets[1].path, outcome.left)
        outcome.files = tuple(places)
    return outcome


def made_of(
    lines: Iterable[Published | Problem],
    *,
    since: date | None = None,
    jurisdiction: str | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> CatalogueRun:
    """The entries that published lines make, and what of them is left out."""
    outcome = CatalogueRun()
    procedures: dict[str, list[Published]] = defaultdict(list)
    for done, line in enumerate(lines, 1):
        progress(done)
        if isinstance(line, Problem):
            outcome.problems.append(line)
            continue
        outcome.lines += 1
        if line.known_from is None and since is None:
            raise OptionError(_no_day(line))
        procedures[line.procedure].append(replace(line, known_from=line.known_from or since))
    if not outcome.lines:  # of a file that cannot be used nothing is written over what an earlier one gave
        raise InputFileError(outcome.problems[:20] or _nothing())
    for code in sorted(procedures):
        _procedure(procedures[code], jurisdiction, outcome)
    return outcome


# -- one procedure -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Read:
    line: Published
    limit: LimitKeys
    kept: tuple[str, ...]
    """What the texts say beside the limit, in their own words."""

    @property
    def channels(self) -> tuple[str, ...]:
        """The ways of filing that it is for."""
        return self.line.channels or CHANNELS


def _procedure(lines: list[Published], jurisdiction: str | None, outcome: CatalogueRun) -> None:
    """The entries of one procedure: a way of filing has one only where all its lines say the same."""
    newest = max(line.known_from or date.min for line in lines)
    decided = [
        _decided(line, jurisdiction) if line.known_from == newest else Left(line, "older", f"«{line.cell}»")
        for line in lines
    ]
    doubts = {channel: why for channel in CHANNELS if (why := _doubt(decided, channel)) is not None}
    together: dict[LimitKeys, list[_Read]] = defaultdict(list)
    for one in decided:
        if isinstance(one, Left):
            outcome.left.append(one)
        elif why := next((doubts[channel] for channel in one.channels if channel in doubts), None):
            outcome.left.append(Left(one.line, why, f"«{one.line.cell}»"))
        else:
            together[one.limit].append(one)
    for limit, read in together.items():
        channels = [channel for channel in CHANNELS if any(channel in one.channels for one in read)]
        outcome.entries.append(_entry(read, limit, channels if len(channels) < len(CHANNELS) else [], jurisdiction))


def _doubt(decided: list[_Read | Left], channel: str) -> str | None:
    """Why nobody can say what the limit of a way of filing is, if so."""
    mine = [one for one in decided if channel in (one.line.channels or CHANNELS)]
    if len({one.limit for one in mine if isinstance(one, _Read)}) > 1:
        return "conflict_lines"
    return "beside" if any(isinstance(one, Left) and one.why not in _SAYS_NOTHING for one in mine) else None


_SAYS_NOTHING: Final = frozenset({"older", "no_term"})


def _decided(line: Published, jurisdiction: str | None) -> _Read | Left:
    if jurisdiction is None and _LOCAL.search(line.decision):
        return Left(line, "local", line.decision)
    term = read_limit(line.cell, line.description or None)
    limit = as_time_limit(term) if not isinstance(term, Conflict) else None
    if limit is None:
        return Left(line, _why(term), term.say())
    kept = term.conditions if isinstance(term, TimeLimitText | SameDay) else ()
    steps = [step.say() for step in term.steps] if isinstance(term, TimeLimitText) else []
    return _Read(line, tuple(limit.items()), (*kept, *steps))


_LOCAL: Final = re.compile(r"QĐ-(?:UBND|HĐND)", re.IGNORECASE)


def _why(term: Term | Conflict) -> str:
    match term:
        case Conflict(about=about):
            return f"conflict_{about}"
        case Unreadable(refusal=refusal):
            return f"refused_{refusal}"
        case Conditional():
            return "cases"
        case UnitUnknown():
            return "unit_unknown"
        case NoTerm():
            return "no_term"
        case TimeLimitText(amount) if not isinstance(amount, int) or amount == 0:
            return "not_whole"
        case TimeLimitText() | SameDay():
            return "other_start"


def _entry(read: list[_Read], limit: LimitKeys, channels: list[str], jurisdiction: str | None) -> dict[str, Any]:
    day = max(one.line.known_from or date.min for one in read).isoformat()
    cited: dict[str, str] = {}
    for one in read:
        said = "; ".join((f"«{one.line.cell or one.line.description}»", *(f"«{words}»" for words in one.kept)))
        cited.setdefault(one.line.decision or SOURCE, f"{SOURCE}, {day}: {said}"[:400])
    return {
        "procedure": read[0].line.procedure,
        "from": day,
        "known_from": day,
        **({"channels": channels} if channels else {}),
        **({"jurisdictions": [jurisdiction]} if jurisdiction else {}),
        "time_limit": dict(limit),
        "citations": [{"document": one, "status": "secondary", "source": source} for one, source in cited.items()],
    }


# -- the files ---------------------------------------------------------------------------------------------------------

_HEADER: Final = ("place", "procedure", "channels", "why", "said", "cell", "description", "decision")


def _parts(entries: list[dict[str, Any]]) -> Iterator[str]:
    """The entries as texts, each as large as one file may be; an empty one if there is none."""
    held: list[str] = []
    size = 0
    for entry in entries:
        text = _written(entry)
        if held and (size + len(text.encode()) > MOST or len(held) == MOST_ENTRIES):
            yield "".join(held)
            held, size = [], 0
        held.append(text)
        size += len(text.encode())
    yield "".join(held)


def _written(entry: dict[str, Any]) -> str:
    cited = ", ".join(
        f"{{document: {_quoted(one['document'])}, status: {one['status']}, source: {_quoted(one['source'])}}}"
        for one in entry["citations"]
    )
    limit = ", ".join(
        f"{key}: {_quoted(value) if key == 'cutoff' else value}" for key, value in entry["time_limit"].items()
    )
    said = [f"procedure: {_quoted(entry['procedure'])}"]
    said += [f'{key}: "{entry[key]}"' for key in ("from", "known_from")]
    said += [f"{key}: [{', '.join(entry[key])}]" for key in ("channels", "jurisdictions") if key in entry]
    said += [f"time_limit: {{{limit}}}", f"citations: [{cited}]"]
    return "  - " + "\n    ".join(said) + "\n"


def _quoted(text: object) -> str:
    return json.dumps(visible(" ".join(str(text).split())), ensure_ascii=False)


def _text_of(entries: str, name: str, regime: str) -> str:
    body = (
        f"format: 1\ntime_limits: {name}\n"
        f'label: {{vi: "Thời hạn công bố trên {SOURCE}", en: "Limits published on the national portal"}}\n'
        f"regime: {regime}\nentries:" + (f"\n{entries}" if entries else " []\n")
    )
    return f"# tthc-rules catalogue sha256={hashlib.sha256(body.encode()).hexdigest()}\n{body}"


def _named(output: Path, number: int) -> str:
    """The id of the file: its name without marks."""
    plain = normalize("NFD", output.stem.lower().replace("đ", "d"))
    slug = re.sub(r"[^a-z0-9]+", "-", "".join(sign for sign in plain if sign.isascii())).strip("-")[:50] or "catalogue"
    return slug if number == 1 else f"{slug}-{number}"


def _further(output: Path, number: int) -> Path:
    return output.with_name(f"{output.stem}-{number}{output.suffix}")


def _ours(output: Path) -> set[Path]:
    """The files of an earlier run, none of them changed since; raises where something else bears the name."""
    if not output.exists():
        return set()
    if not _is_ours(output):
        raise InputFileError(_not_ours(output))
    found = {output}
    number = 2
    while (further := _further(output, number)).exists() and _is_ours(further):
        found.add(further)
        number += 1
    return found


def _is_ours(path: Path) -> bool:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    made = _MADE.match(text)
    return made is not None and hashlib.sha256(text[made.end() :].encode()).hexdigest() == made[1]


def _check_rest(path: Path) -> None:
    if path.exists() and path.stat().st_size:
        with path.open("rb") as file:
            if file.readline().strip() != ",".join(_HEADER).encode():
                raise InputFileError(_not_ours(path))


def _write_rest(path: Path, left: list[Left]) -> None:
    with beside(path) as partial, partial.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_HEADER)
        for one in left:
            line = one.line
            said = (line.place, line.procedure, "|".join(line.channels), one.why, one.said)
            writer.writerow([guarded(visible(cell)) for cell in (*said, line.cell, line.description, line.decision)])


# -- what can be wrong -------------------------------------------------------------------------------------------------


def _no_yaml(output: Path) -> Problem:
    return Problem(
        "TR-option-value",
        "--output",
        f"«{visible(str(output))}»: tệp danh mục là tệp quy tắc, tên phải kết thúc bằng .yaml",
        f"“{visible(str(output))}”: a catalogue is a rule file, its name ends in .yaml",
    )


def _no_day(line: Published) -> Problem:
    return Problem(
        "TR-option-value",
        "--from",
        f"{line.place}: thủ tục «{visible(line.procedure)}» không ghi ngày công bố; thêm --from YYYY-MM-DD",
        f"{line.place}: procedure “{visible(line.procedure)}” has no day of publication; add --from YYYY-MM-DD",
    )


def _nothing() -> Problem:
    return Problem("TR-catalogue-empty", "", "tệp không có thủ tục nào", "the file holds no procedure")


def _not_ours(path: Path) -> Problem:
    return Problem(
        "TR-output-foreign",
        str(path),
        "tệp này không do lệnh này viết, hoặc đã được sửa sau đó, nên không ghi đè; dời nó đi hoặc nêu tên khác",
        "this file was not written by this command, or was changed since; it is not written over:"
        " move it, or give another name",
    )
