"""Shapes of hook dialects that recur over agents: decoding of payloads, encoding of answers, registration.

Must not be here: facts about one agent (its own module under `agents`), and any decision.
"""
