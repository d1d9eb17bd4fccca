"""Translations: what is to be translated, whether the Chinese is there and sound, compiled catalogues.

Works without a database and without Django's settings: `./run` compiles the catalogues before there are any.
The command is `guanxi messages`; `python -m guanxi.project.messages` is the same before set-up is done.
"""
