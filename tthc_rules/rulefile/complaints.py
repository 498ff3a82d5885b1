"""What is told of a file that is no law: one constructor a code; the reader that knows the place puts it in."""

from __future__ import annotations

from collections.abc import Iterable

from tthc_rules.errors import Problem, shown, unknown_word


def yaml_size(size: int, limit: int, scalar: bool = False) -> Problem:
    """A whole file, or one scalar in it, is longer than allowed."""
    vi, en = ("giá trị dài", "the value has") if scalar else ("tệp dài", "the file has")
    unit_vi, unit_en = ("ký tự", "characters") if scalar else ("byte", "bytes")
    return Problem(
        "TR-yaml-size",
        "",
        f"{vi} {size} {unit_vi}, vượt giới hạn {limit}: hãy rút ngắn hoặc tách ra",
        f"{en} {size} {unit_en}, the limit is {limit}: shorten it or split it",
    )


def yaml_encoding(character: str = "", escape: bool = False) -> Problem:
    """The bytes are not UTF-8, a character in the text cannot be seen, or an escape stands for no character."""
    if escape:
        vi = "mã «\\u…» này không phải là một ký tự: gõ thẳng ký tự đó vào"
        en = "this “\\u…” stands for no character: type the character itself"
    elif character:
        vi = f"có ký tự ẩn hoặc ký tự điều khiển U+{ord(character):04X}: hãy xóa nó, hoặc lưu lại tệp bằng UTF-8"
        en = f"there is an invisible or control character U+{ord(character):04X}: delete it, or save the file as UTF-8"
    else:
        vi = "tệp không phải UTF-8 (có thể là UTF-16, TCVN3, Windows-1258): mở lại và lưu bằng UTF-8"
        en = "the file is not UTF-8 (it may be UTF-16, TCVN3, Windows-1258): open it again and save it as UTF-8"
    return Problem("TR-yaml-encoding", "", vi, en)


def yaml_nfc() -> Problem:
    """Letters are written with separate marks, so that equal-looking words differ."""
    return Problem(
        "TR-yaml-nfc",
        "",
        "chữ viết bằng Unicode tổ hợp (chữ và dấu tách rời): gõ lại bằng Unicode dựng sẵn, "
        "hoặc chuyển cả tệp sang dạng NFC",
        "letters and marks are separate characters here (not NFC): type them again as precomposed letters, "
        "or convert the whole file to NFC",
    )


def yaml_tab() -> Problem:
    """A tab character stands anywhere in the text."""
    return Problem(
        "TR-yaml-tab",
        "",
        "có ký tự tab: thay bằng dấu cách; nếu cần tab trong chữ thì viết \\t trong dấu nháy kép",
        "there is a tab character: use spaces; if the text itself needs a tab, write \\t inside double quotes",
    )


_YAML_HINTS = (
    (
        "mapping values are not allowed",
        "thụt đầu dòng sai, hoặc trong giá trị có «: » mà chưa đặt trong dấu nháy",
        "wrong indentation, or a value with “: ” in it that is not quoted",
    ),
    (
        "sequence entries are not allowed",
        "xuống dòng trước dấu «- », hoặc đặt giá trị trong dấu nháy",
        "start a new line before “- ”, or quote the value",
    ),
    (
        "quoted scalar",
        "thiếu dấu nháy đóng, hoặc dấu «\\» trong nháy kép chưa viết thành «\\\\»",
        "a closing quote is missing, or a “\\” in double quotes is not written “\\\\”",
    ),
    (
        "cannot start any token",
        "giá trị bắt đầu bằng ký tự đặc biệt (@ ` %) phải đặt trong dấu nháy",
        "a value that begins with a special character (@ ` %) must be quoted",
    ),
    ("flow", "thiếu dấu phẩy hoặc dấu ngoặc đóng", "a comma or a closing bracket is missing"),
    ("find expected ':'", "thiếu dấu «:» sau khóa", "there is no “:” after the key"),
    ("", "kiểm tra thụt đầu dòng, dấu hai chấm và dấu nháy", "check indentation, colons and quotes"),
)  # what the parser says -> what to do; the first that fits


def yaml_syntax(parser_says: str) -> Problem:
    """The text is not YAML at all; the hint says what is most likely wrong."""
    said = parser_says.removeprefix(": ")
    _, vi, en = next(hint for hint in _YAML_HINTS if hint[0] in said)
    return Problem("TR-yaml-syntax", "", f"không đọc được YAML: {vi}", f"this is not YAML: {en} [{shown(said, 120)}]")


