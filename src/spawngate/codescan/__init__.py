"""Paths from untrusted input to a launch, found in the source of a project.

Pure: takes the texts of sources by path and returns findings. Walking a tree, processes, caches and clocks are the
shell's (`endpoint/codescan`), rendering is `report/code_*`.
"""
