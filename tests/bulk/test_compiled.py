"""Compiled code: kept where it is told to, never stale, never in the way of those who did not install it."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copytree, ignore_patterns
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Final

import pytest

NEEDS: Final = 'chưa cài lõi tính hàng loạt / not installed: pip install "tthc-rules[bulk]"'
for package in ("numpy", "llvmlite", "pyarrow"):
    pytest.importorskip(package, reason=NEEDS)

import numpy as np  # noqa: E402

from tthc_rules import cachefolder  # noqa: E402
from tthc_rules.bulk import objects as compiled  # noqa: E402
from tthc_rules.bulk import translator as machine  # noqa: E402

ROOT: Final = Path(__file__).parents[2]
HEAVY: Final = ("numpy", "llvmlite", "numba", "pyarrow", "duckdb", "pandas", "polars", "pyspark")


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A fresh interpreter, with the variables that these tests are about taken from `environment` alone."""
    inherited = {
        name: value for name, value in os.environ.items() if name not in ("TTHC_RULES_CACHE", "XDG_CACHE_HOME")
    }
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        cwd=ROOT,
        check=False,
        env={**inherited, "PYTHONUTF8": "1", **environment},
    )


def source(folder: Path, answer: int) -> ModuleType:
    """A module with one flat function; whatever the answer, its file has the same name, size and time."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "flat.py"
    path.write_text(f"def run(x, out):\n    out[0] = x + {answer}\n", encoding="utf-8")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    module = ModuleType("flat")
    module.__file__ = str(path)
    exec(path.read_text(encoding="utf-8"), vars(module))
    return module


def answer_of(module: ModuleType, width: str = "int32") -> int:
    """What the compiled function makes of 1."""
    out = np.zeros(1, width)
    compiled._of(module, "run", ("x",), {"out": width})(1, out)
    return int(out[0])


def kept(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty folder of compiled code."""
    monkeypatch.setenv("TTHC_RULES_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def refuse_to_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*given: object) -> bytes:
        raise AssertionError("this was compiled before")

    monkeypatch.setattr(machine, "object_code", never)


# -- where it is kept --------------------------------------------------------------------------------------------------


def test_the_folder_is_the_one_that_the_variable_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TTHC_RULES_CACHE", str(tmp_path / "mã đã dịch"))
    assert cachefolder.cache_folder() == tmp_path / "mã đã dịch"


@pytest.mark.skipif(sys.platform == "win32", reason="XDG không có trên Windows / there is no XDG on Windows")
def test_without_the_variable_it_is_the_users_own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TTHC_RULES_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cachefolder.cache_folder() == tmp_path / "tthc-rules"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cachefolder.cache_folder() == tmp_path / "home" / ".cache" / "tthc-rules"


def test_compiled_code_is_kept_in_the_folder_and_nothing_half_written_beside_it(cache: Path, tmp_path: Path) -> None:
    assert answer_of(source(tmp_path, 1)) == 2
    (file,) = kept(cache)
    assert file.suffix != ".part"


def test_compiled_code_is_found_again(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer_of(source(tmp_path, 1))
    refuse_to_compile(monkeypatch)
    assert answer_of(source(tmp_path, 1)) == 2


def test_a_second_run_of_the_program_finds_what_the_first_one_kept(cache: Path) -> None:
    code = "from tthc_rules.bulk import objects\nobjects.run_clock(), objects.accepted_days()"
    first = python(code, TTHC_RULES_CACHE=str(cache))
    assert first.returncode == 0, first.stderr
    made = {path: path.stat().st_mtime_ns for path in kept(cache)}
    assert len(made) == 2
    no_more = "from tthc_rules.bulk import translator\ntranslator.object_code = None\n"
    second = python(no_more + code, TTHC_RULES_CACHE=str(cache))
    assert second.returncode == 0, second.stderr
    assert {path: path.stat().st_mtime_ns for path in kept(cache)} == made


# -- never stale -------------------------------------------------------------------------------------------------------


def test_a_file_that_changed_in_a_digit_does_not_find_the_old_code(cache: Path, tmp_path: Path) -> None:
    assert answer_of(source(tmp_path, 1)) == 2
    assert answer_of(source(tmp_path, 2)) == 3
    assert len(kept(cache)) == 2


def test_arrays_of_another_width_do_not_find_the_old_code(cache: Path, tmp_path: Path) -> None:
    assert answer_of(source(tmp_path, 1), "int32") == 2
    assert answer_of(source(tmp_path, 1), "int64") == 2
    assert len(kept(cache)) == 2


def test_another_compiler_does_not_find_the_old_code(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_of(source(tmp_path, 1))
    monkeypatch.setattr(compiled, "compiler_version", "0.0.0")
    assert answer_of(source(tmp_path, 1)) == 2
    assert len(kept(cache)) == 2


@pytest.mark.parametrize("damage", ["empty", "cut short", "a bit flipped", "not ours"])
def test_kept_code_that_was_damaged_is_never_run(cache: Path, tmp_path: Path, damage: str) -> None:
    answer_of(source(tmp_path, 1))
    (file,) = kept(cache)
    data = file.read_bytes()
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 1
    file.write_bytes(
        {"empty": b"", "cut short": data[:-9], "a bit flipped": bytes(flipped), "not ours": b"\x7fELF" * 99}[damage]
    )
    assert answer_of(source(tmp_path, 1)) == 2
    assert file.read_bytes() == data


# -- a folder that cannot be written -----------------------------------------------------------------------------------


def test_a_cache_folder_that_cannot_be_made_is_done_without(cache: Path, tmp_path: Path) -> None:
    cache.write_text("đây là một tệp", encoding="utf-8")
    assert answer_of(source(tmp_path, 4)) == 5
    assert cache.read_text(encoding="utf-8") == "đây là một tệp"


def test_a_cache_folder_below_a_file_is_done_without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("TTHC_RULES_CACHE", str(tmp_path / "file" / "cache"))
    assert answer_of(source(tmp_path, 4)) == 5


def test_a_cache_folder_that_may_not_be_written_is_done_without(cache: Path, tmp_path: Path) -> None:
    cache.mkdir(mode=0o500)
    if os.access(cache, os.W_OK):
        pytest.skip("người chạy có quyền ghi mọi nơi / whoever runs this may write anywhere")
    assert answer_of(source(tmp_path, 4)) == 5


# -- only what is ours (report x08_cache_is_trusted) -------------------------------------------------------------------

unix = pytest.mark.skipif(sys.platform == "win32", reason="chủ và quyền tệp của Unix / owners and modes of Unix")


def put(file: Path, code: bytes) -> None:
    """Code that somebody else made, in the place of ours, under a digest that is right."""
    file.write_bytes(cachefolder._sealed(file.name, code))


def another_code(answer: int = 666) -> bytes:
    """A function of our name that answers otherwise: what an attacker would put there."""
    text = f"def run(x, out):\n    out[0] = {answer}\n"
    return machine.object_code(text, "run", {"x": "number", "out": "int32"}, machine.this_machine())


def test_what_lies_in_our_own_folder_is_run(cache: Path, tmp_path: Path) -> None:
    """So that the tests below are about trust: under these very bytes the other answer comes."""
    answer_of(source(tmp_path, 1))
    (file,) = kept(cache)
    put(file, another_code())
    assert answer_of(source(tmp_path, 1)) == 666


def writable_file(cache: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.chmod(0o666)


def writable_folder(cache: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.chmod(0o777)


def folder_of_the_group(cache: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.chmod(0o770)


def folder_for_all_that_is_sticky(cache: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.chmod(0o1777)


def writable_folder_above(cache: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.parent.chmod(0o777)


def link_as_file(cache: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.rename(cache.parent / "elsewhere.o")
    file.symlink_to(cache.parent / "elsewhere.o")


def of_another_user(cache: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 54321)


def file_of_another_user(cache: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder of ours in which a file of theirs lies, as a privileged process may leave it."""
    real = os.fstat

    def fstat(handle: int) -> os.stat_result:
        seen = list(real(handle))
        seen[4] = 54321
        return os.stat_result(seen)

    monkeypatch.setattr(os, "fstat", fstat)


@unix
@pytest.mark.parametrize(
    "opened",
    [
        writable_file,
        writable_folder,
        folder_of_the_group,
        folder_for_all_that_is_sticky,
        writable_folder_above,
        link_as_file,
        of_another_user,
        file_of_another_user,
    ],
)
def test_code_that_somebody_else_could_have_put_there_is_not_run(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: Callable[..., None]
) -> None:
    answer_of(source(tmp_path, 1))
    (file,) = kept(cache)
    put(file, another_code())
    with monkeypatch.context() as patch:
        opened(cache, file, patch)
        assert answer_of(source(tmp_path, 1)) == 2
    tmp_path.chmod(0o700)


@unix
def test_nothing_is_kept_in_a_folder_that_others_may_write_to(cache: Path, tmp_path: Path) -> None:
    cache.mkdir()
    cache.chmod(0o777)
    assert answer_of(source(tmp_path, 1)) == 2
    assert kept(cache) == []


@unix
def test_the_folder_is_made_for_its_owner_alone(cache: Path, tmp_path: Path) -> None:
    answer_of(source(tmp_path, 1))
    (file,) = kept(cache)
    assert (cache.stat().st_mode & 0o777, file.stat().st_mode & 0o077) == (0o700, 0)


@unix
def test_a_link_to_a_folder_of_ours_is_followed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    monkeypatch.setenv("TTHC_RULES_CACHE", str(tmp_path / "link"))
    assert answer_of(source(tmp_path, 1)) == 2
    assert len(kept(tmp_path / "real")) == 1


GARBAGE: Final[dict[str, Callable[[bytes], bytes]]] = {
    "nothing": lambda code: b"",
    "text": lambda code: b"garbage" * 100,
    "the first bytes of ELF": lambda code: b"\x7fELF" * 99,
    "a header alone": lambda code: code[:64],
    "zeros behind a header": lambda code: code[:64] + bytes(len(code) - 64),
    "cut in two": lambda code: code[: len(code) // 2],
    "cut at the end": lambda code: code[:-9],
    "twice": lambda code: bytes(64) + code,
    "another function": lambda code: machine.object_code(
        "def other(x, out):\n    out[0] = x\n", "other", {"x": "number", "out": "int32"}, machine.this_machine()
    ),
}


@pytest.mark.parametrize("kind", GARBAGE)
def test_a_right_digest_over_garbage_is_compiled_anew(cache: Path, kind: str) -> None:
    """In a process of its own: the compiler would end it."""
    code = (
        "import sys\nsys.path.insert(0, 'tests/bulk')\nfrom pathlib import Path\n"
        "from test_compiled import GARBAGE, answer_of, kept, put, source\n"
        f"folder, kind = Path({str(cache)!r}), {kind!r}\n"
        "answer_of(source(folder.parent, 1))\n(file,) = kept(folder)\nwhole = file.read_bytes()\n"
        "put(file, GARBAGE[kind](whole[32:]))\n"
        "print(answer_of(source(folder.parent, 1)), file.read_bytes() == whole)"
    )
    done = python(code, TTHC_RULES_CACHE=str(cache))
    assert done.stdout == "2 True\n", (done.returncode, done.stderr)


@unix
@pytest.mark.parametrize("place", ["file", "folder"])
def test_a_fifo_in_its_place_is_not_waited_for(cache: Path, tmp_path: Path, place: str) -> None:
    answer_of(source(tmp_path, 1))
    (file,) = kept(cache)
    file.unlink()
    if place == "folder":
        cache.rmdir()
    os.mkfifo(cache if place == "folder" else file)
    code = (
        "import sys\nsys.path.insert(0, 'tests/bulk')\nfrom pathlib import Path\n"
        f"from test_compiled import answer_of, source\nprint(answer_of(source(Path({str(tmp_path)!r}), 1)))"
    )
    assert python(code, TTHC_RULES_CACHE=str(cache)).stdout == "2\n"


def test_a_folder_in_the_place_of_the_file_is_left_alone(cache: Path, tmp_path: Path) -> None:
    answer_of(source(tmp_path, 1))
    (file,) = kept(cache)
    file.unlink()
    file.mkdir()
    (file / "mine.txt").write_text("của tôi", encoding="utf-8")
    assert answer_of(source(tmp_path, 1)) == 2
    assert [path.name for path in kept(cache)] == ["mine.txt"]


def test_a_user_without_a_home_does_without(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Report x16_home_unset: in a container, no HOME and no entry in the list of users."""

    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("TTHC_RULES_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", nowhere)
    assert cachefolder.cache_folder() is None
    assert answer_of(source(tmp_path, 1)) == 2


@unix
def test_without_home_and_user_the_program_runs() -> None:
    """The same, by a process of a user that nobody listed, from a copy: others may not read where this lies."""
    if os.geteuid() != 0:
        pytest.skip("chỉ root đổi được người dùng / only root may become another user")
    code = (
        "from tthc_rules import cachefolder\nfrom tthc_rules.bulk import objects\nimport os\nos.setuid(54321)\n"
        "objects.run_clock()\nprint(cachefolder.cache_folder())"
    )
    environment = {name: value for name, value in os.environ.items() if name not in ("HOME", "XDG_CACHE_HOME")}
    environment.pop("TTHC_RULES_CACHE", None)
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        copytree(ROOT / "tthc_rules", Path(folder, "tthc_rules"), ignore=ignore_patterns("__pycache__"))
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            encoding="utf-8",
            check=False,
            cwd=folder,
            env=environment,
        )
    assert done.stdout == "None\n", done.stderr


# -- for those who did not install it ----------------------------------------------------------------------------------


def test_importing_the_library_and_judging_one_dossier_imports_nothing_heavy() -> None:
    done = python(
        "import sys, datetime, tthc_rules, tthc_rules.cli\n"
        "book = tthc_rules.Rulebook.load()\n"
        "book.evaluate({'dossier_id': 'A', 'events': []}, datetime.date(2024, 9, 20))\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


ASKING: Final = """
import datetime, sys
for name in {missing!r}:
    sys.modules[name] = None
import tthc_rules
from tthc_rules.errors import EngineError

class Table:
    def __arrow_c_stream__(self, requested_schema=None):
        raise AssertionError("nobody should get as far as reading")

book = tthc_rules.Rulebook.load()
day = datetime.date(2024, 9, 20)
dossier = {{"dossier_id": "A", "events": [{{"kind": "dossier_accepted", "at": "2024-08-23"}}]}}
asks = {{
    "rescore": lambda: book.rescore(Table(), as_of=day),
    "rescore_dossiers": lambda: book.rescore_dossiers([dossier], day),
    "plans": lambda: book.plans,
}}
for name, ask in asks.items():
    try:
        ask()
    except EngineError as error:
        print(name, error.code, error.place, "pip install" in error.problems[0].en)
    except Exception as error:
        print(name, type(error).__name__, error)
"""


@pytest.mark.parametrize("missing", ["numpy", "llvmlite", "pyarrow"])
def test_without_a_package_the_fast_core_says_how_to_install_it(missing: str) -> None:
    done = python(ASKING.format(missing=[missing]))
    asked = ("rescore", "rescore_dossiers", "plans")
    assert done.stdout.splitlines() == [f"{name} TR-engine-bulk {missing} True" for name in asked], done.stderr


def test_without_all_its_packages_the_fast_core_says_how_to_install_them() -> None:
    done = python(ASKING.format(missing=["numpy", "llvmlite", "pyarrow"]))
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["TR-engine-bulk"] * 3, done.stderr


def test_without_a_package_the_command_ends_with_two_and_says_how_to_install_it(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    events = [[{"kind": "dossier_accepted", "at": "2024-08-23"}]]
    parquet.write_table(pa.table({"dossier_id": ["A"], "events": events}), tmp_path / "log.parquet")
    words = ["tthc-rules", "rescore", str(tmp_path / "log.parquet"), "-o", str(tmp_path / "out.parquet")]
    done = python(
        f"import sys\nsys.modules['llvmlite'] = None\nsys.argv = {[*words, '--as-of', '2024-09-20']!r}\n"
        "from tthc_rules.cli import main\nmain()"
    )
    assert (done.returncode, done.stderr[:14]) == (2, "TR-engine-bulk"), done.stderr
    assert not (tmp_path / "out.parquet").exists()


def test_the_fast_core_asks_for_no_other_package() -> None:
    done = python(
        "import sys\nsys.modules['numba'] = sys.modules['duckdb'] = None\nimport datetime, tthc_rules\n"
        "rows = tthc_rules.Rulebook.load().rescore_dossiers([{'dossier_id': 'A'}], datetime.date(2024, 9, 20))\n"
        "print(rows[0]['punctuality'])"
    )
    assert (done.stdout, done.stderr) == ("not_started\n", "")


def test_threads_that_compile_at_once_do_not_disturb_each_other(cache: Path, tmp_path: Path) -> None:
    """CPython 3.11 counts the depth of a syntax tree once for all threads: the collector lets another one in."""
    deep = "    out[0] = x" + " + 1" * 90 + "\n"
    texts = [f"def run(x, out):\n{deep * 20}    out[0] = x + {answer}\n" for answer in range(8)]
    functions = [compiled.FlatSource.of("run", text, ("x", "out"), ("x",), {}) for text in texts]

    def answer(function: compiled.FlatSource) -> int:
        out = np.zeros(1, "int32")
        compiled.machine_code(function)(1, out)
        return int(out[0])

    def let_another_in(phase: str, about: object) -> None:
        time.sleep(0.0001)

    thresholds = gc.get_threshold()
    gc.callbacks.append(let_another_in)
    gc.set_threshold(2000)
    try:
        with ThreadPoolExecutor(4) as threads:
            assert list(threads.map(answer, functions)) == [1 + n for n in range(len(functions))]
    finally:
        gc.set_threshold(*thresholds)
        gc.callbacks.remove(let_another_in)


def scattered(*how: str) -> subprocess.CompletedProcess[str]:
    """The clock loaded where free memory lies in two places far apart."""
    script = str(Path(__file__).with_name("scattered.py"))
    return subprocess.run(
        [sys.executable, script, *how], capture_output=True, encoding="utf-8", timeout=120, cwd=ROOT, check=False
    )


@pytest.mark.skipif(sys.platform != "linux", reason="hệ này không có mmap của Linux / no mmap of Linux here")
def test_code_lies_in_one_piece_however_large_the_process() -> None:
    """LLVM puts the parts of an object where it finds room, and ends the process where they are 2 GB apart."""
    if scattered("--plain").returncode == 0:
        pytest.skip("bộ nhớ không tách ra được trên máy này / memory could not be scattered on this machine")
    loaded = scattered()
    assert (loaded.returncode, loaded.stdout.strip()) == (0, "loaded"), loaded.stderr[-2000:]
