"""Rule text is read strictly: what is accepted, what is refused, where the fault is shown, and that it ends."""

from __future__ import annotations

import json
import unicodedata
from unittest import mock

import pytest
import yaml
from conftest import ends
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tthc_rules.errors import Problem, RuleFileError
from tthc_rules.rulefile import yamltext
from tthc_rules.rulefile.yamltext import Fields, Limits, Listing, Mark, Scalar, parse, plain, read


def value_of(text: str | bytes) -> yamltext.PlainValue:
    return plain(parse(text, "t.yaml"))


def problems_of(text: str | bytes, limits: Limits | None = None, source: str = "t.yaml") -> tuple[Problem, ...]:
    with pytest.raises(RuleFileError) as caught:
        parse(text, source, limits or Limits())
    return caught.value.problems


def faults_of(text: str | bytes, limits: Limits | None = None) -> list[tuple[str, str]]:
    """Code without its prefix, and line:column."""
    return [(p.code.removeprefix("TR-yaml-"), p.place.removeprefix("t.yaml:")) for p in problems_of(text, limits)]


# -- what is accepted ---


def test_a_rule_file_becomes_a_tree_with_places() -> None:
    node = parse('rule: apology_slip\nlimits:\n  - {id: "x", at_most: 1}\n', "t.yaml")
    assert node == Fields(
        (
            (Scalar("rule", Mark(1, 1), True), Scalar("apology_slip", Mark(1, 7), True)),
            (
                Scalar("limits", Mark(2, 1), True),
                Listing(
                    (
                        Fields(
                            (
                                (Scalar("id", Mark(3, 6), True), Scalar("x", Mark(3, 10), False)),
                                (Scalar("at_most", Mark(3, 15), True), Scalar(1, Mark(3, 24), True)),
                            ),
                            Mark(3, 5),
                        ),
                    ),
                    Mark(3, 3),
                ),
            ),
        ),
        Mark(1, 1),
    )


NOT_LITERALS = (
    "no yes on off y n True NULL Null FALSE ~ 12:30 2024-08-23 2024-08-23T08:30 0123 00 0o17 0x1F 0b1 1_000 1.5 1e3 "
    ".inf -.inf .nan +1 -01 -a = << 61/2018/NĐ-CP 1234567890123456789 -1234567890123456789 １２ ٣"
)


@pytest.mark.parametrize("written", NOT_LITERALS.split())
def test_a_plain_scalar_is_text_unless_json_would_say_otherwise(written: str) -> None:
    assert value_of(f"a: {written}\n") == {"a": written}
    assert value_of(f"- {written}\n") == [written]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("0", 0),
        ("-0", 0),
        ("-7", -7),
        ("1", 1),
        ("9" * 18, 10**18 - 1),
    ],
)
def test_the_literals_of_json_have_their_types_and_quotes_make_them_text(written: str, value: int | None) -> None:
    got = parse(written, "t.yaml")
    assert got == Scalar(value, Mark(1, 1), True)
    assert type(plain(got)) is type(value)
    assert value_of(f'["{written}"]') == value_of(f"['{written}']") == [written]
    assert value_of(f"- |-\n  {written}\n- >-\n  {written}\n") == [written, written]


def test_block_scalars_quotes_and_comments() -> None:
    text = "a: |  # chú thích\n  Điều 19\n   khoản 9\nb: >\n  một\n  hai\n"
    text += "c: \"x\\ty\\n\"\nd: 'it''s'\ne: \"\"\nf: một\n  hai\n"
    assert value_of(text) == {
        "a": "Điều 19\n khoản 9\n", "b": "một hai\n", "c": "x\ty\n", "d": "it's", "e": "", "f": "một hai",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["---\na: 1\n", "a: 1\n...\n", "--- {a: 1}\n", "# c\n\n---\na: 1 # d", "? a\n: 1", "{a: 1,}"]
)
def test_one_document_may_be_marked_as_such(text: str) -> None:
    assert value_of(text) == {"a": 1}


def test_line_ends_and_byte_order_mark_change_nothing() -> None:
    unix = "a:\n  - b: |\n      x\n      y\n  - c # d\n"
    node = parse(unix, "t.yaml")
    for text in (unix.replace("\n", "\r\n"), "\ufeff" + unix, ("\ufeff" + unix).encode(), unix.rstrip("\n") + "\r\n"):
        assert parse(text, "t.yaml") == node


