"""Computing the checks of a snapshot."""
