"""Pages by source: one decree beside the next, what nobody has read yet, and every row of the table of duties."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Final

from tthc_rules.check.lawpages import clauses, said
from tthc_rules.check.lint import to_be_confirmed
from tthc_rules.law.corpus import Corpus, RegisterEntry
from tthc_rules.law.evidence import Citation
from tthc_rules.law.indicator import Indicator
from tthc_rules.law.rule import ClockVersion, Rule
from tthc_rules.law.unit_duty import Office, UnitDuty
from tthc_rules.result.words import Pair

DECREES: Final = ("61/2018/NĐ-CP", "118/2025/NĐ-CP", "309/2026/NĐ-CP")
"""The decree before, the decree now, and what amended it and was read."""
_TO_FETCH: Final = "registers/to_fetch"
_OF_SECTORS: Final = "registers/sector"

# -- clause beside clause ----------------------------------------------------------------------------------------------


@dataclass
class _Beside:
    """What one duty stands on in each decree."""

    label: str = ""
    cited: dict[str, list[Citation]] = field(default_factory=lambda: {decree: [] for decree in DECREES})


def decrees_page(corpus: Corpus) -> Iterator[str]:
    """What each duty stood on in the old decree and stands on in the new one."""
    yield "# Từ NĐ 61 sang NĐ 118 / From Decree 61 to Decree 118"
    yield ""
    yield "Điều khoản bên điều khoản: 61/2018/NĐ-CP (21/06/2018–30/06/2025), 118/2025/NĐ-CP (từ 01/07/2025, nguyên bản)"
    yield "và 309/2026/NĐ-CP sửa đổi nó (từ 05/08/2026). Nội dung 367/2025/NĐ-CP sửa đổi NĐ 118 chưa xem được."
    yield "Clause beside clause; Decree 118 in its original wording, the amendments of Decree 367/2025 were not seen."
    old, new, amended = DECREES
    pairs = _pairs(corpus)
    later = {name: one for name, one in pairs.items() if one.cited[new] or one.cited[amended]}
    yield from _beside("Nối tiếp / continued", {n: one for n, one in later.items() if one.cited[old]})
    yield from _beside("Mới / new", {n: one for n, one in later.items() if not one.cited[old]})
    yield from _beside("Không còn / no longer", {n: one for n, one in pairs.items() if n not in later})


def _pairs(corpus: Corpus) -> dict[str, _Beside]:
    found: dict[str, _Beside] = defaultdict(_Beside)
    for name, label, citations in _cited(corpus):
        for citation in citations:
            own = found[name].cited.get(citation.document) if citation.status == "text" else None
            if own is not None and citation not in own:
                own.append(citation)
                if citation.document != DECREES[2] or not found[name].label:
                    found[name].label = label
    return {name: one for name, one in sorted(found.items()) if one.label}


def _cited(corpus: Corpus) -> Iterator[tuple[str, str, tuple[Citation, ...]]]:
    """(name, label, citations) of every version, in order of time: the label is that of the newest decree."""
    for rule in corpus.rule_versions():
        if not rule.repealed:
            yield rule.id, rule.label["vi"], rule.citations
    for family, clocks in corpus.clocks.items():
        for clock in clocks:
            yield f"clock-{family}", clock.label["vi"], clock.citations
    for duty in chain.from_iterable(corpus.unit_duties.values()):
        if not duty.version.startswith("local/"):
            yield duty.id, duty.label["vi"], duty.citations
    for office in chain.from_iterable(corpus.offices.values()):
        yield office.id, office.label["vi"], office.citations
    for entry in corpus.registers:
        if entry.law_rows and _OF_SECTORS not in entry.source:
            yield entry.id.removesuffix("_r3"), entry.label["vi"], entry.citations


def _beside(title: str, pairs: Mapping[str, _Beside]) -> Iterator[str]:
    if not pairs:
        return
    yield ""
    yield f"## {title}"
    yield ""
    yield "| nghĩa vụ / duty | NĐ 61/2018 | NĐ 118/2025 | sửa đổi bởi / amended by NĐ 309/2026 |"
    yield "|---|---|---|---|"
    for name, one in pairs.items():
        cells = [clauses(citations) or "—" for citations in one.cited.values()]
        yield f"| {one.label} (`{name}`) | {' | '.join(cells)} |"


# -- what is unread ----------------------------------------------------------------------------------------------------


def unread_page(corpus: Corpus) -> Iterator[str]:
    """Which texts to fetch, in order, what each could change, and the points that wait for it."""
    yield "# Chưa xác nhận / Not confirmed"
    yield ""
    yield "Những điểm dưới đây chờ đối chiếu với văn bản chính thức. Không điểm nào được trình bày như luật."
    yield "What waits to be compared with an official text; nothing here is presented as law."
    waiting = _waiting(corpus)
    wanted = [entry for entry in corpus.registers if _TO_FETCH in entry.source]
    yield ""
    yield "## Văn bản cần lấy, theo thứ tự / texts to fetch, in order"
    yield ""
    yield "| | văn bản / text | có thể thay đổi điều gì / what it could change | ở đâu / where | chờ / waiting |"
    yield "|---|---|---|---|---|"
    for at, entry in enumerate(wanted, 1):
        points = sum(len(waiting.get(document, ())) for document in {one.document for one in entry.citations})
        why = said((entry.because["vi"], entry.because["en"]))
        yield f"| {at} | {entry.label['vi']} / {entry.label['en']} | {why} | {_where(entry)} | {points} |"
    yield ""
    yield "## Từng điểm / point by point"
    yield ""
    yield "| chờ văn bản / waits for | điểm / point | ở đâu / where |"
    yield "|---|---|---|"
    order = {citation.document: at for at, entry in enumerate(wanted) for citation in entry.citations}
    for document in sorted(waiting, key=lambda name: (order.get(name, len(order)), name)):
        for where, what in waiting[document]:
            yield f"| {document} | {what} | {where} |"


def _waiting(corpus: Corpus) -> dict[str, list[tuple[str, str]]]:
    """Document -> (where, what) of each point that waits for it, each once."""
    points: list[tuple[str, str, str]] = [
        (citation.document, _short(source), what)
        for source, what, citation in to_be_confirmed(corpus)
        if _TO_FETCH not in source
    ]
    amended: list[Rule | ClockVersion | UnitDuty] = [*chain.from_iterable(corpus.clocks.values())]
    amended += [*corpus.rule_versions(), *chain.from_iterable(corpus.unit_duties.values())]
    points += [
        (one.unseen.document, _short(one.source), f"lời văn sau sửa đổi: {one.label['vi']}")
        for one in amended
        if one.unseen is not None
    ]
    waiting: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for document, where, what in dict.fromkeys(points):
        waiting[document].append((where, what))
    return waiting


def _short(source: str) -> str:
    return source.partition(":")[0].rpartition("rulesets/")[2]


def _where(entry: RegisterEntry) -> str:
    return "; ".join(citation.source for citation in entry.citations if citation.source)


# -- every row of the table of duties ----------------------------------------------------------------------------------


def law_rows(corpus: Corpus) -> dict[str, list[tuple[str, str]]]:
    """Row of the table of duties -> (state, what says that it carries it): no row may be missing."""
    rows: dict[str, list[tuple[str, str]]] = defaultdict(list)

    def carry(state: str, own: Rule | UnitDuty | Indicator | Office | RegisterEntry) -> None:
        for row in own.law_rows:
            if (state, own.id) not in rows[row]:
                rows[row].append((state, own.id))

    for rule in corpus.rule_versions():
        carry("dossiers", rule)
    for duty in chain.from_iterable(corpus.unit_duties.values()):
        carry("unit_events", duty)
    for indicator in chain.from_iterable(corpus.indicators.values()):
        carry("indicator", indicator)
    for office in chain.from_iterable(corpus.offices.values()):
        carry("unit_events", office)
    for entry in corpus.registers:
        carry(entry.state, entry)
    return dict(rows)


STATES: Final[Mapping[str, Pair]] = {
    "dossiers": ("tính từ hồ sơ", "computed from dossiers"),
    "unit_events": ("nghĩa vụ của đơn vị, theo sự kiện của đơn vị", "a duty of the unit, by unit events"),
    "indicator": ("chỉ số", "an indicator"),
    "needs_unit_events": ("cần sự kiện của đơn vị", "needs unit events"),
    "needs_facts": ("cần dữ kiện chưa có", "needs facts that are not recorded"),
    "not_computable": ("không tính được", "not computable"),
    "to_be_confirmed": ("chờ xác nhận", "to be confirmed"),
}


def law_rows_page(corpus: Corpus) -> Iterator[str]:
    """Every row, its state, what carries it, and where it is not computed why."""
    because = {entry.id: said((entry.because["vi"], entry.because["en"])) for entry in corpus.registers}
    yield "# Từng dòng của bảng nghĩa vụ / Every row of the table of duties"
    yield ""
    yield "| dòng / row | trạng thái / state | ở đâu / where | vì sao / why |"
    yield "|---|---|---|---|"
    rows = {**law_rows(corpus), **{name: [("retired", name)] for name in corpus.retired}}
    for row, carried in sorted(rows.items()):
        for state, name in _listed(carried):
            if state == "retired":
                gone = corpus.retired[name]
                why = said((gone.because["vi"], gone.because["en"]))
                yield f"| `{row}` | {said(_RETIRED)} | {f'`{gone.successor}`' if gone.successor else '—'} | {why} |"
            else:
                yield f"| `{row}` | {said(STATES[state])} | `{name}` | {because.get(name, '')} |"


_RETIRED: Final[Pair] = ("mã không còn dùng", "an id used no more")


def _listed(carried: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(carried, key=lambda one: (list(STATES).index(one[0]) if one[0] in STATES else -1, one[1]))
