"""The language server: what an editor asks of a spec while it is written.

It adds no meaning of its own: findings, fixes, layout, shapes, costs and pages are those of the
command line. Each feature of the protocol is one file in ``archdsl/lsp/features``.
"""
