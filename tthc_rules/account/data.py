"""The account's data: what `Account.data`, the JSON file and the page hold, as a type and so as a JSON Schema.

Nothing here computes. A key that is not named here is in no account; a test holds made accounts against it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

from tthc_rules.account.inputs import Settings
from tthc_rules.account.problems import Severity
from tthc_rules.law.evidence import Status
from tthc_rules.law.rule import Consequence, CountsAs

IsoDay = Annotated[StrictStr, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Whole = Annotated[StrictInt, Field(ge=0)]
BothLanguages = dict[Literal["vi", "en"], StrictStr]


class _Data(BaseModel):
    """A part of an account; a key that it does not name is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class PeriodData(_Data):
    """The period, with its days; what is asked of it ends with its closing day."""

    id: StrictStr
    kind: Literal["month", "quarter", "half_year", "year"]
    first: IsoDay
    last: IsoDay


class RowsData(_Data):
    """What was read of the results, and what was left out, by reason."""

    read: Whole
    errors: Whole
    repeated: Whole
    left_out: dict[StrictStr, Whole]


class ProblemData(_Data):
    """What is wrong or missing in the input, in both languages."""

    code: StrictStr
    level: Severity
    place: StrictStr
    vi: StrictStr
    en: StrictStr


class CitationData(_Data):
    """Căn cứ, and as it is said in Vietnamese."""

    document: StrictStr
    article: StrictStr = ""
    clause: StrictStr = ""
    point: StrictStr = ""
    quote: StrictStr = ""
    source: StrictStr = ""
    status: Status
    vi: StrictStr


class DefinitionData(_Data):
    """An indicator: how it is computed, in which unit, and what it stands on."""

    version: StrictStr
    in_force: bool
    class_: Consequence = Field(alias="class")
    label: BothLanguages
    formula: BothLanguages
    unit: Literal["points", "per_cent", "dossiers"]
    decimals: Whole
    citations: list[CitationData]
    bands: dict[StrictStr, BothLanguages] = {}


class FindingData(_Data):
    """What a competent person may find where a duty was not done."""

    id: StrictStr
    label: BothLanguages
    citations: list[CitationData]


class UnitDutyData(_Data):
    """A duty of units: who owes it to whom, and what it stands on."""

    version: StrictStr
    label: BothLanguages
    to: StrictStr
    role: StrictStr
    class_: Consequence = Field(alias="class")
    citations: list[CitationData]
    interpretations: list[BothLanguages]
    note: BothLanguages | None = None
    assumptions: list[StrictStr] = []
    """Amendments that were not seen."""
    establishes: list[FindingData] = []


class DossierDutyData(_Data):
    """A duty of dossiers: what it is called, and as what accounts count it."""

    label: BothLanguages
    rule: StrictStr
    version: StrictStr
    counts_as: CountsAs | None


class ByDueData(_Data):
    """How many dossiers are in each set that hangs on a due date; `undetermined` ones are in no other."""

    undetermined: Whole
    finished_early: Whole
    finished_on_the_day: Whole
    finished_late: Whole
    open_in_time: Whole
    open_late: Whole
    received_finished_in_time: Whole
    received_open_in_time: Whole
    received_given_back_late: Whole
    finished_in_time: Whole


class CountsData(_Data):
    """How many dossiers are in each set; `undetermined` ones are in no other."""

    received: Whole
    carried_over: Whole
    finished: Whole
    late: Whole
    undetermined: Whole
    original_due: ByDueData
    lawful_due: ByDueData
    current_due: ByDueData
    promised_due: ByDueData


class FigureData(_Data):
    """A value with what it was computed from; without a value, the reason."""

    value: int | float | None
    numerator: Whole | None = None
    denominator: Whole | None = None
    band: StrictStr | None = None
    n_indicators: Whole | None = None
    of: Whole | None = None
    reason: StrictStr | None = None
    undefined: Whole | None = None
    by_due: dict[StrictStr, FigureData] = {}


class TotalData(_Data):
    """All dossiers together; no counts before the period has begun."""

    counts: CountsData | None
    indicators: dict[StrictStr, FigureData]


class PostData(_Data):
    """Who held a post, from when to when, and on how many days of the period."""

    unit: StrictStr
    role: StrictStr
    person: StrictStr
    from_: IsoDay = Field(alias="from")
    to: IsoDay | None
    days: Whole


class OfficeData(_Data):
    """Who holds a post by law, from one day of the period to another."""

    office: StrictStr
    role: StrictStr
    label: BothLanguages
    from_: IsoDay = Field(alias="from")
    to: IsoDay
    citations: list[CitationData]


class MonthData(_Data):
    """One month of the period, or the period before."""

    period: StrictStr
    counts: dict[StrictStr, Whole]
    indicators: dict[StrictStr, int | float | None]


