"""How an inventory is shown: a snapshot and its changes in, text or bytes out.

Belongs here: one module per output format, and what they share (`summary` counts, `view` arranges and words,
`terminal` makes hostile text harmless).
Must not be here: files, terminals and sockets (`cli`, `server` write what these modules return), and judgement
of what is shown (`rules`).
"""
