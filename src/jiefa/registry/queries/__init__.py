"""Reads of the register: lists, one household, what a snapshot is made of."""
