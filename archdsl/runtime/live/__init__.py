"""A live model: checked against its prediction, timed, and held to simpler models."""
