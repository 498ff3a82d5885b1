"""A month of nights against thirty full runs: `python -m tests.nightly --dossiers 400 --nights 30 --seed 1`.

Exit codes: 0 every file of every night is that of a full run, 1 one is not, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tthc_rules import Rulebook

from .compared import CATALOGUE, FORMS, Asked, nights


def main(arguments: list[str] | None = None) -> int:
    """Compare, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.nightly", description=__doc__)
    parser.add_argument("--dossiers", type=int, default=400)
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--forms", default=",".join(FORMS), help="what a night reads")
    parser.add_argument("--suffixes", default="csv,ndjson", help="what it writes")
    asked = parser.parse_args(arguments)
    book, wrong = Rulebook.load(CATALOGUE), 0
    for form in asked.forms.split(","):
        for suffix in asked.suffixes.split(","):
            with TemporaryDirectory() as folder:
                one = Asked(form, suffix, asked.dossiers, asked.nights, asked.seed)
                judged = carried = 0
                for day, night, others in nights(book, one, Path(folder)):
                    judged, carried = judged + night.judged.total(), carried + night.carried
                    wrong += len(others)
                    for name in others:
                        print(f"{form} -> {suffix}, {day}: the result{name} is not that of a full run")
            print(f"{form} -> {suffix}: {asked.nights} nights, {judged} judged, {carried} carried", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
