"""SHELL. An MCP server of our own: an analyst's agent asks the trail and the fleet, and can change nothing.

It speaks over STDIO on the analyst's machine and asks a server's API with a token of the analyst's, so it can see what
that token may see. Everything that came from endpoints is handed on as data of others, and says so.
Must not be here: the API.
"""
