"""Rules of correctness: what no training can make good."""
