"""SHELL. The local trail: append-only files in the state folder, one a UTC day.

Must not be here: what an event holds and how records hang together (`trail`).
"""
