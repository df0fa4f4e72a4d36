"""SHELL. Who may do what at a server: roles, principals, sessions, tokens, logins, and the guard before every route.

Must not be here: what is done behind the guard.
"""
