"""Who keeps and who looks into a complaint, how long it may take, what may be published, what can be said against a wish."""
