"""Evaluators: what makes numbers of designs.

An evaluator is a function that takes a :class:`~archdsl.searching.evaluators.trial.Trial` and gives
a mapping of metrics to numbers. One of a user is named as ``module:function``. One that comes along
is a file here, named by its stem, with a function ``evaluate``.
"""
