"""The pages of the app: each is one function."""
