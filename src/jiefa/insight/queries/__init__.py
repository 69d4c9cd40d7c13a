"""Reads of findings, snapshots and figures."""
