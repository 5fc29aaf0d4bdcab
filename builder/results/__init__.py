"""What a trained network makes of samples: its validation part, own input, a test set."""
