"""The nouns of Spawngate, as plain values.

Belongs here: immutable records that several parts exchange, and the errors they raise.
Must not be here: parsing, input or output, and imports of any other part of Spawngate.
"""
