"""Every row of the five seed documents is carried by the rule files, and it is said how far each can be computed.

The rows were typed by hand from the documents' obligation tables, grouped rows one by one.
`python tests/law/test_seeds.py` prints the table: row, state, and what carries it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, Literal, NamedTuple

import pytest

from tthc_rules import Rulebook
from tthc_rules.law.civil import day_of
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.unit_duty import Once, OnLateness, Periodic, Target, UnitDuty

State = Literal["dossiers", "both", "unit_events", "not_computable"]

SHOWN: Final[Mapping[State, str]] = {
    "dossiers": "tính từ hồ sơ / computed from dossiers",
    "both": "hồ sơ và sự kiện của đơn vị / dossiers and unit events",
    "unit_events": "sự kiện của đơn vị / unit events",
    "not_computable": "không tính được / not computable",
}

ROWS: Final[Mapping[str, State]] = {
    # Sơn La, 1547/UBND-NC
    "SL-1": "not_computable",
    "SL-2a": "unit_events",
    "SL-2b": "unit_events",
    "SL-3": "unit_events",
    "SL-4a": "unit_events",
    "SL-4b": "both",
    "SL-5a": "unit_events",
    "SL-5b": "both",
    "SL-6a": "unit_events",
    "SL-6b": "not_computable",
    "SL-7": "not_computable",
    "SL-8": "unit_events",
    "SL-9": "not_computable",
    "SL-10a": "unit_events",
    "SL-10b": "unit_events",
    # Sơn La, 33-CT/TU
    "33-1": "unit_events",
    "33-2": "not_computable",
    "33-3.1": "unit_events",
    "33-3.2a": "unit_events",
    "33-3.2b": "unit_events",
    "33-3.3": "unit_events",
    "33-3.5": "unit_events",
    "33-3.6a": "unit_events",
    "33-3.6b": "dossiers",
    "33-3.6c": "unit_events",
    "33-3.8": "unit_events",
    "33-3.9": "both",
    "33-4a": "unit_events",
    "33-4b": "unit_events",
    "33-5": "not_computable",
    "33-6": "not_computable",
    "33-7": "not_computable",
    "33-8": "unit_events",
    "33-9": "unit_events",
    "33-10": "not_computable",
    "33-11": "unit_events",
    # Tuyên Quang, 01/CT-UBND
    "TQ-1.1": "unit_events",
    "TQ-1.2": "not_computable",
    "TQ-1.4a": "unit_events",
    "TQ-1.4b": "dossiers",
    "TQ-1.4c": "dossiers",
    "TQ-1.4d": "both",
    "TQ-1.4e": "unit_events",
    "TQ-1.4f": "dossiers",
    "TQ-1.4g": "unit_events",
    "TQ-1.5": "unit_events",
    "TQ-1.6": "unit_events",
    "TQ-1.8": "unit_events",
    "TQ-2.1": "unit_events",
    "TQ-3.1": "unit_events",
    "TQ-3.2": "unit_events",
    "TQ-5.2": "unit_events",
    "TQ-10.1": "both",
    "TQ-11.1": "both",
    "TQ-11.2": "unit_events",
    "TQ-F": "both",
    # Thanh Hóa, the plan
    "TH-1": "not_computable",
    "TH-2": "unit_events",
    "TH-3": "not_computable",
    "TH-4": "unit_events",
    "TH-5": "unit_events",
    "TH-6": "unit_events",
    "TH-7": "not_computable",
    "TH-8": "both",
    "TH-9": "unit_events",
    "TH-10": "unit_events",
    "TH-11": "not_computable",
    "TH-12": "both",
    "TH-13": "not_computable",
    "TH-14": "not_computable",
    "TH-15": "unit_events",
    "TH-16": "not_computable",
    "TH-17": "unit_events",
    "TH-III.1": "unit_events",
    # Đắk Lắk, 08/CT-UBND
    "DL-1a": "dossiers",
    "DL-1b": "dossiers",
    "DL-1c": "unit_events",
    "DL-2": "unit_events",
    "DL-3": "unit_events",
    "DL-5": "unit_events",
    "DL-6": "unit_events",
    "DL-7a": "unit_events",
    "DL-7b": "unit_events",
    "DL-7d": "unit_events",
    "DL-7đ": "unit_events",
    "DL-7e": "unit_events",
}

SHARES_OF_DOSSIERS: Final = frozenset({"on_time", "early", "on_system", "synced_national"})
LOCAL: Final = ("dak-lak", "dong-thap", "lai-chau", "nghe-an", "son-la", "thanh-hoa", "tp-hcm", "tuyen-quang")


class Carrier(NamedTuple):
    """What carries a row: its kind, or the state of a register's row; and its name."""

    kind: str
    name: str


