"""SHELL. Fleet data: teams, people, tokens, endpoints with what is on them, work on findings, approvals, policies.

Small and changed in place; lives in SQLite or PostgreSQL through SQLAlchemy Core. One module per noun.
Must not be here: events and their evidence (`server.store`), who may do what (`server.access`), pages, HTTP.
"""
