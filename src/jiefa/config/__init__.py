"""Settings, URLs and the server's entry points."""
