"""What people check with: cases, examples inside rules, lint, coverage, pages for lawyers.

Invariants: what is expected is compared and never filled in; a key or a name that nobody knows fails, it is not passed
over; a page says what the rule files say and adds nothing.
"""
