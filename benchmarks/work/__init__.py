"""What runs in a process of its own, with the records of the bench: ``python -m benchmarks.work STEPS``.

``STEPS`` is a JSON list of ``[module, function, arguments]``, taken in turn; the last line of standard output is the list
of their answers.
"""
