"""A person's data: read from where ``--data`` says, fitted to what a spec takes."""
