"""Provenance: which untrusted text a session has read, and whether a launch, spawn or write is made of it.

What was read is kept as keyed fingerprints with the name of its source, never as text. Pure: contents, keys and times
are arguments. Must not be here: hooks' payloads (`agents.hooks`), what a command runs (`command`), what follows from
taint (`policy`), files (`endpoint.daemon.provenance`).
"""
