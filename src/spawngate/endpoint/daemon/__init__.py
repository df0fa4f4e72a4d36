"""SHELL. The daemon: one process per user that decides about every tool call its hook clients ask about.

The order is always: decode, decide, record durably, answer.
Must not be here: what is decided (`policy`, `command`, `rules`), agents' words (`agents`), the frames (`model.wire`).
"""
