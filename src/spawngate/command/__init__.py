"""What a shell command really runs: parse, expand what is known, unwrap, list of spawns.

Belongs here: shell grammars, wrappers' grammars, and facts about commands, files, hosts and tools.
Must not be here: MCP server definitions (`launch`), judgement (`rules`) and policy.
"""
