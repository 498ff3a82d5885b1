"""Cases: a dossier, a day, and what is expected of the verdict; the format of our tests and of an integrator's.

A `*.tthc.yaml` file is a list of cases, or `{options: …, cases: […]}`. Only the keys named under `expect` are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import (
    BaseModel,
    Discriminator,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    Tag,
    ValidationError,
)

from tthc_rules.account.statement import Account
from tthc_rules.check.answers import Mismatch, Said, compared, first_days, said_by_row, said_of
from tthc_rules.check.unit_cases import CaseShape, UnitExpect, UnitPart, account_of, differences, told
from tthc_rules.errors import (
    CaseError,
    DossierError,
    EngineError,
    Problem,
    RuleFileError,
    TthcError,
    nearest_of,
    reason_of,
    unknown_word,
)
from tthc_rules.law.codes import RETURN_RESULT, STEP, NoteCode, Punctuality, StepOutcome
from tthc_rules.law.complaints import problems_of
from tthc_rules.law.dossier import Dossier
from tthc_rules.law.rule import DutyOutcome, LimitOutcome, Role
from tthc_rules.law.text import nfc
from tthc_rules.library import Rulebook
from tthc_rules.result.verdict import Verdict
from tthc_rules.rulefile import yamltext
from tthc_rules.rulefile.schema.parts import LawDate

SUFFIX: Final = ".tthc.yaml"
Steps = tuple[str | int, ...]
"""A path of keys in a file."""


class Options(CaseShape):
    """How the cases are evaluated: an own rule folder, calendar, hours, lateness policy, readings."""

    rules: StrictStr | None = None
    calendar: StrictStr | None = None
    hours: StrictStr | None = None
    lateness: StrictStr | None = None
    interpretations: dict[StrictStr, StrictStr] | None = None


def _one_or_all(value: object) -> str:
    return "<all>" if isinstance(value, list | tuple) else "<one>"


StepsOf = Annotated[
    Annotated[StepOutcome | None, Tag("<one>")] | Annotated[tuple[StepOutcome, ...], Tag("<all>")],
    Discriminator(_one_or_all),
]
"""Of an agency: its step, the last one where it has several; or all of them; null where it has none."""


class Expect(CaseShape):
    """What a verdict must say; keys that are not written are not compared."""

    clock: StrictStr | None = None
    original_due: LawDate | None = None
    lawful_due: LawDate | None = None
    current_due: LawDate | None = None
    promised_due: StrictStr | None = None
    finished_on: LawDate | None = None
    punctuality: Punctuality | None = None
    punctuality_current: Punctuality | None = None
    workdays_late: StrictInt | None = None
    days_late: StrictInt | None = None
    workdays_late_current: StrictInt | None = None
    days_late_current: StrictInt | None = None
    provisional: StrictBool | None = None
    assumptions: tuple[StrictStr, ...] | None = None
    notes: tuple[NoteCode, ...] | None = None
    obligations: dict[StrictStr, DutyOutcome | None] | None = None
    limits: dict[StrictStr, LimitOutcome | None] | None = None
    responsible: dict[StrictStr, tuple[Role, ...] | None] | None = None
    steps: dict[StrictStr, StepsOf] | None = None
    changes_on: LawDate | None = None
    next_acts: dict[StrictStr, LawDate | None] | None = None
    """Act to last day; null: it is not among them."""
    error: StrictStr | None = None


class CasePart(CaseShape):
    name: Annotated[StrictStr, Field(min_length=1)]
    dossier: dict[str, Any]
    as_of: LawDate
    known_on: LawDate | None = None
    options: Options = Options()
    expect: Expect


class UnitCasePart(UnitPart):
    """A case of a unit: it has `unit` and `period` where a case of a dossier has `dossier`."""

    name: Annotated[StrictStr, Field(min_length=1)]
    as_of: LawDate
    known_on: LawDate | None = None
    options: Options = Options()
    expect: UnitExpect


def _kind_of_case(case: object) -> str:
    keys = case.keys() if isinstance(case, Mapping) else vars(case).keys() if isinstance(case, BaseModel) else ()
    return "<unit>" if "unit" in keys else "<dossier>"


AnyCase = Annotated[
    Annotated[CasePart, Tag("<dossier>")] | Annotated[UnitCasePart, Tag("<unit>")], Discriminator(_kind_of_case)
]


class CaseFile(CaseShape):
    """A file of cases."""

    options: Options = Options()
    cases: tuple[AnyCase, ...]


@dataclass(frozen=True)
class Case:
    """One case with its place in the file and the options that hold for it."""

    part: CasePart | UnitCasePart
    options: Options
    folder: Path
    place: str
    locate: Callable[[Problem, Steps], Problem] = lambda problem, _: problem
    """Shows a problem with a key of the case at its place in the file."""

    @property
    def name(self) -> str:
        return self.part.name


@dataclass(frozen=True)
class CaseResult:
    """How a case came out; `failed` is empty where it passed."""

    case: Case
    failed: tuple[Mismatch, ...]
    verdict: Verdict | None = None
    error: TthcError | None = None
    account: Account | None = None

    @property
    def passed(self) -> bool:
        return not self.failed

    def report(self, lang: str = "vi") -> str:
        """What a person reads about a failed case: place, differences, and the explanation of the verdict."""
        lines = [f"{self.case.place}: {self.case.name}"]
        lines += [f"  {mismatch.say()}" for mismatch in self.failed]
        if self.error is not None:
            lines.append(self.error.render(lang))
        elif self.verdict is not None:
            lines += ["", self.verdict.explain(lang)]
        elif self.account is not None and isinstance(self.case.part, UnitCasePart):
            lines += ["", told(self.account, self.case.part.unit)]
        return "\n".join(lines)


@dataclass
class CaseRunner:
    """Runs cases; rulebooks are loaded once for each combination of rule folder and readings."""

    rules: tuple[Path, ...] = ()
    engine: str = "reference"
    given: Rulebook | None = None
    """The rulebook of every case, whatever it asks for; without it each is loaded."""
    _books: dict[object, Rulebook] = field(default_factory=dict)

    def book(self, case: Case) -> Rulebook:
        """The rulebook that a case asks for."""
        if self.given is not None:
            return self.given
        readings = case.options.interpretations or {}
        folders = list(self.rules)
        if case.options.rules is not None:
            folders.append((case.folder / case.options.rules).resolve())
        key = (tuple(folders), tuple(sorted(readings.items())))
        if key not in self._books:
            self._books[key] = Rulebook.load(*folders, interpretations=readings)
        return self._books[key]

    def check(self, case: Case) -> None:
        """Raise `CaseError` where the case expects something of a duty or limit that its rules do not know.

        Where these rules cannot be loaded nothing is known of their names: running the case says why.
        """
        if isinstance(case.part, UnitCasePart):
            return
        try:
            book = self.book(case)
        except RuleFileError:
            return
        if problems := list(_unknown_names(case, case.part.expect, book)):
            raise CaseError(problems)

    def run(self, case: Case) -> CaseResult:
        """Evaluate one case and compare what it names; raises `CaseError` where it names what nobody knows."""
        self.check(case)
        expected = case.part.expect.error
        try:
            result = self._run(case)
        except EngineError:
            raise  # the engine is at fault, whatever the case expects
        except TthcError as error:
            if expected == "*" or expected in {problem.code for problem in error.problems}:
                return CaseResult(case, (), error=error)
            return CaseResult(case, (Mismatch("error", expected, error.code),), error=error)
        if expected is not None:
            return replace(result, failed=(Mismatch("error", expected, None),))
        return result

    def _run(self, case: Case) -> CaseResult:
        part, options = case.part, case.options
        lateness = options.lateness or "by_date"
        book = self.book(case)
        if isinstance(part, UnitCasePart):
            account = account_of(book, part, lateness, options.calendar, options.hours)
            found = differences(part.expect, account, part.unit)
            failed = [Mismatch(one.key, one.expected, one.got) for one in found]
            return CaseResult(case, tuple(failed), account=account)
        verdict, said = self._asked(book, part, options)
        wanted = part.expect
        keys = wanted.model_fields_set - {"error"}
        failed = [m for key in Expect.model_fields if key in keys for m in compared(key, getattr(wanted, key), said)]
        return CaseResult(case, tuple(failed), verdict)

    def _asked(self, book: Rulebook, part: CasePart, options: Options) -> tuple[Verdict | None, Said]:
        """What the engine says of the case; the fast core gives a row, the others a verdict."""
        lateness = options.lateness or "by_date"
        if self.engine == "bulk":
            dossier = Dossier.model_validate(part.dossier)
            (row,) = book.rescore_dossiers(
                [dossier], part.as_of, known_on=part.known_on, lateness=lateness, calendar=options.calendar,
                hours=options.hours,
            )  # fmt: skip
            if row["error_code"]:
                raise DossierError(Problem(str(row["error_code"]), dossier.dossier_id, str(row["error"]), ""))
            said = said_by_row(row, *_ids(book))
            if "next_acts" not in part.expect.model_fields_set:
                return None, said
        verdict = book.evaluate(
            part.dossier, part.as_of, known_on=part.known_on, lateness=lateness, calendar=options.calendar,
            hours=options.hours, engine=self.engine,
        )  # fmt: skip
        if self.engine == "bulk":  # a row has the first act only: this verdict was held against the row
            return None, {**said, "next_acts": first_days(verdict)}
        return verdict, said_of(verdict)


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases of one file; raises `CaseError` with every problem in it, each at its line and column."""
    try:
        document = yamltext.read(yamltext.read_bytes(path), str(path))
    except OSError as error:
        raise CaseError(_unreadable(path, error)) from None
    except RuleFileError as error:
        raise CaseError(error.problems) from None
    data = yamltext.plain(document.root)
    is_list = isinstance(data, list)
    try:
        part = CaseFile.model_validate({"cases": data} if is_list else data)
    except ValidationError as error:
        raise CaseError(_located(error, document, is_list)) from None
    above: Steps = () if is_list else ("cases",)
    return tuple(_case(case, part.options, path.parent, document, (*above, at)) for at, case in enumerate(part.cases))


