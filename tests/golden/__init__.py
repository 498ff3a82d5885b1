"""What is said of chosen dossiers, word by word: kept as files, so that a change of it is read and not only counted.

`dossiers/` holds what is asked, `said/` what the library says: the verdict as JSON, the full explanation in both
languages. A verdict's digests are left out: they change with every rule file. `rules/` adds two trial acts and a short
calendar, for what the shipped law never says. The right values are in `tests/cases`; here stands what changes when
something is moved.
"""
