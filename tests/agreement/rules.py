"""Rules by the dozen: whole rule folders at random, in the project's format, valid and complete.

`write(seed, folder)` writes calendars, clocks, rules, overlays, places, hours and a catalogue; it is loaded with
`Rulebook.load(folder, shipped=False)`. The same seed writes the same files. JSON is YAML, so JSON is what is written.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

from .draft import KINDS, OWN_TIMES, OWN_UNITS
from .ground import d, iso

Json = dict[str, Any]
RAISERS: Final = ("dossier_submitted", "dossier_lost", "error_reported", "opinion_due", "dossier_closed")
DATES: Final = (
    "accepted", "original_due", "lawful_due", "current_due", "promised_due", "reappointed_due", *RAISERS,
    "open_request",
)  # fmt: skip
MOMENTS: Final = ("dossier_submitted", "accepted", "open_request", "dossier_lost", "error_reported", "dossier_closed")
LEVEL: Final = ("paper_forwarded", "received_by_competent_agency", "dossier_forwarded", "delay_notice_sent")
ENDS: Final = ("finished", "handled", "result", "released")
RAISED: Final = (
    ("answer", "dossier_submitted"), ("apology_sent", "dossier_lost"), ("result_corrected", "error_reported"),
    ("delay_notice_sent", "opinion_due"),
)  # fmt: skip
OWERS: Final = ("handling_agency", "one_stop_unit", "consulted_agency")
ROLES: Final = ("head_of_unit", "head_of_one_stop_unit", "officer", "deputy_head", "chair", "registration_authority")
CLASSES: Final = ("breach", "duty_open", "score", "rating_input", "review_trigger", "info")
PICKERS: Final = ("dossier_accepted", "lawful_due", "lawful_due", "supplement_requested", *RAISERS)
SINCE: Final = ("acceptance", "last_start")
PLACES: Final = ("dong-hai", "tay-son", "nam-giang", "bac-ha")
NATIONAL: Final = "one_stop"
SECOND: Final = "mot_cua_hai"
FIELDS: Final = ("Đất đai", "hộ tịch", "Xây  dựng")


def write(seed: int, folder: Path) -> Path:
    """A rule folder; the same from the same seed."""
    maker = _Maker(Random(f"rules/{seed}"), folder)
    maker.calendars()
    maker.tables()
    for family in (NATIONAL, SECOND):
        maker.clocks(family)
        for _ in range(maker.rng.randint(4, 7)):
            maker.rule(family)
    for place in PLACES[:2]:
        maker.rule(f"local/{place}")
        for _ in range(maker.rng.randint(1, 3)):
            maker.overlay(place)
    return folder


def label(text: str) -> Json:
    """A label in both languages."""
    return {"vi": text, "en": text}


class _Maker:
    def __init__(self, rng: Random, folder: Path) -> None:
        self.rng, self.folder = rng, folder
        self.serial = 0
        self.duties: dict[str, list[tuple[str, bool]]] = {}
        """By family: (duty, is it a limit)."""

    def write(self, inside: str, part: Json) -> None:
        path = self.folder / inside
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"format": 1, **part}, ensure_ascii=False, indent=1), encoding="utf-8")

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def some(self, choices: Sequence[Any], least: int = 1, most: int = 3) -> list[Any]:
        return self.rng.sample(list(choices), self.rng.randint(least, min(most, len(choices))))

    # -- calendars, places, hours, catalogue ---------------------------------------------------------------------------

    def calendars(self) -> None:
        """A five-day week under the usual name, with holidays and swaps that letters announce, and a six-day week."""
        rng = self.rng
        head = {"label": label("lịch"), "citations": [self.citation()]}
        first = rng.choice((2007, 2012, 2014))
        self.write(
            "calendars/vn/head.yaml",
            {"calendar": "vn", "weekend": ["saturday", "sunday"], "first_year": first, **head},
        )
        six = {"calendar": "sau-ngay", "weekend": ["sunday"], "first_year": 2010, "published": "always"}
        self.write("calendars/six/head.yaml", {**six, **head})
        for year in range(max(first, 2014), 2027):
            self.write(f"calendars/vn/{year}.yaml", {"calendar": "vn", "year": year, "days": self._year(year)})
        years = [
            {
                "year": year,
                "tet": f"02-{rng.randint(10, 12)} 02-13 02-14",
                "national_day": "09-01",
                "other": "01-01 09-02",
            }
            for year in range(max(first, 2014), 2030)
        ]
        self.write(
            "calendars/vn/statute.yaml", {"calendar": "vn", "statute": True, "derived_from": "x", "years": years}
        )

    def _year(self, year: int) -> list[Json]:
        rng = self.rng
        start = d(f"{year}-01-01")
        letter = iso(start - rng.randint(0, 60))
        days: dict[int, Json] = {}
        for at in (0, *(d(f"{year}-02-10") - start + k for k in range(rng.randint(3, 8)))):
            days[start + at] = (
                {"is": "public_holiday", "published_on": letter, "block": "tet"} if at else {"is": "public_holiday"}
            )
        for _ in range(rng.randint(0, 3)):
            monday = start + rng.randint(70, 350)
            monday -= (monday + 3) % 7
            off, made = monday + rng.choice((0, 4)), monday + rng.choice((5, 5, 6))
            if off in days or made in days:
                continue
            known = iso(monday - rng.randint(-3, 60))
            days[off] = {"is": "swapped_off", "swapped_with": iso(made), "published_on": known}
            days[made] = {"is": "makeup_workday", "swapped_with": iso(off), "published_on": known}
        fixed = {"name": label("ngày"), "instrument": "x", "source": "x", "confidence": "FOUND-secondary"}
        return [{"date": iso(day), **fixed, **part} for day, part in sorted(days.items())]

    def tables(self) -> None:
        """Places (one of them ended), two tables of hours, and a catalogue for each family."""
        rng = self.rng
        rows = [{"id": place, "name": label(place)} for place in PLACES]
        rows[2]["to"], rows[2]["merged_into"] = "2020-06-30", PLACES[0]
        rows[3]["from"] = "2019-01-01"
        self.write(
            "places/places.yaml",
            {"jurisdictions": "p", "label": label("nơi"), "citations": [self.citation()], "rows": rows},
        )
        for name, places in (("default", []), ("mua", [PLACES[1]])):
            shifts = [{"from": "07:00", "to": "11:00"}, {"from": "13:00", "to": "17:00"}]
            late = [{"from": f"0{rng.randint(7, 8)}:30", "to": "16:00"}]
            seasons = [
                {"from": "01-01", "to": "06-30", "shifts": shifts},
                {"from": "07-01", "to": "12-31", "shifts": late if name == "mua" else shifts},
            ]
            table = {
                "hours": name,
                "label": label(name),
                "jurisdictions": places,
                "citations": [self.citation()],
                "seasons": seasons,
            }
            self.write(f"hours/{name}.yaml", table)
        for family in (NATIONAL, SECOND):
            entries = []
            for number in range(3):
                turn = iso(d("2017-01-01") + rng.randint(0, 2000))
                for span in ({"from": "2008-01-01", "to": iso(d(turn) - 1)}, {"from": turn}):
                    limit: Json = {
                        "amount": rng.randint(0, 9),
                        "unit": rng.choice(("workday", "calendar_day", "month")),
                    }
                    if self.chance(0.3):
                        limit["pauses_for"] = ["payment", "opinion"]
                    if self.chance(0.2):
                        limit["cutoff"] = "15:00"
                    if self.chance(0.15):
                        limit = {"none": True}
                    for own in OWN_TIMES:
                        if self.chance(0.2):
                            limit[own] = {"amount": rng.randint(0, 9), "unit": rng.choice(OWN_UNITS)}
                    fixed = {"procedure": f"{family}.{number}", "citations": [self.citation()]}
                    entries.append({**fixed, **span, "time_limit": limit})
                    entries += [
                        {**fixed, **span, **only, "time_limit": {"amount": rng.randint(0, 9), "unit": "workday"}}
                        for only in self.only()
                    ]
            self.write(
                f"procedures/{family}.yaml",
                {"time_limits": family.replace("_", "-"), "label": label("t"), "regime": family, "entries": entries},
            )

    def only(self) -> list[Json]:
        """Narrower entries of a catalogue beside one for all: by channel, by place, or by place and then both."""
        rng = self.rng
        channels = {"channels": self.some(("in_person", "online", "postal"), 1, 2)}
        places = {"jurisdictions": self.some(PLACES, 1, 2)}
        return rng.choice(([], [], [channels], [places], [places, {**places, **channels}]))

    # -- clocks --------------------------------------------------------------------------------------------------------

    def clocks(self, family: str) -> None:
        """Two to four regimes, of every kind."""
        rng = self.rng
        spans = self.spans(rng.randint(2, 4), rng.choice(("2009-01-01", "2013-01-01")))
        for span in spans:
            supplement = rng.choice(("restart", "pause"))
            part = {
                "clock": family,
                "label": label("đồng hồ"),
                **span,
                "citations": [self.citation()],
                "calendar": "sau-ngay" if self.chance(0.2) else "vn",
                "supplement": {"effect": supplement},
                **self.starts(family),
                "pause_counts": rng.choice(("first_day", "last_day")),
                "receipt_on_day_off": rng.choice(("event_day", "next_workday")),
                "due_soon": rng.choice((0, 1, 2, 5)),
            }
            part["effective"] = {**span["effective"], "picked_by": "dossier_accepted"}
            if self.chance(0.5):
                day = span["effective"]["from"].replace("-", "")
                part["interpretations"] = [
                    {
                        "id": f"{family}_reading_{day}",
                        "about": label("?"),
                        "reads": supplement,
                        "instead_of": "pause" if supplement == "restart" else "restart",
                        "because": label("?"),
                        "status": "unconfirmed",
                        "sets": "supplement.effect",
                    }
                ]
            self.write(f"{family}/{span['effective']['from']}/clock.yaml", part)

    def starts(self, family: str) -> Json:
        """What starts the clock: mostly the acceptance, of the second family often the slip; and until what hour."""
        rng = self.rng
        found: Json = {"filed_elsewhere_starts": rng.choice(("dossier_accepted", "received_by_competent_agency"))}
        starts: Json = {}
        if self.chance(0.5 if family == SECOND else 0.05):
            found["filed_elsewhere_starts"] = "dossier_accepted"
            starts["event"] = "slip_sent"
        if self.chance(0.4):
            starts["cutoff_before_close"] = {"amount": rng.choice((1, 1, 2)), "unit": "work_hour"}
            starts["at_cutoff"] = rng.choice(("next_workday", "same_day"))
        return {**found, "starts": starts} if starts else found

    def spans(self, count: int, first: str = "") -> list[Json]:
        """Versions that follow one another; each is known from its instrument, its end from the next one's."""
        rng = self.rng
        start = d(first) if first else d("2014-01-01") + rng.randint(0, 2500)
        found: list[Json] = []
        issued = start - rng.randint(0, 90)
        for at in range(count):
            span: Json = {"effective": {"from": iso(start)}, "instrument": {"document": "x", "issued_on": iso(issued)}}
            if at < count - 1 or self.chance(0.15):
                last = start + rng.randint(200, 1500)
                issued = min(last, last - rng.randint(0, 90))
                span["effective"]["to"] = iso(last)
                if self.chance(0.85):
                    span["ended_by"] = {"document": "x", "issued_on": iso(issued)}
                start = last + 1
            found.append(span)
        return found

    # -- rules ---------------------------------------------------------------------------------------------------------

    def rule(self, family: str) -> None:
        """One to three versions of a rule, one of them perhaps a repeal."""
        rng = self.rng
        self.serial += 1
        name = f"quy_tac_{self.serial}"
        picker = rng.choice(PICKERS)
        spans = self.spans(rng.randint(1, 3))
        for at, span in enumerate(spans):
            part: Json = {**span, "citations": [self.citation() for _ in range(rng.randint(1, 2))]}
            part["effective"] = {**span["effective"], "picked_by": picker}
            if self.chance(0.3):
                unseen = {"document": "12/2020/NĐ-CP", "from": span["effective"]["from"]}
                part["instrument"] = {**span["instrument"], "amended_unseen": unseen}
            if at > 0 and self.chance(0.25):
                part = {"repealed": name, **part}
            else:
                part = {"rule": name, "label": label(name), **part, **self.body(name, family, picker)}
                if at > 0 and self.chance(0.5):
                    part["continues"] = {"document": "x", "from": spans[0]["effective"]["from"]}
            self.write(f"{family}/{span['effective']['from']}/{name}.yaml", part)

    def body(self, name: str, family: str, picker: str) -> Json:
        """Dates, deadlines, duties, limits, and who answers."""
        rng = self.rng
        part: Json = {}
        if self.chance(0.6):
            part["applies_if"] = [self.condition() for _ in range(rng.randint(1, 2))]
        dates = self.dates(rng.randint(0, 3))
        if dates:
            part["dates"] = dates
        known = [*DATES, *dates, *dates]
        part["deadlines"] = {"han_chinh": self.deadline([rng.choice(("lawful_due", "current_due", *dates))])}
        for number in range(rng.randint(0, 2)):
            part["deadlines"][f"han_{number}"] = self.deadline(known)
        duties = [self.duty(f"{name}_{number}", tuple(part["deadlines"]), known) for number in range(rng.randint(1, 3))]
        if any("received" in one for one in part.get("applies_if", ())):
            for duty in duties:
                dated = part["deadlines"].get(duty.get("discharged_by", ""), {}).get("due")
                if dated and "when" not in duty and self.chance(0.7):
                    duty["hour_unknown"] = rng.choice(known)
                    for key in {"or_by", "waived_by"} & set(duty):
                        if self.chance(0.7):
                            duty[key]["by"] = dated
        part["obligations"] = duties
        limits = []
        if picker == "supplement_requested" or self.chance(0.25):
            counted = (
                "supplement_requests"
                if picker == "supplement_requested"
                else rng.choice(("reappointments", "supplement_requests"))
            )
            limits.append({"id": f"{name}_gioi_han", "counts": counted, "at_most": rng.randint(1, 2)})
            part["limits"] = limits
        found = [(duty["id"], False) for duty in duties] + [(limit["id"], True) for limit in limits]
        self.duties.setdefault(family, []).extend(one for one in found if one not in self.duties.get(family, []))
        part["responsibilities"] = [self.responsibility(*rng.choice(found)) for _ in range(rng.randint(1, 4))]
        return part

    def dates(self, count: int) -> Json:
        rng = self.rng
        found: Json = {}
        for number in range(count):
            if self.chance(0.25):
                found[f"ngay_{number}"] = self.from_a_moment()
                continue
            base = rng.choice([*DATES, *found])
            part: Json = {"amount": rng.choice((0, 1, 1, 2, 3, 10)), "unit": rng.choice(("workday", "calendar_day"))}
            if self.chance(0.5):
                part = {"before": base, **part}
                if self.chance(0.4):
                    part["last_day_off"] = rng.choice(("rolled_back", "as_written"))
            else:
                part = {"after": base, **part}
            found[f"ngay_{number}"] = part
        return found

    def from_a_moment(self) -> Json:
        """A date that sector law may replace, or one in working hours."""
        rng = self.rng
        if self.chance(0.3):
            part: Json = {"after": "dossier_submitted", "amount": rng.choice((1, 8)), "unit": "work_hour"}
            if self.chance(0.5):
                part = {"after": "dossier_submitted", "amount": rng.choice((0, 0, 1)), "unit": "office_day"}
        else:
            part = {"after": rng.choice(MOMENTS), "amount": rng.choice((0, 1, 3, 15)), "unit": self.unit()}
        if part["unit"] not in ("work_hour", "office_day") or self.chance(0.7):
            part["unless_limit"] = rng.choice(OWN_TIMES)
        return part

    def unit(self) -> str:
        return str(self.rng.choice(("workday", "calendar_day")))

    def deadline(self, dates: Sequence[str]) -> Json:
        rng = self.rng
        if self.chance(0.2):
            event, since = rng.choice(RAISED)
            return {"event": event, "since": since, **({"due": rng.choice(dates)} if self.chance(0.5) else {})}
        events = self.events()
        part: Json = {"event": events if len(events) > 1 or self.chance(0.2) else events[0], "since": rng.choice(SINCE)}
        if self.chance(0.85):
            part["due"] = rng.choice(dates)
        if self.chance(0.25):
            part["for_other_level"] = self.some(LEVEL, 1, 2)
        return part

    def events(self) -> list[str]:
        if self.chance(0.5):
            return [self.rng.choice(ENDS)]
        likely = (
            "apology_sent",
            "dossier_forwarded",
            "delay_notice_sent",
            "result_issued",
            "dossier_refused",
            "reappointed",
        )
        return self.some((*KINDS[3:], *likely) if self.chance(0.5) else likely, 1, 2)

    def condition(self) -> Json:
        rng = self.rng
        kind = rng.choice(("event", "no_event", "other_level", "channel", "field", "received", "reappointment"))
        if kind == "event":
            return {
                "event": rng.choice(("apology_sent", "dossier_refused", "supplement_requested", "dossier_forwarded")),
                "since": rng.choice(SINCE),
            }
        if kind == "no_event":
            return {"no_event": rng.choice(("opinion_requested", "supplement_requested", "dossier_forwarded"))}
        if kind == "other_level":
            return {"other_level": True}
        if kind == "channel":
            return {"channel": self.some(("in_person", "online", "postal"), 1, 2)}
        if kind == "field":
            return {"field": self.some(FIELDS, 1, 2)}
        if kind == "received":
            return {"received": {rng.choice(("until", "after")): rng.choice(("15:00", "11:30"))}}
        return {"reappointment": "stands"}

    def duty(self, name: str, deadlines: Sequence[str], dates: Sequence[str]) -> Json:
        rng = self.rng
        part: Json = {
            "id": name,
            "owed_by": rng.choice(OWERS),
            "to": rng.choice(("applicant", "handling_agency", "one_stop_unit")),
        }
        way = rng.choice(("discharged_by", "discharged_by", "states", "each_within", "not_before"))
        if way == "each_within":
            each: Json = {"event": "supplement_requested", "amount": rng.randint(0, 4), "unit": "workday"}
            if self.chance(0.5):
                each["unless_limit"] = rng.choice(OWN_TIMES)
            return {**part, "each_within": each}
        if way == "not_before":
            return {**part, "not_before": {"event": "dossier_closed", "date": rng.choice(dates)}}
        if way == "states":
            fields = self.some(("reason", "new_due", "form", "attached"), 1, 3)
            part["states"] = {
                "event": "apology_sent",
                "since": rng.choice(SINCE),
                "fields": fields,
                "which": rng.choice(("first", "any")),
            }
        else:
            part["discharged_by"] = rng.choice(deadlines)
        if self.chance(0.5):
            part["when"] = {"deadline": rng.choice(deadlines), "is": self.some(("met", "met_late", "missed"), 1, 2)}
        elif way == "discharged_by":
            for key in ("or_by", "waived_by"):
                if self.chance(0.5):
                    part[key] = {"event": self.events(), "by": rng.choice(dates)}
        return part

    def responsibility(self, duty: str, is_limit: bool) -> Json:
        rng = self.rng
        outcomes = ["broken"] if is_limit else self.some(("missed", "met_late"), 1, 2)
        return {
            "for": duty,
            "if": outcomes,
            "role": rng.choice(ROLES),
            "unit": rng.choice(OWERS),
            "class": rng.choice(CLASSES),
        }

    def overlay(self, place: str) -> None:
        """An act of a place: it adds who answers, or excepts, or both."""
        rng = self.rng
        self.serial += 1
        name = f"phu_luc_{self.serial}"
        duties = self.duties[NATIONAL] + self.duties[f"local/{place}"]
        span = self.spans(1)[0]
        part: Json = {"overlay": name, "label": label(name), **span, "citations": [self.citation()]}
        if self.chance(0.7):
            part["adds"] = [self.responsibility(*rng.choice(duties)) for _ in range(rng.randint(1, 4))]
        if "adds" not in part or self.chance(0.7):
            part["excepts"] = [
                {
                    "duty": rng.choice(duties)[0],
                    "label": label("trừ"),
                    "if": [self.condition() for _ in range(rng.randint(1, 2))],
                }
                for _ in range(rng.randint(1, 4))
            ]
            if self.chance(0.5):  # a second exception of the same duty, that may apply at the same time
                part["excepts"].append({**part["excepts"][0], "if": [self.condition()]})
        self.write(f"local/{place}/{span['effective']['from']}/{name}.yaml", part)

    def citation(self) -> Json:
        rng = self.rng
        part: Json = {"document": f"{rng.randint(1, 99)}/2018/NĐ-CP", "article": rng.randint(1, 30), "status": "text"}
        if self.chance(0.5):
            part["clause"] = rng.randint(1, 9)
        if self.chance(0.3):
            part["point"] = rng.choice("abc")
        return part
