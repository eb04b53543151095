; The more general patterns come first: of two that fit, the later one wins.

(name) @variable
(comment) @comment
(string) @string
(number) @number
(unit) @type.builtin

((name) @variable.builtin (#eq? @variable.builtin "x"))
((name) @constant.builtin (#any-of? @constant.builtin "true" "false"))

(call name: (name) @function.call)
(named_argument name: (name) @variable.parameter)
(unpacked_argument name: (name) @variable.parameter)
(parameter name: (name) @variable.parameter)
(attribute attribute: (name) @property)
(option name: (name) @label)

(arch name: (name) @type)
(block name: (name) @function)
(function name: (name) @function)
(device (call name: (name) @function))
(let name: (name) @variable)
(let_parts name: (name) @variable)
(module name: (name) @variable)
(data name: (name) @variable)
(task name: (name) @variable)
(allow principle: (name) @label)

["arch" "block" "device" "function" "let" "module" "shared"] @keyword.type
["allow" "because" "data" "language" "maximize" "minimize" "model" "require" "search" "task" "train" "weights"] @keyword
"use" @keyword.import
"return" @keyword.return
["by" "log" "to"] @keyword.operator

["->" "|" "+" "-" "*" "/" "//" "%" "^" "="] @operator
(compare) @operator
["(" ")" "[" "]" "{" "}"] @punctuation.bracket
["," "." ":"] @punctuation.delimiter
