"""SHELL. The embedded store: events in one SQLite file a day, control data in a file of its own.

Belongs here: everything that knows SQLite. Must not be here: signatures and proofs (`server.store.evidence`).
"""
