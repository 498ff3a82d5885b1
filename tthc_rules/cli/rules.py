"""Commands on rule files: their cases, their examples, their pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tthc_rules.cli.options import (
    FOUND,
    EngineName,
    Lang,
    LangOption,
    Quiet,
    Rules,
    refuse,
)
from tthc_rules.cli.progress import CASES, progress
from tthc_rules.cli.terminal import say, show
from tthc_rules.errors import (
    CaseError,
    InputFileError,
    Problem,
    TthcError,
)

if TYPE_CHECKING:
    from tthc_rules.check.coverage import CaseCoverage
    from tthc_rules.law.corpus import Corpus
    from tthc_rules.library import Rulebook


def test(
    paths: Annotated[list[Path], typer.Argument(help="Tệp *.tthc.yaml hoặc thư mục / case files or folders.")],
    engine: Annotated[EngineName, typer.Option("--engine", help="Bộ máy tính / engine.")] = EngineName.reference,
    match: Annotated[str, typer.Option("-k", help="Chỉ các ca có tên chứa chữ này / only cases named so.")] = "",
    rules: Rules = None,
    coverage: Annotated[
        bool,
        typer.Option(
            "--coverage",
            help="Nói quy tắc nào, kết quả nào chưa có ca (của --rules, nếu có) / say what no case reaches.",
        ),
    ] = False,
    fail_under: Annotated[
        float,
        typer.Option("--fail-under", min=0, max=100, help="Sai khi độ phủ dưới số này / the least."),
    ] = 0,
    lang: LangOption = Lang.vi,
    quiet: Quiet = False,
) -> None:
    """Chạy các ca kiểm thử. / Run case files."""
    from tthc_rules.check.cases import CaseRunner, find_case_files, read_cases
    from tthc_rules.check.coverage import reached_by

    covered = _to_cover(engine, rules or (), coverage, fail_under)
    engines = [one.value for one in EngineName if engine in (one, EngineName.all) and one is not EngineName.all]
    runners = [CaseRunner(tuple(rules or ()), name) for name in engines]
    files = find_case_files(paths)
    broken = [problem for path in paths if not path.exists() for problem in (_no_file(path),)]
    ran, failed = 0, 0
    with progress(quiet, lang.value, CASES) as tick:
        for path in files:
            try:
                cases = read_cases(path)
            except TthcError as error:
                broken += error.problems
                continue
            for case in cases:
                try:
                    runners[0].check(case)
                except CaseError as error:
                    broken += error.problems
                    continue
                if match.lower() not in case.name.lower():
                    continue
                for runner in runners:
                    ran += 1
                    result = runner.run(case)
                    if covered is not None and result.verdict is not None:
                        covered.add(reached_by(result.verdict))
                    if not result.passed:
                        failed += 1
                        show((f"[{runner.engine}] " if len(runners) > 1 else "") + result.report(lang.value))
                        say("")
                tick(ran, None)
    say(f"{ran - failed} ca đạt, {failed} ca sai / {ran - failed} passed, {failed} failed")
    if covered is not None:
        say_coverage(covered, fail_under)
    if broken or not ran:
        raise InputFileError(broken or [_no_cases(paths)])
    if failed or (covered is not None and covered.percent < fail_under):
        raise typer.Exit(FOUND)


def _to_cover(engine: EngineName, rules: Sequence[Path], coverage: bool, fail_under: float) -> CaseCoverage | None:
    """What the cases should reach; a row of the fast core does not say which version judged, so none is counted."""
    from tthc_rules.check.coverage import CaseCoverage

    if engine is EngineName.bulk:
        verdicts = "--engine reference, composed, durable, all"
        refuse({"--coverage": coverage, "--fail-under": fail_under}, f"với {verdicts}", f"with {verdicts}")
    return CaseCoverage.of(rules) if coverage or fail_under else None


def say_coverage(covered: CaseCoverage, fail_under: float) -> None:
    """How much was reached, and what was not, a line each."""
    missing = covered.missing
    say(
        f"độ phủ của các ca / coverage of the cases (phiên bản, kết quả, đường đi): "
        f"{len(covered.reached)}/{len(covered.needed)} = {covered.percent:.1f} %"
        + (f", cần / needed {fail_under:g} %" if fail_under else "")
    )
    for item in missing:
        say(f"  chưa có ca / no case: {item.version} {item.subject}: {item.what}")


def check(
    folder: Annotated[Path, typer.Argument(help="Thư mục quy tắc / a rule folder.")],
    pages: Annotated[
        Path | None, typer.Option("--pages", help="Viết mỗi quy tắc một trang vào đây / write a page per rule here.")
    ] = None,
    texts: Annotated[
        Path | None,
        typer.Option("--texts", help="Thư mục văn bản để đối chiếu trích dẫn / texts to check the quotes against."),
    ] = None,
    lang: LangOption = Lang.vi,
) -> None:
    """Kiểm tra quy tắc: nạp, ví dụ, độ phủ, trục thời gian, chỗ chưa xác nhận. / Check rules."""
    from tthc_rules.check.examples import run_examples
    from tthc_rules.check.lint import lint, to_be_confirmed
    from tthc_rules.library import Rulebook

    stands_alone = (folder / "one_stop").is_dir() and (folder / "calendars" / "vn").is_dir()
    book = Rulebook.load(folder, shipped=not stands_alone)

    def is_own(source: str) -> bool:
        """Whether it is said of this folder: of the shipped law, the shipped law is checked."""
        return stands_alone or Path(source).is_relative_to(folder)

    coverage = run_examples(book.corpus, book.calendar("vn"), is_own)
    found = [*coverage.failed, *(problem for problem in lint(book.corpus) if is_own(problem.place))]
    if texts is not None:
        found += [problem for problem in _check_quotes(book.corpus, texts) if is_own(problem.place)]
    for problem in found:
        show(problem.render(lang.value))
    files = sum(1 for path in folder.rglob("*.yaml") if path.is_file())
    versions = sum(is_own(rule.source) for rule in book.corpus.rule_versions())
    say(f"{folder}: {files} tệp, {versions} phiên bản, {coverage.ran} ví dụ / files, rule versions, examples")
    if not stands_alone:
        shipped = sum(not is_own(rule.source) for rule in book.corpus.rule_versions())
        say(
            f"(nạp cùng {shipped} phiên bản đi kèm thư viện, không kiểm ở đây / "
            "loaded beside the shipped rule versions, which are not checked here)"
        )
    missing = coverage.missing
    needed = len(coverage.needed)
    say(f"độ phủ / coverage (kết quả, đường đi, điều kiện, mốc hiệu lực): {needed - len(missing)}/{needed}")
    for item in missing:
        say(f"  chưa có ví dụ / no example: {item.version} {item.subject}: {item.what}")
    waiting = [one for one in to_be_confirmed(book.corpus) if is_own(one[0])]
    if waiting:
        say(f"cần xác nhận với văn bản chính thức / to be confirmed against the official text: {len(waiting)}")
        for source, what, citation in waiting:
            say(f"  {source}: {what} — {citation.say(lang.value)}")
    if pages is not None:
        write_pages(book, pages)
    if found or missing:
        raise typer.Exit(FOUND)


def _check_quotes(corpus: Corpus, texts: Path) -> list[Problem]:
    """The quotes that do not stand where they are cited; says how many do, and which instruments are not held."""
    from tthc_rules.check.quotes import check_quotes, read_texts

    checked = check_quotes(corpus, read_texts(texts))
    say(f"{checked.held} trích dẫn đúng nguyên văn, {len(checked.wrong)} sai / quotes stand word for word, wrong")
    if checked.not_held:
        say("chưa có văn bản để đối chiếu / not held: " + ", ".join(sorted(checked.not_held)))
    return checked.wrong


def write_pages(book: Rulebook, folder: Path) -> None:
    """Write the pages of the rules, and remove those that the index of an earlier run lists and that are no more."""
    from tthc_rules.check.pages import INDEX, listed, pages
    from tthc_rules.runs.output import OutputPlace, write_text, written

    made = pages(book.corpus)
    index = folder / INDEX
    before = listed(index.read_text(encoding="utf-8", errors="replace")) if index.is_file() else None
    if before is None and any((folder / name).exists() for name in made):
        raise InputFileError(_not_our_pages(folder))
    with written(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name in (before or set()) - made.keys():
            (folder / name).unlink(missing_ok=True)
        for name, text in made.items():
            write_text(OutputPlace.of(folder / name).path, text)
    say(f"{len(made)} trang / pages → {folder}")


def _not_our_pages(folder: Path) -> Problem:
    return Problem(
        "TR-output-foreign",
        str(folder),
        "thư mục này có tệp trùng tên trang mà không do lệnh này viết; nêu thư mục khác cho các trang",
        "this folder holds files named like the pages that were not written by this command; name another folder",
    )


def _no_file(path: Path) -> Problem:
    return Problem("TR-case-unreadable", str(path), "không có tệp hay thư mục này", "there is no such file or folder")


def _no_cases(paths: Iterable[Path]) -> Problem:
    where = ", ".join(map(str, paths))
    return Problem("TR-case-none", where, "không có ca kiểm thử nào ở đây", "there is no case here")
