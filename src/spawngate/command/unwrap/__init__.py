"""What a program that starts other programs would start: one module per family of wrappers.

Belongs here: the option grammars of wrappers, so that `sudo -u x sh -c '...'` is told apart as sudo does it.
Must not be here: shell grammar (`command.parse` reads the texts found here), and judgement.
"""
