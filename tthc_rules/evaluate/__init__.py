"""The reference engine: one dossier, every step kept for the explanation."""
