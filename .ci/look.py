"""Look into the wheel and the sdist: what must be in them is, and nothing else.

python .ci/look.py FOLDER   the folder holds one of each; 1 and a list where something is wrong
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[1]
NOT_OURS = ("receipt.csv", "receipt.xes", "bpic", "yenbai", "vn_tthc_thoi_han", "tthc_limits", "vn_workdays")
"""Names of real data that may not be redistributed."""
SIZE = 2_000_000
TOP = {"tthc_rules", "rulesets", "tests", "examples", "docs", "benchmarks"}
"""Folders of the sdist; beside them files only."""


def wrong_wheel(path: Path, tracked: set[str]) -> list[str]:
    """The package, the law, the licence, and nothing else."""
    with zipfile.ZipFile(path) as wheel:
        names = {name for name in wheel.namelist() if not name.endswith("/")}
        sizes = {info.filename: info.file_size for info in wheel.infolist()}
    meta = {name for name in names if PurePosixPath(name).parts[0].endswith(".dist-info")}
    wanted = {name for name in tracked if name.startswith("tthc_rules/")}
    wanted |= {f"tthc_rules/{name}" for name in tracked if name.startswith("rulesets/")}
    found = [f"missing: {name}" for name in sorted(wanted - names)]
    found += [f"not of the package: {name}" for name in sorted(names - meta - wanted)]
    kinds = {name.split("/", 1)[1] for name in meta}
    needed = {"licenses/LICENSE", "METADATA", "RECORD", "WHEEL", "entry_points.txt"}
    found += [f"missing: {name}" for name in sorted(needed - kinds)]
    found += ["missing: tthc_rules/py.typed"] * ("tthc_rules/py.typed" not in names)
    return found + _foreign(sizes)


def wrong_sdist(path: Path, tracked: set[str]) -> list[str]:
    """What is tracked and named in pyproject, and nothing else."""
    with tarfile.open(path) as sdist:
        sizes = {member.name.split("/", 1)[1]: member.size for member in sdist.getmembers() if member.isfile()}
    names = set(sizes)
    own = {"PKG-INFO", "pyproject.toml", ".gitignore", "LICENSE", "CITATION.cff"}
    own |= {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"}
    wanted = own | {name for name in tracked if name.split("/", 1)[0] in TOP}
    found = [f"missing: {name}" for name in sorted(wanted - names)]
    found += [f"not tracked: {name}" for name in sorted(names - wanted)]
    return found + _foreign(sizes)


def _foreign(sizes: dict[str, int]) -> list[str]:
    found = [f"{size} bytes: {name}" for name, size in sizes.items() if size > SIZE]
    return found + [f"not ours to give: {name}" for name in sizes if any(word in name for word in NOT_OURS)]


def main(folder: str) -> int:
    """Look at both."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, encoding="utf-8")
    tracked = set(listed.stdout.split("\0")) - {""}
    (wheel,), (sdist,) = Path(folder).glob("*.whl"), Path(folder).glob("*.tar.gz")
    found = [f"{wheel.name}: {text}" for text in wrong_wheel(wheel, tracked)]
    found += [f"{sdist.name}: {text}" for text in wrong_sdist(sdist, tracked)]
    print("\n".join(found) or f"{wheel.name}, {sdist.name}: what must be in them, and nothing else")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
