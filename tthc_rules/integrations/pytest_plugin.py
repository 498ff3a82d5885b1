"""A pytest plugin: every `*.tthc.yaml` file is collected, one test a case; a failure shows the explanation.

`--tthc-engine=all` runs each case on every engine; `--tthc-coverage=80` fails the run where the cases reach less of the
rules. Nothing of the library is imported until a file of cases is met.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from tthc_rules.check.cases import Case, CaseResult, CaseRunner
    from tthc_rules.check.coverage import CaseCoverage

SUFFIX: Final = ".tthc.yaml"
ENGINES: Final = ("reference", "composed", "bulk", "durable")
_NOT_HERE: Final = frozenset({"TR-engine-bulk", "TR-engine-durable"})
"""An engine that lacks its packages: of all engines it is left out, with the reason; asked for by name it fails."""
_REACHED: Final = "tthc_reached"
"""The property of a test that says what its case reached: so it comes back from other processes too."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("tthc_rules", "thư mục quy tắc dùng thêm / rule folders to add", type="paths", default=[])
    group = parser.getgroup("tthc_rules", "hồ sơ thủ tục hành chính / administrative dossiers")
    group.addoption(
        "--tthc-engine", choices=(*ENGINES, "all"), default="reference", help="bộ máy chạy các ca / who runs the cases"
    )
    group.addoption(
        "--tthc-coverage", type=float, metavar="PERCENT", default=None,
        help="sai khi các ca phủ ít hơn / fail where the cases reach less of the rules of ini tthc_rules, or of all",
    )  # fmt: skip


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--tthc-coverage") is not None and config.getoption("--tthc-engine") == "bulk":
        given = "reference, composed, durable, all"  # a row of the fast core does not say which version judged
        raise pytest.UsageError(
            f"TR-usage --tthc-coverage: chỉ dùng được với --tthc-engine {given} / is only of use with one of these"
        )
    if config.getoption("--tthc-coverage") is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Coverage(config), "tthc_rules_coverage")


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    if file_path.name.endswith(SUFFIX):
        return CaseFileCollector.from_parent(parent, path=file_path)
    return None


class CaseFileCollector(pytest.File):
    """A file of cases."""

    def collect(self) -> Iterator[CaseItem]:
        from tthc_rules.check.cases import read_cases
        from tthc_rules.errors import TthcError

        asked = self.config.getoption("--tthc-engine")
        engines = ENGINES if asked == "all" else (asked,)
        try:
            cases = read_cases(self.path)
            for case in cases:
                _runner(self.config, engines[0]).check(case)
        except TthcError as error:
            raise self.CollectError(error.render()) from None
        for case in cases:
            for engine in engines:
                name = f"{case.name} [{engine}]" if len(engines) > 1 else case.name
                yield CaseItem.from_parent(self, name=name, case=case, engine=engine)


class CaseFailed(Exception):  # noqa: N818 - read by people, not caught
    """A case that came out otherwise than expected."""

    def __init__(self, result: CaseResult) -> None:
        super().__init__(result.case.name)
        self.result = result


class CaseItem(pytest.Item):
    """One case on one engine."""

    def __init__(self, *, case: Case, engine: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.case, self.engine = case, engine

    def runtest(self) -> None:
        from tthc_rules.check.coverage import reached_by
        from tthc_rules.errors import EngineError

        try:
            result = _runner(self.config, self.engine).run(self.case)
        except EngineError as error:
            if self.config.getoption("--tthc-engine") == "all" and error.code in _NOT_HERE:
                pytest.skip(error.render())
            raise
        if result.verdict is not None and self.config.getoption("--tthc-coverage") is not None:
            self.user_properties.append((_REACHED, [list(one) for one in reached_by(result.verdict)]))
        if not result.passed:
            raise CaseFailed(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        from tthc_rules.errors import TthcError

        if isinstance(excinfo.value, CaseFailed):
            return excinfo.value.result.report()
        if isinstance(excinfo.value, TthcError):
            return excinfo.value.render()
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        line = int(self.case.place.rsplit(":", 2)[1]) - 1
        return self.path, line, self.name


class _Coverage:
    """What the cases of the run reach, added up from the reports of its tests, whichever process they ran in."""

    def __init__(self, config: pytest.Config) -> None:
        self.folders: list[Path] = list(config.getini("tthc_rules"))
        self.least: float = config.getoption("--tthc-coverage")
        self.reached: set[tuple[str, ...]] = set()
        self._found: CaseCoverage | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call":
            said: dict[str, Any] = dict(report.user_properties)
            self.reached |= {tuple(one) for one in said.get(_REACHED, ())}

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        from tthc_rules.check.coverage import CaseCoverage
        from tthc_rules.check.examples import ToReach

        self._found = CaseCoverage.of(self.folders)
        self._found.add(ToReach(*one) for one in self.reached)
        if exitstatus == pytest.ExitCode.OK and self._found.percent < self.least:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        found = self._found
        if found is None:
            return
        terminalreporter.section("độ phủ của các ca / coverage of the cases")
        for item in found.missing:
            terminalreporter.line(f"chưa có ca / no case: {item.version} {item.subject}: {item.what}")
        terminalreporter.line(
            f"{len(found.reached)}/{len(found.needed)} = {found.percent:.1f} %, cần / needed {self.least:g} %",
            red=found.percent < self.least, green=found.percent >= self.least,
        )  # fmt: skip


_RUNNERS = pytest.StashKey[dict[str, "CaseRunner"]]()


def _runner(config: pytest.Config, engine: str) -> CaseRunner:
    """One runner a session and engine: rulebooks are loaded once."""
    from tthc_rules.check.cases import CaseRunner

    runners = config.stash.setdefault(_RUNNERS, {})
    if engine not in runners:
        runners[engine] = CaseRunner(tuple(config.getini("tthc_rules")), engine)
    return runners[engine]
