"""`python -m tests.flips --seconds 600`: flipped bytes until the time is over; exit 1 where anything foreign came."""

from __future__ import annotations

import argparse
import time

from .child import FORMS
from .parent import Found, run


def main() -> int:
    """Cases in turns of each form of bytes, and what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--each", type=int, default=500, help="cases in a child")
    asked = parser.parse_args()
    until, first = time.monotonic() + asked.seconds, asked.first
    found = {form: Found() for form in FORMS}
    while time.monotonic() < until:
        for form in FORMS:
            run(form, first, first + asked.each, found[form])
            if time.monotonic() >= until:
                break
        first += asked.each
    for form, one in found.items():
        print(f"{form}: {one}")
    return int(any(one.foreign or one.crashes for one in found.values()))


if __name__ == "__main__":
    raise SystemExit(main())
