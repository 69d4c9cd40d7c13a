"""Results into what templates show: labels, links, charts in the reader's language. No queries."""
