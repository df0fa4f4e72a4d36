"""What a write to an agent's configuration would change: its launches, hooks, permissions and switches.

Belongs here: recognising the agents' files by path, the bytes of such a file after a call, the difference of two
contents, and the facts that rules about changes are written in.
Must not be here: opening files (`endpoint`), what one agent's file means (`agents`), what a launch runs (`launch`),
and judgement (`rules`, `policy`).
Everything here is total: what cannot be computed has a named reason and is never a guess.
"""