def test_the_order_of_the_file_is_kept() -> None:
    assert list(value_of("b: 1\na: 2\nc: 3\n")) == ["b", "a", "c"]  # type: ignore[arg-type]


# -- what is refused ---


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("a: !!python/object:os.system x", [("tag", "1:4")]),
        ("a: !!python/object/apply:os.system ['id']", [("tag", "1:4")]),
        ("a: !!str x\nb: ! y\nc: !x\nd: !<!foo> [1]", [("tag", "1:4"), ("tag", "2:4"), ("tag", "3:4"), ("tag", "4:4")]),
        ("a: !e!foo x", [("tag", "1:4")]),
        ("a: &x 1\nb: *x\n", [("anchor", "1:4"), ("alias", "2:4")]),
        ("a: &\n", [("anchor", "1:4")]),
        ("a: *\n", [("alias", "1:4")]),
        ("a: *nowhere\n*b : 1\n", [("alias", "1:4"), ("alias", "2:1")]),
        ("a: &x !y [1]", [("anchor", "1:4"), ("tag", "1:4")]),
        ("a: {<<: {b: 1}}", [("merge", "1:5")]),
        ("a: 1\nb: 2\na: 3\n\"b\": 4\n", [("duplicate", "3:1"), ("duplicate", "4:1")]),
        ("a: {b: 1, b: 2}", [("duplicate", "1:11")]),
        ("1: a\ntrue: b\nnull: c\n", [("key", "1:1"), ("key", "2:1"), ("key", "3:1")]),
        ("? [a]\n: 1\n? {b: c}\n: 2\n", [("key", "1:3"), ("key", "3:3")]),
        ("{? : 1}", [("key", "1:4")]),
        ("a: 1\n---\nb: 2\n", [("documents", "2:1")]),
        ("--- a\n--- b\n--- c\n", [("documents", "2:1")]),
        ("%YAML 1.1\n---\na: 1\n", [("directive", "1:1")]),
        ("# c\n\n%TAG !e! tag:x,2000:\n---\na: !e!x 1\n", [("directive", "3:1"), ("tag", "5:4")]),
        ("%FOO x\n---\na: 1\n", [("directive", "1:1")]),
        ("a:\nb: 1\nc: # d\n", [("empty", "1:3"), ("empty", "3:3")]),
        ("-\n- a\n", [("empty", "1:2")]),
        ("{a, b: }", [("empty", "1:3"), ("empty", "1:8")]),
        ("", [("empty", "1:1")]),
        (b"", [("empty", "1:1")]),
        ("\ufeff", [("empty", "1:1")]),
        ("# chỉ có chú thích\n\n  # nữa\n", [("empty", "1:1")]),
        ("---\n", [("empty", "1:1")]),
        ("a:\t1\nb:\n\tc: 1\n", [("tab", "1:3"), ("tab", "3:1")]),
        ("a: \"x\ty\"\n", [("tab", "1:6")]),
        ("a: 1\nb: x\x00y\n", [("encoding", "2:5")]),
        ("a: \x1b[31m\nb: \u200bx\nc: \u202ex\n", [("encoding", "1:4"), ("encoding", "2:4"), ("encoding", "3:4")]),
        ("a: \ud800\n", [("encoding", "1:4")]),
        ("a: 1\rb: 2\r", [("encoding", "1:5")]),
        ("a: x\u2028b\n\ufeffc: d\n", [("encoding", "1:5"), ("encoding", "2:1")]),
        ('a: "\\0"\nb: "\\e[31m"\n', [("encoding", "1:4"), ("encoding", "2:4")]),
        ('a: "\\ud83d\\ude00"\n', [("encoding", "1:7")]),
        ("a: 1\nb: Nguyễn\n".encode("utf-16"), [("encoding", "1:1")]),
        ("a: 1\nb: 2\n".encode("utf-16-le"), [("encoding", "1:2"), ("encoding", "2:1"), ("encoding", "3:1")]),
        ("a: 1\nb: đã\n".encode() + b"c: \xff\n", [("encoding", "3:4")]),
        ("\ufeffđ: ".encode() + b"\xff\n", [("encoding", "1:4")]),
        (unicodedata.normalize("NFD", "a: 1\nb: xin lỗi\n"), [("nfc", "2:9")]),
        ('a: "e\\u0301"\n', [("nfc", "1:4")]),
    ],
)  # fmt: skip
def test_what_is_refused_and_where(text: str | bytes, faults: list[tuple[str, str]]) -> None:
    assert faults_of(text) == faults


