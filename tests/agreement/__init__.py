"""Agreement: engines, rules and dossiers against each other; `python -m tests.agreement` is the nightly run."""
