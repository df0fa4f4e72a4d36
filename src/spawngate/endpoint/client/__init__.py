"""SHELL. The hook client as it lies on an endpoint: its form in Python, its place, its configuration file.

Must not be here: the daemon that it asks (`endpoint.daemon`), and the agents' files that name it (`endpoint.protect`).
"""
