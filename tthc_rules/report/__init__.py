"""The account as one page for people: self-contained, Vietnamese first.

Invariants: it shows what the account says and adds nothing; it knows the account as data; nothing of what it shows is
code to a browser.
"""
