"""What :mod:`archdsl.runtime.live.verify` holds a living model to besides its prediction."""