def yaml_directive() -> Problem:
    """A `%YAML` or `%TAG` line stands before the data."""
    return Problem(
        "TR-yaml-directive",
        "",
        "tệp quy tắc không dùng chỉ thị «%…» ở đầu tệp: xóa dòng này",
        "rule files use no “%…” directives: delete this line",
    )


def yaml_documents() -> Problem:
    """A second document begins in the same file."""
    return Problem(
        "TR-yaml-documents",
        "",
        "mỗi tệp chỉ chứa một tài liệu: bỏ dòng «---» này, hoặc tách phần sau thành tệp riêng",
        "a file holds one document: delete this “---” line, or move what follows to its own file",
    )


def yaml_tag(tag: str) -> Problem:
    """A value carries a tag such as `!!python/object`."""
    return Problem(
        "TR-yaml-tag",
        "",
        f"tệp quy tắc không dùng thẻ kiểu «{shown(tag)}»: bỏ thẻ, chỉ viết giá trị; nếu là chữ thì đặt trong dấu nháy",
        f"rule files use no tags such as “{shown(tag)}”: delete it and keep the value; if it is text, quote it",
    )


def yaml_anchor(name: str) -> Problem:
    """A value is named with `&` to be used again."""
    return Problem(
        "TR-yaml-anchor",
        "",
        f"tệp quy tắc không dùng neo «&{shown(name)}»: bỏ neo và viết đầy đủ ở từng chỗ; "
        "nếu là chữ thì đặt trong dấu nháy",
        f"rule files use no anchors such as “&{shown(name)}”: delete it and write the value out at each place; "
        "if it is text, quote it",
    )


def yaml_alias(name: str) -> Problem:
    """A value stands elsewhere and is only pointed to with `*`."""
    return Problem(
        "TR-yaml-alias",
        "",
        f"tệp quy tắc không dùng tham chiếu «*{shown(name)}»: chép nội dung vào đây; nếu là chữ thì đặt trong dấu nháy",
        f"rule files use no aliases such as “*{shown(name)}”: copy the value here; if it is text, quote it",
    )


def yaml_merge() -> Problem:
    """Keys of another mapping are merged in with `<<`."""
    return Problem(
        "TR-yaml-merge",
        "",
        "tệp quy tắc không dùng khóa gộp «<<»: viết đủ từng khóa ở đây",
        "rule files use no merge key “<<”: write every key out here",
    )


def yaml_duplicate(key: str, first: str) -> Problem:
    """The same key stands twice in one mapping."""
    return Problem(
        "TR-yaml-duplicate",
        "",
        f"khóa «{shown(key)}» đã có ở {first}: chỉ giữ lại một chỗ",
        f"the key “{shown(key)}” is already there at {first}: keep only one of them",
    )


def yaml_key(written: str = "") -> Problem:
    """A key is not text; `written` is a number or literal that quotes would make into text."""
    if written:
        vi, en = f"đặt «{shown(written)}» trong dấu nháy kép", f"put “{shown(written)}” in double quotes"
    else:
        vi, en = "viết một tên khóa, không để trống, không dùng danh sách", "write a name, not nothing or a list"
    return Problem("TR-yaml-key", "", f"khóa phải là chữ: {vi}", f"a key must be text: {en}")


def yaml_empty(file: bool = False) -> Problem:
    """A value, or the whole file, is missing."""
    if file:
        return Problem(
            "TR-yaml-empty",
            "",
            "tệp không có nội dung: viết nội dung vào, hoặc xóa tệp",
            "the file holds no data: write something in it, or delete the file",
        )
    return Problem(
        "TR-yaml-empty",
        "",
        'chưa có giá trị: viết null hoặc giá trị; chuỗi rỗng viết là ""',
        'the value is missing: write null or a value; empty text is written as ""',
    )


def yaml_depth(limit: int) -> Problem:
    """Lists and mappings are nested too deeply."""
    return Problem(
        "TR-yaml-depth",
        "",
        f"lồng nhau quá {limit} tầng: kiểm tra dấu ngoặc và thụt đầu dòng, hoặc viết phẳng hơn",
        f"nested more than {limit} levels: check brackets and indentation, or write it flatter",
    )


def yaml_nodes(limit: int) -> Problem:
    """There are too many keys and values in one file."""
    return Problem(
        "TR-yaml-nodes",
        "",
        f"tệp có quá {limit} khóa và giá trị: tách thành nhiều tệp",
        f"the file has more than {limit} keys and values: split it into several files",
    )


