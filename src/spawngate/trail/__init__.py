"""The record: differences between snapshots, and later events, queries and the hash chain.

Pure: snapshots and events are arguments.
Must not be here: storage (`server.store`, `endpoint.state`) and delivery (`routing`).
"""
