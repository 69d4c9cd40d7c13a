"""Who may see and do what, where: posts, permissions, and the one scope gate."""
