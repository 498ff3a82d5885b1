"""A page per rule for lawyers: the quote, the clause and its status, the versions over time, readings, examples."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from tthc_rules.check.lawpages import law_in_force_page, when_of
from tthc_rules.check.sourcepages import STATES, decrees_page, law_rows_page, unread_page
from tthc_rules.law.civil import date_of
from tthc_rules.law.corpus import Corpus
from tthc_rules.law.evidence import Citation, Interpretation
from tthc_rules.law.indicator import Indicator, Total
from tthc_rules.law.rule import ClockVersion, InForce, Overlay, Responsibility, Rule, Starts
from tthc_rules.law.unit_duty import UnitDuty
from tthc_rules.result import words

INDEX: Final = "README.md"
MARK: Final = "Generated from `rulesets/`; do not edit: `tthc-rules check rulesets --pages docs/rules`."
"""Stands in the index, and says that the pages are ours."""


def pages(corpus: Corpus) -> dict[str, str]:
    """File name -> text (Markdown) of every page, with an index and the page of what is not confirmed."""
    made: dict[str, str] = {}
    for family, clocks in corpus.clocks.items():
        made[f"clock-{family}.md"] = _joined(_clock_page(family, clocks))
    for family, rules in corpus.rules.items():
        for name, versions in rules.items():
            made[_file(family, name)] = _joined(_rule_page(name, versions, corpus))
    for family, overlays in corpus.overlays.items():
        made[f"{family.replace('/', '-')}-overlays.md"] = _joined(_overlay_page(family, overlays))
    for name, duties in corpus.unit_duties.items():
        made[f"unit-{name}.md"] = _joined(_unit_page(name, duties))
    for name, indicators in corpus.indicators.items():
        made[f"indicator-{name}.md"] = _joined(_indicator_page(name, indicators))
    made["luat-hien-hanh.md"] = _joined(law_in_force_page(corpus))
    made["nd61-nd118.md"] = _joined(decrees_page(corpus))
    made["chua-xac-nhan.md"] = _joined(unread_page(corpus))
    made["bang-nghia-vu.md"] = _joined(law_rows_page(corpus))
    made["van-ban-nguon.md"] = _joined(_seed_page(corpus))
    made[INDEX] = _joined(_index(corpus))
    return made


def listed(index: str) -> set[str] | None:
    """The pages that an index of ours lists; nothing where the text is somebody else's."""
    return set(re.findall(r"\]\(([^()/\\]+\.md)\)", index)) if MARK in index else None


def _file(family: str, name: str) -> str:
    return f"{name}.md" if family == "one_stop" else f"{family.replace('/', '-')}-{name}.md"


def _joined(lines: Iterable[str]) -> str:
    """A page; what its rules say is text, and nothing in it is HTML."""
    return "\n".join(lines).rstrip().replace("<", "&lt;") + "\n"


def _rule_page(name: str, versions: Sequence[Rule], corpus: Corpus) -> Iterator[str]:
    newest = versions[-1] if not versions[-1].repealed else versions[0]
    yield f"# {newest.label['vi']}"
    yield ""
    yield f"*{newest.label['en']}* — `{name}`"
    yield from _timeline(versions)
    for version in versions:
        yield ""
        yield f"## {version.version}: {_span(version.in_force)}"
        if version.repealed:
            yield ""
            yield f"Không có hiệu lực trong khoảng này. / Not in force. {version.label['vi']} / {version.label['en']}"
            yield from _citations(version.citations)
            continue
        if not version.is_on:
            yield ""
            yield "**Chưa xác nhận, tắt mặc định.** / Unconfirmed, off by default."
        if version.note is not None:
            yield ""
            yield f"{version.note['vi']} / {version.note['en']}"
        yield from _citations(version.citations)
        picked = words.PICKED_BY[version.picked_by]
        yield ""
        yield f"- Phiên bản chọn theo {picked[0]} / version picked by {picked[1]}"
        yield from _duties(version)
        yield from _responsibilities(version.responsibilities)
        yield from _readings(version.interpretations)
        yield from _examples(version, corpus)


