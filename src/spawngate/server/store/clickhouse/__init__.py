"""SHELL. Events in ClickHouse, for the largest fleets; their order, the outbox and control data in PostgreSQL.

An event is durable in PostgreSQL before it is answered (`staged`), and moves to ClickHouse a moment later, in large
blocks, each exactly once. Belongs here: all that knows ClickHouse. Must not be here: the order (`postgres.lane`).
"""
