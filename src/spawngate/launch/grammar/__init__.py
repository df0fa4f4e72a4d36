"""How each launcher, interpreter and wrapper reads its own words.

One module per family. A reader is a function `(scene, name, words, here)` that notes facts in the scene and hands
the commands it finds inside back to it.
Must not be here: judgement (`rules`), and which reader reads which program (`launch.understand`).
"""