def _case(
    part: CasePart | UnitCasePart, options: Options, folder: Path, document: yamltext.Document, at: Steps
) -> Case:
    place = document.source.place(document.find(at))

    def locate(problem: Problem, steps: Steps) -> Problem:
        return document.locate(problem, (*at, *steps), key=True)

    return Case(part, _merged(options, part.options), folder, place, locate)


def _unknown_names(case: Case, expect: Expect, book: Rulebook) -> Iterator[Problem]:
    """The duties and limits that a case names and its rules do not know, each with the nearest that they do."""
    duties, limits = _ids(book)
    for key, what, known in (
        ("obligations", ("nghĩa vụ", "duty"), duties),
        ("limits", ("giới hạn", "limit"), limits),
        ("responsible", ("nghĩa vụ hay giới hạn", "duty or limit"), duties | limits),
    ):
        for name in getattr(expect, key) or ():
            if name not in known:
                gone = book.corpus.retired.get(name)
                unknown = unknown_word("", *what, name, tuple(known), "TR-case-name")
                yield case.locate(unknown if gone is None else gone.told(""), ("expect", key, name))
    named = _agencies(case.part.dossier) if isinstance(case.part, CasePart) else set()
    for name in expect.steps or ():
        if nfc(name) not in named:
            words = ("cơ quan trong các sự kiện của hồ sơ", "agency among the events of the dossier")
            yield case.locate(
                unknown_word("", *words, name, tuple(sorted(named)), "TR-case-name"), ("expect", "steps", name)
            )
    acts = {RETURN_RESULT, *duties, *(STEP + name for name in named)}
    for name in expect.next_acts or ():
        if nfc(name) not in acts:
            gone = book.corpus.retired.get(name)
            unknown = unknown_word("", "việc phải làm", "act", name, tuple(sorted(acts)), "TR-case-name")
            yield case.locate(unknown if gone is None else gone.told(""), ("expect", "next_acts", name))
    for at, name in enumerate(expect.assumptions or ()):
        if (gone := book.corpus.retired.get(name)) is not None:
            yield case.locate(gone.told(""), ("expect", "assumptions", at))


