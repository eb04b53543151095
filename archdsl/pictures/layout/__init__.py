"""Where boxes and edges of a picture are drawn (ADR 38)."""
