(source_file) @local.scope
(arch) @local.scope
(block) @local.scope
(function) @local.scope
(steps) @local.scope

(parameter name: (name) @local.definition.parameter)
(let name: (name) @local.definition.var)
(let_parts name: (name) @local.definition.var)
(module name: (name) @local.definition.var)
(block name: (name) @local.definition.function)
(function name: (name) @local.definition.function)
(device (call name: (name) @local.definition.var))

(name) @local.reference
