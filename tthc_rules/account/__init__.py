"""Accounts: what a unit and its head answer for over a period. It prepares a file for a person; it decides nothing."""
