"""`python -m tthc_rules.cli`: the command."""

from tthc_rules.cli import main

if __name__ == "__main__":
    main()
