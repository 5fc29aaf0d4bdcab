"""``python -m builder``: check, export and train networks without a browser."""

from builder.cli import main

if __name__ == "__main__":
    main()
