"""The rulebook behind HTTP: a dossier in; verdict, explanation, next acts and timeline out, one by one or as a stream.

What always holds: the law is loaded once and shared; judging never runs on the event loop; what a client sends is
bounded in size and time before it is read; an answer says what `Rulebook.evaluate` says; every error is one of
`application/problem+json` with the library's codes; nothing of a dossier is written into a log.
"""
