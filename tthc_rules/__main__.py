"""`python -m tthc_rules`: the command line."""

from __future__ import annotations

from tthc_rules.cli import main

if __name__ == "__main__":
    main()
