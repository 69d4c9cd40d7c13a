"""What a contract comes to, and what can be said against it, as pure functions and classes."""
