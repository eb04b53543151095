"""Kinds of tensors that every activation is tried on."""

from archdsl.types import Image, Nodes, Sequence, Vector, Volume

KINDS = [Image(6, 5, 7), Volume(2, 3, 4, 5), Sequence(7, 6), Vector(8), Nodes(11, 4, 20)]
