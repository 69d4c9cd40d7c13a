"""Jiefa 解法: an open system for ending poverty household by household."""

__version__ = "0.1.0"
