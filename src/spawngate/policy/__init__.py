"""What to do about findings. Rules say what something is; policy says what to do about it.

Pure. Must not be here: facts and findings (`launch`, `rules`), and taking an answer to an agent (`endpoint`).
"""
