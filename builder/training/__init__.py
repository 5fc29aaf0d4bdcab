"""Training: the loop, the process it runs in, the events it sends, and the registry of runs."""
