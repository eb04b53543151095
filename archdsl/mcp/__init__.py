"""The compiler as a server of the Model Context Protocol: what it says on the command line, for
language models and agents. It adds no meaning of its own."""