def _timeline(versions: Sequence[Rule] | Sequence[ClockVersion]) -> Iterator[str]:
    yield ""
    yield "| phiên bản / version | hiệu lực / in force | văn bản ban hành / issued | |"
    yield "|---|---|---|---|"
    for version in versions:
        state = "bãi bỏ / repealed" if getattr(version, "repealed", False) else ""
        issued = f"{date_of(version.in_force.issued_on):%d/%m/%Y}"
        yield f"| {version.version} | {_span(version.in_force)} | {issued} | {state} |"


def _span(span: InForce) -> str:
    start = f"{date_of(span.start):%d/%m/%Y}"
    return f"{start} – …" if span.until is None else f"{start} – {date_of(span.until):%d/%m/%Y}"


def _citations(citations: Sequence[Citation]) -> Iterator[str]:
    yield ""
    for citation in citations:
        quote = f" «{citation.quote}»" if citation.quote else ""
        source = f" — {citation.source}" if citation.source else ""
        status = words.STATUSES[citation.status]
        yield f"- **{citation.say('vi')}** / {citation.say('en')}{quote}{source} — {status[0]} / {status[1]}"


def _duties(rule: Rule) -> Iterator[str]:
    for duty in rule.obligations:
        owed, to = words.ROLES[duty.owed_by], words.ROLES[duty.to]
        yield f"- `{duty.id}`: {owed[0]} → {to[0]} / {owed[1]} → {to[1]}"
        if duty.counts_as is not None:
            counted = words.COUNTED_AS[duty.counts_as]
            yield f"- `{duty.id}`: {counted[0]} / {counted[1]}"
    for limit in rule.limits:
        yield f"- `{limit.id}`: nhiều nhất {limit.at_most} lần / at most {limit.at_most}"


def _responsibilities(answers: Sequence[Responsibility]) -> Iterator[str]:
    for answer in answers:
        role, what = words.ROLES[answer.role], words.CONSEQUENCES[answer.consequence]
        outcomes = ", ".join(f"`{outcome}`" for outcome in sorted(answer.outcomes))
        yield f"- {outcomes}: {role[0]} — {what[0]} / {role[1]} — {what[1]}"


def _readings(readings: Sequence[Interpretation]) -> Iterator[str]:
    for reading in readings:
        yield ""
        yield f"**Cách hiểu / reading** `{reading.id}`: {reading.about['vi']} / {reading.about['en']}"
        yield ""
        yield f"- chọn / taken: `{reading.reads}`; cách kia / the other: `{reading.instead_of}`"
        yield f"- vì / because: {reading.because['vi']} / {reading.because['en']}"
        status = words.STATUSES[reading.status]
        yield f"- {status[0]} / {status[1]}"


def _examples(rule: Rule, corpus: Corpus) -> Iterator[str]:
    examples = corpus.examples.get(rule.source, ())
    if not examples:
        return
    yield ""
    yield "| ví dụ / example | dữ kiện / given | kết quả / outcome |"
    yield "|---|---|---|"
    for example in examples:
        yield f"| {example.name} | {_pairs(example.given)} | {_pairs(example.expect)} |"


def _pairs(pairs: Mapping[str, object]) -> str:
    return ", ".join(f"{name}: {'—' if value is None else value}" for name, value in pairs.items()).replace("|", "\\|")


def _clock_page(family: str, versions: Sequence[ClockVersion]) -> Iterator[str]:
    yield f"# Đồng hồ thời hạn: {family} / The clock: {family}"
    yield from _timeline(versions)
    for version in versions:
        yield ""
        yield f"## {version.version}: {version.label['vi']} / {version.label['en']}"
        yield from _citations(version.citations)
        effect = ("tính lại từ đầu", "restarts") if version.supplement == "restart" else ("tạm dừng", "pauses")
        yield ""
        yield from _starts(version.starts)
        yield f"- bổ sung hồ sơ: {effect[0]} / a supplement {effect[1]}"
        yield f"- lịch / calendar: `{version.calendar}`"
        if version.steps.agencies:
            yield ""
            yield "Các bước của từng cơ quan / the steps of each agency:"
            yield from _citations(version.steps.citations())
        if version.result.role is not None:
            role = words.ROLES[version.result.role]
            yield ""
            yield f"Trả kết quả đúng hạn, ai trả lời / who answers for the result by its day: {role[0]} / {role[1]}"
            yield from _citations(version.result.citations)
        yield from _readings(version.interpretations)


