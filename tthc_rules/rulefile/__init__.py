"""Rule files: text -> checked schema -> the nodes of `law/rule`. The only way that law enters the library.

Invariants: only `yamltext` knows yaml; every error has a line and a column, and all of them are told together;
nothing of a file is skipped in silence.
"""
