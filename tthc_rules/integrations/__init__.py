"""Where the library meets other tools."""
