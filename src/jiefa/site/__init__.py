"""The pages: everything that a person sees."""
