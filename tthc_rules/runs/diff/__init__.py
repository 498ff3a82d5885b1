"""What a change of rules, of a reading, of what was known or of a policy would change, dossier by dossier, in words.

Invariants: two sides judge the same dossiers on the same day; every cell that comes out otherwise is told, whatever
its dossier says of itself; nothing is changed by asking.
"""
