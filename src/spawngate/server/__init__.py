"""SHELL. What Spawngate serves over HTTP.

Belongs here: the local page of one inventory and, later, the interfaces of the server. Sockets, HTTP and templates.
Must not be here: how an inventory is arranged, counted or encoded (`report`), and scanning (`endpoint`).
"""
