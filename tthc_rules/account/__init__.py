"""Accounts: what a unit and its head answer for over a period. It prepares a file for a person; it decides nothing.

Invariants: rows and a table of results give the same account; what is undetermined is in no numerator and in no
denominator; never a sanction.
"""
