"""What changes from one version of a spec to another."""
