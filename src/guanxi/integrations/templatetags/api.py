"""What the documentation of the API needs of a template."""

from django import template
from django.utils.safestring import SafeString

from guanxi.integrations.api.reading import marked

register = template.Library()


@register.filter
def coded(text: str) -> SafeString:
    """The text with what stands between backticks as code."""
    return marked(str(text))
