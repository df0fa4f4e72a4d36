"""SHELL. Our hooks in the agents' own files: put in, taken out, looked after.

Belongs here: which files of this machine are meant, reading and writing them, the journal of what was done, whether a
hook is in force, and trying it out.
Must not be here: how a text is changed (`agents.formats.edit`), what an agent wants registered
(`agents.hooks.registration`), the client that runs (`endpoint.client`), the daemon (`endpoint.daemon`).
"""
