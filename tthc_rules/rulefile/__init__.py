"""Rule files: text -> checked schema -> the nodes of `law/rule`. The only way that law enters the library."""
