"""One unit: what awaits its head, who held which post, the dossiers and the clauses behind, what goes into a rating."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tthc_rules.report import charts, words
from tthc_rules.report.markup import (
    NBSP,
    absent,
    badge,
    body,
    both,
    capital,
    count,
    day,
    english,
    esc,
    fold,
    fraction,
    items,
    label,
    num,
    number,
    period,
    row,
    table,
    unknown,
    value_of,
    vi,
    word,
)
from tthc_rules.report.sheet import LAWFUL, Entry, Sheet, in_hand, is_handling, shown_outcome
from tthc_rules.result.words import CONSEQUENCES, KINDS, ROLES, STATUSES

_SETTLED: Final = ("met", "not_owed")
_ROLES: Final = ("head_of_unit", "head_of_one_stop_unit", "deputy_head", "officer", "chair", "registration_authority")
_NOBODY: Final = '<span class="none">chưa rõ ai giữ chức vụ</span>'


def unit_section(sheet: Sheet, unit: Entry, place: int) -> str:
    """The section of one unit, to be read, and printed, by itself."""
    name = f"don-vi-{place}"
    parts = (
        *(_about(sheet, unit), _remarks(sheet, unit), _strip(sheet, unit), _posts(sheet, unit)),
        *(_duties(sheet, unit), _breaches(sheet, unit), _series(sheet, unit)),
        *(_late_list(unit), _steps(sheet, unit), _rating(sheet, unit)),
    )
    title = esc(sheet.title(unit.get("unit")))
    return (
        f'<article class="unit" id="{name}" aria-labelledby="{name}-h" tabindex="-1"><h3 id="{name}-h">{title}</h3>'
        f'<div class="inside">{"".join(parts)}</div></article>'
    )


def _about(sheet: Sheet, unit: Entry) -> str:
    parts = []
    if unit.get("unit") is not None:
        parts.append(f"<code>{esc(unit['unit'])}</code>")
    parts.append(word(KINDS, unit["kind"]) if unit.get("kind") else unknown("loại đơn vị"))
    parts += [vi(ROLES, capacity) for capacity in unit.get("as") or []]
    if unit.get("jurisdiction"):
        parts.append(f"địa bàn {esc(unit['jurisdiction'])}")
    if unit.get("superior"):
        parts.append(f"cấp trên: {esc(sheet.title(unit['superior']))}")
    if unit.get("formerly"):
        parts.append("gồm cả " + ", ".join(esc(sheet.title(one)) for one in unit["formerly"]))
    return f'<p class="about">{" · ".join(parts)}</p>'


def _remarks(sheet: Sheet, unit: Entry) -> str:
    found = sheet.problems.get(str(unit["unit"]), ()) if unit.get("unit") is not None else ()
    said = [
        f"<b>{words.LEVELS.get(str(p.get('level')), ('', 'lưu ý', ''))[1].capitalize()}:</b> {esc(p.get('vi'))}"
        for p in found
    ]
    return items(said, "remarks") if said else ""


def _strip(sheet: Sheet, unit: Entry) -> str:
    counts = unit.get("counts") or {}
    lawful = counts.get(LAWFUL) or {}
    figure = (unit.get("indicators") or {}).get(sheet.rate)
    rating = unit.get("rating") or {}
    rate = value_of(figure, sheet.definitions.get(sheet.rate) or {})
    of = f" <small>({fraction(figure)})</small>" if fraction(figure) else ""
    shown = [
        ("Hồ sơ trong kỳ", count(in_hand(counts))),
        ("Đúng hạn", rate + of),
        ("Trả trễ", count(lawful.get("finished_late"))),
        ("Quá hạn, chưa trả", count(lawful.get("open_late"))),
    ]
    if is_handling(unit):
        shown.append(("Chưa có văn bản xin lỗi", count(rating.get("missing_apologies"))))
        shown.append(("Chưa rõ việc xin lỗi", count(rating.get("unknown_apologies"))))
    if not unit.get("as"):
        return '<p class="note">Không có hồ sơ nào của đơn vị này trong kỳ: không có tỷ lệ để tính.</p>'
    return '<dl class="strip">' + "".join(f"<div><dt>{n}</dt><dd>{v}</dd></div>" for n, v in shown) + "</dl>"


def _posts(sheet: Sheet, unit: Entry) -> str:
    posts = sorted(unit.get("posts") or [], key=lambda post: _rank(_ROLES, str(post.get("role"))))
    if not posts:
        return '<p class="note"><span class="none">Chưa rõ ai giữ chức vụ nào của đơn vị này trong kỳ.</span></p>'
    said = []
    for post in posts:
        until = f"đến {day(post['to'])}" if post.get("to") else "(chưa ghi ngày thôi giữ)"
        own = "" if post.get("unit") == unit.get("unit") else f" ({esc(sheet.title(post.get('unit')))})"
        said.append(
            f"{vi(ROLES, post.get('role'))}{own}: <b>{esc(post.get('person') or 'chưa rõ')}</b>, "
            f"từ {day(post.get('from'))} {until}, {count(post.get('days'))} ngày trong kỳ"
        )
    return f"<h4>Ai giữ chức vụ trong kỳ{english('who held which post')}</h4>{items(said)}"


# -- duties of the unit ------------------------------------------------------------------------------------------------


def _duties(sheet: Sheet, unit: Entry) -> str:
    head = f"<h4>Việc chờ người đứng đầu{english('what awaits the head')}</h4>"
    duties = unit.get("duties") or []
    if not duties:
        if unit.get("kind") or "one_stop_unit" in (unit.get("as") or []):
            return f'{head}<p class="note">Không nghĩa vụ nào của loại đơn vị này có hạn trong kỳ.</p>'
        why = unknown("không biết loại của đơn vị, nên không nói được nghĩa vụ nào áp dụng")
        return f"{head}<p>{why}</p>"
    order = list(words.OUTCOMES)
    ranked = sorted(duties, key=lambda d: _rank(order, shown_outcome(d)))
    waiting = [duty for duty in ranked if duty.get("outcome") not in _SETTLED]
    settled = [duty for duty in ranked if duty.get("outcome") in _SETTLED]
    shown = (
        _duty_table(sheet, waiting, "Nghĩa vụ của đơn vị: chưa xong, chưa rõ hoặc cần xem xét")
        if waiting
        else '<p class="note">Không còn nghĩa vụ nào của đơn vị chưa xong hoặc chưa rõ.</p>'
    )
    done = _duty_table(sheet, settled, "Nghĩa vụ của đơn vị: đã thực hiện hoặc không phát sinh") if settled else ""
    folded = fold(f"{number(len(settled))} nghĩa vụ đã thực hiện hoặc không phát sinh", done) if settled else ""
    return head + shown + folded


def _rank(order: Sequence[str], outcome: str) -> int:
    return order.index(outcome) if outcome in order else len(order)


def _duty_table(sheet: Sheet, duties: Sequence[Entry], caption: str) -> str:
    rows = [
        row(
            law(sheet, str(duty.get("duty"))),
            (
                badge(shown_outcome(duty)),
                "<br>".join(_how(sheet, duty)),
                ", ".join(esc(person) for person in duty.get("persons") or []) or _NOBODY,
            ),
        )
        for duty in duties
    ]
    return table(
        caption,
        ["Nghĩa vụ và căn cứ", "Kết quả", "Kỳ, lý do", "Người giữ chức vụ"],
        [body(rows)],
        "duties",
        said_above=True,
    )


def law(sheet: Sheet, duty: str) -> str:
    """A duty by its label, with its clause to open."""
    known = sheet.duties.get(duty)
    if not isinstance(known, dict):
        if duty == "late":
            return both(words.LATE)
        named = (sheet.dossier_duties.get(duty) or {}).get("label")
        return f"{label(named, duty)} <small><code>{esc(duty)}</code></small>" if named else f"<code>{esc(duty)}</code>"
    clauses = [one for one in known.get("citations") or [] if one.get("status") != "design"]
    first = esc(clauses[0].get("vi")) if clauses else "chưa có căn cứ đã đọc"
    inside = items(clause(one) for one in known.get("citations") or [])
    link = f'<p><a href="#{sheet.anchor("duty", duty)}">Đầy đủ ở mục Căn cứ</a></p>'
    return f"{label(known.get('label'), duty)}{fold(first, inside + link, 'clause')}"


def clause(one: Entry) -> str:
    """A citation: the clause, its words, where it was read, and how sure that is."""
    quote = f" «{esc(one['quote'])}»" if one.get("quote") else ""
    source = f" – {esc(one['source'])}" if one.get("source") else ""
    status = str(one.get("status", ""))
    said = STATUSES.get(status, (status, status))[0]
    return f"{esc(one.get('vi') or one.get('document'))}{quote}{source} <small>({esc(said)})</small>"


def _how(sheet: Sheet, duty: Entry) -> Iterator[str]:
    yield period(duty.get("window"))
    if duty.get("reason"):
        yield esc(words.REASONS.get(duty["reason"], (duty["reason"],))[0])
    value = duty.get("value")
    if isinstance(value, dict):
        shown = absent(value.get("reason")) if value.get("value") is None else f"{number(value['value'], 2)}{NBSP}%"
        of = f" ({fraction(value)})" if fraction(value) else ""
        yield f"đạt {shown}{of}" if value.get("value") is not None else shown
    if duty.get("triggers"):
        yield f"phát sinh từ {number(duty['triggers'])} việc"
    if duty.get("act_by"):
        yield f"hạn chót {day(duty['act_by'])}"
    if duty.get("done"):
        yield "đã làm ngày " + ", ".join(day(one) for one in duty["done"])


# -- duties of dossiers, lateness --------------------------------------------------------------------------------------


def _breaches(sheet: Sheet, unit: Entry) -> str:
    late = unit.get("late") or {}
    rows = []
    if late.get("count"):
        said = [f"{number(late.get('open') or 0)} hồ sơ còn mở"]
        if late.get("mitigating"):
            said.append(f"{number(late['mitigating'])} hồ sơ có bước của cơ quan khác bị trễ")
        rows.append(_breach_row(sheet, unit, {**late, "duty": "late"}, said))
    for breach in unit.get("breaches") or []:
        outcomes = [f"{badge(str(outcome))} {number(n)}" for outcome, n in (breach.get("outcomes") or {}).items()]
        rows.append(_breach_row(sheet, unit, breach, outcomes))
    head = f"<h4>Hồ sơ trễ và nghĩa vụ hồ sơ bị bỏ lỡ{english('late dossiers, duties of dossiers missed')}</h4>"
    if not rows:
        return f'{head}<p class="note">Không có hồ sơ trễ, không có nghĩa vụ hồ sơ nào bị bỏ lỡ trong kỳ.</p>'
    columns = ["Việc", "Số và mã hồ sơ", "Ai giữ chức vụ vào ngày đó"]
    caption = "Hồ sơ trễ và nghĩa vụ hồ sơ bị bỏ lỡ, người giữ chức vụ"
    return head + table(caption, columns, [body(rows)], "breaches", said_above=True)


def _breach_row(sheet: Sheet, unit: Entry, breach: Entry, counted: Sequence[str]) -> str:
    return row(
        law(sheet, str(breach.get("duty"))),
        (items([*counted, _dossiers(breach)], "counted"), _answers(sheet, unit, breach.get("answers") or [])),
    )


def _answers(sheet: Sheet, unit: Entry, answers: Sequence[Entry]) -> str:
    """Who answers: heads first, those who are only told last."""
    ranked = sorted(answers, key=lambda one: _rank(_ROLES, str(one.get("role"))))
    return items((_answer(sheet, unit, one) for one in ranked), "answers") if ranked else _NOBODY


def _answer(sheet: Sheet, unit: Entry, one: Entry) -> str:
    person = f"<b>{esc(one['person'])}</b>" if one.get("person") else _NOBODY
    other = one.get("unit") not in (None, unit.get("unit"))
    where = f" ({esc(sheet.title(one['unit']))})" if other else ""
    days = f", cộng {number(one['days'])} ngày quá hạn" if one.get("days") is not None else ""
    return (
        f"{vi(ROLES, one.get('role'))}{where}: {person} – {count(one.get('count'))} hồ sơ{days} "
        f"<small>{vi(CONSEQUENCES, one.get('class'))}</small>"
    )


def _dossiers(breach: Entry) -> str:
    named = breach.get("dossiers") or []
    if not named:
        return unknown("không nêu mã hồ sơ")
    more = breach.get("more") or 0
    rest = f" và {number(more)} hồ sơ nữa, xem tệp kết quả" if more else ""
    return fold(
        f"{number(len(named) + more)} hồ sơ",
        f'<p class="ids">{", ".join(f"<i>{esc(one)}</i>" for one in named)}{rest}</p>',
    )


# -- months, definitions -----------------------------------------------------------------------------------------------


def _series(sheet: Sheet, unit: Entry) -> str:
    if not unit.get("as"):
        return ""
    definition = sheet.definitions.get(sheet.rate) or {}
    rows = []
    for month in unit.get("series") or []:
        counts = month.get("counts") or {}
        parts = charts.parts_of(counts, words.PARTS)
        value = (month.get("indicators") or {}).get(sheet.rate)
        shown = absent("zero_denominator") if value is None else value_of({"value": value}, definition)
        rows.append(
            row(
                period(month.get("period")),
                (
                    num(count(in_hand(counts))),
                    num(shown),
                    charts.small_bar(parts) if any(parts.values()) else "–",
                    *(num(count(counts.get(part))) for part in words.PARTS),
                ),
            )
        )
    head = [
        "Tháng",
        num("Hồ sơ"),
        num("Đúng hạn"),
        "Chia theo kết quả",
        *(num(capital(p[0])) for p in words.PARTS.values()),
    ]
    months = (
        table("Diễn biến theo tháng, theo hạn theo luật", head, [body(rows)], "months", said_above=True) if rows else ""
    )
    rates = rates_table(sheet, unit.get("indicators") or {}, "Đúng hạn theo từng cách tính và từng ngày hạn")
    return (
        f"<h4>Diễn biến theo tháng{english('by month')}</h4>{months}"
        f"<h4>Đúng hạn theo từng cách tính và từng ngày hạn{english('by definition and due date')}</h4>{rates}"
    )


def rates_table(sheet: Sheet, figures: Entry, caption: str, *, whole: bool = False) -> str:
    """The competing definitions side by side, against each due date; `whole`: with formulas, in both languages."""
    if not sheet.rates:
        return f"<p>{unknown('sổ không nêu cách tính nào')}</p>"
    rows = []
    for name in sheet.rates:
        definition, figure = sheet.definitions[name], figures.get(name)
        by_due = figure.get("by_due") or {LAWFUL: figure} if isinstance(figure, dict) else {}
        said = _link(sheet, name, in_english=whole)
        if whole:
            said += f"<br><small><code>{esc(name)}</code></small><small>{label(definition.get('formula'))}</small>"
        rows.append(row(said, [num(_with_fraction(by_due.get(due), definition)) for due in words.DUES]))
    head = ["Cách tính", *(num(both(pair) if whole else pair[0]) for pair in words.DUES.values())]
    return table(caption, head, [body(rows)], "rates", said_above=not whole)


def _link(sheet: Sheet, name: str, *, in_english: bool = False) -> str:
    """A link to a definition by its label."""
    said = sheet.definitions[name].get("label")
    shown = label(said, name) if in_english or not isinstance(said, dict) else esc(said.get("vi", name))
    return f'<a href="#{sheet.anchor("rate", name)}">{shown}</a>'


def _with_fraction(figure: Any, definition: Entry) -> str:
    of = f"<small>{fraction(figure)}</small>" if fraction(figure) else ""
    return value_of(figure, definition) + of


# -- lists, steps, the rating package ----------------------------------------------------------------------------------


def _late_list(unit: Entry) -> str:
    lists = unit.get("late_list") or []
    if not lists:
        return ""
    said = []
    for one in lists:
        named = ", ".join(f"{esc(o.get('officer'))} ({count(o.get('count'))})" for o in one.get("officers") or [])
        who = named or unknown("hồ sơ không ghi cán bộ thụ lý")
        said.append(f"{period(one.get('month'))}: <b>{count(one.get('late'))}</b> hồ sơ trễ – {who}")
    inside = items(said) + '<p class="note">Danh sách để người có thẩm quyền xem; việc công khai do con người làm.</p>'
    return fold(f"Danh sách trễ theo tháng và cán bộ thụ lý: {number(len(lists))} tháng", inside)


def _steps(sheet: Sheet, unit: Entry) -> str:
    steps = unit.get("steps")
    if not steps:
        return ""
    names = [("assigned", "được giao"), ("in_time", "trong hạn"), ("late", "trễ"), ("open_late", "quá hạn, chưa xong")]
    if steps.get("undetermined"):
        names.append(("undetermined", "chưa rõ"))
    said = " · ".join(f"{count(steps.get(key))} {name}" for key, name in names)
    answers = _answers(sheet, unit, steps["answers"]) if steps.get("answers") else ""
    return f"<h4>Các bước của đơn vị{english('steps of the unit')}</h4><p>{said}</p>{answers}"


def _rating(sheet: Sheet, unit: Entry) -> str:
    indicators = unit.get("indicators") or {}
    rows, absentees = [], dict[str, list[str]]()
    for name, figure in indicators.items():
        definition = sheet.definitions.get(name) or {}
        if definition.get("unit") != "points":
            continue
        if (figure or {}).get("value") is None:
            absentees.setdefault(absent((figure or {}).get("reason")), []).append(_link(sheet, name))
            continue
        old = "" if definition.get("in_force", True) else "văn bản không có hiệu lực vào cuối kỳ; "
        cells = [num(value_of(figure, definition)), old + _band(figure, definition)]
        rows.append(row(_link(sheet, name), cells))
    if not rows and not absentees:
        return ""
    note = (
        '<p class="note">Chỉ là dữ liệu đầu vào cho việc đánh giá, xếp loại theo quy định; tự nó không phải là một '
        "mức xếp loại. Cùng với các con số này: tỷ lệ đúng hạn, hồ sơ trễ, văn bản xin lỗi và nghĩa vụ nêu ở trên.</p>"
    )
    head = ["Chỉ số", num("Giá trị"), "Ghi chú"]
    made = table("Điểm theo công thức đã công bố", head, [body(rows)], "points") if rows else ""
    missing = items(f"{why} – {'; '.join(names)}" for why, names in absentees.items()) if absentees else ""
    inside = note + made + (f"<p><b>Không có giá trị, không phải 0 điểm:</b></p>{missing}" if missing else "")
    return fold(f"Dữ liệu cho việc đánh giá: điểm các chỉ số{english('rating input')}", inside)


def _band(figure: Any, definition: Entry) -> str:
    """What a total stands on; its band only where no indicator is missing, for bands are not rescaled."""
    if not isinstance(figure, dict) or figure.get("of") is None:
        undefined = figure.get("undefined") if isinstance(figure, dict) else None
        return f"{number(undefined)} hồ sơ văn bản không nói đến" if undefined else ""
    have, of = figure.get("n_indicators") or 0, figure["of"]
    if have < of:
        return f"mới có {number(have)}/{number(of)} chỉ số: không nêu mức"
    if not figure.get("band"):
        return ""
    said = (definition.get("bands") or {}).get(figure["band"])
    return f"mức theo công thức: {label(said, str(figure['band']))}"
