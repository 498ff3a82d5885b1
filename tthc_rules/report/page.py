"""The page: one self-contained HTML text that a leader reads in a minute, and prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tthc_rules.report import charts, words
from tthc_rules.report.grounds import definitions, duties, officers, problems, source
from tthc_rules.report.headline import headline
from tthc_rules.report.markup import (
    at_once,
    body,
    both,
    capital,
    count,
    day,
    english,
    esc,
    fold,
    num,
    number,
    period,
    period_of,
    row,
    table,
    unknown,
    value_of,
)
from tthc_rules.report.rates import rates_table
from tthc_rules.report.sheet import (
    LAWFUL,
    Entry,
    Sheet,
    apologies_of,
    apology_breaches,
    heads,
    in_hand,
    is_handling,
    outcomes_of,
)
from tthc_rules.report.shell import document
from tthc_rules.report.units import KIND, unit_section
from tthc_rules.result.words import Pair

MANY: Final = 60
"""With more units than this, a section is laid out only when it comes into view; its heading is always there."""
MOST_BARS: Final = 15
MOST_LINES: Final = 12
PURPOSE: Final = (
    "Tài liệu chuẩn bị cho người có thẩm quyền xem xét: trang này không xếp loại, không quyết định và không xử lý ai.",
    "Prepared for a competent person to look at: this page rates nobody, decides nothing and sanctions nobody.",
)
GROUPS: Final = {
    "handling": ("Cơ quan giải quyết", "Handling agencies"),
    "one_stop": (
        "Bộ phận Một cửa (đếm lại cùng những hồ sơ ấy)",
        "One-stop units (the same dossiers, counted again)",
    ),
    "none": ("Không có hồ sơ trong kỳ", "No dossier in the period"),
}


def page(account: Mapping[str, Any], lang: str = "vi") -> str:
    """The account as HTML; it needs no network, and a script only for comfort.

    Vietnamese comes first; the English stands beside where the reader asks for it, with `en` from the beginning.
    """
    sheet = Sheet(account)
    many = ' class="many"' if len(sheet.units) > MANY else ""
    body = (
        f"<body{many}>"
        f'<a class="skip" href="#noi-dung">{both(("Đến nội dung chính", "to the content"))}</a>'
        f"{charts.PATTERNS}{_header(account)}{_navigation(sheet, lang)}"
        f'<main id="noi-dung" tabindex="-1">{"".join(_main(sheet))}</main>'
        f"<footer><p>{both(PURPOSE)}</p></footer></body>"
    )
    vietnamese, in_english = period_of(_asked(account).get("id"))
    title = esc(f"Sổ trách nhiệm {vietnamese}" if lang == "vi" else f"Account of units and heads, {in_english}")
    return document("vi", title, body, ("base.css", "account.css"), ("script.js",))


def _asked(account: Entry) -> Entry:
    return account.get("period") or {}


_CLOSED: Final = ("kỳ đã hết", "the period is over")
_OPEN: Final = ("KỲ CHƯA HẾT", "THE PERIOD IS NOT OVER")
_AHEAD: Final = ("KỲ CHƯA BẮT ĐẦU", "THE PERIOD HAS NOT BEGUN")


def _header(account: Entry) -> str:
    asked = _asked(account)
    first = asked.get("first")
    began = bool(first) and str(account.get("as_of")) >= str(first)
    state = _CLOSED if account.get("closed") else _OPEN if began else _AHEAD
    css = "" if account.get("closed") else ' class="open"'
    facts = [
        (("Từ – đến", "from – to"), f"{day(first)} – {day(asked.get('last'))}"),
        *([(("Số liệu đến hết ngày", "counted to"), day(account.get("closing_day")))] if began else []),
        (("Ngày xét", "as of"), day(account.get("as_of"))),
        (("Văn bản biết đến ngày", "law known on"), day(account.get("known_on"))),
    ]
    told = " ".join(f"<span>{both(pair)} <b>{said}</b></span>" for pair, said in facts)
    return (
        '<header><p class="kicker">Sổ trách nhiệm của đơn vị và người đứng đầu'
        f"{english('Account of units and their heads')}</p><h1>{capital(period(asked.get('id')))}</h1>"
        f'<p class="facts">{told} <span{css}>{both(state)}</span></p>'
        f'<p class="purpose"><strong>{both(PURPOSE)}</strong></p></header>'
    )


def _navigation(sheet: Sheet, lang: str) -> str:
    links = [("#tom-tat", ("Tóm tắt", "in short")), ("#bon-cach", ("Cách tính", "definitions"))]
    links += [("#don-vi", ("Đơn vị", "units"))]
    links += [("#tung-don-vi", ("Việc chờ người đứng đầu", "awaits the head"))] if sheet.units else []
    links += [("#can-cu", ("Căn cứ", "sources")), ("#luu-y", ("Lưu ý", "about the data"))]
    options = "".join(
        f'<option value="don-vi-{at}">{esc(sheet.title(u.get("unit")))}</option>' for at, u in _all(sheet)
    )
    chosen = (
        f'<label class="js" hidden>{both(("Đơn vị", "unit"))} <select id="chon-don-vi">'
        f'<option value="">{at_once(("tất cả", "all"))}</option>{options}</select></label> '
        f'<a id="den-don-vi" href="#tung-don-vi" hidden>{both(("đến đơn vị này", "to this unit"))}</a>'
    )
    return (
        f'<nav aria-label="{at_once(("Các phần của trang", "parts of the page"))}"><ul>'
        + "".join(f'<li><a href="{to}">{both(said)}</a></li>' for to, said in links)
        + f"</ul>{chosen if sheet.units else ''}"
        f'<label><input type="checkbox" id="tieng-anh"{" checked" if lang == "en" else ""}> '
        '<span lang="en">English beside</span></label></nav>'
    )


def _all(sheet: Sheet) -> Iterator[tuple[int, Entry]]:
    yield from enumerate(sheet.units)


def _main(sheet: Sheet) -> Iterator[str]:
    yield headline(sheet)
    yield _four(sheet)
    yield _units(sheet)
    if sheet.units:
        sections = "".join(unit_section(sheet, unit, place) for place, unit in _all(sheet))
        yield (
            '<section id="tung-don-vi" aria-labelledby="h-tung"><h2 id="h-tung">Việc chờ người đứng đầu, từng đơn vị'
            f"{english('What awaits the head of each unit')}</h2>{sections}</section>"
        )
    yield officers(sheet)
    yield definitions(sheet)
    yield duties(sheet)
    yield problems(sheet)
    yield source(sheet)


# -- four definitions --------------------------------------------------------------------------------------------------


def _four(sheet: Sheet) -> str:
    total = sheet.account.get("total") or {}
    figures, counts = total.get("indicators") or {}, total.get("counts") or {}
    says = both(
        (
            "Mỗi tỷ lệ có tên và định nghĩa. Hẹn lại làm hạn hiện tại lùi đi: đặt cạnh hạn gốc thì thấy phần chênh.",
            "Each rate is a definition with a name. A re-appointment moves the current due date, not the original one.",
        )
    )
    return (
        '<section id="bon-cach" aria-labelledby="h-bon"><h2 id="h-bon">Đúng hạn theo từng cách tính'
        f"{english('On time, by each definition')}</h2><p>{says}</p>"
        + rates_table(
            sheet, figures, counts, ("Toàn bộ hồ sơ, mỗi hồ sơ một lần", "All dossiers, each once"), in_full=True
        )
        + "</section>"
    )


# -- all units ---------------------------------------------------------------------------------------------------------


def _units(sheet: Sheet) -> str:
    head = f'<section id="don-vi" aria-labelledby="h-don"><h2 id="h-don">Các đơn vị{english("Units")}</h2>'
    if not sheet.units:
        none = both(("Không có đơn vị nào trong sổ này.", "No unit is in this account."))
        return f'{head}<p class="none">{none}</p></section>'
    return f"{head}{_units_table(sheet)}{_bars(sheet)}{_lines(sheet)}{_months(sheet)}{_apologies(sheet)}</section>"


def _named(sheet: Sheet, place: int, unit: Entry) -> str:
    return f'<a href="#don-vi-{place}">{esc(sheet.title(unit.get("unit")))}</a>'


def _divided(sheet: Sheet, width: int, render: Any) -> Iterator[str]:
    """The bodies of a table of units, one for each group."""
    for name, units in sheet.groups:
        said = f'<span class="stay">{both(GROUPS[name])}</span>'
        head = f'<tr class="group"><th scope="rowgroup" colspan="{width}">{said}</th></tr>'
        yield body([head, *(render(place, unit) for place, unit in units)])


def _units_table(sheet: Sheet) -> str:
    head = [both(("Đơn vị, người đứng đầu", "unit, head")), num(both(("Tổng số", "all")))]
    head += [num(both(("Đúng hạn", "on time"))), both(("Chia theo kết quả", "by outcome"))]
    head += [num(capital(both(pair))) for pair in (*words.PARTS.values(), *_UNIT_HEADS)]
    over = (
        ("", 1),
        (both(("Hồ sơ của kỳ", "dossiers of the period")), 8),
        (both(("Nghĩa vụ của hồ sơ", "duties of dossiers")), 2),
        (both(("Nghĩa vụ của đơn vị", "duties of units")), 3),
    )

    def render(place: int, unit: Entry) -> str:
        first = f"{_named(sheet, place, unit)}<small>{_heads(unit)}</small>"
        return row(first, _unit_cells(sheet, unit), f' data-u="don-vi-{place}"')

    total = ""
    if sheet.counts is not None:
        total = f"<tfoot>{row(both(('Toàn bộ, mỗi hồ sơ một lần', 'all, each once')), _total_cells(sheet))}</tfoot>"
    caption = (
        "Từng đơn vị, theo hạn theo luật; đơn vị nhiều hồ sơ trễ đứng trước",
        "Each unit, on the lawful due date; those with more late dossiers first",
    )
    return table(
        caption, head, [*_divided(sheet, len(head), render), total], "units", name="bang-don-vi", over=over, wide=True
    )


_UNIT_HEADS: Final = (
    ("chưa xin lỗi", "no apology"),
    ("bị bỏ lỡ", "missed"),
    ("không làm", "missed"),
    ("chưa rõ", "not known"),
    ("cần xem xét", "to look at"),
)


def _heads(unit: Entry) -> str:
    return ", ".join(heads(unit)) or both(("chưa rõ ai đứng đầu", "head not known"))


def _unit_cells(sheet: Sheet, unit: Entry) -> Iterator[str]:
    figure = (unit.get("indicators") or {}).get(sheet.rate)
    yield from _part_cells(sheet, unit.get("counts") or {}, figure)
    rating, found = unit.get("rating") or {}, outcomes_of(unit)
    yield num(count(rating.get("missing_apologies")) if is_handling(unit) else "–")
    breaches = sum(breach.get("count") or 0 for breach in unit.get("breaches") or [])
    yield num(number(breaches) if unit.get("as") else "–")
    if not unit.get("kind") and not unit.get("duties"):
        yield from (num(unknown(KIND)), num("–"), num("–"))
    else:
        yield from (num(number(found["missed"])), num(number(found["unknown"])), num(number(found["review"])))


def _part_cells(sheet: Sheet, counts: Entry, figure: object) -> Iterator[str]:
    lawful = counts.get(LAWFUL) or {}
    shown = value_of(figure, sheet.definitions.get(sheet.rate) or {})
    yield num(count(in_hand(counts)))
    yield num(shown)
    parts = charts.parts_of(lawful, words.PARTS)
    yield charts.small_bar(parts) if any(parts.values()) else "–"
    for part in words.PARTS:
        yield num(count(lawful.get(part)))


def _total_cells(sheet: Sheet) -> Iterator[str]:
    figure = ((sheet.account.get("total") or {}).get("indicators") or {}).get(sheet.rate)
    yield from _part_cells(sheet, sheet.counts or {}, figure)
    yield num(number((sheet.apologies or {})["missing"]) if sheet.apologies else "–")
    yield num("–")
    found = sheet.duty_outcomes
    yield from (num(number(found[name])) for name in ("missed", "unknown", "review"))


def _most(sheet: Sheet, most: int) -> tuple[list[Entry], Pair]:
    """The first handling agencies, and a word where they are not all."""
    units = [unit for unit in sheet.units if is_handling(unit)] or [unit for unit in sheet.units if unit.get("as")]
    if len(units) <= most:
        return units, ("", "")
    of = number(len(units))
    return units[:most], (
        f" ({number(most)} đơn vị nhiều hồ sơ trễ nhất trong {of}; đủ các đơn vị ở bảng)",
        f" (the {number(most)} with most late dossiers of {of}; all are in the table)",
    )


def _bars(sheet: Sheet) -> str:
    units, said = _most(sheet, MOST_BARS)
    if not units:
        return ""
    bars = []
    for unit in units:
        figure = (unit.get("indicators") or {}).get(sheet.rate) or {}
        value = figure.get("value")
        end = ("không tính được", "cannot be computed")
        if value is not None:
            end = (f"đúng hạn {charts.short(value)} %", f"on time {charts.short(value)} %")
        parts = charts.parts_of((unit.get("counts") or {}).get(LAWFUL) or {}, words.PARTS)
        bars.append(charts.Bar(sheet.title(unit.get("unit")), parts, end))
    title = (
        f"Hồ sơ của từng đơn vị: trước hạn, đúng ngày, còn hạn, trễ, quá hạn{said[0]}",
        f"dossiers of each unit: early, on the day, open in time, late, overdue{said[1]}",
    )
    plot = charts.stacked("bieu-do-1", bars, words.PARTS)
    return charts.figure(both(title), charts.legend(words.PARTS), plot)


def _series(sheet: Sheet, unit: Entry) -> list[tuple[str, Any]]:
    return [(str(one.get("period")), (one.get("indicators") or {}).get(sheet.rate)) for one in unit.get("series") or []]


def _lines(sheet: Sheet) -> str:
    units, said = _most(sheet, MOST_LINES)
    drawn = []
    for at, unit in enumerate(units, 2):
        points = [(f"{month[5:7]}/{month[:4]}", value) for month, value in _series(sheet, unit)]
        if len(points) > 1:
            title = sheet.title(unit.get("unit"))
            if len(points) > charts.MOST_LABELS:
                points = [(month[:2], value) for month, value in points]
            plot = charts.line(
                f"bieu-do-{at}", f"{title}: tỷ lệ đúng hạn theo tháng, % / on-time rate by month, %", points
            )
            drawn.append(f'<div class="multiple"><p>{esc(title)}</p>{plot}</div>')
    if not drawn:
        return ""
    caption = (
        f"{both((f'Tỷ lệ đúng hạn theo tháng, %{said[0]}', f'on-time rate by month, %{said[1]}'))} "
        f"<code>{esc(sheet.rate)}</code>"
    )
    return charts.figure(caption, f'<div class="multiples">{"".join(drawn)}</div>')


def _months(sheet: Sheet) -> str:
    months = sorted({month for unit in sheet.units for month, _ in _series(sheet, unit)})
    if not months:
        return ""
    definition = sheet.definitions.get(sheet.rate) or {}

    def render(place: int, unit: Entry) -> str:
        known = dict(_series(sheet, unit))
        cells = [num(_rate(known[month], definition) if month in known else unknown()) for month in months]
        return row(_named(sheet, place, unit), cells, f' data-u="don-vi-{place}"')

    head = [both(("Đơn vị", "unit")), *(num(capital(period(month))) for month in months)]
    caption = ("Tỷ lệ đúng hạn theo đơn vị và tháng", "On-time rate by unit and month")
    made = table(caption, head, _divided(sheet, len(head), render), wide=True)
    dash = both(("– : không tính được, vì mẫu số bằng 0 (không có hồ sơ).", "– : cannot be computed, no dossier."))
    said = (
        f"Bảng tỷ lệ đúng hạn theo tháng, đủ {len(sheet.units)} đơn vị",
        f"rates by month, all {len(sheet.units)} units",
    )
    return fold(both(said), f'{made}<p class="note">{dash}</p>', "plain")


def _rate(value: object, definition: Entry) -> str:
    if value is None:
        return (
            f'<abbr title="{at_once(("không tính được: mẫu số bằng 0", "cannot be computed: denominator 0"))}">–</abbr>'
        )
    return value_of({"value": value}, definition)


def _late(size: int) -> Pair:
    return f"{number(size)} hồ sơ trễ", f"{number(size)} late"


_DUE_IN_PERIOD: Final = (("Hạn xin lỗi trong kỳ: gửi muộn", "due in the period: sent late"), ("không gửi", "not sent"))


def _apologies(sheet: Sheet) -> str:
    units, said = _most(sheet, MOST_BARS)
    bars = [
        charts.Bar(
            sheet.title(unit.get("unit")),
            parts,
            _late(sum(parts.values())),
        )
        for unit in units
        for parts in (apologies_of(unit),)
        if parts is not None
    ]
    if not bars:
        return ""
    title = (
        f"Xin lỗi người nộp của các hồ sơ trễ trong kỳ: đã có, chưa có, chưa rõ{said[0]}",
        f"apologies for the late dossiers of the period: given, missing, not known{said[1]}",
    )
    plot = charts.stacked("bieu-do-0", bars, words.APOLOGIES)
    head = [both(("Đơn vị", "unit")), num(both(("Phải xin lỗi", "owed")))]
    head += [num(both(pair)) for pair in (*words.APOLOGIES.values(), *_DUE_IN_PERIOD)]

    def render(place: int, unit: Entry) -> str:
        parts, due = apologies_of(unit), apology_breaches(sheet, unit)
        cells = ["–"] * 4 if parts is None else [number(n) for n in (sum(parts.values()), *parts.values())]
        cells += [number(due["met_late"]), number(due["missed"])] if parts is not None else ["–", "–"]
        return row(_named(sheet, place, unit), [num(cell) for cell in cells], f' data-u="don-vi-{place}"')

    caption = ("Văn bản xin lỗi theo đơn vị", "Apologies by unit")
    made = table(caption, head, _divided(sheet, len(head), render), wide=True)
    counted = both(
        (
            (
                "Bốn cột đầu đếm mọi hồ sơ trễ trong kỳ, kể cả hồ sơ trễ từ kỳ trước; hai cột cuối chỉ đếm nghĩa vụ "
                "xin lỗi có hạn chót nằm trong kỳ. «Đã có» gồm cả văn bản gửi muộn."
            ),
            (
                "The first four columns count every dossier that was late in the period, the last two only duties "
                "whose last day lies in it; an apology that was sent late is given."
            ),
        )
    )
    note = f'<p class="note">{counted}</p>'
    return charts.figure(
        both(title),
        charts.legend(words.APOLOGIES),
        plot,
        fold(both(("Bảng số liệu xin lỗi", "figures")), made + note, "plain"),
    )