def carriers(corpus: Corpus) -> dict[str, list[Carrier]]:
    """Row -> everything in the rule files that names it."""
    found: defaultdict[str, list[Carrier]] = defaultdict(list)
    for carrier, rows in _carriers(corpus):
        for row in rows:
            found[row].append(carrier)
    return dict(found)


def _carriers(corpus: Corpus) -> Iterator[tuple[Carrier, tuple[str, ...]]]:
    for rules in corpus.rules.values():
        for versions in rules.values():
            for rule in versions:
                yield Carrier("rule", f"{rule.version}/{rule.id}"), rule.seed_rows
    for overlays in corpus.overlays.values():
        for overlay in overlays:
            yield Carrier("overlay", f"{overlay.version}/{overlay.id}"), overlay.seed_rows
    for duties in corpus.unit_duties.values():
        for duty in duties:
            yield Carrier(_way(duty), f"{duty.version}/{duty.id}"), duty.seed_rows
    for entry in corpus.registers:
        yield Carrier(entry.state, f"register {entry.id}"), entry.seed_rows


def _way(duty: UnitDuty) -> str:
    match duty.way:
        case OnLateness():
            return "on_lateness"
        case Target() as target:
            return "share_of_dossiers" if target.of in SHARES_OF_DOSSIERS else "share_of_units"
        case Periodic():
            return "periodic"
        case _:
            return "once"


FROM_DOSSIERS: Final = frozenset({"rule", "overlay", "on_lateness", "share_of_dossiers"})
FROM_UNITS: Final = frozenset({"on_lateness", "share_of_units", "periodic", "once"})
WAITING: Final = frozenset({"needs_unit_events", "needs_facts"})


def agrees(state: State, kinds: frozenset[str]) -> bool:
    """Whether what carries a row can do what its state says."""
    if state == "dossiers":
        return bool(kinds & FROM_DOSSIERS)
    if state == "both":
        return bool(kinds & FROM_UNITS)
    if state == "unit_events":
        return bool(kinds & (FROM_UNITS | WAITING)) and not kinds & {"rule", "overlay"}
    return kinds == {"not_computable"}


def table(corpus: Corpus) -> str:
    """The table for readers: row, state, carriers."""
    found = carriers(corpus)
    lines = []
    for row, state in ROWS.items():
        by = "; ".join(f"{carrier.name} ({carrier.kind})" for carrier in found.get(row, []))
        lines.append(f"{row:<9} {SHOWN[state]:<56} {by}")
    return "\n".join(lines)


def test_the_list_is_whole() -> None:
    counted: defaultdict[str, int] = defaultdict(int)
    for row in ROWS:
        counted[row.partition("-")[0]] += 1
    assert dict(counted) == {"SL": 15, "33": 21, "TQ": 20, "TH": 18, "DL": 12}


def test_no_row_is_missing(book: Rulebook) -> None:
    assert [row for row in ROWS if row not in carriers(book.corpus)] == []


def test_no_row_is_unknown(book: Rulebook) -> None:
    assert [row for row in carriers(book.corpus) if row not in ROWS] == []


@pytest.mark.parametrize("row", ROWS)
def test_each_row_is_carried_as_its_state_says(book: Rulebook, row: str) -> None:
    found = carriers(book.corpus).get(row, [])
    assert agrees(ROWS[row], frozenset(carrier.kind for carrier in found)), found


