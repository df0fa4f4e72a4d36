"""SHELL. Remote MCP servers through a proxy on loopback: `protocol.http` between two HTTP/1.1 connections.

The agent's configuration names `http://127.0.0.1:PORT/TOKEN` in the place of the server's address.
"""
