"""The village of monitoring, on cards of 2015."""

from tests.monitoring.conftest import committed_village

__all__ = ["committed_village"]