def _agencies(dossier: Mapping[str, Any]) -> set[str]:
    """The agencies that events of the dossier name."""
    events = dossier.get("events")
    named = [event.get("agency") for event in events if isinstance(event, dict)] if isinstance(events, list) else []
    return {nfc(name) for name in named if isinstance(name, str)}


def _ids(book: Rulebook) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of all duties and of all limits that the rules know, at any time and in any place."""
    rules = tuple(book.corpus.rule_versions())
    return (
        frozenset(duty.id for rule in rules for duty in rule.obligations),
        frozenset(limit.id for rule in rules for limit in rule.limits),
    )


def find_case_files(paths: Iterable[Path]) -> list[Path]:
    """Case files under these paths, in a stable order; a path that is a file is taken as it is."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
    return found


def _merged(outer: Options, inner: Options) -> Options:
    return outer.model_copy(update={name: getattr(inner, name) for name in inner.model_fields_set})


def _located(error: ValidationError, document: yamltext.Document, is_list: bool) -> list[Problem]:
    problems = []
    for detail, problem in zip(error.errors(include_url=False), problems_of(error, ""), strict=True):
        where = tuple(detail["loc"])[1:] if is_list else tuple(detail["loc"])
        unknown = detail["type"] == "extra_forbidden"
        shape = _shape_at(where)
        known = tuple(sorted(shape.model_fields)) if unknown else problem.known
        nearest = nearest_of(str(where[-1]), known) if unknown else problem.nearest
        said = replace(problem, place="", known=known, nearest=nearest)
        problems.append(document.locate(said, where, key=unknown))
    return problems


def _shape_at(where: tuple[str | int, ...]) -> type[BaseModel]:
    """What is known in a place of a case file."""
    of_unit = "<unit>" in where
    if "expect" in where:
        return UnitExpect if of_unit else Expect
    return Options if "options" in where else UnitCasePart if of_unit else CasePart


def _unreadable(path: Path, error: OSError) -> Problem:
    vi, en = reason_of(error)
    return Problem("TR-case-unreadable", str(path), f"không đọc được tệp: {vi}", f"cannot read the file: {en}")
