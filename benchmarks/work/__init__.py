"""What runs in a process of its own, with the records of the bench: ``python -m benchmarks.work MODULE FUNCTION ARGUMENTS``.

The arguments are a JSON object; the last line of standard output is the answer, a JSON object too.
"""
