"""How agents' hooks speak: payloads to calls, decisions to answers, and where a hook is registered.

Belongs here: shapes that recur over agents, `dialects/` with one module per agent that has a hook, and the plugins
that we generate for agents which load code instead of running a command.
Must not be here: where an agent keeps its files otherwise (its module under `agents`), and any decision.
"""
