"""Figures taken in, runs made and kept, appeals."""
