"""Full-scale measurements, each against its own raw limit in the same run: ``python -m benchmarks`` (``make bench``).

Not tests: nothing here passes or fails a build. A subject's module says what is measured and with what it is compared;
``work`` holds what runs in processes of its own, so that memory and start-up belong to one figure alone.
"""
