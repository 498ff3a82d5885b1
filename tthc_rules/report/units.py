"""One unit: what awaits its head, who held which post, the dossiers and the clauses behind, what goes into a rating."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from tthc_rules.report import charts, words
from tthc_rules.report.markup import (
    NBSP,
    UNKNOWN,
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
    whole,
    word,
)
from tthc_rules.report.rates import link, rates_table
from tthc_rules.report.sheet import LAWFUL, Entry, Sheet, in_hand, is_handling, shown_outcome
from tthc_rules.result.words import CONSEQUENCES, KINDS, ROLES, STATUSES, Pair

KIND: Final = ("loại đơn vị", "the kind of unit")
_SETTLED: Final = ("met", "not_owed")
_ROLES: Final = ("head_of_unit", "head_of_one_stop_unit", "deputy_head", "officer", "chair", "registration_authority")
_NOBODY: Final = f'<span class="none">{both(("chưa rõ ai giữ chức vụ", "nobody is known in the post"))}</span>'


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
    parts.append(word(KINDS, unit["kind"]) if unit.get("kind") else unknown(KIND))
    parts += [word(ROLES, capacity) for capacity in unit.get("as") or []]
    if unit.get("jurisdiction"):
        parts.append(f"{both(('địa bàn', 'place'))} {esc(unit['jurisdiction'])}")
    if unit.get("superior"):
        parts.append(f"{both(('cấp trên', 'superior'))}: {esc(sheet.title(unit['superior']))}")
    if unit.get("formerly"):
        parts.append(both(("gồm cả", "with")) + " " + ", ".join(esc(sheet.title(one)) for one in unit["formerly"]))
    return f'<p class="about">{" · ".join(parts)}</p>'


def _remarks(sheet: Sheet, unit: Entry) -> str:
    found = sheet.problems.get(str(unit["unit"]), ()) if unit.get("unit") is not None else ()
    said = [f"<b>{both(level_of(p))}:</b> {both((str(p.get('vi') or ''), str(p.get('en') or '')))}" for p in found]
    return items(said, "remarks") if said else ""


def level_of(problem: Entry) -> Pair:
    """How much a problem weighs, in words."""
    _, vietnamese, in_english = words.LEVELS.get(str(problem.get("level")), ("", "lưu ý", "notice"))
    return vietnamese.capitalize(), in_english


def _strip(sheet: Sheet, unit: Entry) -> str:
    counts = unit.get("counts") or {}
    lawful = counts.get(LAWFUL) or {}
    figure = (unit.get("indicators") or {}).get(sheet.rate)
    rating = unit.get("rating") or {}
    rate = value_of(figure, sheet.definitions.get(sheet.rate) or {})
    of = f" <small>({fraction(figure)})</small>" if fraction(figure) else ""
    shown = [
        (("Hồ sơ trong kỳ", "dossiers"), count(in_hand(counts))),
        (("Đúng hạn", "on time"), rate + of),
        (("Trả trễ", "returned late"), count(lawful.get("finished_late"))),
        (("Quá hạn, chưa trả", "overdue"), count(lawful.get("open_late"))),
    ]
    if is_handling(unit):
        shown.append((("Chưa có văn bản xin lỗi", "apologies missing"), count(rating.get("missing_apologies"))))
        shown.append((("Chưa rõ việc xin lỗi", "apologies not known"), count(rating.get("unknown_apologies"))))
    if not unit.get("as"):
        return _note(
            "Không có hồ sơ nào của đơn vị này trong kỳ: không có tỷ lệ để tính.", "No dossier, and so no rate."
        )
    return '<dl class="strip">' + "".join(f"<div><dt>{both(n)}</dt><dd>{v}</dd></div>" for n, v in shown) + "</dl>"


def _posts(sheet: Sheet, unit: Entry) -> str:
    posts = sorted(unit.get("posts") or [], key=lambda post: _rank(_ROLES, str(post.get("role"))))
    if not posts:
        said_of_nobody = ("Chưa rõ ai giữ chức vụ nào của đơn vị này trong kỳ.", "Nobody is known in any post.")
        return f'<p class="note"><span class="none">{both(said_of_nobody)}</span></p>'
    said = []
    for post in posts:
        end = f" – {day(post['to'])}" if post.get("to") else " – …"
        own = "" if post.get("unit") == unit.get("unit") else f" ({esc(sheet.title(post.get('unit')))})"
        said.append(
            f"{word(ROLES, post.get('role'))}{own}: <b>{esc(post['person']) if post.get('person') else unknown()}</b>, "
            f"{day(post.get('from'))}{end}, {count(post.get('days'))} {both(('ngày trong kỳ', 'days of the period'))}"
        )
    return f"<h4>Ai giữ chức vụ trong kỳ{english('who held which post')}</h4>{items(said)}"


# -- duties of the unit ------------------------------------------------------------------------------------------------


def _duties(sheet: Sheet, unit: Entry) -> str:
    head = f"<h4>Việc chờ người đứng đầu{english('what awaits the head')}</h4>"
    duties = unit.get("duties") or []
    if not duties:
        if unit.get("kind") or "one_stop_unit" in (unit.get("as") or []):
            return head + _note(
                "Không nghĩa vụ nào của loại đơn vị này có hạn trong kỳ.", "No duty of such units falls in the period."
            )
        why = unknown(
            (
                "không biết loại của đơn vị, nên không nói được nghĩa vụ nào áp dụng",
                "its kind, and so which duties bind it",
            )
        )
        return f"{head}<p>{why}</p>"
    order = list(words.OUTCOMES)
    ranked = sorted(duties, key=lambda d: _rank(order, shown_outcome(d)))
    waiting = [duty for duty in ranked if duty.get("outcome") not in _SETTLED]
    settled = [duty for duty in ranked if duty.get("outcome") in _SETTLED]
    shown = (
        _duty_table(
            sheet,
            waiting,
            (
                "Nghĩa vụ của đơn vị: chưa xong, chưa rõ hoặc cần xem xét",
                "Duties of the unit: not done, not known or to be looked at",
            ),
        )
        if waiting
        else _note("Không còn nghĩa vụ nào của đơn vị chưa xong hoặc chưa rõ.", "No duty is left undone or unknown.")
    )
    if not settled:
        return head + shown
    done = _duty_table(
        sheet,
        settled,
        ("Nghĩa vụ của đơn vị: đã thực hiện hoặc không phát sinh", "Duties of the unit: met or not owed"),
    )
    folded = fold(whole(len(settled), "nghĩa vụ đã thực hiện hoặc không phát sinh", "duties met or not owed"), done)
    return head + shown + folded


def _rank(order: Sequence[str], outcome: str) -> int:
    return order.index(outcome) if outcome in order else len(order)


def _duty_table(sheet: Sheet, duties: Sequence[Entry], caption: Pair) -> str:
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
        [both(pair) for pair in _DUTY_HEADS],
        [body(rows)],
        "duties",
        said_above=True,
    )


_DUTY_HEADS: Final = (
    ("Nghĩa vụ và căn cứ", "duty and clause"),
    ("Kết quả", "outcome"),
    ("Kỳ, lý do", "window, reason"),
    ("Người giữ chức vụ", "who held the post"),
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
    first = esc(clauses[0].get("vi")) if clauses else both(("chưa có căn cứ đã đọc", "no clause that was read"))
    inside = items(clause(one) for one in known.get("citations") or [])
    link = (
        f'<p><a href="#{sheet.anchor("duty", duty)}">{both(("Đầy đủ ở mục Căn cứ", "all of it under Sources"))}</a></p>'
    )
    return f"{label(known.get('label'), duty)}{fold(first, inside + link, 'clause')}"


def clause(one: Entry) -> str:
    """A citation: the clause, its words, where it was read, and how sure that is."""
    quote = f" «{esc(one['quote'])}»" if one.get("quote") else ""
    source = f" – {esc(one['source'])}" if one.get("source") else ""
    status = str(one.get("status", ""))
    said = STATUSES.get(status, (status, status))
    return f"{esc(one.get('vi') or one.get('document'))}{quote}{source} <small>({both(said)})</small>"


def _how(sheet: Sheet, duty: Entry) -> Iterator[str]:
    yield period(duty.get("window"))
    if duty.get("reason"):
        yield both(words.REASONS.get(duty["reason"], (str(duty["reason"]), str(duty["reason"]))))
    value = duty.get("value")
    if isinstance(value, dict):
        shown = absent(value.get("reason")) if value.get("value") is None else f"{number(value['value'], 2)}{NBSP}%"
        of = f" ({fraction(value)})" if fraction(value) else ""
        yield f"{both(('đạt', 'reached'))} {shown}{of}" if value.get("value") is not None else shown
    if duty.get("triggers"):
        yield both((f"phát sinh từ {number(duty['triggers'])} việc", f"raised by {number(duty['triggers'])}"))
    if duty.get("act_by"):
        yield f"{both(('hạn chót', 'by'))} {day(duty['act_by'])}"
    if duty.get("done"):
        yield both(("đã làm ngày", "done on")) + " " + ", ".join(day(one) for one in duty["done"])


# -- duties of dossiers, lateness --------------------------------------------------------------------------------------


def _breaches(sheet: Sheet, unit: Entry) -> str:
    late = unit.get("late") or {}
    rows = []
    if late.get("count"):
        said = [whole(late.get("open") or 0, "hồ sơ còn mở", "still open")]
        if late.get("mitigating"):
            said.append(whole(late["mitigating"], "hồ sơ có bước của cơ quan khác bị trễ", "with another's step late"))
        rows.append(_breach_row(sheet, unit, {**late, "duty": "late"}, said))
    for breach in unit.get("breaches") or []:
        outcomes = [f"{badge(str(outcome))} {number(n)}" for outcome, n in (breach.get("outcomes") or {}).items()]
        rows.append(_breach_row(sheet, unit, breach, outcomes))
    head = f"<h4>Hồ sơ trễ và nghĩa vụ hồ sơ bị bỏ lỡ{english('late dossiers, duties of dossiers missed')}</h4>"
    if not rows:
        return head + _note(
            "Không có hồ sơ trễ, không có nghĩa vụ hồ sơ nào bị bỏ lỡ trong kỳ.",
            "No late dossier, no duty of a dossier missed in the period.",
        )
    columns = [
        both(("Việc", "what")),
        both(("Số và mã hồ sơ", "dossiers")),
        both(("Ai giữ chức vụ vào ngày đó", "who held the post on that day")),
    ]
    caption = (
        "Hồ sơ trễ và nghĩa vụ hồ sơ bị bỏ lỡ, người giữ chức vụ",
        "Late dossiers and duties of dossiers missed, with who held the post",
    )
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
    days = ""
    if one.get("days") is not None:
        days = both((f", cộng {number(one['days'])} ngày quá hạn", f", {number(one['days'])} days overdue in all"))
    counted = whole(one["count"], "hồ sơ", "dossiers") if one.get("count") is not None else unknown()
    return (
        f"{word(ROLES, one.get('role'))}{where}: {person} – {counted}{days} "
        f"<small>{word(CONSEQUENCES, one.get('class'))}</small>"
    )


def _dossiers(breach: Entry) -> str:
    named = breach.get("dossiers") or []
    if not named:
        return unknown(("không nêu mã hồ sơ", "no dossier is named"))
    more = breach.get("more") or 0
    rest = ""
    if more:
        rest = both((f" và {number(more)} hồ sơ nữa, xem tệp kết quả", f"and {number(more)} more, see the results"))
    return fold(
        whole(len(named) + more, "hồ sơ", "dossiers"),
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
        both(("Tháng", "month")),
        num(both(("Hồ sơ", "dossiers"))),
        num(both(("Đúng hạn", "on time"))),
        both(("Chia theo kết quả", "by outcome")),
        *(num(capital(both(pair))) for pair in words.PARTS.values()),
    ]
    months = (
        table(
            ("Diễn biến theo tháng, theo hạn theo luật", "By month, on the lawful due date"),
            head,
            [body(rows)],
            "months",
            said_above=True,
            wide=True,
        )
        if rows
        else ""
    )
    caption = ("Đúng hạn theo từng cách tính và từng ngày hạn", "On time by each definition and due date")
    rates = rates_table(sheet, unit.get("indicators") or {}, unit.get("counts") or {}, caption)
    return (
        f"<h4>Diễn biến theo tháng{english('by month')}</h4>{months}"
        f"<h4>Đúng hạn theo từng cách tính và từng ngày hạn{english('by definition and due date')}</h4>{rates}"
    )


def _note(vietnamese: str, in_english: str) -> str:
    return f'<p class="note">{both((vietnamese, in_english))}</p>'


# -- lists, steps, the rating package ----------------------------------------------------------------------------------


def _late_list(unit: Entry) -> str:
    lists = unit.get("late_list") or []
    if not lists:
        return ""
    said = []
    for one in lists:
        named = ", ".join(f"{esc(o.get('officer'))} ({count(o.get('count'))})" for o in one.get("officers") or [])
        who = named or unknown(("hồ sơ không ghi cán bộ thụ lý", "the dossiers name no officer"))
        late = f"<b>{count(one.get('late'))}</b> {both(('hồ sơ trễ', 'late'))}"
        said.append(f"{period(one.get('month'))}: {late} – {who}")
    inside = items(said) + _note(
        "Danh sách để người có thẩm quyền xem; việc công khai do con người làm.",
        "For a competent person to look at; people publish, not this page.",
    )
    months = len(lists)
    said_of_months = (
        f"Danh sách trễ theo tháng và cán bộ thụ lý: {months} tháng",
        f"Late by month and officer: {months}",
    )
    return fold(both(said_of_months), inside)


def _steps(sheet: Sheet, unit: Entry) -> str:
    steps = unit.get("steps")
    if not steps:
        return ""
    names = [*_STEPS.items(), *([("undetermined", UNKNOWN)] if steps.get("undetermined") else [])]
    said = " · ".join(f"{count(steps.get(key))} {both(pair)}" for key, pair in names)
    answers = _answers(sheet, unit, steps["answers"]) if steps.get("answers") else ""
    return f"<h4>Các bước của đơn vị{english('steps of the unit')}</h4><p>{said}</p>{answers}"


_STEPS: Final = {
    "assigned": ("được giao", "assigned"),
    "in_time": ("trong hạn", "in time"),
    "late": ("trễ", "late"),
    "open_late": ("quá hạn, chưa xong", "overdue"),
}


def _rating(sheet: Sheet, unit: Entry) -> str:
    indicators = unit.get("indicators") or {}
    rows, absentees = [], dict[str, list[str]]()
    for name, figure in indicators.items():
        definition = sheet.definitions.get(name) or {}
        if definition.get("unit") != "points":
            continue
        if (figure or {}).get("value") is None:
            absentees.setdefault(absent((figure or {}).get("reason")), []).append(link(sheet, name))
            continue
        old = "" if definition.get("in_force", True) else both(_NOT_IN_FORCE)
        cells = [num(value_of(figure, definition)), old + _band(figure, definition)]
        rows.append(row(link(sheet, name), cells))
    if not rows and not absentees:
        return ""
    note = _note(
        "Chỉ là dữ liệu đầu vào cho việc đánh giá, xếp loại theo quy định; tự nó không phải là một mức xếp loại. Cùng "
        "với các con số này: tỷ lệ đúng hạn, hồ sơ trễ, văn bản xin lỗi và nghĩa vụ nêu ở trên.",
        "Only an input to a rating by the rules, and no grade by itself; with it go the on-time rate, late dossiers, "
        "apologies and duties above.",
    )
    head = [both(("Chỉ số", "indicator")), num(both(("Giá trị", "value"))), both(("Ghi chú", "note"))]
    caption = ("Điểm theo công thức đã công bố", "Points by the published formulas")
    made = table(caption, head, [body(rows)], "points", wide=True) if rows else ""
    missing = items(f"{why} – {'; '.join(names)}" for why, names in absentees.items()) if absentees else ""
    inside = (
        note
        + made
        + (
            f"<p><b>{both(('Không có giá trị, không phải 0 điểm', 'No value, which is not 0'))}:</b></p>{missing}"
            if missing
            else ""
        )
    )
    return fold(f"Dữ liệu cho việc đánh giá: điểm các chỉ số{english('rating input')}", inside)


_NOT_IN_FORCE: Final = (
    "văn bản không có hiệu lực vào cuối kỳ; ",
    "the text was not in force at the end of the period;",
)


def _band(figure: Any, definition: Entry) -> str:
    """What a total stands on; its band only where no indicator is missing, for bands are not rescaled."""
    if not isinstance(figure, dict) or figure.get("of") is None:
        undefined = figure.get("undefined") if isinstance(figure, dict) else None
        return whole(undefined, "hồ sơ văn bản không nói đến", "of which the text is silent") if undefined else ""
    have, of = figure.get("n_indicators") or 0, figure["of"]
    if have < of:
        part = f"{number(have)}/{number(of)}"
        return both((f"mới có {part} chỉ số: không nêu mức", f"only {part} indicators: no band"))
    if not figure.get("band"):
        return ""
    said = (definition.get("bands") or {}).get(figure["band"])
    return f"{both(('mức theo công thức', 'band by the formula'))}: {label(said, str(figure['band']))}"