def _starts(starts: Starts) -> Iterator[str]:
    """What starts the clock and until when it counts on its own day, where that is not the acceptance alone."""
    if starts.event != "dossier_accepted":
        vi, en = words.EVENTS[starts.event]
        yield f"- bắt đầu tính / starts with: {vi} / {en} (`{starts.event}`)"
    if starts.cutoff is not None:
        yield (
            f"- nhận trong {starts.cutoff} phút trước khi hết giờ hành chính hoặc muộn hơn: tính như nhận ngày làm việc"
            f" kế tiếp / received within {starts.cutoff} minutes before the office closes, or later: as on the next"
            " workday"
        )


def _overlay_page(family: str, overlays: Sequence[Overlay]) -> Iterator[str]:
    yield f"# Quy định riêng: {family} / what this place adds"
    for overlay in overlays:
        yield ""
        yield f"## {overlay.label['vi']} / {overlay.label['en']} — `{overlay.id}`: {_span(overlay.in_force)}"
        yield from _citations(overlay.citations)
        yield ""
        for answer in overlay.responsibilities:
            role = words.ROLES[answer.role]
            outcomes = ", ".join(f"`{outcome}`" for outcome in sorted(answer.outcomes))
            yield f"- `{answer.duty}` {outcomes}: thêm {role[0]} / adds the {role[1]}"
        for exception in overlay.excepts:
            yield f"- trừ / except `{exception.duty}`: {exception.label['vi']} / {exception.label['en']}"
        if overlay.seed_rows:
            yield f"- {', '.join(overlay.seed_rows)}"


def _unit_page(name: str, versions: Sequence[UnitDuty]) -> Iterator[str]:
    newest = versions[-1]
    yield f"# {newest.label['vi']}"
    yield ""
    yield f"*{newest.label['en']}* — `{name}`"
    for version in versions:
        yield ""
        yield f"## {version.version}: {_span(version.in_force)}"
        if not version.is_on:
            yield ""
            yield "**Chưa xác nhận, tắt mặc định.** / Unconfirmed, off by default."
        yield from _citations(version.citations)
        role, what = words.ROLES[version.role], words.CONSEQUENCES[version.consequence]
        yield ""
        yield f"- {role[0]} — {what[0]} / {role[1]} — {what[1]}"
        yield f"- {when_of(version)}"
        for finding in version.establishes:
            said = "; ".join(citation.say("vi") for citation in finding.citations)
            yield f"- phải xác định / to establish: {finding.label['vi']} / {finding.label['en']} — {said}"
        if version.note is not None:
            yield f"- {version.note['vi']} / {version.note['en']}"
        if version.seed_rows:
            yield f"- {', '.join(version.seed_rows)}"


def _indicator_page(name: str, versions: Sequence[Indicator]) -> Iterator[str]:
    newest = versions[-1]
    yield f"# {newest.label['vi']}"
    yield ""
    yield f"*{newest.label['en']}* — `{name}`"
    for version in versions:
        yield ""
        yield f"## {version.version}: {_span(version.in_force)}"
        yield ""
        yield f"- {version.formula['vi']}"
        yield f"- *{version.formula['en']}*"
        yield from _citations(version.citations)
        what = words.CONSEQUENCES[version.consequence]
        yield ""
        yield f"- {what[0]} / {what[1]}"
        if isinstance(version.way, Total):
            for band in version.way.bands:
                floor = "" if band.at_least is None else f" ≥ {band.at_least}"
                yield f"- `{band.id}`{floor}: {band.label['vi']} / {band.label['en']}"


