"""The first part of the page, and the first sheet of paper: sentences, what to know before the figures, the figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tthc_rules.report.markup import (
    NBSP,
    UNKNOWN,
    both,
    count,
    english,
    esc,
    fraction,
    number,
    unknown,
    value_of,
    whole,
)
from tthc_rules.report.opening import opening
from tthc_rules.report.sheet import LAWFUL, Entry, Sheet, in_hand
from tthc_rules.report.units import level_of
from tthc_rules.result.words import Pair


def headline(sheet: Sheet) -> str:
    urgent = [p for p in sheet.account.get("problems") or [] if p.get("level") in ("error", "warning")]
    named = "".join(
        f"<li><b>{both(level_of(p))}:</b> {both((str(p.get('vi') or ''), str(p.get('en') or '')))}</li>"
        for p in urgent[:5]
    )
    rest = number(len(urgent) - 5)
    more = f'<li><a href="#luu-y">{both((f"và {rest} điều nữa", f"and {rest} more"))}</a></li>' if urgent[5:] else ""
    first = both(("Đọc trước khi dùng số liệu", "Read this before the figures"))
    warned = f'<div class="warn" role="note"><p><b>{first}</b></p><ul>{named}{more}</ul></div>' if urgent else ""
    return (
        f'<section id="tom-tat" aria-labelledby="h-tom"><h2 id="h-tom">Tóm tắt{english("In short")}</h2>'
        f'{opening(sheet)}{warned}<dl class="tiles">{"".join(_tiles(sheet))}</dl></section>'
    )


def _tile(name: Pair, big: str, small: str, css: str = "") -> str:
    """`big` and `small` are HTML already."""
    return (
        f'<div class="tile {css}"><dt>{both(name)}</dt><dd><span class="big">{big}</span>'
        f'<span class="sub">{small}</span></dd></div>'
    )


def _tiles(sheet: Sheet) -> Iterator[str]:
    counts = sheet.counts
    if counts is None:
        why = unknown(("kỳ chưa có số liệu", "the period has no figures"))
        for name in (("Hồ sơ trong kỳ", "Dossiers"), ("Tỷ lệ đúng hạn", "On time"), ("Trễ hạn", "Late")):
            yield _tile(name, "—", why, "empty")
        return
    if not in_hand(counts):
        yield from _nothing_judged(sheet)
    else:
        yield from _judged(sheet, counts)
    found = sheet.duty_outcomes
    said = (
        (UNKNOWN, "unknown"),
        (("làm muộn", "met late"), "met_late"),
        (("chưa đến lúc", "pending"), "pending"),
        (("cần xem xét", "to be looked at"), "review"),
    )
    small = " · ".join(
        both((f"{vietnamese}{NBSP}{number(found[name])}", f"{in_english}{NBSP}{number(found[name])}"))
        for (vietnamese, in_english), name in said
    )
    missed = number(found["missed"]) if any(found[name] for name in _CONCLUDED) else unknown()
    yield _tile(("Nghĩa vụ của đơn vị không thực hiện", "Duties of units missed"), missed, small)


_CONCLUDED: Final = ("missed", "met", "met_late", "not_owed", "review")
"""Outcomes by which something was judged: without one of them, none missed would be said of what nobody knows."""


def _judged(sheet: Sheet, counts: Entry) -> Iterator[str]:
    """The figures of a period in which some dossier was judged."""
    lawful = counts.get(LAWFUL) or {}
    parts = (
        f"{count(counts.get('received'))} {both(('tiếp nhận', 'received'))} + {count(counts.get('carried_over'))} "
        f"{both(('kỳ trước chuyển sang', 'carried over'))}"
    )
    yield _tile(("Hồ sơ trong kỳ", "Dossiers of the period"), count(in_hand(counts)), parts)
    yield _rate_tile(sheet)
    yield from _in_doubt(counts)
    finished = f"/ {count(counts.get('finished'))} {both(('hồ sơ đã xong', 'finished'))}"
    yield _tile(("Trả trễ hạn", "Returned late"), count(lawful.get("finished_late")), finished, "late")
    yield _tile(("Quá hạn, chưa trả", "Overdue"), count(lawful.get("open_late")), both(_LAWFULLY), "over")
    apologies = sheet.apologies
    if apologies is not None:
        owed = sum(apologies.values())
        given, not_known = number(apologies["given"]), number(apologies["unknown"])
        small = both(
            (
                f"trên {number(owed)} hồ sơ trễ; đã có {given}, chưa rõ{NBSP}{not_known}",
                f"of {number(owed)} late; given {given}, not known {not_known}",
            )
        )
        missing = unknown() if owed and apologies["unknown"] == owed else number(apologies["missing"])
        yield _tile(("Chưa có văn bản xin lỗi", "Apologies missing"), missing, small, "over")


_LAWFULLY: Final = ("tính theo hạn theo luật", "on the lawful due date")


def _in_doubt(counts: Entry) -> Iterator[str]:
    """The dossiers of which nobody knows whether they were late, where there are such."""
    if counts.get("undetermined"):
        small = both(
            (
                "hồ sơ mà nguồn không cho biết có trễ hay không; ngoài mọi tỷ lệ",
                "whether they were late the source cannot show; in no rate",
            )
        )
        yield _tile(("Chưa rõ", "Undetermined"), count(counts["undetermined"]), small)


def _nothing_judged(sheet: Sheet) -> Iterator[str]:
    """The same where no dossier was judged: that none was late is not known then."""
    rows = sheet.account.get("rows") or {}
    out = int(rows.get("errors") or 0) + int((rows.get("left_out") or {}).get("undetermined") or 0)
    why = (
        whole(out, "hồ sơ không chấm được hoặc chưa xác định được hạn", "could not be judged, or have no due date")
        if out
        else both(("không có hồ sơ nào để xét", "there is none to judge"))
    )
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
    of = f"{fraction(figure)} {both(('hồ sơ,', 'dossiers,'))} " if fraction(figure) else ""
    big = shown if "none" not in shown else "—"
    why = "" if "none" not in shown else shown + " · "
    return _tile(
        ("Tỷ lệ đúng hạn", "On-time rate"),
        big,
        f"{why}{of}{both(('hạn theo luật, cách tính', 'lawful due date, definition'))} {name}",
    )