@pytest.mark.parametrize(
    ("text", "place", "hint"),
    [
        ("a: b: c\n", "1:5", "thụt đầu dòng"),
        ("a: 1\n b: 2\n", "2:3", "thụt đầu dòng"),
        ("a: - b\n", "1:4", "xuống dòng"),
        ('a: 1\nb: "x\n', "2:4", "thiếu dấu nháy đóng"),
        ("a: [1, 2\n", "1:4", "dấu ngoặc đóng"),
        ("a: {b: c", "1:4", "dấu ngoặc đóng"),
        ("a: @x\n", "1:4", "ký tự đặc biệt"),
        ("a: 1\nb\n", "2:1", "thiếu dấu «:»"),
        ("- a\nb: c\n", "2:1", "thụt đầu dòng"),
        (" a: 1\nb: 2\n", "2:1", "thụt đầu dòng"),
    ],
)
def test_a_syntax_error_says_where_and_what_to_do(text: str, place: str, hint: str) -> None:
    (problem,) = problems_of(text)
    assert (problem.code, problem.place) == ("TR-yaml-syntax", f"t.yaml:{place}")
    assert hint in problem.vi


def test_everything_wrong_is_told_at_once_in_the_order_of_the_file() -> None:
    text = "a: &x 1\nb: *x\na: 2\nc:\nd: !t 3\ne: {<<: 1}\n7: x\nf: [\n"
    assert [code for code, _ in faults_of(text)] == [
        "anchor", "alias", "duplicate", "empty", "tag", "merge", "key", "syntax",
    ]  # fmt: skip


def test_a_duplicate_key_names_the_first_place_and_shows_the_second() -> None:
    (problem,) = problems_of("rule: a\nlabel: b\nrule: c\n", source=r"C:\quy tắc\a.yaml")
    assert problem.place == r"C:\quy tắc\a.yaml:3:1"
    assert r"C:\quy tắc\a.yaml:1:1" in problem.vi
    assert r"C:\quy tắc\a.yaml:1:1" in problem.en
    assert problem.excerpt == "rule: c\n^"


def test_the_excerpt_is_short_harmless_and_its_caret_stands_under_the_fault() -> None:
    (problem,) = problems_of("a: [" + "x, " * 500 + "&b y, " + "z, " * 500 + "]")
    line, caret = problem.excerpt.split("\n")
    assert len(line) < 110
    assert line[caret.index("^")] == "&"
    (problem,) = problems_of("a: '\x1b[31m\u2028\ud800'\n")
    assert problem.excerpt == "a: '\ufffd[31m\ufffd\ufffd'\n    ^"
    problem.render().encode()


def test_every_message_is_vietnamese_in_nfc_with_english_beside() -> None:
    texts: list[str | bytes] = [
        "a: !t &x *y", "a: !t &x 1\nb: *x\n<<: 1\n1: 2\n[]: 3\na: 4\nc:\n", "", "%A\n---\na", "a\n--- b",
        "\t", "\x00", b"\xff", "e\u0301", '"\\ud800"', "[" * 40, "x" * 20_001, "a: b: c",
    ]  # fmt: skip
    found = [problem for text in texts for problem in problems_of(text)]
    found += problems_of("x" * 9, Limits(bytes=8)) + problems_of("[a, a]", Limits(nodes=2))
    found += problems_of("[&a a, &a a]", Limits(problems=1))
    codes = (
        "tag anchor alias merge duplicate key documents directive depth size nodes syntax encoding empty nfc tab more"
    )
    assert {problem.code for problem in found} == {f"TR-yaml-{code}" for code in codes.split()}
    for problem in found:
        assert problem.vi != problem.en
        assert unicodedata.is_normalized("NFC", problem.vi)
        assert not problem.vi.isascii()
        assert problem.place.startswith("t.yaml:")


