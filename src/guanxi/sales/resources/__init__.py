"""What sales looks like on every door."""

from guanxi.sales.resources import leads, opportunities, parts, pipelines, plans  # noqa: F401  registers them
