"""SHELL. Carries out what routing decided: the outbox worker, the guarded connections, sealed secrets.

Belongs here: clocks, sockets, files, threads.
Must not be here: which events go where, when and in what form (`routing`).
"""