def yaml_more(limit: int) -> Problem:
    """There are more problems than anyone wants to read at once."""
    return Problem(
        "TR-yaml-more",
        "",
        f"đã có {limit} lỗi nên dừng đọc ở đây: sửa các lỗi trên rồi chạy lại",
        f"{limit} problems found, reading stops here: mend those above and run it again",
    )


# -- names and meanings -----------------------------------------------------------------------------------------------


def continues_itself() -> Problem:
    """A version that continues itself, or a later one."""
    said = (
        "«continues» phải chỉ về một ngày trước khi phiên bản này có hiệu lực",
        "“continues” must name an earlier day",
    )
    return Problem("TR-rule-continues", "", *said)


def taken(name: str) -> Problem:
    """A name that is used already."""
    said = (f"tên «{name}» đã dùng", f"the name “{name}” is taken")
    return Problem("TR-rule-taken", "", *said)


def cycle(names: tuple[str, ...]) -> Problem:
    """Dates that are computed from each other."""
    chain = " → ".join((*names, names[0]))
    return Problem(
        "TR-rule-date-cycle",
        "",
        f"các ngày được tính vòng quanh nhau: {chain}",
        f"these dates are computed from each other: {chain}",
    )


def one_of(*keys: str) -> Problem:
    """Exactly one of these keys belongs there."""
    return Problem(
        "TR-rule-one-of", "", "cần đúng một trong các khóa này", "exactly one of these keys is needed", known=keys
    )


def not_beside(key: str, other: str) -> Problem:
    """Two keys that say different things of the same."""
    said = (f"«{other}» không đi cùng «{key}»", f"“{other}” does not go with “{key}”")
    return Problem("TR-rule-beside", "", *said)


def no_hour_asked() -> Problem:
    """A date for an unknown hour in a duty that turns on no hour, or on no date."""
    said = (
        "«hour_unknown» chỉ đi với nghĩa vụ có thời hạn, trong quy tắc có điều kiện «received»",
        "“hour_unknown” goes with a deadline that has a date, in a rule with a condition “received”",
    )
    return Problem("TR-rule-beside", "", *said)


def too_strong(consequence: str, evidence: str, allowed: list[str]) -> Problem:
    """A class that the evidence does not bear."""
    return Problem(
        "TR-rule-class",
        "",
        f"hệ quả «{consequence}» mạnh hơn căn cứ «{evidence}» cho phép",
        f"class “{consequence}” is stronger than its evidence “{evidence}” allows",
        known=tuple(allowed),
    )


def discipline(word: str) -> Problem:
    """A form of discipline is named."""
    return Problem(
        "TR-rule-discipline",
        "",
        f"quy tắc không được nêu hình thức kỷ luật («{word}»): thư viện chỉ nêu việc cho người có thẩm quyền xem xét",
        f"a rule may not name a form of discipline (“{word}”): it only tells a competent person what to look at",
    )


def wrong_outcomes(place: str, outcomes: Iterable[str], of_limit: bool) -> list[Problem]:
    """Outcomes that cannot be: only a limit is broken, and it is nothing else."""
    known = ("broken",) if of_limit else ("missed", "met_late")
    wrong = [outcome for outcome in outcomes if outcome not in known]
    return [unknown_word(place, "kết quả", "outcome", one, known, "TR-rule-outcome") for one in wrong]


def empty() -> Problem:
    """A rule without a duty or limit."""
    return Problem(
        "TR-rule-empty", "", "quy tắc không có nghĩa vụ hay giới hạn nào", "the rule has no duty and no limit"
    )


def sets_nothing(path: str, reads: str) -> Problem:
    """A reading that decides no place of its file."""
    return Problem(
        "TR-rule-reading",
        "",
        f"«sets: {path}» không chỉ vào chỗ nào đang viết «{reads}» trong tệp này",
        f"“sets: {path}” does not point to a place in this file that reads “{reads}”",
    )


def beside_apart(source: str, family: str) -> Problem:
    """Versions of one clock that stand beside different families."""
    return Problem(
        "TR-rule-beside",
        source,
        f"các phiên bản đồng hồ của «{family}» phải đứng cạnh cùng một dòng văn bản (beside)",
        f"all versions of the clock of “{family}” must stand beside the same family (beside)",
    )


def picked_apart(source: str, name: str) -> Problem:
    """Versions of one rule that are picked by different dates."""
    return Problem(
        "TR-rule-pick",
        source,
        f"các phiên bản của «{name}» phải chọn theo cùng một ngày (picked_by)",
        f"all versions of “{name}” must be picked by the same date (picked_by)",
    )
