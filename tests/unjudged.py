"""Terms for tests of other things than the principles: random and tiny models are no good ones."""

from __future__ import annotations

from archdsl.rules.config import Config
from archdsl.terms import Terms

UNJUDGED = Terms(Config(ignore=("P",)))
