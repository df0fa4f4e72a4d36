"""SHELL. `spawngate supervise`: a program of any language, of which nothing is executed without a decision.

Must not be here: what is decided (`endpoint.launching`).
"""
