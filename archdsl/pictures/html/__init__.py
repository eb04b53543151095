"""The report on a page of HTML."""
