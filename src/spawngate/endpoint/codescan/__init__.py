"""SHELL. The code scan's hands: files of a tree, changes of a revision, the index that is kept, the trail.

Must not be here: anything that understands source (`codescan`), and output (`report`, `cli`).
"""
