"""Files and messages in: every reader gives dossiers, or an error row that names what could not be read.

Invariants: a dossier that was read in part is an error row; a named file is that file; no reader guesses a date.
"""
