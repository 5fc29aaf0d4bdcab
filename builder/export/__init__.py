"""A network as something to take away: scripts, a diagram, a table of its layers."""
