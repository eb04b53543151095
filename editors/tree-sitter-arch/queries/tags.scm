(arch name: (name) @name) @definition.class
(block name: (name) @name) @definition.function
(function name: (name) @name) @definition.function
(module name: (name) @name) @definition.constant
(device (call name: (name) @name)) @definition.constant
(call name: (name) @name) @reference.call
