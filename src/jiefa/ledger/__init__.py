"""The ledger: every figure that was published of the method, as it was stated and as it is counted from rows."""
