"""Other departments' lists compared with the register: pairs, leads with their course, what a list is worth."""
