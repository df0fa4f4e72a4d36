"""Families by pack: what attackers and careless agents run, each beside what looks like it and does no harm.

Belongs here: commands in plain spelling. Must not be here: disguises (`disguises`), everyday commands (`everyday`).
Everything hostile points at reserved names and documentation addresses.
"""
