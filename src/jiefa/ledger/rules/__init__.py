"""A stated figure at the size of the register, and whether a counted one agrees with it. Pure."""
