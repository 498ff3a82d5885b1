"""The documentation says what is so: commands and snippets run, links resolve, tables hold every code and column."""

from __future__ import annotations

import csv
import json
import pkgutil
import re
import runpy
import shlex
import shutil
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from unicodedata import is_normalized
from xml.etree import ElementTree

import pytest
import yaml
from pydantic import BaseModel

import tthc_rules as tr
from tthc_rules.check.cases import CasePart, CaseRunner, Expect, Options, read_cases
from tthc_rules.cli import main
from tthc_rules.integrations.jsonschema import NAMES, described, json_schema, shapes_in
from tthc_rules.logs.mapping import read_mapping
from tthc_rules.result import words
from tthc_rules.result.columns import FIXED_COLUMNS
from tthc_rules.rulefile import schema

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
README = ROOT / "README.md"
WRITTEN = (
    *DOCS.glob("*.md"),
    *(DOCS / "decisions").glob("*.md"),
    *(DOCS / "tutorials").glob("*.md"),
    DOCS / "schemas" / "README.md",
)
EXAMPLES = ROOT / "examples" / "README.md"
WEB = ROOT / "examples" / "web" / "README.md"
POSTGRES = ROOT / "examples" / "postgres" / "README.md"
TEXTS = (
    README,
    EXAMPLES,
    WEB,
    POSTGRES,
    *(ROOT / f"{name}.md" for name in ("CHANGELOG", "CONTRIBUTING", "SECURITY")),
    *sorted(WRITTEN),
)
ALONE = tuple(text for text in TEXTS if text.parent.name != "tutorials")
"""Texts whose snippets stand alone; those of tutorials hang together: `tests/test_tutorials.py`."""
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"TR-[a-z0-9]+(?:-[a-z0-9]+)*")
MAIN_JOB = "rescore examples/one_stop/events.csv"


@dataclass(frozen=True)
class Block:
    """A fenced block of a document."""

    document: Path
    language: str
    text: str
    line: int

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT).as_posix()}:{self.line}"


def blocks(*documents: Path, language: str) -> list[Block]:
    """The fenced blocks in that language."""
    return [
        Block(document, found[1], found[2], text[: found.start()].count("\n") + 1)
        for document in documents
        for text in (document.read_text(encoding="utf-8"),)
        for found in FENCE.finditer(text)
        if found[1] == language
    ]


def first_missing(shown: Iterable[str], said: Iterable[str]) -> str | None:
    """The first line shown that was not said after the one before it; «…» stands for lines left out."""
    rest = iter([line.rstrip() for line in said])
    for line in shown:
        if line.strip() and line.strip() != "…" and line.rstrip() not in rest:
            return line
    return None


def of_kind(*starts: str) -> list[Block]:
    """The YAML blocks that begin so."""
    return [block for block in blocks(*ALONE, language="yaml") if block.text.startswith(starts)]


