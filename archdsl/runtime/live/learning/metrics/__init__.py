"""What is measured of a trained model: one file is one metric, found by listing."""
