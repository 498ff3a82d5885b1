"""SEMANTICS «What a source cannot show», for the clock: dates as far as seen, and what can no longer be said."""

from __future__ import annotations

from dataclasses import dataclass, replace

from .answers import RESULTS, Answer
from .counting import Due, Happening, Json, OpenError

UNDETERMINED = Answer("undetermined")  # «while `punctuality` is `undetermined` the numbers are null»
ENDED = ("early", "on_time", "returned_late")
FOR = {"payment": "payment_awaited", "opinion": "opinion_requested"}


@dataclass(frozen=True)
class Source:
    """What this record may lack."""

    observes: frozenset[str] | None = None
    acceptance: bool = False
    pauses: bool = False
    finish: bool = False

    @classmethod
    def of(cls, dossier: Json, events: list[Happening]) -> Source:
        unknown = dossier.get("unknown") or ()
        listed = dossier.get("observes")
        observes = None if listed is None else frozenset(listed)
        source = cls(observes)
        stops = ["supplement_requested", "clock_paused"]
        stops += [FOR[name] for name in (dossier.get("time_limit") or {}).get("pauses_for", ())]
        unseen = source.hides("dossier_accepted") and all(event.kind != "dossier_accepted" for event in events)
        if unseen and "acceptance" not in unknown and dossier.get("filed_elsewhere"):
            raise OpenError("an acceptance that is not observed, of a clock that starts elsewhere")
        return replace(
            source,
            acceptance="acceptance" in unknown or unseen,
            pauses="pauses" in unknown or any(source.hides(kind) for kind in stops),
            finish="finish" in unknown or all(source.hides(kind) for kind in RESULTS),
        )

    def hides(self, kind: str) -> bool:
        """«An event that is there counts whatever the list says»: this says only that a missing one proves nothing."""
        return self.observes is not None and kind not in self.observes


@dataclass(frozen=True)
class Seen:
    """What was seen of one dossier, for the sentences below."""

    source: Source
    finish: Happening | None
    reached: tuple[int, int]
    """The day and the minute of the end, or of the question."""
    without_stop: Due | None
    """The date without a stop that is seen to begin and whose end the source cannot show."""
    reappointed: bool
    waiting: bool
    """A request without a receipt."""


def veiled(answer: Answer, seen: Seen, policy: str) -> tuple[Answer, str | None]:
    """The answer as it may be given, and the note where it may not."""
    source = seen.source
    if answer.name in ("no_limit", "not_started", "undetermined"):
        return answer, None
    passed = seen.without_stop is not None and seen.reached > (seen.without_stop.number, seen.without_stop.minute)
    promised = policy == "qd766" or policy.startswith("promised")
    lasted = policy == "qd766" and seen.finish is not None  # how long was waited is not known
    slip = promised and (answer.late or lasted) and seen.waiting and source.hides("supplement_received")
    if answer.name == "closed":
        if answer.late and source.pauses:
            return replace(answer, workdays=None, days=None, numbers_unsaid=policy == "qd766"), None
        # what a hidden end of a stop, a hidden slip or re-appointment does to these numbers is not said
        hidden = passed or slip or (policy == "current" and answer.late and source.hides("reappointed"))
        return (replace(answer, numbers_unsaid=True) if hidden else answer), None
    if source.finish and seen.finish is None:
        return UNDETERMINED, "finish_unknown"
    if policy == "qd766" and (source.pauses or seen.without_stop is not None):
        raise OpenError("qd766 on a record that lacks stops")
    if policy == "qd766" and source.observes is not None and seen.finish is None and answer.name in ENDED:
        raise OpenError("whether nothing came later than the request")
    if slip:
        raise OpenError("the receipt that was not seen may carry a new slip")
    if source.pauses and (answer.late or answer.name == "paused"):
        return UNDETERMINED, "pauses_unknown"
    if passed:
        if policy.startswith("promised") or (policy == "current" and seen.reappointed):
            raise OpenError("a date without that stop, of another date")
        return UNDETERMINED, "not_observed"
    if policy == "current" and answer.late and source.hides("reappointed"):
        if seen.reappointed:
            raise OpenError("the one that is seen need not be the first")
        return UNDETERMINED, "not_observed"
    return answer, None
