"""Who must act by when: the acts that a log of dossiers still expects within some workdays, as a list and a calendar.

Invariants: an act is only what a verdict expects (`next_acts`); nobody is named but by unit and role; what could not be
judged is counted and said first; the same log and question give the same bytes, whoever ran it before.
"""