def test_each_row_has_a_carrier_of_its_own_place(book: Rulebook) -> None:
    """National files may name a row too; what a document of a place says must stand in the folder of that place."""
    corpus = book.corpus
    own = {row for carrier, rows in _carriers(corpus) if carrier.name.startswith("local/") for row in rows}
    own |= {row for entry in corpus.registers if "/local/" in entry.source for row in entry.seed_rows}
    assert [row for row in ROWS if row not in own] == []


def test_what_is_not_computed_says_why_in_both_languages(book: Rulebook) -> None:
    silent = [e.id for e in book.corpus.registers if not (e.because["vi"].strip() and e.because["en"].strip())]
    assert silent == []


def test_overlays_name_duties_that_exist(book: Rulebook) -> None:
    """The loader cannot see across files; an overlay on a duty that nobody has would never say anything."""
    corpus = book.corpus
    every = [rule for rules in corpus.rules.values() for versions in rules.values() for rule in versions]
    known = {duty.id for rule in every for duty in rule.obligations} | {one.id for rule in every for one in rule.limits}
    named = {
        answer.duty
        for overlays in corpus.overlays.values()
        for overlay in overlays
        for answer in overlay.responsibilities
    }
    assert named - known == set()


def test_each_place_that_has_files_is_a_known_place(book: Rulebook) -> None:
    corpus = book.corpus
    files = [name.split("/") for name in corpus.files if name.startswith("local/")]
    places = {parts[1] for parts in files if len(parts) > 2}
    assert places == set(LOCAL), "LOCAL above: the places with files of their own"
    assert places <= set(corpus.jurisdictions), "rulesets/places knows each of them"


def test_the_directive_of_tuyen_quang_ends_with_the_old_province(book: Rulebook) -> None:
    corpus = book.corpus
    last = day_of(date(2025, 6, 30))
    family = "local/tuyen-quang"
    ends = {rule.in_force.until for versions in corpus.rules[family].values() for rule in versions}
    ends |= {overlay.in_force.until for overlay in corpus.overlays[family]}
    ends |= {
        duty.in_force.until
        for duties in corpus.unit_duties.values()
        for duty in duties
        if duty.version.startswith(family)
    }
    assert ends == {last}


def test_strict_and_inclusive_days(book: Rulebook) -> None:
    """«Trước» ends the day before; «trong quý», «trong tháng» end with their last day."""
    firsts = {name: duties[0].way for name, duties in book.corpus.unit_duties.items()}
    found = {name: way.last_day for name, way in firsts.items() if isinstance(way, Once)}
    wanted = {
        "digitisation_guidance_tuyen_quang": date(2025, 1, 14),
        "party_plan_2014": date(2014, 12, 31),
        "one_stop_scheme_dak_lak": date(2013, 9, 30),
        "one_stop_additions_dak_lak": date(2013, 9, 30),
        "one_stop_rules_dak_lak": date(2013, 12, 31),
        "directive_report_dak_lak": date(2013, 12, 31),
        "modern_one_stop_dak_lak": date(2015, 12, 31),
    }
    assert {name: found.get(name) for name in wanted} == {name: day_of(day) for name, day in wanted.items()}
    reports = firsts["party_report_dates"]
    assert isinstance(reports, Periodic)
    assert reports.before == ("05-31", "11-10")


def test_targets_are_strict_where_the_text_is(book: Rulebook) -> None:
    duties = book.corpus.unit_duties
    wanted = {
        "target_one_stop_80": (80, True),
        "target_on_time_90": (90, False),
        "target_one_stop_100": (100, False),
        "overlay_tuyen_quang_on_system": (100, False),
        "synced_national_tuyen_quang": (100, False),
        "target_iso_100_dak_lak": (100, False),
        "target_modern_one_stop_100_dak_lak": (100, False),
    }
    ways = {name: duties[name][0].way for name in wanted}
    assert {name: (way.percent, way.is_strict) for name, way in ways.items() if isinstance(way, Target)} == wanted


def test_the_table_has_a_line_for_each_row(book: Rulebook) -> None:
    lines = table(book.corpus).splitlines()
    assert [line.split()[0] for line in lines] == list(ROWS)


if __name__ == "__main__":
    print(table(Rulebook.load().corpus))
