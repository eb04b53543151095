"""Names that generated code must not take; those that ops import or define come on top."""

from __future__ import annotations

import builtins
import keyword

from archdsl.emit.pytorch.imports import USUAL, imported

KEYWORDS = frozenset((*keyword.kwlist, *keyword.softkwlist))

IMPORTED = imported(*USUAL)

# What local variables and parameters would hide from the code around them.
LOCAL = frozenset(
    (*KEYWORDS, *IMPORTED, *(name for name in dir(builtins) if name.islower()), "self", "layers")
)

CLASSES = frozenset((*KEYWORDS, *IMPORTED, *dir(builtins)))

# What nn.Module, nn.Sequential and nn.ModuleList have already; a test compares it with torch.
_OF_MODULES = """
T_destination add_module append apply bfloat16 buffers call_super_init children compile cpu cuda
double dump_patches eval extend extra_repr float forward get_buffer get_extra_state get_parameter
get_submodule half insert ipu load_state_dict modules mtia named_buffers named_children
named_modules named_parameters parameters pop register_backward_hook register_buffer
register_forward_hook register_forward_pre_hook register_full_backward_hook
register_full_backward_pre_hook register_load_state_dict_post_hook
register_load_state_dict_pre_hook register_module register_parameter
register_state_dict_post_hook register_state_dict_pre_hook requires_grad_ set_extra_state
set_submodule share_memory state_dict to to_empty train training type xpu zero_grad
"""
MODULE = frozenset(_OF_MODULES.split())

ATTRIBUTES = KEYWORDS | MODULE
