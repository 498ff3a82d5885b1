"""The pages as a site: copied as they lie, with a navigation read off `docs/README.md` and a page of the API.

python docs/site.py FOLDER — with what `docs/requirements.txt` names installed.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "docs/**/*.md", "examples/**/*.md")
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
API = {
    "tthc_rules": [
        "Rulebook",
        "Dossier",
        "Event",
        "TimeLimit",
        "Verdict",
        "Finding",
        "Account",
        "Calendar",
        "Problem",
        "TthcError",
    ],
    "tthc_rules.result.verdict": ["NextAct", "Note", "ClockRecord"],
    "tthc_rules.logs.messages": ["Message", "read_messages", "MessageReader"],
    "tthc_rules.testing": ["dossier", "event", "assert_verdict"],
    "tthc_rules.integrations.spark": ["rescore"],
}
"""What `docs/stability.md` promises, and what its answers are made of."""


def pages() -> list[Path]:
    """The pages of the site, and of the checkout."""
    return sorted({path for pattern in PAGES for path in ROOT.glob(pattern)})


def linked(page: Path) -> Iterator[Path]:
    """The files of the checkout that a page links to or shows."""
    for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8"))):
        target = (page.parent / link.partition("#")[0]).resolve()
        if "://" not in link and target.is_file() and target.is_relative_to(ROOT):
            yield target


def navigation() -> list[object]:
    """The parts of the index with their pages, then the API and the law, whose pages are many."""
    parts: list[object] = [{"tthc-rules": "README.md"}]
    for part in (DOCS / "README.md").read_text(encoding="utf-8").split("\n## ")[1:]:
        found = re.findall(r"\[([^\]]+)\]\(([^)#]+\.md)[^)]*\)", part)
        listed = [{name: (DOCS / path).resolve().relative_to(ROOT).as_posix()} for name, path in found]
        parts.append({part.splitlines()[0]: listed})
    folder = sorted(DOCS.glob("decisions/*.md"))
    parts.append({"Decisions": [path.relative_to(ROOT).as_posix() for path in folder]})
    return [*parts, {"API": "api.md"}]


def api() -> str:
    """The page of the API, which exists in the site alone."""
    text = "# API\n\nCác tên được cam kết: [stability](docs/stability.md). / What is promised.\n"
    for module, names in API.items():
        text += f"\n## {module}\n" + "".join(f"\n::: {module}.{name}\n" for name in names)
    return text


def settings() -> str:
    """The settings, as zensical reads them; strings of TOML are those of JSON."""
    return f"""[project]
site_name = "tthc-rules"
docs_dir = "pages"
site_dir = "site"
nav = {_toml(navigation())}

[project.theme]
language = "vi"
font = false

[project.markdown_extensions.tables]
[project.markdown_extensions.toc]
permalink = true
slugify = {{ object = "pymdownx.slugs.slugify", kwds = {{ case = "lower" }} }}
[project.markdown_extensions.pymdownx.superfences]
[project.markdown_extensions.pymdownx.highlight]

[project.plugins.mkdocstrings.handlers.python]
paths = [{json.dumps(str(ROOT))}]
[project.plugins.mkdocstrings.handlers.python.options]
show_source = false
show_root_heading = true
filters = ["!^_"]
members_order = "source"
"""


def _toml(value: object) -> str:
    match value:
        case dict():
            return (
                "{ " + ", ".join(f"{json.dumps(k, ensure_ascii=False)} = {_toml(v)}" for k, v in value.items()) + " }"
            )
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def stage(folder: Path) -> None:
    """Lay the pages, what they link to, and the settings into a folder."""
    found = pages()
    for path in {*found, *(target for page in found for target in linked(page))}:
        place = folder / "pages" / path.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    (folder / "pages" / "api.md").write_text(api(), encoding="utf-8")
    (folder / "zensical.toml").write_text(settings(), encoding="utf-8")


def main(site: Path) -> int:
    """Build the site there, where nothing is yet; what zensical ends with."""
    if site.exists():
        print(f"{site}: có rồi, không ghi đè / it is there already, and nothing is written over", file=sys.stderr)
        return 2
    with TemporaryDirectory() as folder:
        stage(Path(folder))
        command = [sys.executable, "-m", "zensical", "build", "--strict"]
        code = subprocess.run(command, cwd=folder, check=False).returncode
        if code == 0:
            shutil.copytree(Path(folder) / "site", site)
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
