"""What a launch definition really runs: package, running processes, and later wrappers, capabilities and tier.

Pure: definitions and process lists are arguments.
Must not be here: shell command strings (`command`), decisions (`policy`).
"""
