// The tree-sitter grammar of .arch files. The words are those of ../../grammar/arch.lark (terminals.json, written by
// `python -m editors.generate`); the rules follow its rules one by one. After a change: `tree-sitter generate`.

const { keywords, terminals } = require("./terminals.json");

const regex = (name) => new RegExp(terminals[name]);
const several = (rule) => seq(rule, repeat1(seq(",", rule)));
const listed = (rule) => seq(rule, repeat(seq(",", rule)), optional(","));

/** A keyword of the language: what must be followed by a blank takes its first blanks with it. */
const keyword = ($, word) => (keywords[word] ? seq(word, $._blank) : word);

const binary = (left, mark, right) =>
  seq(field("left", left), field("operator", mark), field("right", right));

module.exports = grammar({
  name: "arch",

  extras: ($) => [regex("ws"), $.comment],

  supertypes: ($) => [$._item, $._clause, $._statement],

  rules: {
    source_file: ($) => seq(optional($.language), repeat($._item)),
    language: ($) => seq(keyword($, "language"), field("version", $.number)),

    _item: ($) => choice($.use, $.device, $.block, $.function, $.arch),
    use: ($) => seq(keyword($, "use"), field("path", $.string)),
    device: ($) => seq(keyword($, "device"), $.call),
    block: ($) =>
      seq(
        optional(keyword($, "shared")),
        keyword($, "block"),
        field("name", $.name),
        field("parameters", $.parameters),
        field("body", $._body),
      ),
    function: ($) =>
      seq(
        keyword($, "function"),
        field("name", $.name),
        field("parameters", $.parameters),
        field("body", $._body),
      ),
    arch: ($) => seq(keyword($, "arch"), field("name", $.name), "{", repeat($._clause), "}"),

    _clause: ($) =>
      choice(
        $.data,
        $.task,
        $.train,
        $.search,
        $.weights,
        $.let,
        $.module,
        $.require,
        $.allow,
        $.objective,
        $.model,
      ),
    data: ($) => seq(keyword($, "data"), optional(seq(field("name", $.name), "=")), $.call),
    task: ($) => seq(keyword($, "task"), optional(seq(field("name", $.name), "=")), $.call),
    train: ($) => seq(keyword($, "train"), $._settings),
    search: ($) => seq(keyword($, "search"), $.call),
    weights: ($) => seq(keyword($, "weights"), $.call),
    require: ($) =>
      seq(keyword($, "require"), $._expression, optional(seq(",", field("message", $.string)))),
    allow: ($) =>
      seq(keyword($, "allow"), field("principle", $.name), keyword($, "because"), $.string),
    objective: ($) =>
      seq(choice(keyword($, "maximize"), keyword($, "minimize")), field("metric", $._expression)),
    let: ($) => seq(keyword($, "let"), field("name", $.name), "=", field("value", $._expression)),
    let_parts: ($) =>
      seq(keyword($, "let"), "(", several(field("name", $.name)), ")", "=", $._expression),
    module: ($) =>
      seq(keyword($, "module"), field("name", $.name), "=", field("value", $._expression)),
    model: ($) => seq(keyword($, "model"), field("body", $._body)),

    _settings: ($) => choice($._setting, alias($.choice_of_settings, $.choice)),
    choice_of_settings: ($) =>
      seq(
        alias($.named_setting, $.option),
        repeat1(seq("|", alias($.named_setting, $.option))),
      ),
    named_setting: ($) => seq(optional(seq(field("name", $.name), ":")), $._setting),
    _setting: ($) => choice($.call, alias($.group_of_settings, $.group)),
    group_of_settings: ($) => seq("(", $._settings, ")"),

    parameters: ($) => seq("(", optional(listed($.parameter)), ")"),
    parameter: ($) =>
      seq(field("name", $.name), optional(seq("=", field("default", $._expression)))),
    _body: ($) => choice(seq("=", $._expression), $.steps),
    steps: ($) =>
      seq("{", repeat($._statement), keyword($, "return"), field("result", $._results), "}"),
    _statement: ($) => choice($.let, $.let_parts, $.module, $.require),
    _results: ($) => seq($._expression, repeat(seq(",", $._expression))),

    _expression: ($) => choice($._flow, $.comparison),
    comparison: ($) => binary($._flow, $.compare, $._flow),
    _flow: ($) => choice($._choice, $.flow),
    flow: ($) => seq($._choice, repeat1(seq("->", $._choice))),
    _choice: ($) => choice($._range, $.choice),
    choice: ($) => seq($.option, repeat1(seq("|", $.option))),
    option: ($) => seq(optional(seq(field("name", $.name), ":")), $._range),
    _range: ($) => choice($._sum, $.range),
    range: ($) =>
      seq(
        field("low", $._sum),
        keyword($, "to"),
        field("high", $._sum),
        optional(choice(seq(keyword($, "by"), field("step", $._sum)), seq("log", optional($._factor)))),
      ),
    _factor: ($) => field("factor", choice(alias($.number, $.quantity), $.group)),

    _sum: ($) => choice($._product, alias($.sum, $.binary)),
    sum: ($) => binary($._sum, choice("+", "-"), $._product),
    _product: ($) => choice($._unary, alias($.product, $.binary)),
    product: ($) => binary($._product, choice("*", "/", "//", "%"), $._unary),
    _unary: ($) => choice($._power, $.negation),
    negation: ($) => seq("-", $._unary),
    _power: ($) => choice($._operand, alias($.power, $.binary)),
    power: ($) => binary($._operand, "^", $._unary),

    _operand: ($) =>
      choice($.quantity, $.string, $.call, $.name, $.attribute, $.list, $.group, $.index),
    index: ($) => seq(field("value", $._operand), "[", field("at", $._expression), "]"),
    quantity: ($) => seq($.number, optional($.unit)),
    attribute: ($) => seq(field("value", $.name), ".", field("attribute", $.name)),
    list: ($) => seq("[", optional(listed($._expression)), "]"),
    group: ($) => seq("(", $._expression, ")"),
    call: ($) => seq(field("name", $.name), field("arguments", $.arguments)),
    arguments: ($) => seq("(", optional(listed($._argument)), ")"),
    _argument: ($) => choice($._expression, $.named_argument, $.unpacked_argument),
    named_argument: ($) => seq(field("name", $.name), "=", field("value", $._expression)),
    unpacked_argument: ($) =>
      seq("(", several(field("name", $.name)), ")", "=", field("value", $._expression)),

    name: () => token(regex("name")),
    number: () => token(regex("number")),
    compare: () => token(regex("compare")),
    unit: () => token(regex("unit")),
    string: () => token(regex("string")),
    comment: () => token(regex("comment")),
    _blank: () => token.immediate(prec(1, regex("ws"))),
  },
});