# -- limits ---


def test_each_limit_is_allowed_and_one_more_is_not() -> None:
    limits = Limits(bytes=60, depth=3, nodes=6, scalar=10, problems=2)
    assert plain(parse("[[[a]]]", "t", limits)) == [[["a"]]]
    assert faults_of("[[[[a]]]]", limits) == [("depth", "1:4")]
    assert faults_of("[a, b, c, d, e, f]", limits) == [("nodes", "1:17")]
    assert faults_of("a: " + "x" * 11, limits) == [("size", "1:4")]
    assert plain(parse("x" * 10 + " #" + "c" * 48, "t", limits)) == "x" * 10
    assert faults_of("x" * 10 + " #" + "c" * 49, limits) == [("size", "1:1")]
    assert faults_of("# " + "đ" * 30, limits) == [("size", "1:1")]
    assert faults_of("[&a 1, &b 2, 3]", limits) == [("anchor", "1:2"), ("anchor", "1:8"), ("more", "1:8")]
    with pytest.raises(ValueError, match="depth"):
        Limits(depth=10_000)


def test_the_standard_limits() -> None:
    assert value_of("[" * 32 + "a" + "]" * 32)
    assert value_of("x" * 20_000)
    assert [code for code, _ in faults_of("# " + "x" * 1_048_576)] == ["size"]
    assert len(problems_of("- &a b\n" * 1000)) == 101