Run = Callable[[list[str]], tuple[object, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """The program with these arguments: its exit code, and all that it said."""

    def call(arguments: list[str]) -> tuple[object, str]:
        monkeypatch.setattr(sys, "argv", ["tthc-rules", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        return stopped.value.code, said.out + said.err

    return call


# -- commands ----------------------------------------------------------------------------------------------------------


def main_jobs() -> Iterator[tuple[Block, Block, Block]]:
    """The main job in each language: its command, the same for Windows, what is shown of its answer."""
    posix = [block for block in blocks(README, language="bash") if MAIN_JOB in block.text]
    shown = [block for block in blocks(README, language="text") if "400 " in block.text]
    return zip(posix, blocks(README, language="powershell"), shown, strict=True)


def explained() -> Iterator[tuple[Block, Block]]:
    """The short explanation in each language: its command, and what is shown of its answer."""
    commands = [block for block in blocks(README, language="bash") if " explain " in block.text]
    shown = [block for block in blocks(README, language="text") if "H56.14-250212-0002" in block.text]
    return zip(commands, shown, strict=True)


@pytest.mark.parametrize(("command", "shown"), list(explained()), ids=str)
def test_the_short_explanation_is_what_the_readme_shows(command: Block, shown: Block, run: Run) -> None:
    program, *arguments = shlex.split(command.text.strip())
    assert program == ".venv/bin/tthc-rules"
    assert run([word.replace("examples/", f"{ROOT}/examples/") for word in arguments]) == (0, shown.text)


def test_both_languages_explain_the_same() -> None:
    assert len(list(explained())) == 2


@pytest.mark.parametrize(("posix", "windows", "shown"), list(main_jobs()), ids=str)
def test_the_main_job_says_what_the_readme_shows(
    posix: Block, windows: Block, shown: Block, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *before, job = posix.text.strip().split(" && ")
    assert before == ["python3 -m venv .venv", ".venv/bin/pip install ."]
    *before, windows_job = windows.text.strip().split("; ")
    assert before == ["py -m venv .venv", r".venv\Scripts\pip install ."]
    assert windows_job.replace("\\", "/").replace(".venv/Scripts/", ".venv/bin/") == job

    program, *arguments = shlex.split(job)
    assert program == ".venv/bin/tthc-rules"
    shutil.copytree(ROOT / "examples" / "one_stop", tmp_path / "examples" / "one_stop")
    monkeypatch.chdir(tmp_path)
    code, said = run(arguments)
    assert code == 0
    assert first_missing(shown.text.splitlines(), said.splitlines()) is None
    with (tmp_path / "results.csv").open(encoding="utf-8-sig", newline="") as table:
        assert len(list(csv.DictReader(table))) == 400


def test_the_months_are_told_by_the_command_of_the_readme() -> None:
    """What the command says is held by tests/test_months.py, which calls it with these arguments."""
    months = [block.text.strip() for block in blocks(README, language="bash") if "examples/months" in block.text]
    job = ".venv/bin/tthc-rules rescore examples/months/events.csv --as-of 2026-11-30 -o months.csv --explain 17 --full"
    assert months == [job, f"{job} --lang en"]


def test_the_readme_counts_the_duties_of_both_decrees() -> None:
    duties = {day: len(rules_of(ROOT / "rulesets" / "one_stop" / day)) for day in ("2018-06-21", "2025-07-01")}
    assert duties == {"2018-06-21": 12, "2025-07-01": 16}
    text = README.read_text(encoding="utf-8")
    assert "mười hai của NĐ 61/2018/NĐ-CP" in text
    assert "mười sáu của NĐ 118/2025/NĐ-CP" in text
    assert "twelve of Decree 61/2018/NĐ-CP" in text
    assert "sixteen of Decree 118/2025/NĐ-CP" in text


def rules_of(folder: Path) -> list[str]:
    """The rules that a folder of the rule book holds, counted by their first words."""
    return [path.stem for path in folder.glob("*.yaml") if "\nrule: " in path.read_text(encoding="utf-8")]


def test_the_test_command_installs_what_the_tests_need() -> None:
    commands = [block.text.strip() for block in blocks(README, language="bash") if "pytest" in block.text]
    assert commands == ['python3 -m venv .venv && .venv/bin/pip install -e ".[dev]" && .venv/bin/python -m pytest'] * 2
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "dev" in project["optional-dependencies"]
    assert project["scripts"]["tthc-rules"] == "tthc_rules.cli:main"


def test_the_permit_log_gives_the_figures_of_the_readme(
    run: Run, shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = {block.text.strip() for block in blocks(README, language="bash") if "receipt" in block.text}
    assert len(commands) == 1
    shutil.copytree(ROOT / "examples" / "receipt", tmp_path / "examples" / "receipt")
    shutil.copyfile(shared_data / "receipt.csv", tmp_path / "receipt.csv")
    monkeypatch.chdir(tmp_path)
    late = {}
    for policy in ("promised_by_date", "promised_by_instant"):
        arguments = shlex.split(commands.copy().pop().replace("promised_by_date", policy))[1:]
        assert run(arguments)[0] == 0
        with Path("receipt-results.csv").open(encoding="utf-8-sig", newline="") as table:
            rows = list(csv.DictReader(table))
        late[policy] = sum(row["punctuality"] == "returned_late" for row in rows)
    with Path("receipt.csv").open(encoding="utf-8", newline="") as log:
        ended = {row["case:concept:name"] for row in csv.DictReader(log) if row["case:enddate"]}
    reproduced = sum(row["promised_due"][:10] == row["original_due"] for row in rows)
    assert (len(rows), len(ended)) == (1434, 1329)
    assert (late["promised_by_date"], late["promised_by_instant"], reproduced) == (309, 377, 1080)
    assert sum(bool(row["finished_on"]) for row in rows) == 1327  # two end before they start


# -- snippets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("block", blocks(*ALONE, language="python"), ids=str)
def test_python_runs_and_prints_what_its_comments_say(
    block: Block, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for package in re.findall(r"^import (pandas|polars)", block.text, re.MULTILINE):
        pytest.importorskip(package, reason=f"chưa cài {package} / {package} is not installed")
    script = tmp_path / "snippet.py"
    script.write_text(block.text, encoding="utf-8")
    runpy.run_path(str(script))
    shown = re.findall(r"# (.+)$", block.text, re.MULTILINE)
    assert first_missing(shown, capsys.readouterr().out.splitlines()) is None


@pytest.mark.parametrize("block", of_kind("- name:", "options:"), ids=str)
def test_cases_pass(block: Block, tmp_path: Path) -> None:
    file = tmp_path / "snippet.tthc.yaml"
    file.write_text(block.text, encoding="utf-8")
    runner = CaseRunner()
    results = [runner.run(case) for case in read_cases(file)]
    assert results
    assert [result.report() for result in results if not result.passed] == []


@pytest.mark.parametrize("document", sorted({block.document for block in of_kind("# my-rules/")}), ids=lambda d: d.name)
def test_own_rules_load_and_their_examples_hold(
    document: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for block in of_kind("# my-rules/"):
        if block.document == document:
            file = tmp_path / block.text.splitlines()[0].removeprefix("# ")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    _, said = run(["check", "my-rules"])
    assert CODE.findall(said) == []


@pytest.mark.parametrize("block", of_kind("# rulesets/", "# examples/"), ids=str)
def test_excerpts_stand_in_their_files(block: Block) -> None:
    name, *lines = block.text.splitlines()
    file = ROOT / name.removeprefix("# ")
    assert first_missing(lines, file.read_text(encoding="utf-8").splitlines()) is None


@pytest.mark.parametrize("block", of_kind("format: 1\nmapping:"), ids=str)
def test_mappings_load_and_leave_nothing_unsaid(block: Block) -> None:
    assert read_mapping(block.text, str(block)).remarks("") == ()


@pytest.mark.parametrize("block", of_kind("# .pre-commit-config.yaml"), ids=str)
def test_hooks_of_others_are_ours_and_their_arguments_are_taken(
    block: Block, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a folder as `tthc-rules init` makes it."""
    ours = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    entries = {hook["id"]: shlex.split(hook["entry"])[1:] for hook in ours}
    monkeypatch.chdir(tmp_path)
    assert run(["init", "thu-muc-cua-toi"])[0] == 0
    for repository in yaml.safe_load(block.text)["repos"]:
        for hook in repository["hooks"]:
            changed = sorted(map(str, tmp_path.rglob("*.tthc.yaml"))) if hook["id"] == "tthc-rules-test" else []
            code, said = run([*entries.pop(hook["id"]), *hook["args"], *changed])
            assert code == 0, said
    assert entries == {}


def test_no_yaml_goes_unchecked() -> None:
    kinds = (
        "- name:",
        "options:",
        "# my-rules/",
        "# rulesets/",
        "# examples/",
        "format: 1\nmapping:",
        "# .pre-commit-",
    )
    checked = of_kind(*kinds)
    assert [str(block) for block in blocks(*ALONE, language="yaml") if block not in checked] == []


@pytest.mark.parametrize("block", blocks(*TEXTS, language="toml"), ids=str)
def test_toml_names_an_option_of_the_plugin(block: Block, pytestconfig: pytest.Config) -> None:
    options = tomllib.loads(block.text)["tool"]["pytest"]["ini_options"]
    assert [name for name in options if pytestconfig.getini(name) is None] == []


# -- links and texts ---------------------------------------------------------------------------------------------------


def anchors(document: Path) -> set[str]:
    """The anchors that a forge makes of the headings."""
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(document: Path) -> Iterator[str]:
    """The relative links of a document that lead nowhere."""
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


@pytest.mark.parametrize("document", [*TEXTS, *sorted((DOCS / "rules").glob("*.md"))], ids=lambda one: one.name)
def test_relative_links_resolve(document: Path) -> None:
    assert list(broken_links(document)) == []


@pytest.mark.parametrize("document", TEXTS, ids=lambda document: document.name)
def test_texts_are_nfc_and_name_no_place_on_a_machine(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert is_normalized("NFC", text)
    assert re.findall(r"(?<![\w./])/(?:home|mnt|opt|private|root|tmp|Users|usr|var|work)/\S*", text) == []


def test_the_picture_is_whole() -> None:
    picture = ElementTree.parse(DOCS / "architecture.svg").getroot()
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert picture.find("{http://www.w3.org/2000/svg}desc") is not None


# -- tables ------------------------------------------------------------------------------------------------------------


def error_rows() -> list[tuple[str, ...]]:
    """The rows of the page of errors: code, cause, cure, both in English."""
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    return [tuple(map(str.strip, row.split("|")[1:-1])) for row in text.splitlines() if row.startswith("| `TR-")]


ERROR_CODES = {row[0].strip("`") for row in error_rows()}


def test_every_error_code_is_on_its_page_and_no_other() -> None:
    sources = (ROOT / "tthc_rules").rglob("*.py")
    written = {code for source in sources for code in CODE.findall(source.read_text(encoding="utf-8"))}
    assert (sorted(written - ERROR_CODES), sorted(ERROR_CODES - written)) == ([], [])
    assert len(error_rows()) == len(ERROR_CODES)


@pytest.mark.parametrize("row", error_rows(), ids=lambda row: row[0].strip("`"))
def test_every_error_has_a_cause_and_a_cure_in_both_languages(row: tuple[str, ...]) -> None:
    _, cause, cure, english = row
    assert cause.endswith(".")
    assert cure.endswith((".", "`-`"))
    said, arrow, done = english.partition(" → ")
    assert (bool(said), arrow, done[-1:]) == (True, " → ", ".")


def test_the_page_of_errors_is_in_the_order_of_its_codes() -> None:
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    parts = [re.findall(r"^\| `(TR-[^`]+)` \|", part, re.MULTILINE) for part in text.split("\n## ")[1:]]
    assert [part for part in parts if part != sorted(part) or not part] == []


def test_codes_in_texts_exist() -> None:
    own = re.findall(r"^\| `(TR-[^`]+)` \|", WEB.read_text(encoding="utf-8"), re.MULTILINE)
    known = {*ERROR_CODES, *own}
    named = {code for text in TEXTS for code in CODE.findall(text.read_text(encoding="utf-8").replace("TR-…", ""))}
    assert {code for code in named - known if not any(one.startswith(f"{code}-") for one in known)} == set()


def test_every_column_and_word_of_results_is_explained() -> None:
    text = (DOCS / "results.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([a-z_]+)` \|", text, re.MULTILINE)
    assert tuple(row for row in rows if row in FIXED_COLUMNS) == FIXED_COLUMNS
    said = set(re.findall(r"`([a-z0-9_]+)`", text))
    assert {*words.NOTES, *words.PUNCTUALITY, *words.OUTCOMES, *words.LATENESS} - said == set()


def keys_of(shapes: Iterable[type[BaseModel]]) -> set[str]:
    """The keys as they are written in files."""
    return {field.alias or name for shape in shapes for name, field in shape.model_fields.items()}


def test_every_key_of_rule_files_is_explained() -> None:
    text = (DOCS / "rule-format.md").read_text(encoding="utf-8")
    keys = keys_of(
        shape for shape in vars(schema).values() if isinstance(shape, type) and issubclass(shape, schema.Part)
    )
    assert len(keys) > 50
    assert sorted(key for key in keys if not re.search(rf"\b{key}\b", text)) == []


def test_every_key_of_cases_is_explained() -> None:
    text = (DOCS / "case-format.md").read_text(encoding="utf-8")
    assert sorted(key for key in keys_of((CasePart, Options, Expect)) if f"`{key}`" not in text) == []


def test_schemas_are_current(run: Run) -> None:
    assert sorted(path.stem for path in (DOCS / "schemas").glob("*.json")) == sorted(NAMES)
    for name in NAMES:
        code, said = run(["schema", name])
        assert code == 0
        shown = json.loads((DOCS / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
        assert shown == json.loads(said), f"write it again: tthc-rules schema {name} > docs/schemas/{name}.json"


def test_every_schema_is_described() -> None:
    text = (DOCS / "schemas" / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| \[(\w+)\]\(\1\.json\) \|", text, re.MULTILINE)) == sorted(NAMES)


def test_every_key_of_every_schema_is_described_and_nothing_else_is() -> None:
    used = set()
    for name in NAMES:
        for shape, keys in shapes_in(name, json_schema(name)):
            for key, node in keys.items():
                own = f"{shape}.{key}"
                used.add(own if own in described() else key)
                told = described().get(own, described().get(key))
                assert told, f"«{key}» has no words, VI / EN, in tthc_rules/integrations/schemawords.json"
                assert node.get("description") == told, own
    assert {*described()} - used == set(), "words of schemawords.json that no key has"
    assert [
        said for said in described().values() if not all(said.partition(" / ")[::2]) or not is_normalized("NFC", said)
    ] == []


def test_what_is_promised_to_be_stable_is_there() -> None:
    text = (DOCS / "stability.md").read_text(encoding="utf-8")
    (promised,) = [row for row in text.splitlines() if row.startswith("| Python |")]
    named = {*re.findall(r"`(\w+)`", promised.split("|")[2])}
    assert named - {"tthc_rules"} == {*tr.__all__}
    for path in re.findall(r"`(tthc_rules\.[\w.]+)`", promised):
        assert pkgutil.resolve_name(path if find_module(path) else ":".join(path.rsplit(".", 1))) is not None


def find_module(path: str) -> bool:
    """Whether a dotted path is that of a module."""
    return (ROOT / path.replace(".", "/")).with_suffix(".py").exists() or (ROOT / path.replace(".", "/")).is_dir()


def test_retired_ids_are_told_on_the_page_and_no_other() -> None:
    text = (DOCS / "stability.md").read_text(encoding="utf-8").partition("## Mã thôi dùng")[2]
    told = dict(re.findall(r"^\| `(\w+)` \| (?:`(\w+)`|–) \|", text, re.MULTILINE))
    retired = tr.Rulebook.load().corpus.retired
    assert told == {one.id: one.successor for one in retired.values()}


# -- decisions ---------------------------------------------------------------------------------------------------------


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    assert [path.name[:5] for path in DECISIONS] == [f"{number:04d}-" for number in range(1, len(DECISIONS) + 1)]
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \[\d{4}\]\(decisions/(.+?)\) \|", text, re.MULTILINE) == [path.name for path in DECISIONS]


@pytest.mark.parametrize("record", DECISIONS, ids=lambda record: record.name)
def test_decisions_have_their_parts(record: Path) -> None:
    text = record.read_text(encoding="utf-8")
    assert text.startswith(f"# {record.name[:4]} ")
    assert re.search(r"^\*\*Status\*\*: \w+, \d{4}-\d{2}-\d{2}", text, re.MULTILINE)
    parts = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert parts == ["Context", "Decision", "Consequences", "Alternatives"]


def test_the_paths_that_contributing_names_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:tthc_rules|tests|docs|benchmarks|rulesets)/[^`<>*]+)`", text)
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []
