"""Dossiers of a PostgreSQL database, judged where they are.

Invariants: a run is one transaction on one snapshot, and one that fails leaves nothing; what a run carries over stands
on nothing but what it stood on before; values are parameters, and only quoted names are put into statements.
"""
