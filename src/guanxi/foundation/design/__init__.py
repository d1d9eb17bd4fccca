"""The look of every page: tokens, template components, the frame, and the front-end build.

We own how things look and how they behave under the hand (keyboard, drafts, popovers). We never know a
record, a company or a right: upper floors fill `Frame` and the shapes of `shapes.py`, and we draw them.
The manual is README.md beside this file.
"""
