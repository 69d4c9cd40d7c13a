"""How large a sample must be, how it is drawn, what its answers mean. Pure."""
