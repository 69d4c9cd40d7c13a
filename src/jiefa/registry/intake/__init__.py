"""A roster on its way in: read and derived, matched with the register, kept aside until somebody decides."""