def seed_rows(corpus: Corpus) -> dict[str, list[tuple[str, str, str]]]:
    """Row id of a source document -> every (state, what carries it, why): no row may be missing."""
    rules: list[Rule | Overlay] = [*corpus.rule_versions()]
    rules += [overlay for overlays in corpus.overlays.values() for overlay in overlays]
    carried = [("dossiers", rule.id, rule.label["vi"], rule.seed_rows) for rule in rules]
    duties = [duty for versions in corpus.unit_duties.values() for duty in versions]
    carried += [("unit_events", duty.id, duty.label["vi"], duty.seed_rows) for duty in duties]
    carried += [(entry.state, entry.id, entry.because["vi"], entry.seed_rows) for entry in corpus.registers]
    rows: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for state, name, why, own in carried:
        for row in own:
            rows[row].append((state, name, why))
    return dict(rows)


def _seed_page(corpus: Corpus) -> Iterator[str]:
    yield "# Năm văn bản nguồn: từng dòng và trạng thái / The five source documents, row by row"
    yield ""
    yield "SL: Sơn La 1547/UBND-NC; 33: Sơn La 33-CT/TU; TQ: Tuyên Quang 01/CT-UBND; TH: Thanh Hóa, kế hoạch thực hiện "
    yield "CT 13/CT-TTg; DL: Đắk Lắk 08/CT-UBND."
    yield ""
    yield "| dòng / row | trạng thái / state | ở đâu / where | |"
    yield "|---|---|---|---|"
    for row, carried in sorted(seed_rows(corpus).items(), key=lambda item: _natural(item[0])):
        for state, name, why in carried:
            vietnamese, english = STATES[state]
            yield f"| {row} | {vietnamese} / {english} | `{name}` | {why} |"


def _natural(row: str) -> tuple[str, list[int | str]]:
    """SL-2a before SL-10a."""
    head, _, tail = row.partition("-")
    return head, [int(part) if part.isdigit() else part for part in re.findall(r"\d+|\D+", f"0{tail}")]


def _index(corpus: Corpus) -> Iterator[str]:
    yield "# Quy tắc / Rules"
    yield ""
    yield "Trang này và các trang bên dưới được sinh từ `rulesets/`: đừng sửa tay."
    yield MARK
    yield ""
    yield "- [Luật hiện hành / the law in force](luat-hien-hanh.md)"
    yield "- [Từ NĐ 61 sang NĐ 118 / from Decree 61 to Decree 118](nd61-nd118.md)"
    yield "- [Chưa xác nhận / not confirmed](chua-xac-nhan.md)"
    yield "- [Từng dòng của bảng nghĩa vụ / every row of the table of duties](bang-nghia-vu.md)"
    yield "- [Năm văn bản nguồn, từng dòng / the source documents, row by row](van-ban-nguon.md)"
    yield from (f"- [Đồng hồ / clock: {family}](clock-{family}.md)" for family in corpus.clocks)
    for family, rules in sorted(corpus.rules.items()):
        yield ""
        yield f"## {family}"
        yield ""
        for name, versions in sorted(rules.items()):
            label = next((v.label["vi"] for v in reversed(versions) if not v.repealed), versions[-1].label["vi"])
            yield f"- [{name}]({_file(family, name)}): {label}"
    for family in sorted(corpus.overlays):
        yield ""
        yield f"- [{family}: quy định riêng / what this place adds]({family.replace('/', '-')}-overlays.md)"
    if corpus.unit_duties:
        yield ""
        yield "## Nghĩa vụ của đơn vị / duties of units"
        yield ""
        for name, duties in sorted(corpus.unit_duties.items()):
            yield f"- [{name}](unit-{name}.md): {duties[-1].label['vi']}"
    if corpus.indicators:
        yield ""
        yield "## Chỉ số / indicators"
        yield ""
        for name, indicators in sorted(corpus.indicators.items()):
            yield f"- [{name}](indicator-{name}.md): {indicators[-1].label['vi']}"
    yield from _registers(corpus)


def _registers(corpus: Corpus) -> Iterator[str]:
    by_state: dict[str, list[str]] = defaultdict(list)
    for entry in corpus.registers:
        rows = f" ({', '.join(entry.seed_rows)})" if entry.seed_rows else ""
        by_state[entry.state].append(f"- `{entry.id}`{rows}: {entry.label['vi']} — {entry.because['vi']}")
    for state, lines in sorted(by_state.items()):
        yield ""
        yield f"## Không tính từ hồ sơ / not computed from dossiers: {state}"
        yield ""
        yield from lines
