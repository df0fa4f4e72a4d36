"""Benchmarks: a generated home with known contents, and the measurements taken around it.

Belongs here: programs that build inputs whose truth is known beforehand, run Spawngate and its peers on
them from outside as processes, and print what came out. `python -m bench` lists them.

Must not be here: imports from `spawngate`. The generator is an oracle; were it to share a reader or a path
table with the product, both could be wrong together and agree. Formats come from the vendors' pages.
"""
