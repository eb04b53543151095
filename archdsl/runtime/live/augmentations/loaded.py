"""Imported by the server that workers are forked from, where samples are varied: importing
torchvision takes a second. Raises ImportError, which that server passes over."""

from archdsl.runtime.live.vision import transforms

transforms()
