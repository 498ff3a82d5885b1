"""The page: one self-contained HTML text that a leader reads in a minute, and prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tthc_rules.report import charts, words
from tthc_rules.report.grounds import definitions, duties, officers, problems, source
from tthc_rules.report.markup import (
    NBSP,
    body,
    both,
    capital,
    count,
    day,
    english,
    esc,
    fold,
    fraction,
    num,
    number,
    period,
    row,
    table,
    unknown,
    value_of,
)
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
from tthc_rules.report.units import rates_table, unit_section
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


def page(account: Mapping[str, Any]) -> str:
    """The account as HTML; it needs no network, and a script only for comfort."""
    sheet = Sheet(account)
    many = ' class="many"' if len(sheet.units) > MANY else ""
    body = (
        f"<body{many}>"
        '<a class="skip" href="#noi-dung">Đến nội dung chính</a>'
        f"{charts.PATTERNS}{_header(account)}{_navigation(sheet)}"
        f'<main id="noi-dung" tabindex="-1">{"".join(_main(sheet))}</main>'
        f"<footer><p>{both(PURPOSE)}</p></footer></body>"
    )
    title = f"Sổ trách nhiệm {period(_asked(account).get('id'))}"
    return document("vi", title, body, ("base.css", "account.css"), ("script.js",))


def _asked(account: Entry) -> Entry:
    return account.get("period") or {}


def _header(account: Entry) -> str:
    asked = _asked(account)
    first = asked.get("first")
    began = bool(first) and str(account.get("as_of")) >= str(first)
    state = "kỳ đã hết" if account.get("closed") else "KỲ CHƯA HẾT" if began else "KỲ CHƯA BẮT ĐẦU"
    css = "" if account.get("closed") else ' class="open"'
    counted = f" <span>Số liệu đến hết ngày <b>{day(account.get('closing_day'))}</b></span>" if began else ""
    return (
        '<header><p class="kicker">Sổ trách nhiệm của đơn vị và người đứng đầu'
        f"{english('Account of units and their heads')}</p><h1>{capital(period(asked.get('id')))}</h1>"
        f'<p class="facts"><span>Từ <b>{day(first)}</b> đến <b>{day(asked.get("last"))}</b></span>{counted} '
        f"<span>Ngày xét <b>{day(account.get('as_of'))}</b></span> "
        f"<span>Văn bản biết đến ngày <b>{day(account.get('known_on'))}</b></span> <span{css}>{state}</span></p>"
        f'<p class="purpose"><strong>{both(PURPOSE)}</strong></p></header>'
    )


def _navigation(sheet: Sheet) -> str:
    links = [("#tom-tat", "Tóm tắt"), ("#bon-cach", "Cách tính"), ("#don-vi", "Đơn vị")]
    links += [("#tung-don-vi", "Việc chờ người đứng đầu")] if sheet.units else []
    links += [("#can-cu", "Căn cứ"), ("#luu-y", "Lưu ý")]
    options = "".join(
        f'<option value="don-vi-{at}">{esc(sheet.title(u.get("unit")))}</option>' for at, u in _all(sheet)
    )
    chosen = (
        '<label class="js" hidden>Đơn vị <select id="chon-don-vi"><option value="">tất cả</option>'
        f'{options}</select></label> <a id="den-don-vi" href="#tung-don-vi" hidden>đến đơn vị này</a>'
    )
    return (
        '<nav aria-label="Các phần của trang"><ul>'
        + "".join(f'<li><a href="{to}">{said}</a></li>' for to, said in links)
        + f"</ul>{chosen if sheet.units else ''}"
        '<label><input type="checkbox" id="tieng-anh"> <span lang="en">English beside</span></label></nav>'
    )


def _all(sheet: Sheet) -> Iterator[tuple[int, Entry]]:
    yield from enumerate(sheet.units)


def _main(sheet: Sheet) -> Iterator[str]:
    yield _headline(sheet)
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


# -- the headline ------------------------------------------------------------------------------------------------------


def _headline(sheet: Sheet) -> str:
    urgent = [p for p in sheet.account.get("problems") or [] if p.get("level") in ("error", "warning")]
    named = "".join(
        f"<li><b>{words.LEVELS[p['level']][1].capitalize()}:</b> {esc(p.get('vi'))}</li>" for p in urgent[:5]
    )
    more = f'<li><a href="#luu-y">và {number(len(urgent) - 5)} điều nữa</a></li>' if len(urgent) > 5 else ""
    warned = (
        f'<div class="warn" role="note"><p><b>Đọc trước khi dùng số liệu</b></p><ul>{named}{more}</ul></div>'
        if urgent
        else ""
    )
    return (
        f'<section id="tom-tat" aria-labelledby="h-tom"><h2 id="h-tom">Tóm tắt{english("In short")}</h2>{warned}'
        f'<dl class="tiles">{"".join(_tiles(sheet))}</dl></section>'
    )


def _tile(name: Pair, big: str, small: str, css: str = "") -> str:
    return (
        f'<div class="tile {css}"><dt>{both(name)}</dt><dd><span class="big">{big}</span>'
        f'<span class="sub">{small}</span></dd></div>'
    )


def _tiles(sheet: Sheet) -> Iterator[str]:
    counts = sheet.counts
    if counts is None:
        why = "kỳ chưa có số liệu"
        for name in (("Hồ sơ trong kỳ", "Dossiers"), ("Tỷ lệ đúng hạn", "On time"), ("Trễ hạn", "Late")):
            yield _tile(name, "—", f"chưa rõ: {why}", "empty")
        return
    if not in_hand(counts):
        yield from _nothing_judged(sheet)
    else:
        yield from _judged(sheet, counts)
    found = sheet.duty_outcomes
    small = (
        f"<b>chưa rõ{NBSP}{number(found['unknown'])}</b> · làm muộn{NBSP}{number(found['met_late'])} · "
        f"chưa đến lúc{NBSP}{number(found['pending'])} · cần xem xét{NBSP}{number(found['review'])}"
    )
    missed = number(found["missed"]) if any(found[name] for name in _CONCLUDED) else unknown()
    yield _tile(("Nghĩa vụ của đơn vị không thực hiện", "Duties of units missed"), missed, small)


_CONCLUDED: Final = ("missed", "met", "met_late", "not_owed", "review")
"""Outcomes by which something was judged: without one of them, none missed would be said of what nobody knows."""


def _judged(sheet: Sheet, counts: Entry) -> Iterator[str]:
    """The figures of a period in which some dossier was judged."""
    lawful = counts.get(LAWFUL) or {}
    parts = f"{count(counts.get('received'))} tiếp nhận + {count(counts.get('carried_over'))} kỳ trước chuyển sang"
    yield _tile(("Hồ sơ trong kỳ", "Dossiers of the period"), count(in_hand(counts)), parts)
    yield _rate_tile(sheet)
    yield from _in_doubt(counts)
    finished = f"trong {count(counts.get('finished'))} hồ sơ đã xong"
    yield _tile(("Trả trễ hạn", "Returned late"), count(lawful.get("finished_late")), finished, "late")
    yield _tile(("Quá hạn, chưa trả", "Overdue"), count(lawful.get("open_late")), "tính theo hạn theo luật", "over")
    apologies = sheet.apologies
    if apologies is not None:
        owed = sum(apologies.values())
        given, not_known = number(apologies["given"]), number(apologies["unknown"])
        small = f"trên {number(owed)} hồ sơ trễ; đã có {given}, chưa rõ{NBSP}{not_known}"
        missing = unknown() if owed and apologies["unknown"] == owed else number(apologies["missing"])
        yield _tile(("Chưa có văn bản xin lỗi", "Apologies missing"), missing, small, "over")


def _in_doubt(counts: Entry) -> Iterator[str]:
    """The dossiers of which nobody knows whether they were late, where there are such."""
    if counts.get("undetermined"):
        small = "hồ sơ mà nguồn không cho biết có trễ hay không; ngoài mọi tỷ lệ"
        yield _tile(("Chưa rõ", "Undetermined"), count(counts["undetermined"]), small)


def _nothing_judged(sheet: Sheet) -> Iterator[str]:
    """The same where no dossier was judged: that none was late is not known then."""
    rows = sheet.account.get("rows") or {}
    out = int(rows.get("errors") or 0) + int((rows.get("left_out") or {}).get("undetermined") or 0)
    why = f"{number(out)} hồ sơ không chấm được hoặc chưa xác định được hạn" if out else "không có hồ sơ nào để xét"
    big = unknown() if out else "—"
    dossiers = unknown() if out else number(0)
    yield _tile(("Hồ sơ trong kỳ", "Dossiers of the period"), dossiers, why, "empty")
    for name in (
        ("Tỷ lệ đúng hạn", "On-time rate"),
        ("Trả trễ hạn", "Returned late"),
        ("Quá hạn, chưa trả", "Overdue"),
    ):
        yield _tile(name, big, why, "empty")
    yield from _in_doubt(sheet.counts or {})


def _rate_tile(sheet: Sheet) -> str:
    definition = sheet.definitions.get(sheet.rate) or {}
    figure = ((sheet.account.get("total") or {}).get("indicators") or {}).get(sheet.rate)
    shown = value_of(figure, definition)
    link = sheet.anchor("rate", sheet.rate)
    name = f'<a href="#{link}"><code>{esc(sheet.rate)}</code></a>' if link else f"<code>{esc(sheet.rate)}</code>"
    of = f"{fraction(figure)} hồ sơ, " if fraction(figure) else ""
    big = shown if "none" not in shown else "—"
    why = "" if "none" not in shown else shown + " · "
    return _tile(("Tỷ lệ đúng hạn", "On-time rate"), big, f"{why}{of}hạn theo luật, cách tính {name}")


# -- four definitions --------------------------------------------------------------------------------------------------


def _four(sheet: Sheet) -> str:
    figures = (sheet.account.get("total") or {}).get("indicators") or {}
    says = "Mỗi tỷ lệ là một định nghĩa có tên. Hẹn lại làm hạn hiện tại lùi đi: đặt cạnh hạn gốc thì thấy phần chênh."
    return (
        '<section id="bon-cach" aria-labelledby="h-bon"><h2 id="h-bon">Đúng hạn theo từng cách tính'
        f"{english('On time, by each definition')}</h2><p>{says}</p>"
        + rates_table(sheet, figures, "Toàn bộ hồ sơ, mỗi hồ sơ một lần", whole=True)
        + "</section>"
    )


# -- all units ---------------------------------------------------------------------------------------------------------


def _units(sheet: Sheet) -> str:
    head = f'<section id="don-vi" aria-labelledby="h-don"><h2 id="h-don">Các đơn vị{english("Units")}</h2>'
    if not sheet.units:
        return f'{head}<p class="none">Không có đơn vị nào trong sổ này.</p></section>'
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
    head = ["Đơn vị, người đứng đầu" + english("unit, head"), num("Tổng số"), num("Đúng hạn"), "Chia theo kết quả"]
    head += [num(capital(both(pair))) for pair in words.PARTS.values()]
    head += [num("Chưa xin lỗi"), num("Bị bỏ lỡ"), num("Không làm"), num("Chưa rõ"), num("Cần xem xét")]
    over = (
        ("", 1),
        ("Hồ sơ của kỳ", 8),
        ("Nghĩa vụ của hồ sơ", 2),
        ("Nghĩa vụ của đơn vị", 3),
    )

    def render(place: int, unit: Entry) -> str:
        first = f"{_named(sheet, place, unit)}<small>{_heads(unit)}</small>"
        return row(first, _unit_cells(sheet, unit), f' data-u="don-vi-{place}"')

    total = ""
    if sheet.counts is not None:
        total = f"<tfoot>{row('Toàn bộ, mỗi hồ sơ một lần', _total_cells(sheet))}</tfoot>"
    caption = "Từng đơn vị, theo hạn theo luật; đơn vị nhiều hồ sơ trễ đứng trước"
    return table(
        caption, head, [*_divided(sheet, len(head), render), total], "units", name="bang-don-vi", over=over, wide=True
    )


def _heads(unit: Entry) -> str:
    return ", ".join(heads(unit)) or "chưa rõ ai đứng đầu"


def _unit_cells(sheet: Sheet, unit: Entry) -> Iterator[str]:
    figure = (unit.get("indicators") or {}).get(sheet.rate)
    yield from _part_cells(sheet, unit.get("counts") or {}, figure)
    rating, found = unit.get("rating") or {}, outcomes_of(unit)
    yield num(count(rating.get("missing_apologies")) if is_handling(unit) else "–")
    breaches = sum(breach.get("count") or 0 for breach in unit.get("breaches") or [])
    yield num(number(breaches) if unit.get("as") else "–")
    if not unit.get("kind") and not unit.get("duties"):
        yield from (num(unknown("loại đơn vị")), num("–"), num("–"))
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


def _most(sheet: Sheet, most: int) -> tuple[list[Entry], str]:
    """The first handling agencies, and a word where they are not all."""
    units = [unit for unit in sheet.units if is_handling(unit)] or [unit for unit in sheet.units if unit.get("as")]
    if len(units) <= most:
        return units, ""
    said = f" ({number(most)} đơn vị nhiều hồ sơ trễ nhất trong {number(len(units))}; đủ các đơn vị ở bảng)"
    return units[:most], said


def _bars(sheet: Sheet) -> str:
    units, said = _most(sheet, MOST_BARS)
    if not units:
        return ""
    bars = []
    for unit in units:
        figure = (unit.get("indicators") or {}).get(sheet.rate) or {}
        value = figure.get("value")
        end = "không tính được" if value is None else f"đúng hạn {charts.short(value)} %"
        parts = charts.parts_of((unit.get("counts") or {}).get(LAWFUL) or {}, words.PARTS)
        bars.append(charts.Bar(sheet.title(unit.get("unit")), parts, end))
    title = f"Hồ sơ của từng đơn vị: trước hạn, đúng ngày, còn hạn, trễ, quá hạn{said}"
    plot = charts.stacked("bieu-do-1", bars, words.PARTS)
    return charts.figure(f"{title}{english('dossiers of each unit')}", charts.legend(words.PARTS), plot)


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
            plot = charts.line(f"bieu-do-{at}", f"{title}: tỷ lệ đúng hạn theo tháng, %", points)
            drawn.append(f'<div class="multiple"><p>{esc(title)}</p>{plot}</div>')
    if not drawn:
        return ""
    caption = (
        f"Tỷ lệ đúng hạn theo tháng, %, cách tính <code>{esc(sheet.rate)}</code>{esc(said)}"
        f"{english('on-time rate by month')}"
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

    head = ["Đơn vị", *(num(capital(period(month))) for month in months)]
    made = table("Tỷ lệ đúng hạn theo đơn vị và tháng", head, _divided(sheet, len(head), render), wide=True)
    note = '<p class="note">– : không tính được, vì mẫu số bằng 0 (không có hồ sơ).</p>'
    return fold(f"Bảng tỷ lệ đúng hạn theo tháng, đủ {number(len(sheet.units))} đơn vị", made + note, "plain")


def _rate(value: object, definition: Entry) -> str:
    if value is None:
        return '<abbr title="không tính được: mẫu số bằng 0">–</abbr>'
    return value_of({"value": value}, definition)


def _apologies(sheet: Sheet) -> str:
    units, said = _most(sheet, MOST_BARS)
    bars = [
        charts.Bar(sheet.title(unit.get("unit")), parts, f"{number(sum(parts.values()))} hồ sơ trễ")
        for unit in units
        for parts in (apologies_of(unit),)
        if parts is not None
    ]
    if not bars:
        return ""
    title = f"Xin lỗi người nộp của các hồ sơ trễ trong kỳ: đã có, chưa có, chưa rõ{said}"
    plot = charts.stacked("bieu-do-0", bars, words.APOLOGIES)
    head = ["Đơn vị", num("Phải xin lỗi"), *(num(both(pair)) for pair in words.APOLOGIES.values())]
    head += [num("Hạn xin lỗi trong kỳ: gửi muộn"), num("không gửi")]

    def render(place: int, unit: Entry) -> str:
        parts, due = apologies_of(unit), apology_breaches(sheet, unit)
        cells = ["–"] * 4 if parts is None else [number(n) for n in (sum(parts.values()), *parts.values())]
        cells += [number(due["met_late"]), number(due["missed"])] if parts is not None else ["–", "–"]
        return row(_named(sheet, place, unit), [num(cell) for cell in cells], f' data-u="don-vi-{place}"')

    made = table("Văn bản xin lỗi theo đơn vị", head, _divided(sheet, len(head), render))
    note = (
        '<p class="note">Bốn cột đầu đếm mọi hồ sơ trễ trong kỳ, kể cả hồ sơ trễ từ kỳ trước; hai cột cuối chỉ đếm '
        "nghĩa vụ xin lỗi có hạn chót nằm trong kỳ. «Đã có» gồm cả văn bản gửi muộn.</p>"
    )
    return charts.figure(
        f"{title}{english('apologies')}",
        charts.legend(words.APOLOGIES),
        plot,
        fold("Bảng số liệu xin lỗi", made + note, "plain"),
    )
