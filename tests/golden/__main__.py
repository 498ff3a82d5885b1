"""`python -m tests.golden`: write anew what is said of the chosen dossiers; read the difference before you commit it.

`python -m tests.golden choose` adds dossiers from `tests/cases` and `benchmarks/sample.py` that show a state, a note or
an outcome that none of those chosen shows; none is taken out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.sample import AS_OF, samples
from tthc_rules import DossierError, Rulebook
from tthc_rules.check.cases import CasePart, find_case_files, read_cases

from .asked import DOSSIERS, HERE, SAID, Asked, golden_book, read, shows

AT_LEAST = 40


def write() -> int:
    """Write what is said; how many files changed."""
    book, changed = golden_book(), 0
    said = {name: text for asked in read() for name, text in asked.said(book).items()}
    SAID.mkdir(exist_ok=True)
    for path in SAID.iterdir():
        if path.name not in said:
            path.unlink()
            changed += 1
    for name, text in said.items():
        path = SAID / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
            changed += 1
    return changed


def choose() -> int:
    """Add the dossier that shows most that is new, until none shows a new state, note or outcome; how many."""
    book = golden_book()
    chosen = read()
    seen: frozenset[tuple[str, ...]] = frozenset(what for asked in chosen for what in shows(asked.verdict(book)))
    offered = [(asked, frozenset(found)) for asked in _offered(book) if (found := _shown(asked, book))]
    added = 0
    while offered:
        asked, showing = max(offered, key=lambda one: _worth(one[1] - seen))
        new = showing - seen
        if not new or (len(chosen) + added >= AT_LEAST and not any(len(what) == 2 for what in new)):
            break
        seen |= showing
        added += 1
        (DOSSIERS / f"{asked.name}.json").write_text(asked.text(), encoding="utf-8", newline="\n")
    return added


def _worth(new: frozenset[tuple[str, ...]]) -> tuple[int, int]:
    """A state, a note or an outcome first, then an outcome of one more duty."""
    return sum(len(what) == 2 for what in new), len(new)


def _shown(asked: Asked, book: Rulebook) -> set[tuple[str, ...]]:
    try:
        return set(shows(asked.verdict(book)))
    except DossierError:  # a case of bad input
        return set()


def _offered(book: Rulebook) -> Iterator[Asked]:
    for at, sample in enumerate(samples(200, book.calendar())):
        yield Asked(f"sample-{at:03d}", sample.data, AS_OF)
    cases = HERE.parent / "cases"
    for path in find_case_files([cases]):
        for at, case in enumerate(read_cases(path), 1):
            options = case.options
            if isinstance(case.part, CasePart) and not (options.rules or options.interpretations or options.calendar):
                name = "-".join((*path.relative_to(cases).parts[:-1], path.name.removesuffix(".tthc.yaml"), str(at)))
                part = case.part
                yield Asked(name, part.dossier, part.as_of, part.known_on, options.lateness or "by_date")


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["choose"]):
        sys.exit(str(__doc__))
    if sys.argv[1:]:
        print(f"dossiers added: {choose()}")
    print(f"files changed: {write()} ({Path(SAID).relative_to(Path.cwd())})")
