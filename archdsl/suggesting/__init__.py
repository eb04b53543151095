"""What a rejected spec could be instead: the nearest designs that pass."""
