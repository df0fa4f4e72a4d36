"""The fleet protocol between endpoints and their server, as values: messages, signed bundles, what a full spool gives
up first, and when something is done again.

Must not be here: sockets, files, clocks (`endpoint.sync`, `server.intake`).
"""
