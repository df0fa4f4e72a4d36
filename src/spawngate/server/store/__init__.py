"""SHELL. Where a server keeps events and what it was told to do with them.

Belongs here: the port (`port`) and one adapter a database, each of which passes `tests/server/store/conformance.py`.
Must not be here: what an event means (`trail`), where it goes (`routing`, `server.deliver`), who may ask.
"""
