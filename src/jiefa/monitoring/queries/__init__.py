"""Reading what monitoring knows: leads, watches, help that was kept, model cards."""
