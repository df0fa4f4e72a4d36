"""SHELL. The synthetic fleet of `spawngate up --demo`: made-up machines, servers and people, judged by the real parts.

Nothing here is read from a machine or leaves it. Everything is the same at every start but for the clock. What was
found, decided and matched is said by the real redaction, rules, policy and advisories about made-up definitions.
Belongs here: the made-up world (`world`, `catalogue`, `calls`), its history, and how both fill a folder.
"""
