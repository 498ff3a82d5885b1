"""The rulebook: the law, loaded and checked, and the questions a portal asks of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tthc_rules import journal
from tthc_rules.errors import (
    EngineError,
    OptionError,
    Problem,
    bulk_missing,
    engines_differ,
    not_dossiers,
    not_text,
    unknown_word,
)
from tthc_rules.law.civil import date_of, day_of
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.dossier import Dossier, Event, NoTimeLimit, TimeLimit
from tthc_rules.law.inforce import pick
from tthc_rules.law.known import KnownLaw
from tthc_rules.law.question import Question
from tthc_rules.law.rule import FOREVER
from tthc_rules.law.slip import accepted_on, slip_of
from tthc_rules.law.whatif import supposing
from tthc_rules.law.workdays import Calendar
from tthc_rules.logs.limits import CatalogueLimits
from tthc_rules.reference.composed import ComposedEngine
from tthc_rules.reference.engine import ReferenceEngine
from tthc_rules.result.duedate import DueDate
from tthc_rules.result.notebook import html_lines
from tthc_rules.result.row import Row, row_of
from tthc_rules.result.verdict import Verdict

if TYPE_CHECKING:
    from pyarrow import Table

    from tthc_rules.account.ask import GivenRecords
    from tthc_rules.account.inputs import Settings
    from tthc_rules.account.statement import Account
    from tthc_rules.bulk.governing import Plans
    from tthc_rules.result.course import Course
    from tthc_rules.result.slip.data import Slip, SlipKind

ENGINES: Final = ("composed", "reference", "bulk", "durable")
"""Who may decide the rules of one dossier; the first does unless another is named."""


def shipped_rulesets() -> Path:
    """The folder of rule files that comes with the library: beside the package in a checkout, inside it in a wheel."""
    inside = Path(__file__).parent / "rulesets"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "rulesets"


class Rulebook:
    """Rules and calendars as data, checked once; immutable, and safe to share between threads."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._known = KnownLaw(corpus)
        self._reference = ReferenceEngine(corpus, known=self._known, page=_page_of)
        self._composed = ComposedEngine(self._reference)
        self._durable: ReferenceEngine | None = None
        self._put: Question | None = None
        """The last question: dossiers are mostly asked the same, and what was laid out for it is found by it."""

    @classmethod
    def load(
        cls,
        *folders: str | PathLike[str],
        interpretations: Mapping[str, str] | None = None,
        shipped: bool = True,
        unconfirmed: bool = False,
    ) -> Rulebook:
        """The shipped law and the rule files of `folders`; raises `RuleFileError` with everything that is wrong.

        `interpretations` takes the other reading of an open point, by id (`{"r1_supplement_effect": "restart"}`);
        `shipped=False` leaves the shipped law out; `unconfirmed=True` turns on the duties whose text nobody has read,
        as information only.
        """
        if shipped and not folders:
            from tthc_rules.rulefile.reload import shipped_law

            corpus = shipped_law(shipped_rulesets(), interpretations, unconfirmed)
        else:
            from tthc_rules.rulefile.load import load

            where = [shipped_rulesets()] if shipped else []
            corpus = load([*where, *(Path(folder) for folder in folders)], interpretations, unconfirmed)
        journal.law_loaded(corpus.digest, len(corpus.files), len(folders))
        return cls(corpus)

    def evaluate(
        self,
        dossier: Dossier | Mapping[str, Any],
        as_of: date,
        *,
        known_on: date | None = None,
        lateness: str = "by_date",
        calendar: str | None = None,
        hours: str | None = None,
        strict: bool = False,
        engine: str | None = None,
        what_if: Iterable[Event | Mapping[str, Any]] | None = None,
    ) -> Verdict:
        """What is owed on this dossier at the end of `as_of`, as the law and the calendar were known on `known_on`.

        `lateness` names the policy (`by_date`, `by_instant`, `promised_by_date`, `promised_by_instant`, `qd766`). A
        malformed dossier raises `DossierError`; what merely cannot be said comes back `undetermined`, with a reason.
        `strict` refuses kinds of events and fields that nobody knows, which are else kept and noted.
        `engine` names who decides the rules (`reference`, `composed`, `bulk`, `durable`; without it, `composed`): the
        verdict is the same, or an `EngineError`.
        `what_if` are events that have not happened («if the supplement comes on Friday»): the verdict is that of the
        dossier with them, at the end of the last of their days if that is later, by what is known on `known_on` as
        before; it says that it supposes them (`supposed`). What is wrong with one raises `OptionError`.
        """
        if not isinstance(dossier, Dossier):
            dossier = Dossier.model_validate(dossier)
        asked = self.question(as_of, known_on, lateness, calendar, hours, strict)
        if what_if is not None:
            dossier, asked = supposing(dossier, asked, what_if)
        return self._runs(engine)(dossier, asked)

    def due(
        self,
        accepted: date | datetime | str,
        *,
        time_limit: TimeLimit | NoTimeLimit | Mapping[str, Any] | None = None,
        procedure: str | None = None,
        channel: str | None = None,
        jurisdiction: str | None = None,
        known_on: date | None = None,
        calendar: str | None = None,
        hours: str | None = None,
    ) -> DueDate:
        """The date for the slip of a file that is accepted then, without a dossier; `steps` tell how it was counted.

        The limit is `time_limit`, else that of the catalogue for the procedure, channel and place on that day. What is
        known of calendar and law is what was known on `known_on`, without it on the day of acceptance. A limit in
        working hours ends at its minute and needs the hour of acceptance. What cannot be said is null, with a `reason`;
        what cannot be asked raises `OptionError`.
        """
        fields = {
            "time_limit": time_limit, "procedure": procedure, "channel": channel, "jurisdiction": jurisdiction,
        }  # fmt: skip
        slip = slip_of(self._known, accepted, fields)
        day = date_of(accepted_on(slip))
        return self._reference.due(slip, self.question(day, known_on, calendar=calendar, hours=hours))

    def _runs(self, engine: str | None) -> Callable[[Dossier, Question], Verdict]:
        """Who judges; what an engine needs is imported when it is first asked for."""
        if engine is not None and not isinstance(engine, str):
            raise OptionError(not_text("engine"))
        match engine:
            case None | "composed":
                return self._composed.evaluate
            case "reference":
                return self._reference.evaluate
            case "bulk":
                return self._by_bulk
            case "durable":
                if self._durable is None:
                    from tthc_rules.durable.judge import DurableJudge

                    self._durable = ReferenceEngine(self.corpus, DurableJudge(), self._known, _page_of)
                return self._durable.evaluate
            case _:
                raise OptionError(unknown_word("engine", "bộ máy", "engine", engine, ENGINES, "TR-option-engine"))

    def _by_bulk(self, dossier: Dossier, question: Question) -> Verdict:
        """The verdict of the one-dossier path, if the fast core says the same in every column."""
        plans = self.plans
        from tthc_rules.bulk.rescore import rescore_dossiers

        verdict = self._composed.evaluate(dossier, question)
        (row,) = rescore_dossiers(plans, question, [dossier])
        same = self._composed.evaluate(dossier, replace(question, supposed=0)) if question.supposed else verdict
        if {name: cell for name, cell in row.items() if cell is not None} != {
            name: cell for name, cell in row_of(same).items() if cell is not None
        }:
            raise EngineError(engines_differ(dossier.dossier_id))
        return verdict

    def rescore(
        self,
        events: object = None,
        dossiers: object = None,
        *,
        as_of: date,
        known_on: date | None = None,
        lateness: str = "by_date",
        calendar: str | None = None,
        hours: str | None = None,
        strict: bool = False,
    ) -> Table:
        """The verdicts on many dossiers at once, one row each, as documented in `docs/results.md`.

        `events` is a flat log (dossier_id, kind, at, …) with or without a table `dossiers` of their fields, or one
        nested table with a column `events`; each is anything with the Arrow stream interface (pandas, polars, DuckDB,
        pyarrow), and the answer always a table of pyarrow (`integrations.frames` gives back the kind that was given). A
        dossier that cannot be judged is a row with its error. Needs the extra `bulk`.
        """
        plans = self.plans
        from tthc_rules.bulk.rescore import rescore

        asked = self.question(as_of, known_on, lateness, calendar, hours, strict)
        made = rescore(plans, asked, events, dossiers)
        journal.rows_made(len(made), len(made) - made["error_code"].null_count)
        return made

    def rescore_dossiers(
        self,
        dossiers: Iterable[Dossier | Mapping[str, Any]],
        as_of: date,
        *,
        known_on: date | None = None,
        lateness: str = "by_date",
        calendar: str | None = None,
        hours: str | None = None,
        strict: bool = False,
    ) -> list[Row]:
        """The same for dossiers as `evaluate` takes them: one row each, by name of column.

        Whatever is in one of them stops none of the others: it is a row with its error.
        """
        if isinstance(dossiers, Dossier | Mapping | str | bytes) or not isinstance(dossiers, Iterable):
            raise OptionError(not_dossiers("dossiers"))
        plans = self.plans
        from tthc_rules.bulk.rescore import rescore_dossiers

        asked = self.question(as_of, known_on, lateness, calendar, hours, strict)
        made = rescore_dossiers(plans, asked, list(dossiers))
        journal.rows_made(len(made), sum(row["error_code"] is not None for row in made))
        return made

    @cached_property
    def plans(self) -> Plans:
        """The law as the fast core lays it out; raises `EngineError` where its packages are missing."""
        try:
            import tthc_rules.bulk.rescore  # noqa: F401 - it asks for every package of the fast core
            from tthc_rules.bulk.governing import Plans
        except ImportError as error:
            raise EngineError(bulk_missing(error.name or "")) from None
        return Plans(self._known, self._composed.evaluate)

    def question(
        self,
        as_of: date,
        known_on: date | None = None,
        lateness: str = "by_date",
        calendar: str | None = None,
        hours: str | None = None,
        strict: bool = False,
    ) -> Question:
        """What is asked, checked: raises `OptionError` where a part of it is of a wrong type, or not known."""
        put = self._put
        if put is not None and _is(
            put, as_of, as_of if known_on is None else known_on, lateness, calendar, hours, strict
        ):
            return put
        asked = _plain_date(as_of, "as_of")
        known = asked if known_on is None else _plain_date(known_on, "known_on")
        question = Question(asked, known, lateness, calendar, hours, strict)
        self._known.check_question(question)
        if question == put:
            return put
        self._put = question
        return question

    def account(
        self,
        results: Any,
        *,
        period: str,
        as_of: date | None = None,
        known_on: date | None = None,
        units: GivenRecords = None,
        posts: GivenRecords = None,
        unit_events: GivenRecords = None,
        complete: GivenRecords = None,
        unit_facts: GivenRecords = None,
        petitions: GivenRecords = None,
        settings: Settings | Mapping[str, Any] | None = None,
    ) -> Account:
        """What units and their heads answer for in a period (`2026-07`, `2026-Q3`, `2026-H2`, `2026`).

        `results` are verdicts, pairs of a verdict and its dossier, result rows, or a table of results (anything with
        the Arrow stream interface). `as_of` defaults to the latest day of the verdicts, else to the period's last day.
        It prepares what a competent person looks at and decides nothing; malformed input raises `AccountError`.
        """
        from tthc_rules.account.ask import (
            Beside,
            account,
        )  # a third of the import, and a portal's dossiers need none of it

        day = None if as_of is None else day_of(_plain_date(as_of, "as_of"))
        known = None if known_on is None else day_of(_plain_date(known_on, "known_on"))
        beside = Beside(units, posts, unit_events, complete, unit_facts, petitions, settings)
        made = account(self.corpus, results, period, day, known, beside, _page_of_account)
        rows = made.data["rows"]
        journal.account_made(rows["read"], rows["errors"], len(made.data["units"]), len(made.problems))
        return made

    def calendar(self, name: str = "vn", *, known_on: date | None = None) -> Calendar:
        """The calendar of that name, as known on a day; without a day, all that is known."""
        if not isinstance(name, str):
            raise OptionError(not_text("calendar"))
        return self._known.calendar_law(name).known_on(
            None if known_on is None else day_of(_plain_date(known_on, "known_on"))
        )

    def limits(self, *, known_on: date | None = None, jurisdiction: str | None = None) -> CatalogueLimits:
        """The time limits of its catalogue, as known on a day, for readers of messages (`logs.messages`)."""
        day = FOREVER if known_on is None else day_of(_plain_date(known_on, "known_on"))
        return CatalogueLimits(self.corpus.catalogue, day, jurisdiction)

    def __repr__(self) -> str:
        """Which law it is: by its digest, its files and the last published year of its calendar."""
        return f"<Rulebook {'; '.join(self._in_short())}>"

    def _repr_html_(self) -> str:
        """The same, for a notebook."""
        return html_lines(["Rulebook", *self._in_short()])

    def _in_short(self) -> Iterator[str]:
        law = self.corpus
        yield f"law {law.digest[:12]}"
        yield f"{len(law.files)} files"
        if "vn" in law.calendars:
            yield f"calendar published to {self.calendar().law.last_published_year}"

    def form_number(self, form: str, on: date) -> str | None:
        """The number that a form, named (`apology_slip`), bears in the circular in force on a day; numbers move.

        Nothing where no circular is known for that day or it has no such form.
        """
        circular = pick(self.corpus.forms, day_of(_plain_date(on, "on")), FOREVER)
        return None if circular is None else circular.numbers.get(form)

    def slips(
        self,
        dossier: Dossier | Mapping[str, Any],
        as_of: date,
        *,
        kinds: Iterable[SlipKind] | None = None,
        names: Mapping[str, str] | None = None,
        known_on: date | None = None,
        calendar: str | None = None,
        hours: str | None = None,
    ) -> tuple[Slip, ...]:
        """The papers that are owed to the applicant at the end of `as_of`, as drafts: fields, form, number, grounds.

        `kinds` (`apology`, `supplement`, `refusal`, `stop`, `closing`, `loss`) asks for these, owed yet or not:
        `standing` says which; one that cannot be drawn up then is not there. `names` are what units and procedures are
        called, by id. What a person must say (a reason, a new date, who signs) is blank, and so is who applied.
        """
        from tthc_rules.result.slip.calls import SlipCase
        from tthc_rules.result.slip.data import SLIP_KINDS
        from tthc_rules.result.slip.draft import slips_of

        if not isinstance(dossier, Dossier):
            dossier = Dossier.model_validate(dossier)
        wanted: list[Any] | None = None if kinds is None else [kinds] if isinstance(kinds, str) else list(kinds)
        for kind in wanted or ():
            if kind not in SLIP_KINDS:
                raise OptionError(unknown_word("kinds", "loại phiếu", "slip", kind, SLIP_KINDS, "TR-option-slip"))
        if not isinstance(names or {}, Mapping) or not all(isinstance(name, str) for name in (names or {}).values()):
            raise OptionError(Problem("TR-option-type", "names", "phải là mã: tên gọi", "must be a mapping id: name"))
        how: dict[str, Any] = {"known_on": known_on, "calendar": calendar, "hours": hours}
        verdict = self.evaluate(dossier, as_of, **how)
        circular = pick(self.corpus.forms, day_of(verdict.as_of), day_of(verdict.known_on))

        def ask(event: Mapping[str, Any]) -> Verdict:
            return self.evaluate(dossier, as_of, what_if=[event], **how)

        case = SlipCase(verdict, dossier, ask, circular, self.corpus.counted_as("apology"))
        return tuple(slips_of(case, names or {}, wanted))

    @property
    def jurisdictions(self) -> Iterable[str]:
        """The ids of the provinces that a dossier may name."""
        return tuple(self.corpus.jurisdictions)


def _page_of(verdict: Verdict, course: Course, lang: str) -> str:
    """The page of a verdict; pages are imported when one is asked for."""
    from tthc_rules.report.timeline import timeline_page

    return timeline_page(verdict, course, lang)


def _page_of_account(data: Mapping[str, Any], lang: str) -> str:
    """The page of an account."""
    from tthc_rules.report.page import page

    return page(data, lang)


def _plain_date(value: date, name: str) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise OptionError(
            Problem("TR-option-date", name, "phải là một ngày (datetime.date)", "must be a date (datetime.date)")
        )
    return value


def _is(
    put: Question, as_of: date, known_on: date, lateness: str, calendar: str | None, hours: str | None, strict: bool
) -> bool:
    """Whether these very objects were asked last: they were looked at then."""
    return (
        as_of is put.as_of
        and known_on is put.known_on
        and lateness is put.lateness
        and calendar is put.calendar
        and hours is put.hours
        and strict is put.strict
    )
