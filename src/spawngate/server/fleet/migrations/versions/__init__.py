"""SHELL. The changes, in the order of their numbers. Must not be here: anything else."""
