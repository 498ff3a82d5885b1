"""Folders of rule files -> one `Corpus`; what is wrong in any of them is reported together."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeAlias, assert_never

from pydantic import ValidationError

from tthc_rules.errors import Problem, RuleFileError, reason_of, unknown_word
from tthc_rules.law.civil import day_of
from tthc_rules.law.complaints import MOST, problems_of
from tthc_rules.law.corpus import (
    Corpus,
    Example,
    HoursTable,
    Jurisdiction,
    Level,
    RegisterEntry,
    Retired,
    duties_of,
    versions_of,
)
from tthc_rules.law.evidence import Citation, Interpretation
from tthc_rules.law.forms import Forms
from tthc_rules.law.indicator import Indicator, Total
from tthc_rules.law.inforce import gaps_and_overlaps, ordered
from tthc_rules.law.names import Names
from tthc_rules.law.rule import CatalogueEntry, ClockVersion, Overlay, Rule
from tthc_rules.law.unit_duty import Office, UnitDuty
from tthc_rules.rulefile import catalogue, complaints, schema, yamltext
from tthc_rules.rulefile.calendars import CalendarParts
from tthc_rules.rulefile.collector import collector_at_rest
from tthc_rules.rulefile.folders import each_once, rule_files
from tthc_rules.rulefile.indicators import indicator
from tthc_rules.rulefile.resolve import Path as KeyPath
from tthc_rules.rulefile.resolve import Resolver, choose, citations, evidence

NATIONAL: Final = "one_stop"
"""The family that local rules stand beside."""
BESIDE: Final = frozenset({"national", "indicators"})
"""Folders of duties of units, of indicators and forms."""
LOCAL: Final = "local/"
"""Before the id of a place: the family of its own rules."""
_KEYS_OF_A_FILE: Final = tuple(schema.KINDS)
_Dated: TypeAlias = (
    schema.RuleFile
    | schema.RepealFile
    | schema.ClockFile
    | schema.OverlayFile
    | schema.UnitDutyFile
    | schema.IndicatorFile
    | schema.FormsFile
    | schema.OfficeFile
)


@dataclass
class _Shelf:
    """What the files of a load have given so far."""

    alternatives: Mapping[str, str]
    unconfirmed: bool = False
    problems: list[Problem] = field(default_factory=list)
    clocks: dict[str, list[ClockVersion]] = field(default_factory=lambda: defaultdict(list))
    rules: dict[str, dict[str, list[Rule]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    calendars: dict[str, CalendarParts] = field(default_factory=lambda: defaultdict(CalendarParts))
    hours: dict[str, HoursTable] = field(default_factory=dict)
    catalogue: dict[str, list[CatalogueEntry]] = field(default_factory=lambda: defaultdict(list))
    jurisdictions: dict[str, Jurisdiction] = field(default_factory=dict)
    place_lists: dict[str, tuple[Citation, ...]] = field(default_factory=dict)
    registers: list[RegisterEntry] = field(default_factory=list)
    overlays: dict[str, list[Overlay]] = field(default_factory=lambda: defaultdict(list))
    unit_duties: dict[str, list[UnitDuty]] = field(default_factory=lambda: defaultdict(list))
    indicators: dict[str, list[Indicator]] = field(default_factory=lambda: defaultdict(list))
    forms: list[Forms] = field(default_factory=list)
    examples: dict[str, tuple[Example, ...]] = field(default_factory=dict)
    interpretations: dict[str, Interpretation] = field(default_factory=dict)
    retired: dict[str, Retired] = field(default_factory=dict)
    offices: dict[str, list[Office]] = field(default_factory=lambda: defaultdict(list))
    levels: dict[str, Level] = field(default_factory=dict)
    documents: dict[str, yamltext.Document] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)


def load(folders: Iterable[Path], alternatives: Mapping[str, str] | None = None, unconfirmed: bool = False) -> Corpus:
    """The law in these folders, later ones added to earlier ones; raises `RuleFileError` with every problem.

    A folder that is named twice is read once. `alternatives` takes, by the id of an interpretation, the reading to use
    instead of the recorded one; `unconfirmed` turns on the rules that stand only on what nobody has read.
    """
    shelf = _Shelf(dict(alternatives or {}), unconfirmed)
    with collector_at_rest():
        for folder in each_once(folders):
            for path in rule_files(folder, shelf.problems):
                _read(path, path.relative_to(folder), shelf)
    _check_versions(shelf)
    known = tuple(shelf.interpretations)
    for name in shelf.alternatives:
        if name not in known:
            problem = unknown_word("interpretations", "cách hiểu", "interpretation", name, known, "TR-rule-reading")
            shelf.problems.append(_or_retired(shelf, "interpretations", name, problem))
    calendars = {name: parts.law(name, shelf.problems) for name, parts in shelf.calendars.items()}
    _check_calendars(shelf, tuple(calendars))
    _check_retired(shelf)
    if not shelf.problems:  # of what could not be read, nobody knows which folder it belongs to
        _check_families(shelf)
    if shelf.problems:
        raise RuleFileError(_placed(problem, shelf) for problem in shelf.problems)
    return Corpus(
        {family: ordered(versions) for family, versions in shelf.clocks.items()},
        {
            family: {name: ordered(versions) for name, versions in rules.items()}
            for family, rules in shelf.rules.items()
        },
        {name: law for name, law in calendars.items() if law is not None},
        shelf.hours,
        {name: catalogue.in_order(rows) for name, rows in shelf.catalogue.items()},
        shelf.jurisdictions,
        shelf.place_lists,
        tuple(shelf.registers),
        _local_acts(shelf),
        {name: ordered(duties) for name, duties in shelf.unit_duties.items()},
        ordered(shelf.forms),
        shelf.examples,
        shelf.interpretations,
        _digest(shelf),
        tuple(shelf.files),
        {name: ordered(versions) for name, versions in shelf.indicators.items()},
        shelf.retired,
        {name: ordered(versions) for name, versions in shelf.offices.items()},
        shelf.levels,
    )


_PLACES: Final[Mapping[str, KeyPath]] = {
    "TR-rule-unknown-calendar": ("calendar",),
    "TR-rule-overlap": ("effective", "from"),
    "TR-rule-gap": ("effective", "from"),
    "TR-rule-interval": ("effective", "to"),
    "TR-rule-pick": ("effective", "picked_by"),
    "TR-rule-replaces": ("rule",),
}


def _placed(problem: Problem, shelf: _Shelf) -> Problem:
    """A problem that was found between files, shown at the line that causes it."""
    document = shelf.documents.get(problem.place)
    where = _PLACES.get(problem.code)
    return problem if document is None or where is None else document.locate(problem, where)


def _digest(shelf: _Shelf) -> str:
    """Of every file and of every choice: two corpora with one digest judge alike."""
    for name, reading in sorted(shelf.alternatives.items()):
        shelf.digest.update(f"{name}={reading}\0".encode())
    shelf.digest.update(b"unconfirmed" if shelf.unconfirmed else b"")
    return shelf.digest.hexdigest()


def _read(path: Path, inside: Path, shelf: _Shelf) -> None:
    try:
        content = yamltext.read_bytes(path)
        document = yamltext.read(content, str(path))
    except OSError as error:
        shelf.problems.append(_unreadable(path, error))
        return
    except RuleFileError as error:
        shelf.problems += error.problems
        return
    shelf.digest.update(f"{inside.as_posix()}\0{len(content)}\0".encode() + content)
    shelf.files.append(inside.as_posix())
    data = yamltext.plain(document.root)
    shape = schema.shape_of(data) if isinstance(data, dict) else None
    if shape is None:
        problem = Problem(
            "TR-rule-kind",
            "",
            "tệp không nói nó là loại gì",
            "the file does not say what it is",
            known=_KEYS_OF_A_FILE,
        )
        shelf.problems.append(document.locate(problem, ()))
        return
    chosen = choose(data, shelf.alternatives)
    shelf.problems += [document.locate(problem, where) for problem, where in chosen]
    try:
        part = shape.model_validate(data)
    except ValidationError as error:
        shelf.problems += _schema_problems(error, document, shape)
        return
    _shelve(part, inside, document, shelf)


def _schema_problems(error: ValidationError, document: yamltext.Document, shape: type[schema.Part]) -> list[Problem]:
    located = []
    details = error.errors(include_url=False)[:MOST]
    wrong = {tuple(detail["loc"]) for detail in details}
    for detail, problem in zip(details, problems_of(error, "", shape), strict=False):
        where = tuple(detail["loc"])
        if detail["type"] == "too_short" and any(len(w) > len(where) and w[: len(where)] == where for w in wrong):
            continue  # it is too short only because what is in it is wrong
        missing = f" «{where[-1]}»" if detail["type"] == "missing" else ""
        said = replace(problem, vi=problem.vi + missing, en=problem.en + missing)
        located.append(document.locate(said, where, key=detail["type"] == "extra_forbidden"))
    return located


def _shelve(part: schema.Part, inside: Path, document: yamltext.Document, shelf: _Shelf) -> None:
    source = document.source.place(document.root.mark)
    shelf.documents[source] = document
    version = inside.parent.as_posix()

    def report(problem: Problem, where: KeyPath) -> None:
        shelf.problems.append(document.locate(problem, where))

    resolver = Resolver(report, shelf.alternatives, shelf.unconfirmed)
    if isinstance(part, _Dated):
        _check_folder(part, inside, report)
        for interpretation in resolver.interpretations(getattr(part, "interpretations", ())):
            shelf.interpretations.setdefault(interpretation.id, interpretation)
    if isinstance(part, schema.RuleFile):
        rule = resolver.rule(part, version, source)
        shelf.rules[rule.family][rule.id].append(rule)
        shelf.examples[source] = tuple(
            Example(example.name, example.given, example.expect, document.source.place(document.find(("examples", at))))
            for at, example in enumerate(part.examples)
        )
    elif isinstance(part, schema.RepealFile):
        rule = resolver.repealed(part, version, source)
        shelf.rules[rule.family][rule.id].append(rule)
    elif isinstance(part, schema.OverlayFile):
        shelf.overlays[inside.parent.parent.as_posix()].append(resolver.overlay(part, version, source))
    elif isinstance(part, schema.UnitDutyFile | schema.IndicatorFile | schema.FormsFile | schema.OfficeFile):
        _shelve_of_units(part, resolver, version, source, shelf)
    elif isinstance(part, schema.ClockFile):
        shelf.clocks[part.clock].append(resolver.clock(part, version, source))
    elif isinstance(part, schema.CalendarHead | schema.CalendarYear | schema.CalendarStatute):
        shelf.calendars[part.calendar].add(part, report)
    else:
        _shelve_table(part, source, shelf)


def _shelve_table(part: schema.Part, source: str, shelf: _Shelf) -> None:
    if isinstance(part, schema.HoursFile):
        seasons = tuple(
            (season.from_, season.to, tuple((shift.from_, shift.to) for shift in season.shifts))
            for season in part.seasons
        )
        if part.hours in shelf.hours:
            shelf.problems.append(_twice(source, part.hours))
        shelf.hours[part.hours] = HoursTable(part.hours, part.jurisdictions, seasons, citations(part.citations))
    elif isinstance(part, schema.CatalogueFile):
        for entry in catalogue.entries(part, source):
            shelf.catalogue[entry.procedure].append(entry)
    elif isinstance(part, schema.JurisdictionsFile):
        shelf.place_lists[source] = citations(part.citations)
        for place in part.rows:
            if place.id in shelf.jurisdictions:
                shelf.problems.append(_twice(source, place.id))
            shelf.jurisdictions[place.id] = Jurisdiction(
                place.id, place.name.model_dump(), place.from_, place.to, place.merged_into or ""
            )
    else:
        _shelve_list(part, source, shelf)


def _shelve_of_units(
    part: schema.UnitDutyFile | schema.IndicatorFile | schema.FormsFile | schema.OfficeFile,
    resolver: Resolver,
    version: str,
    source: str,
    shelf: _Shelf,
) -> None:
    match part:
        case schema.UnitDutyFile():
            shelf.unit_duties[part.unit_duty].append(resolver.unit_duty(part, version, source))
        case schema.IndicatorFile():
            shelf.indicators[part.indicator].append(indicator(resolver, part, version, source))
        case schema.OfficeFile():
            shelf.offices[part.office].append(resolver.office(part, version, source))
        case schema.FormsFile():
            shelf.forms.append(resolver.forms(part, version, source))
        case _:
            assert_never(part)


def _shelve_list(part: schema.Part, source: str, shelf: _Shelf) -> None:
    if isinstance(part, schema.LevelsFile):
        for level in part.rows:
            if level.kind in shelf.levels:
                shelf.problems.append(_twice(source, level.kind))
            said = citations(part.citations)
            shelf.levels[level.kind] = Level(level.kind, level.label.model_dump(), day_of(level.until), said, source)
    elif isinstance(part, schema.RetiredFile):
        for gone in part.rows:
            if gone.id in shelf.retired:
                shelf.problems.append(_twice(source, gone.id))
            shelf.retired[gone.id] = Retired(gone.id, gone.successor or "", gone.because.model_dump(), source)
    elif isinstance(part, schema.RegisterFile):
        shelf.registers += [
            RegisterEntry(
                row.id,
                row.label.model_dump(),
                citations(row.citations),
                row.state,
                row.because.model_dump(),
                source,
                row.seed_rows,
                row.law_rows,
            )
            for row in part.rows
        ]


def _check_folder(part: _Dated, inside: Path, report: Callable[[Problem, KeyPath], None]) -> None:
    """A file lies in <family>/<first day in force>/, so that the tree says what is law when."""
    wanted = part.effective.from_.isoformat()
    family = part.clock if isinstance(part, schema.ClockFile) else None
    parts = inside.parent.parts
    if len(parts) < 2 or parts[-1] != wanted or (family is not None and parts[0] != family):
        report(
            Problem(
                "TR-rule-folder",
                "",
                f"tệp phải nằm trong thư mục {family or '<dòng văn bản>'}/{wanted}/ (ngày có hiệu lực)",
                f"the file belongs in the folder {family or '<family>'}/{wanted}/ (its first day in force)",
            ),
            ("effective", "from"),
        )


def _check_versions(shelf: _Shelf) -> None:
    for family, clocks in shelf.clocks.items():
        shelf.problems += gaps_and_overlaps(f"clock: {family}", ordered(clocks))
    for family, rules in shelf.rules.items():
        for name, versions in rules.items():
            shelf.problems += gaps_and_overlaps(name, ordered(versions))
            last = versions[-1]
            if len({version.picked_by for version in versions}) > 1:
                shelf.problems.append(complaints.picked_apart(last.source, name))
            if family.startswith("local/") and name in shelf.rules.get(NATIONAL, {}):
                shelf.problems.append(_replaces(last.source, name))
    shelf.problems += catalogue.problems_of(shelf.catalogue, tuple(shelf.clocks), shelf.jurisdictions)
    _check_overlays(shelf)
    _check_beside(shelf)
    for duty, unit_duties in shelf.unit_duties.items():
        shelf.problems += gaps_and_overlaps(duty, ordered(unit_duties))
    for office, offices in shelf.offices.items():
        shelf.problems += gaps_and_overlaps(office, ordered(offices))
    _check_indicators(shelf)
    shelf.problems += gaps_and_overlaps("forms", ordered(shelf.forms))


def _check_families(shelf: _Shelf) -> None:
    """No file lies where it would never be asked, or in a folder that was meant to be another."""
    meant = Names((NATIONAL, *(row.family for rows in shelf.catalogue.values() for row in rows)))
    of_dossiers = meant.known | {family for family in shelf.clocks if not meant.meant(family)}
    places = frozenset(f"{LOCAL}{name}" for name in shelf.jurisdictions)
    beside = Names(of_dossiers | places | BESIDE)
    first: dict[str, str] = {family: clocks[0].source for family, clocks in shelf.clocks.items()}
    for family, rules in shelf.rules.items():
        first.setdefault(family, next(iter(rules.values()))[0].source)
    for family, source in first.items():
        if family not in of_dossiers | places:
            shelf.problems.append(_never_asked(source, family, of_dossiers | places))
    for family, overlays in shelf.overlays.items():
        if family not in places:
            shelf.problems.append(_never_asked(overlays[0].source, family, places))
    for source, version in _of_units(shelf):
        family = version.rpartition("/")[0]
        is_lost = "/" in family and family not in places  # what stands in no place is asked everywhere
        if is_lost or beside.meant(family):
            shelf.problems.append(_never_asked(source, family, beside.known))


def _of_units(shelf: _Shelf) -> Iterator[tuple[str, str]]:
    """Source and folder of what no family of dossiers holds: duties of units, indicators, forms."""
    for duties in shelf.unit_duties.values():
        yield from ((duty.source, duty.version) for duty in duties)
    for indicators in shelf.indicators.values():
        yield from ((one.source, one.version) for one in indicators)
    yield from ((forms.source, forms.version) for forms in shelf.forms)


def _check_indicators(shelf: _Shelf) -> None:
    """Versions in line; a total adds indicators that exist, and no other totals."""
    parts = tuple(n for n, versions in shelf.indicators.items() if not any(isinstance(v.way, Total) for v in versions))
    for name, versions in shelf.indicators.items():
        shelf.problems += gaps_and_overlaps(name, ordered(versions))
        for version in versions:
            for part in version.way.of if isinstance(version.way, Total) else ():
                if part not in parts:
                    words = ("chỉ số", "indicator", part, parts, "TR-rule-unknown-indicator")
                    shelf.problems.append(unknown_word(version.source, *words))


def _check_beside(shelf: _Shelf) -> None:
    """A family stands beside one that has a clock and stands beside none; all its versions say the same."""
    alone = tuple(family for family, clocks in shelf.clocks.items() if not any(clock.beside for clock in clocks))
    for family, clocks in shelf.clocks.items():
        for clock in clocks:
            if clock.beside and clock.beside not in alone:
                words = ("dòng văn bản", "regime", clock.beside, alone, "TR-rule-unknown-regime")
                shelf.problems.append(unknown_word(clock.source, *words))
            elif clock.beside != clocks[0].beside:
                shelf.problems.append(complaints.beside_apart(clock.source, family))


def _local_acts(shelf: _Shelf) -> dict[str, tuple[Overlay, ...]]:
    """What places add or except; an act that nobody has read binds nobody unless the law was loaded with it."""
    read = {
        family: [one for one in overlays if shelf.unconfirmed or evidence(one.citations) != "unconfirmed"]
        for family, overlays in shelf.overlays.items()
    }
    return {family: ordered(overlays) for family, overlays in read.items() if overlays}


def _check_overlays(shelf: _Shelf) -> None:
    """A local act adds to, or excepts from, a duty that exists, on an outcome that it may have."""
    duties = duties_of(shelf.rules)
    limits = {limit.id for rule in versions_of(shelf.rules) for limit in rule.limits}
    for overlays in shelf.overlays.values():
        for overlay in overlays:
            for added in overlay.responsibilities:
                if added.duty in duties:
                    of_limit = added.duty in limits
                    shelf.problems += complaints.wrong_outcomes(overlay.source, sorted(added.outcomes), of_limit)
            for name in (*(r.duty for r in overlay.responsibilities), *(e.duty for e in overlay.excepts)):
                if name not in duties:
                    words = ("nghĩa vụ", "duty", name, duties, "TR-rule-unknown-duty")
                    problem = unknown_word(overlay.source, *words)
                    shelf.problems.append(_or_retired(shelf, overlay.source, name, problem))


def _check_retired(shelf: _Shelf) -> None:
    """An id that is used no more is borne by nothing, and what stands in its place is there."""
    bearers = {duty: rule.source for rule in versions_of(shelf.rules) for duty in rule.duties}
    bearers.update(dict.fromkeys(shelf.interpretations, "interpretations"))
    for name, one in shelf.retired.items():
        if name in bearers:
            shelf.problems.append(one.told(bearers[name]))
        if one.successor and one.successor not in bearers:
            words = ("nghĩa vụ, giới hạn hay cách hiểu", "duty, limit or reading", one.successor, tuple(bearers))
            shelf.problems.append(unknown_word(one.source, *words, "TR-rule-successor"))


def _or_retired(shelf: _Shelf, place: str, name: str, unknown: Problem) -> Problem:
    """A name that is not known: used once, and what stands in its place, or never."""
    one = shelf.retired.get(name)
    return unknown if one is None else one.told(place)


def _check_calendars(shelf: _Shelf, known: tuple[str, ...]) -> None:
    for clocks in shelf.clocks.values():
        for clock in clocks:
            if clock.calendar not in known:
                problem = unknown_word(
                    clock.source, "lịch", "calendar", clock.calendar, known, "TR-rule-unknown-calendar"
                )
                shelf.problems.append(problem)


def _never_asked(source: str, family: str, known: frozenset[str]) -> Problem:
    said = unknown_word(source, "thư mục", "folder", family, tuple(sorted(known)), "TR-rule-never")
    return replace(
        said,
        vi=f"{said.vi}: quy tắc ở đây không bao giờ được áp dụng",
        en=f"{said.en}: a rule in it would never apply",
    )


def _twice(source: str, name: str) -> Problem:
    return Problem("TR-rule-twice", source, f"«{name}» được ghi hai lần", f"“{name}” is written twice")


def _replaces(source: str, name: str) -> Problem:
    return Problem(
        "TR-rule-replaces",
        source,
        f"quy tắc của địa phương không được trùng mã với quy tắc chung «{name}»: chỉ được thêm hoặc loại trừ",
        f"a local rule may not bear the id of the national rule “{name}”: it may only add or except",
    )


def _unreadable(path: Path, error: OSError) -> Problem:
    vi, en = reason_of(error)
    return Problem("TR-rule-unreadable", str(path), f"không đọc được tệp: {vi}", f"cannot read the file: {en}")
