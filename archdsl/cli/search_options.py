"""The options of a search about where it is kept, what a trial may take, and where trials run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from archdsl.cli.amounts import Bytes, Duration

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")


def kept(command: F) -> F:
    """``-o``, ``--storage``, ``--join``, ``--adapt`` and ``--retry-failed``"""
    for option in (
        click.option(
            "--retry-failed", is_flag=True, help="First try again the trials that failed."
        ),
        click.option(
            "--adapt", is_flag=True, help="Take over what holds of a run of another spec."
        ),
        click.option("--join", is_flag=True, help="Work beside another search on the same run."),
        click.option(
            "--storage",
            default="",
            metavar="URL",
            help="A database for many machines; else SQLite.",
        ),
        click.option(
            "-o", "--output", "run", metavar="RUN", help="The folder; else FILE's name.run."
        ),
    ):
        command = option(command)
    return command


def limited(command: F) -> F:
    """``--workers``, ``--trial-time`` and ``--trial-memory``"""
    for option in (
        click.option(
            "--trial-memory", type=Bytes(), metavar="B", help="The most a trial may take: 4GiB."
        ),
        click.option(
            "--trial-time", "trial_seconds", type=Duration(), metavar="T", help="The most for one."
        ),
        click.option(
            "--workers",
            type=click.IntRange(1),
            default=1,
            show_default=True,
            help="Trials at once.",
        ),
    ):
        command = option(command)
    return command


def clustered(command: F) -> F:
    """``--ray``, ``--cpus-per-trial`` and ``--gpus-per-trial``"""
    share = click.FloatRange(min=0)
    for option in (
        click.option(
            "--gpus-per-trial", type=share, default=0, metavar="G", help="GPUs of each trial."
        ),
        click.option("--cpus-per-trial", type=share, metavar="C", help="With --ray; else 1."),
        click.option(
            "--ray", metavar="ADDRESS", help="A Ray cluster: auto, local, or its address."
        ),
    ):
        command = option(command)
    return command
