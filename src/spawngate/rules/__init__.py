"""What a launch, an artifact or an agent is, said by rules that are data.

Belongs here: the engine that loads and matches rules, the typed facts of artifacts and agents that rules are written
in, and the rules themselves, one TOML file each in `launch/`, `artifact/` and `endpoint/`.
Must not be here: how facts of a launch are established (`launch.understand`), and what to do about a finding
(`policy`): a rule says what something is and never denies anything.
"""
