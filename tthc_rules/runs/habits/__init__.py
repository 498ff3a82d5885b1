"""Which ways of counting the dates of a log come of: for each dossier with a date of its sender, and in all.

Invariants: nothing is counted here, a dossier is asked by its verdict (`Verdict.departure`); what could not be judged
is counted and said first; nobody is named, and a date that departs is a question to the sender.
"""