N = 400_000
LAUGHS = "a: &a [lol, lol]\n" + "".join(
    f"{chr(98 + i)}: &{chr(98 + i)} [{f'*{chr(97 + i)}, ' * 9}]\n" for i in range(9)
)
HOSTILE = {
    "flow lists": ("[" * N, "depth"),
    "flow lists, one a line": ("[\n" * (N // 2), "depth"),
    "flow mappings": ("{a: " * (N // 4), "depth"),
    "JSON objects": ('{"a":' * (N // 5), "depth"),
    "block lists": ("- " * (N // 2), "depth"),
    "block lists, one a line": ("\n".join(" " * i + "-" for i in range(890)), "depth"),
    "block mappings": ("\n".join(" " * i + "a:" for i in range(890)), "depth"),
    "complex keys": ("? " * (N // 2), "depth"),
    "complex keys in flow": ("[? " * (N // 3), "depth"),
    "open mappings": ("{" * N, "depth"),
    "alias bomb": ("a: &a [" + "*a, " * 70 + "]\n", "anchor"),
    "self reference": ("&a [*a]", "anchor"),
    "billion laughs": (LAUGHS, "anchor"),
    "many anchors": ("- &a b\n" * (N // 7), "anchor"),
    "many aliases": ("- *a\n" * (N // 5), "alias"),
    "many tags": ("- !a b\n" * (N // 7), "tag"),
    "many documents": ("--- a\n" * (N // 6), "documents"),
    "empty documents": ("---\n" * (N // 4), "empty"),
    "many directives": ("%a\n" * (N // 3), "directive"),
    "duplicate keys": ("a: b\n" * (N // 5), "duplicate"),
    "empty values": ("a:\n" * (N // 3), "empty"),
    "one long word": ("a" * N, "size"),
    "one long quote": ('"' + "a " * (N // 2) + '"', "size"),
    "an open quote": ('"' + "a\n" * (N // 2), "syntax"),
    "a long block": ("|\n" + " a\n" * (N // 3), "size"),
    "comments": ("#\n" * (N // 2), "empty"),
    "line ends": ("\n" * N, "empty"),
    "spaces": (" " * N, "empty"),
    "tabs": ("\t" * N, "tab"),
    "tabs, one a line": ("\t\n" * (N // 2), "tab"),
    "NULs": ("\0" * N, "encoding"),
    "marks, out of order": ("a" + "\u0301\u0327" * (N // 4), "nfc"),
    "marks, in order": ("a: c" + "\u0327" * (N // 4) + "\u0301" * (N // 4), "nfc"),
    "decomposed at the far end": ("a: " + "b " * 9_000 + "# " + "c" * (N - 20_000) + "e\u0301", "nfc"),
    "colons": (":" * N, "syntax"),
    "a long tag": ("!" + "a" * N, "tag"),
    "a long anchor": ("&" + "a" * N, "anchor"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_refused_and_does_not_hang(name: str) -> None:
    text, code = HOSTILE[name]
    ends(lambda: str(RuleFileError(problems_of(text))))
    problems = problems_of(text)
    shown = str(RuleFileError(problems))
    assert f"TR-yaml-{code}" in {problem.code for problem in problems}
    assert len(problems) <= 101
    assert len(shown) < 101 * 900


# -- anything at all ---

LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Cn"]) | st.sampled_from('\t\n"\\: #-[]{}')
WORDS = st.text(LETTERS, max_size=30).map(lambda text: unicodedata.normalize("NFC", text))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**18) + 1, 10**18 - 1) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)
PIECES = [
    "a", "b: ", "- ", "? ", ": ", "[", "]", "{", "}", ", ", "\n", "\n  ", "\n    ", " ", "#", "'", '"', "|", ">", "&a ",
    "*a", "!t ", "!!str ", "<<: ", "---\n", "...\n", "%", "\\", "\\u0301", "\\0", "1", "-", "null", "~", "\r\n",
    "\t", "đ", "e\u0301", "😀", "\x00", "\ufeff", "\u2028", "\x85", "@", "`", "|2-\n", "%YAML 1.1\n", "!<x>",
]  # fmt: skip
YAMLISH = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(JSON, st.sampled_from([None, 0, 1, 2]))
@settings(max_examples=300, deadline=None)
def test_json_is_read_as_json_reads_it(value: yamltext.PlainValue, indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    assert json.dumps(value_of(text)) == json.dumps(value)
    assert value_of(text.encode()) == value


@given(st.text() | YAMLISH | st.binary() | YAMLISH.map(lambda text: text.encode("utf-16")))
@example("\U0010ffff")
@settings(max_examples=1000, deadline=None)
def test_any_text_is_read_or_refused_and_nothing_else(text: str | bytes) -> None:
    try:
        plain(parse(text, "t.yaml"))
    except RuleFileError as caught:
        assert all(problem.place for problem in caught.problems)  # noqa: PT017
        assert str(caught).encode()  # noqa: PT017


@given(YAMLISH)
@example("[?]")
@example('"\\U99999999"')
@example('"\\ud83d\\ude00"')
@settings(max_examples=1000, deadline=None)
def test_what_pyyaml_reads_without_libyaml_is_read_alike_with_it(text: str) -> None:
    slow = _outcome(text, yaml.SafeLoader)
    assert slow is None or slow == _outcome(text, yaml.CSafeLoader)


def _outcome(text: str, loader: type) -> yamltext.Node | None:
    with mock.patch.object(yamltext, "_LOADER", loader):
        try:
            return parse(text, "t.yaml")
        except RuleFileError:
            return None


# -- places for errors that are found later ---

RULE = """\
rule: x
effective: {from: "2018-06-21", to: never}
rules:
  - a: 1
  - kind: clock
    effective:
      from: 7
"""


@pytest.mark.parametrize(
    ("path", "key", "mark"),
    [
        ((), False, Mark(1, 1)),
        (("effective", "to"), False, Mark(2, 37)),
        (("effective", "to"), True, Mark(2, 33)),
        (("rules", 1, "effective", "from"), False, Mark(7, 13)),
        (("rules", 1, "clock", "effective", "from"), False, Mark(7, 13)),
        (("rules", 1, "effective", "missing"), False, Mark(7, 7)),
        (("rules", 1), False, Mark(5, 5)),
        (("rules", 9), False, Mark(4, 3)),
        (("rules", "1"), False, Mark(4, 3)),
        (("rules", 0, "a", "[key]"), False, Mark(4, 5)),
        (("rule", "deeper", 3), False, Mark(1, 7)),
    ],
)
def test_a_path_into_the_data_is_found_in_the_text(path: tuple[str | int, ...], key: bool, mark: Mark) -> None:
    assert read(RULE, "r.yaml").find(path, key) == mark


def test_a_later_problem_is_shown_at_its_place() -> None:
    problem = read(RULE, "r.yaml").locate(Problem("TR-x", "", "sai", "wrong"), ("rules", 1, "effective", "from"))
    assert (problem.place, problem.excerpt) == ("r.yaml:7:13", "      from: 7\n            ^")
