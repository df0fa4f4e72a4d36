"""One module per agent whose hook can decide: `HOOK` says how it speaks and how it is registered.

Belongs here: facts about one agent's hook, with their sources. `agents.<id>` names the value as its `Agent.hook`.
Must not be here: code that two agents share (`agents.hooks`).
"""
