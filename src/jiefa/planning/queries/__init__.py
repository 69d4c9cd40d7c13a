"""Where the promises of a plan stand, counted from what is on file."""
