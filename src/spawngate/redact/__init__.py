"""Redaction: raw configuration text in, text that is safe to print, store and send out.

Belongs here: everything that recognises a secret and replaces it, and the only code that builds an `Artifact`
out of an `Observed`.
Must not be here: input or output, the choice and storage of the key, and judgement of what was found (`rules`).

Layers, from the most certain to the least: the place decides (environment value, header, URL part, flag,
assignment), then the public formats of vendors (patterns.toml), then the look of a token (`opaque`).
"""
