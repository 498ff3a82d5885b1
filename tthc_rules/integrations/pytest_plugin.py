"""A pytest plugin: every `*.tthc.yaml` file is collected, one test a case; a failure shows the explanation.

Nothing of the library is imported until such a file is met.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tthc_rules.check.cases import Case, CaseResult, CaseRunner

SUFFIX = ".tthc.yaml"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("tthc_rules", "thư mục quy tắc dùng thêm / rule folders to add", type="paths", default=[])


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    if file_path.name.endswith(SUFFIX):
        return CaseFileCollector.from_parent(parent, path=file_path)
    return None


class CaseFileCollector(pytest.File):
    """A file of cases."""

    def collect(self) -> Iterator[CaseItem]:
        from tthc_rules.check.cases import read_cases
        from tthc_rules.errors import TthcError

        try:
            cases = read_cases(self.path)
            for case in cases:
                _runner(self.config).check(case)
        except TthcError as error:
            raise self.CollectError(error.render()) from None
        for case in cases:
            yield CaseItem.from_parent(self, name=case.name, case=case)


class CaseFailed(Exception):  # noqa: N818 - read by people, not caught
    """A case that came out otherwise than expected."""

    def __init__(self, result: CaseResult) -> None:
        super().__init__(result.case.name)
        self.result = result


class CaseItem(pytest.Item):
    """One case."""

    def __init__(self, *, case: Case, **rest: Any) -> None:
        super().__init__(**rest)
        self.case = case

    def runtest(self) -> None:
        result = _runner(self.config).run(self.case)
        if not result.passed:
            raise CaseFailed(result)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, CaseFailed):
            return excinfo.value.result.report()
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        line = int(self.case.place.rsplit(":", 2)[1]) - 1
        return self.path, line, self.case.name


_RUNNER = pytest.StashKey["CaseRunner"]()


def _runner(config: pytest.Config) -> CaseRunner:
    """One runner a session: rulebooks are loaded once."""
    from tthc_rules.check.cases import CaseRunner

    if _RUNNER not in config.stash:
        config.stash[_RUNNER] = CaseRunner(tuple(config.getini("tthc_rules")))
    return config.stash[_RUNNER]
