"""Surfaces: places that belong to no single agent, described like agents (`agents.agent.Agent`).

Belongs here: editor extensions, browser extensions, bundles, shared instruction files.
"""
