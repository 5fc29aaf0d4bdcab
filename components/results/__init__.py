"""The views of a run's results, a file for each."""
