"""First designs: from a description of the data to a spec that passes every principle.

``tree`` names the families to try, ``sizing`` finds the largest size that fits, ``ladder`` adds
the baselines and ``writing`` the text with its reasons.
"""