class ItemData(_Data):
    """A duty of the unit in one window of the period: whether it was done, and who held the post."""

    duty: StrictStr
    window: StrictStr
    outcome: StrictStr
    reason: StrictStr | None
    class_: Consequence | None = Field(alias="class")
    """None where nothing is held against anyone."""
    act_by: IsoDay | None
    triggers: Whole | None
    done: list[IsoDay]
    persons: list[StrictStr]
    value: FigureData | None = None
    outcomes: dict[StrictStr, Whole] = {}
    about: list[StrictStr] = []
    is_finding: bool = False
    """It says what the period holds, and not that something was left undone."""


class AnswerData(_Data):
    """A person who answers, by role: for how many dossiers, and over how many days of lateness."""

    role: StrictStr
    unit: StrictStr | None
    person: StrictStr | None
    class_: Consequence = Field(alias="class")
    count: Whole
    days: Whole | None = None


class BreachData(_Data):
    """A duty of dossiers that was missed, met late or broken: how often, who answers, and the first dossiers."""

    duty: StrictStr
    outcomes: dict[StrictStr, Whole]
    count: Whole
    answers: list[AnswerData]
    dossiers: list[StrictStr]
    more: Whole


class LatenessData(_Data):
    """Lateness itself: how many dossiers, how many of them open, who answers, and the first of them."""

    count: Whole
    open: Whole
    answers: list[AnswerData]
    dossiers: list[StrictStr]
    more: Whole
    mitigating: Whole


class LateOfficerData(_Data):
    """An officer, and how many late dossiers he has."""

    officer: StrictStr
    count: Whole


class LateMonthData(_Data):
    """A month with late dossiers: what a list would hold."""

    month: StrictStr
    late: Whole
    officers: list[LateOfficerData]


class StepAnswerData(_Data):
    """Who headed the agency when its step was due."""

    role: StrictStr
    unit: StrictStr | None
    person: StrictStr | None
    count: Whole


class StepsData(_Data):
    """The steps of several agencies in one dossier."""

    assigned: Whole
    in_time: Whole
    late: Whole
    open_late: Whole
    undetermined: Whole
    answers: list[StepAnswerData]


class PetitionEventData(_Data):
    """What happened to a petition, and when."""

    kind: StrictStr
    at: IsoDay


class PetitionData(_Data):
    """One petition, as it stands on the closing day."""

    petition: StrictStr
    dossier_id: StrictStr | None
    about: StrictStr
    found: StrictStr | None
    state: StrictStr
    events: list[PetitionEventData]


class PetitionsData(_Data):
    """The petitions of a unit in the period, and the first of them."""

    received: Whole
    carried_over: Whole
    states: dict[StrictStr, Whole]
    about: dict[StrictStr, Whole]
    listed: list[PetitionData]
    more: Whole


class RatingData(_Data):
    """What is handed to the yearly rating of the unit, its head and deputies; it is no grade."""

    class_: Literal["rating_input"] = Field(alias="class")
    ratios: dict[StrictStr, FigureData]
    scores: dict[StrictStr, FigureData]
    late: Whole
    missing_apologies: Whole
    unknown_apologies: Whole
    breaches: dict[StrictStr, Whole]
    duties: dict[StrictStr, StrictStr]
    persons: list[PostData]


class UnitData(_Data):
    """The account of one unit; without a name, of dossiers that name none."""

    unit: StrictStr | None
    name: StrictStr | None
    kind: StrictStr | None
    jurisdiction: StrictStr | None
    superior: StrictStr | None
    as_: list[StrictStr] = Field(alias="as")
    formerly: list[StrictStr]
    posts: list[PostData]
    offices: list[OfficeData]
    counts: CountsData
    indicators: dict[StrictStr, FigureData]
    series: list[MonthData]
    duties: list[ItemData]
    breaches: list[BreachData]
    late: LatenessData
    late_list: list[LateMonthData]
    steps: StepsData | None
    petitions: PetitionsData | None
    rating: RatingData


class OfficerData(_Data):
    """An officer's finished dossiers and points: an input to the rating of a person by a person."""

    officer: StrictStr
    units: list[StrictStr]
    counts: dict[StrictStr, Whole]
    indicators: dict[StrictStr, FigureData]


class DigestsData(_Data):
    """Of the rules that made the account, and of those that judged its dossiers."""

    rules: StrictStr
    judged_by: list[StrictStr]


class AccountData(_Data):
    """What units and their heads answer for in a period; it prepares what a person looks at, and decides nothing."""

    format: Literal[1]
    period: PeriodData
    as_of: IsoDay
    known_on: IsoDay
    closing_day: IsoDay
    closed: bool
    rows: RowsData
    problems: list[ProblemData]
    definitions: dict[StrictStr, DefinitionData]
    duties: dict[StrictStr, UnitDutyData]
    dossier_duties: dict[StrictStr, DossierDutyData]
    total: TotalData
    before: MonthData | None
    """The period before, counted of the same results; none where they hold no dossier of it."""
    units: list[UnitData]
    officers: list[OfficerData]
    settings: Settings
    digests: DigestsData
