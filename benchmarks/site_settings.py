"""The product's settings with one more page: an empty view behind the same middleware."""

from jiefa.config.settings import *  # noqa: F403, TID251

ROOT_URLCONF = "benchmarks.site_urls"
