"""Template tags of the design system; load them with `{% load gx %}`."""
