"""What each code means: the pages of rules and of errors, and where they are told."""
