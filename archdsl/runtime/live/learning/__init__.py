"""The one training loop: for ``archdsl train``, for search, and for the model of ``baselines``."""
