"""What an account says about its own input: named, shown in the report, and stopping nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from tthc_rules.errors import Problem, nearest_of, shown

Severity = Literal["error", "warning", "notice"]


@dataclass(frozen=True, slots=True)
class Remark:
    """A problem of the account, and how much it weighs."""

    level: Severity
    problem: Problem

    def as_json(self) -> dict[str, str]:
        one = self.problem
        return {"code": one.code, "level": self.level, "place": one.place, "vi": one.vi, "en": one.en}


def _remark(level: Severity, code: str, place: str, vi: str, en: str) -> Remark:
    return Remark(level, Problem(code, place, vi, en))


def level_gone(unit: str, label: tuple[str, str], last: str) -> Remark:
    """A unit of a kind that no longer existed."""
    return _remark(
        "warning",
        "TR-account-level-gone",
        unit,
        f"{label[0]} không còn sau ngày {last}: ghi ngày cuối (to) và đơn vị kế thừa (became); "
        "không nghĩa vụ nào từ đó buộc đơn vị này",
        f"there is no {label[1]} after {last}: give its last day (to) and its successor (became); "
        "no duty binds it since then",
    )


def petition_twice(petition: str) -> Remark:
    """A petition that was handed over twice."""
    return _remark(
        "warning",
        "TR-account-petition-twice",
        petition,
        "phản ánh, kiến nghị này có hai lần trong dữ liệu; lần đầu được tính",
        "this petition is in the input twice; the first one counts",
    )


def period_not_read(written: object) -> Problem:
    """The question names no period."""
    return Problem(
        "TR-account-period",
        "period",
        f"«{shown(written)}» không phải một kỳ; viết 2026-07, 2026-Q3, 2026-H2 hoặc 2026",
        f"“{shown(written)}” is no period; write 2026-07, 2026-Q3, 2026-H2 or 2026",
    )


def columns_missing(missing: tuple[str, ...], known: tuple[str, ...], hint: tuple[str, str] = ("", "")) -> Problem:
    """A table of results that lacks what every account needs."""
    names = ", ".join(missing)
    return Problem(
        "TR-account-columns",
        "results",
        f"bảng kết quả thiếu cột: {names}; hãy tạo lại bằng tthc-rules rescore{hint[0]}",
        f"the table of results lacks columns: {names}; make it again with tthc-rules rescore{hint[1]}",
        known=known[:40],
    )


def results_not_read(results: object) -> Problem:
    """What was handed over as results is neither a table nor a list."""
    return Problem(
        "TR-account-row",
        "results",
        f"phải là bảng kết quả, danh sách kết luận hoặc dòng kết quả, không phải {type(results).__name__}",
        f"must be a table of results, or a list of verdicts or rows, not {type(results).__name__}",
    )


def table_not_read(why: str) -> Problem:
    """What was handed over as results is no table that can be read."""
    return Problem(
        "TR-account-columns",
        "results",
        f"không phải bảng Arrow đọc được: {why}",
        f"this is no readable Arrow table: {why}",
    )


def column_twice(name: str) -> Problem:
    """A table of results with two columns of one name."""
    return Problem("TR-account-columns", shown(name), "cột có hai lần", "the column is there twice")


def column_not_read(name: str, kind: str, wanted: str) -> Problem:
    """A column of results whose type is not read."""
    vi, en = {
        "text": ("phải là văn bản", "must be text"),
        "date": ("phải là ngày, hoặc văn bản ISO", "must be dates, or ISO text"),
        "steps": (
            "phải là list<struct<agency, due, done_on, outcome>> hoặc văn bản JSON của nó",
            "must be list<struct<agency, due, done_on, outcome>>, or its JSON text",
        ),
        "": ("kiểu dữ liệu này không đọc được; bỏ cột", "this type is not read; leave the column out"),
    }[wanted]
    return Problem("TR-account-columns", shown(name), f"{vi} ({shown(kind)})", f"{en} ({shown(kind)})")


def row_not_read(place: str, name: str, value: object) -> Problem:
    """A cell of a result row that is not what its column holds."""
    return Problem(
        "TR-account-row",
        place,
        f"«{name}»: không đọc được {shown(value)}",
        f"“{name}”: {shown(value)} cannot be read",
    )


def word_not_known(place: str, name: str, word: str, known: tuple[str, ...]) -> Problem:
    """A result row says in a column of few words what none of them is."""
    return Problem(
        "TR-account-row",
        place,
        f"«{name}»: «{shown(word)}» không phải kết luận nào của thư viện; hãy tạo lại bảng bằng tthc-rules rescore",
        f"“{name}”: “{shown(word)}” is no word of a verdict; make the table again with tthc-rules rescore",
        known=known,
    )


def as_of_taken(day: str) -> Remark:
    return _remark(
        "notice",
        "TR-account-as-of",
        "as_of",
        f"không nêu ngày xét: lấy {day}; việc có hạn đúng ngày đó vẫn còn «chưa đến lúc kết luận»",
        f"no day was asked about: {day} was taken; what is due on that very day is still pending",
    )


def period_in_future(period: str, day: str) -> Remark:
    return _remark(
        "error",
        "TR-account-future",
        period,
        f"kỳ {period} chưa bắt đầu vào ngày xét {day}: không có số liệu",
        f"the period {period} has not begun on {day}: there are no figures",
    )


def period_open(period: str, day: str) -> Remark:
    return _remark(
        "warning",
        "TR-account-period-open",
        period,
        f"kỳ {period} chưa hết vào ngày xét: số liệu tính đến hết ngày {day}, chỉ tiêu chưa kết luận",
        f"the period {period} is not over: figures are up to the end of {day}, targets are not concluded",
    )


def no_dossier(period: str) -> Remark:
    return _remark(
        "warning",
        "TR-account-empty",
        period,
        f"kỳ {period} không có hồ sơ nào: mọi tỷ lệ để trống",
        f"no dossier in {period}: every rate is empty",
    )


def without_unit(count: int) -> Remark:
    return _remark(
        "warning",
        "TR-account-no-unit",
        "handling_agency",
        f"{count} hồ sơ không nêu cơ quan giải quyết: được cộng vào mục «chưa rõ đơn vị»",
        f"{count} dossiers name no handling agency: they are counted under “unit not known”",
    )


def unit_without_kind(unit: str) -> Remark:
    return _remark(
        "warning",
        "TR-account-unit-kind",
        unit,
        f"không biết loại của đơn vị «{unit}» (units: kind): không nói được nghĩa vụ nào áp dụng cho đơn vị này",
        f"the kind of unit “{unit}” is not known (units: kind): which duties of units bind it cannot be said",
    )


def unit_of_unknown_kind(unit: str, kind: str, known: Collection[str]) -> Remark:
    """A unit of a kind that no duty names, most likely misspelt: no duty of its own kind is asked of it."""
    vi, en = _or_nearest(kind, known)
    return _remark(
        "warning",
        "TR-account-unit-kind",
        unit,
        f"không nghĩa vụ nào biết loại «{shown(kind)}» của đơn vị «{unit}» (units: kind){vi}",
        f"no duty knows the kind “{shown(kind)}” of unit “{unit}” (units: kind){en}",
    )


def unit_twice(unit: str, day: str, what: str, said: tuple[str | None, str | None]) -> Problem:
    """Two rows of the register that say different things of a unit on one day."""
    one, other = (shown(word) if word else "—" for word in said)
    return Problem(
        "TR-account-unit-twice",
        f"units: {shown(unit)}",
        f"hai dòng nói khác nhau về đơn vị này vào cùng ngày {day} ({what}: «{one}», «{other}»): "
        "ghi ngày đầu (from), ngày cuối (to) của mỗi dòng, hoặc bỏ dòng sai",
        f"two rows say different things of this unit on the same day, {day} ({what}: “{one}”, “{other}”): "
        "give each row its first day (from) and last day (to), or remove the wrong one",
    )


def left_out(count: int, why: str) -> Remark:
    words = {
        "not_accepted": ("chưa tiếp nhận", "not accepted"),
        "undetermined": ("chưa xác định được hạn", "without a due date that could be determined"),
        "no_limit": ("thủ tục không có thời hạn", "of procedures without a limit"),
    }[why]
    return _remark(
        "notice",
        "TR-account-left-out",
        why,
        f"{count} hồ sơ {words[0]}: không nằm trong tỷ lệ nào",
        f"{count} dossiers {words[1]}: in no rate",
    )


def error_rows(count: int) -> Remark:
    return _remark(
        "warning",
        "TR-account-error-rows",
        "error_code",
        f"{count} hồ sơ lỗi, chưa được kết luận: không nằm trong số liệu nào",
        f"{count} dossiers could not be judged: they are in no figure",
    )


def twice(count: int, example: str) -> Remark:
    return _remark(
        "warning",
        "TR-account-twice",
        shown(example),
        f"{count} dòng lặp lại một hồ sơ đã có: chỉ dòng đầu được tính",
        f"{count} rows repeat a dossier: only the first counts",
    )


def no_holder(unit: str, role: str, count: int) -> Remark:
    return _remark(
        "warning",
        "TR-account-no-head",
        unit,
        f"không biết ai giữ chức vụ «{role}» của «{unit}» ({count} việc): để trống người trả lời",
        f"nobody is known as {role} of “{unit}” ({count} matters): who answers is left empty",
    )


def tenures_overlap(unit: str, role: str, persons: tuple[str, str], first: str, last: str) -> Remark:
    return _remark(
        "warning",
        "TR-account-tenure-overlap",
        unit,
        f"hai người cùng giữ chức vụ «{role}» của «{unit}» từ {first} đến {last}: {' và '.join(persons)}; nêu cả hai",
        f"two persons hold the post {role} of “{unit}” from {first} to {last}: {' and '.join(persons)}; both are named",
    )


def tenure_reversed(unit: str, person: str) -> Remark:
    return _remark(
        "warning",
        "TR-account-tenure-dates",
        unit,
        f"thời gian giữ chức vụ của «{person}» kết thúc trước khi bắt đầu: bỏ qua",
        f"the tenure of “{person}” ends before it begins: ignored",
    )


def days_reversed(given: str, name: str) -> Remark:
    """A row of the register, or a declaration that a log is complete, that ends before it begins."""
    return _remark(
        "warning",
        "TR-account-tenure-dates",
        shown(name),
        f"dòng «{shown(name)}» của {given} có ngày cuối (to) trước ngày đầu (from): bỏ qua",
        f"the row “{shown(name)}” of {given} ends (to) before it begins (from): ignored",
    )


def succession_broken(unit: str, vi: str, en: str) -> Remark:
    return _remark("warning", "TR-account-succession", unit, f"đơn vị «{unit}»: {vi}", f"unit “{unit}”: {en}")


def unknown_event(kind: str, count: int) -> Remark:
    return _remark(
        "notice",
        "TR-account-unknown-event",
        kind,
        f"không nghĩa vụ nào dùng sự kiện «{shown(kind)}» ({count} lần): giữ lại, không có tác dụng",
        f"no duty uses the event “{shown(kind)}” ({count} times): kept, no effect",
    )


def unknown_fact(name: str, count: int, known: Collection[str]) -> Remark:
    """A fact that no duty and no indicator asks for."""
    vi, en = _or_nearest(name, known)
    return _remark(
        "notice",
        "TR-account-unknown-fact",
        shown(name),
        f"không nghĩa vụ, chỉ số nào dùng số liệu «{shown(name)}» ({count} lần): giữ lại, không có tác dụng{vi}",
        f"no duty and no indicator uses the fact “{shown(name)}” ({count} times): kept, no effect{en}",
    )


def _or_nearest(word: str, known: Collection[str]) -> tuple[str, str]:
    """The known word that may have been meant."""
    meant = nearest_of(word, sorted(known))
    return (f"; có phải «{meant}»?", f"; did you mean “{meant}”?") if meant else ("", "")


def later_events(count: int, day: str) -> Remark:
    return _remark(
        "notice",
        "TR-account-event-later",
        "unit_events",
        f"{count} sự kiện xảy ra sau ngày xét {day}: chưa được tính",
        f"{count} events happened after {day}: not counted",
    )


def zero_denominator(unit: str, names: str) -> Remark:
    return _remark(
        "notice",
        "TR-account-zero-denominator",
        unit,
        f"mẫu số bằng 0, giá trị để trống: {names}",
        f"the denominator is 0, the value is empty: {names}",
    )


def mixed_rules(count: int) -> Remark:
    return _remark(
        "warning",
        "TR-account-mixed-rules",
        "rules_digest",
        f"các dòng kết quả được tính bằng {count} bộ quy tắc khác nhau: hãy chấm lại bằng một bộ",
        f"the rows were judged by {count} different sets of rules: judge them again with one",
    )


def no_pandas() -> Problem:
    """A frame is asked for, and nobody makes one here."""
    return Problem(
        "TR-account-pandas",
        "to_frame",
        "chưa cài pandas: pip install pandas, hoặc dùng to_rows()",
        "pandas is not installed: pip install pandas, or use to_rows()",
    )


def no_page() -> Problem:
    """A page is asked of an account that no rulebook made."""
    return Problem(
        "TR-account-no-page",
        "to_html",
        "sổ này được đọc lại từ tệp nên không có trang: lập sổ bằng Rulebook.account hoặc lệnh account",
        "this account was read back from a file and has no page: make it by Rulebook.account or the command account",
    )
