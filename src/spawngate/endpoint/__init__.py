"""SHELL. The endpoint: what touches files, processes, clocks and the environment of the machine it runs on.

Belongs here: reading safely, collecting, watching, and the state that Spawngate keeps on an endpoint.
Must not be here: decisions, parsing and formatting, which take values and return values (the pure parts).
"""
