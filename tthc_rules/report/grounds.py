"""What stands behind the figures: definitions with their formulas, duties with their clauses, problems, sources."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from tthc_rules.report import words
from tthc_rules.report.markup import (
    body,
    both,
    count,
    english,
    esc,
    fold,
    items,
    label,
    num,
    row,
    table,
    value_of,
    whole,
    word,
)
from tthc_rules.report.sheet import Entry, Sheet
from tthc_rules.report.units import clause
from tthc_rules.result.words import CONSEQUENCES, ROLES


def officers(sheet: Sheet) -> str:
    """Officers with their points: an input to the rating of a person by a person."""
    listed = sheet.account.get("officers") or []
    if not listed:
        return ""
    rows = []
    for one in listed:
        counts, indicators = one.get("counts") or {}, one.get("indicators") or {}
        total = next((name for name, figure in indicators.items() if isinstance(figure, dict) and "of" in figure), None)
        figure = indicators.get(total) if total else None
        points = value_of(figure, sheet.definitions.get(total or "") or {"decimals": 1})
        of = f"{count(figure.get('n_indicators'))}/{count(figure.get('of'))}" if isinstance(figure, dict) else ""
        cells = [
            num(count(counts.get(key))) for key in ("finished_early", "finished_on_the_day", "finished_late", "late")
        ]
        units = ", ".join(esc(sheet.title(unit)) for unit in one.get("units") or [])
        rows.append(row(esc(one.get("officer")), [units, *cells, num(points), num(of)]))
    head = [both(("Cán bộ", "Officer")), both(("Đơn vị", "Unit")), *(num(both(pair)) for pair in _OFFICER_HEADS)]
    caption = (
        "Cán bộ thụ lý: đầu vào cho việc đánh giá, không phải xếp loại",
        "Officers: an input to their rating, not a rating",
    )
    made = table(caption, head, [body(rows)], wide=True)
    return (
        f'<section id="can-bo" aria-labelledby="h-can-bo"><h2 id="h-can-bo">Cán bộ thụ lý{english("Officers")}</h2>'
        f"{fold(whole(len(listed), 'cán bộ', 'officers'), made, 'plain')}</section>"
    )


_OFFICER_HEADS: Final = (
    ("Xong trước hạn", "finished early"),
    ("đúng ngày", "on the day"),
    ("trễ", "late"),
    ("Hồ sơ trễ trong kỳ", "late in the period"),
    ("Tổng điểm", "points"),
    ("Số chỉ số", "indicators"),
)


def definitions(sheet: Sheet) -> str:
    """Each indicator: name, version, formula, clause."""
    none = _none("Sổ không nêu định nghĩa nào.", "The account states no definition.")
    said = "".join(_definition(sheet, name, one) for name, one in sheet.definitions.items()) or none
    return (
        '<section id="cach-tinh" aria-labelledby="h-cach"><h2 id="h-cach">Định nghĩa và công thức'
        f"{english('Definitions and formulas')}</h2>{said}</section>"
    )


def _definition(sheet: Sheet, name: str, one: Entry) -> str:
    formula = label(one.get("formula")) or both(("sổ không nêu công thức", "no formula is stated"))
    old = ("không có hiệu lực vào cuối kỳ: chỉ để biết", "not in force at the end of the period: for information")
    force = "" if one.get("in_force", True) else f" · <b>{both(old)}</b>"
    return (
        f'<article class="law" id="{sheet.anchor("rate", name)}" tabindex="-1"><h3>{label(one.get("label"), name)}</h3>'
        f'<p class="formula">{formula}</p>'
        f'<p class="about"><code>{esc(name)}</code> · {_version(one)} · '
        f"{word(CONSEQUENCES, one.get('class'))}{force}</p>{_clauses(one)}</article>"
    )


def _version(one: Entry) -> str:
    return f"{both(('phiên bản', 'version'))} <code>{esc(one.get('version'))}</code>"


def _none(vietnamese: str, in_english: str) -> str:
    return f"<p>{both((vietnamese, in_english))}</p>"


def _clauses(one: Entry) -> str:
    found = one.get("citations") or []
    return (
        fold(both((f"Căn cứ: {len(found)}", f"Sources: {len(found)}")), items(clause(each) for each in found))
        if found
        else ""
    )


def duties(sheet: Sheet) -> str:
    """Each duty that some unit bears: who, to whom, by which clause."""
    none = _none("Sổ không nêu nghĩa vụ nào của đơn vị.", "The account states no duty of units.")
    said = "".join(_duty(sheet, name, one) for name, one in sheet.duties.items()) or none
    note = (
        "<p class=note>Căn cứ của nghĩa vụ từng hồ sơ (xin lỗi, thông báo, chuyển hồ sơ…) nằm ở cột "
        "<code>clauses</code> của tệp kết quả và trong lời giải thích của từng hồ sơ."
        + english(
            "The clauses behind duties of dossiers (apology, notice, forwarding…) stand in the column clauses of the "
            "results and in the explanation of each dossier."
        )
        + "</p>"
    )
    return (
        '<section id="can-cu" aria-labelledby="h-can-cu"><h2 id="h-can-cu">Căn cứ của nghĩa vụ'
        f"{english('The clauses behind the duties')}</h2>{said}{note}"
        "</section>"
    )


def _duty(sheet: Sheet, name: str, one: Entry) -> str:
    to = f" → {word(words.RECIPIENTS, one['to'])}" if one.get("to") else ""
    readings = items(f"{both(('Cách hiểu', 'Reading'))}: {label(each)}" for each in one.get("interpretations") or [])
    return (
        f'<article class="law" id="{sheet.anchor("duty", name)}" tabindex="-1"><h3>{label(one.get("label"), name)}</h3>'
        f'<p class="about">{word(ROLES, one.get("role"))}{to} · {word(words.WHEN_MISSED, one.get("class"))} · '
        f"<code>{esc(name)}</code> · {_version(one)}</p>"
        f"{items(clause(each) for each in one.get('citations') or [])}{readings if one.get('interpretations') else ''}"
        "</article>"
    )


def problems(sheet: Sheet) -> str:
    """Everything that the account says about its own input, by kind."""
    found = sheet.account.get("problems") or []
    order = list(words.LEVELS)
    ranked = sorted(found, key=lambda p: (_rank(order, p.get("level")), str(p.get("code"))))
    groups = [(code, list(each)) for code, each in groupby(ranked, key=lambda p: str(p.get("code")))]
    none = _none("Sổ không có lưu ý nào về dữ liệu vào.", "The account says nothing about its input.")
    said = "".join(_problem(sheet, code, each) for code, each in groups) or none
    return (
        f'<section id="luu-y" aria-labelledby="h-luu"><h2 id="h-luu">Lưu ý về dữ liệu{english("About the data")}</h2>'
        f"{said}</section>"
    )


def _rank(order: list[str], level: object) -> int:
    return order.index(str(level)) if level in order else len(order)


def _problem(sheet: Sheet, code: str, found: list[Entry]) -> str:
    level = str(found[0].get("level"))
    sign, said, in_english = words.LEVELS.get(level, ("·", level, level))
    title = both(words.PROBLEMS[code]) if code in words.PROBLEMS else esc(code)
    listed = items(f"{esc(p.get('vi'))}{english(str(p.get('en', '')))}" for p in found)
    inside = listed if len(found) <= 5 else fold(whole(len(found), "trường hợp", "cases"), listed)
    css = level if level in words.LEVELS else "notice"
    return (
        f'<article class="problem l-{css}"><h3><span aria-hidden="true">{sign}</span> {esc(said)}{english(in_english)}'
        f": {title} <small><code>{esc(code)}</code></small></h3>{inside}</article>"
    )


def source(sheet: Sheet) -> str:
    """What was read, what was configured, and by which rules it was judged."""
    account = sheet.account
    return (
        f'<section id="nguon" aria-labelledby="h-nguon"><h2 id="h-nguon">Nguồn số liệu{english("Sources")}</h2>'
        f"{items([*_rows(account), *_settings(account), *_digests(account)])}</section>"
    )


def _rows(account: Entry) -> Iterator[str]:
    rows = account.get("rows") or {}
    read, errors, repeated = (count(rows.get(name)) for name in ("read", "errors", "repeated"))
    beside = english("rows read; with errors; repeated")
    yield f"Đã đọc <b>{read}</b> dòng; lỗi {errors}; lặp {repeated}{beside}"
    for why, size in (rows.get("left_out") or {}).items():
        yield f"{both(('Để ngoài mọi tỷ lệ', 'In no rate'))}: {count(size)} – {word(words.LEFT_OUT, why)}"
    yield "Cùng số liệu này ở tệp <code>.json</code> và <code>.csv</code> bên cạnh; từng hồ sơ ở tệp kết quả" + english(
        "the same figures stand in the .json and .csv files beside; each dossier in the results"
    )


def _settings(account: Entry) -> Iterator[str]:
    for name, value in (account.get("settings") or {}).items():
        written = value if isinstance(value, str | int | float) else json.dumps(value, ensure_ascii=False)
        shown = f"<code>{esc(written)}</code>"
        if value in (None, {}, []):
            shown = f"<i>{both(('không cấu hình', 'not set'))}</i>"
        yield f"{both(('Cấu hình', 'Setting'))} – {word(words.SETTINGS, name)}: {shown}"


def _digests(account: Entry) -> Iterator[str]:
    digests = account.get("digests") or {}
    if digests.get("rules"):
        own = both(("Bộ quy tắc của sổ", "Rules of the account"))
        yield f'{own}: <code class="digest">{esc(digests["rules"])}</code>'
    for one in digests.get("judged_by") or []:
        judged = both(("Bộ quy tắc đã chấm hồ sơ", "Rules that judged the dossiers"))
        yield f'{judged}: <code class="digest">{esc(one)}</code>'
