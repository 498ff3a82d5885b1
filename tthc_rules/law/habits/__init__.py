"""Ways of counting that are seen in systems of others, each the law's own clock with one thing changed.

Invariants: the set is closed (`kinds`); a way of counting is a pure function of a dossier as the law counts it
(`count`), and says nothing where it would give the law's own date; nobody is accused: what comes out is a date.
"""
