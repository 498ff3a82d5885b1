"""The fast core: the same clock compiled, the rules composed and compiled beside it, Arrow in and Arrow out.

On its way a table passes `grouping` (flat logs made nested), `accepted` and `foreign` (types, names), `intake` (where
its columns lie in memory: `moments`, `coded` words of dossiers, `fields` of events), `score` (by the law that
`governing` lays out one compiled call of `core`: `prepare`, clock, composed rules, `telling`) and `result`.
Invariants: a column's type is asked before a cell is touched; a dossier that is set aside is judged by the
`evaluate` that the core is handed; it never imports the reference engine; two threads share nothing that a part writes.
"""
