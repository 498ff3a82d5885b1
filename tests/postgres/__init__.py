"""The example in PostgreSQL, against a server of the tests' own."""
