"""The features, each a module with the ``METHOD`` of the protocol that it answers, its ``OPTIONS``
and ``answer(session, params)``."""
