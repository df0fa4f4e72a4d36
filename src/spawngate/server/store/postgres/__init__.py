"""SHELL. The store of several servers: events in PostgreSQL, one partition for each UTC day, and control data.

Belongs here: everything that knows PostgreSQL. Any number of processes may write at the same time (`lane`); what only
one of them may do is done under a lease (`leases`). Must not be here: signatures and proofs (`server.store.evidence`).
"""
