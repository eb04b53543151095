"""Networks that work and networks that do not, as `verify` must tell them apart.

The sound ones are published designs at sizes that are quick to build. Of the unsound ones, some are
unsound in a real training only: no few samples show it, and `verify` says truly that it found
nothing (``BEYOND_PROBES``; rules speak of them).
"""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    """A spec, and the codes of all errors and warnings that it must have."""

    text: str
    codes: frozenset[str] = frozenset()
    is_quick: bool = False


def _arch(data: str, task: str, model: str, train: str = "", blocks: str = "") -> str:
    clauses = [f"  data {data}", f"  task {task}" if task else "", train and f"  train {train}"]
    model = model if model.startswith("{") else f"= {model}"
    lines = [*filter(None, clauses), f"  model {model}"]
    return "\n".join(filter(None, [blocks, "arch Net {", *lines, "}"])) + "\n"


IMAGE, ROWS, TEXT, SERIES = "image(3, 16, 16)", "table(32)", "tokens(16, vocab=40)", "series(32, 4)"
CLASSES = "classify(4)"


def _sound(*spec: str, quick: bool = False, **more: str) -> Case:
    return Case(_arch(*spec, **more), is_quick=quick)


DENSE = "block dl(k) = concat(identity, batch_norm -> relu -> conv(k, 3, bias=false))"
INCEPTION = """block im() {
  let b = when(x.features > 1, conv(8, 1, bias=false))
  return concat(b -> conv(8, 9, bias=false), b -> conv(8, 5, bias=false),
                max_pool(3, stride=1) -> conv(8, 1, bias=false)) -> batch_norm -> relu
}
block sk(n) {
  let b = n * im
  return add(b, conv(24, 1, bias=false) -> batch_norm)
}"""
MOBILE_ONE = """block mo(c, stride=1) {
  let k = x.channels
  let a = conv(k, 3, stride=stride, groups=k, bias=false) -> batch_norm
  let s = conv(k, 1, stride=stride, groups=k, bias=false) -> batch_norm
  let d = when(stride == 1, add(a, s, batch_norm), else=add(a, s)) -> relu
  let p = d -> conv(c, 1, bias=false) -> batch_norm
  return when(k == c, add(p, d -> batch_norm), else=p) -> relu
}"""
NODES = "graph(16, nodes=30, edges=120)"

SOUND = {
    "linear regression": _sound("table(6)", "regress(2)", "linear(targets)", quick=True),
    "mlp of sklearn": _sound("table(30)", "classify(2)", "linear(100) -> relu -> linear(classes)"),
    "mlp with dropout": _sound(
        "table(108)", "classify(2)", "3 * (linear(128) -> relu -> dropout(0.2)) -> linear(classes)"
    ),
    "anomaly autoencoder": _sound(
        "table(64)",
        "regress(64)",
        "2 * (linear(64) -> batch_norm -> relu) -> linear(8) -> batch_norm -> relu"
        " -> 2 * (linear(64) -> batch_norm -> relu) -> linear(targets)",
    ),
    "nerf": _sound(
        "table(63)",
        "regress(4)",
        "{ let h = 4 * (linear(64) -> relu)\n"
        "  return concat(x, h) -> 4 * (linear(64) -> relu) -> linear(targets) }",
    ),
    "n-beats block": _sound(
        "series(54, 1)", "regress(18)", "flatten -> 3 * (linear(128) -> relu) -> linear(targets)"
    ),
    "keras cnn": _sound(
        "image(1, 28, 28)",
        "classify(10)",
        "conv(16, 3, padding=0) -> relu -> conv(32, 3, padding=0) -> relu -> max_pool(2)"
        " -> dropout(0.25) -> flatten -> linear(64) -> relu -> dropout(0.5) -> linear(classes)",
    ),
    "nature dqn": _sound(
        "image(4, 84, 84)",
        "regress(18)",
        "conv(8, 8, stride=4, padding=0) -> relu -> conv(16, 4, stride=2, padding=0) -> relu"
        " -> conv(16, 3, padding=0) -> relu -> flatten -> linear(64) -> relu -> linear(targets)",
    ),
    "resnet": _sound(
        IMAGE,
        CLASSES,
        "conv_bn_act(16) -> 2 * resnet_basic(16) -> resnet_basic(32, stride=2) -> resnet_basic(32)"
        " -> global_avg_pool -> linear(classes)",
    ),
    "wide resnet": _sound(
        IMAGE,
        CLASSES,
        "conv(16, 3, bias=false) -> preact_basic(32) -> preact_basic(64, stride=2) -> batch_norm"
        " -> relu -> global_avg_pool -> linear(classes)",
    ),
    "densenet": _sound(
        IMAGE,
        CLASSES,
        "conv(16, 3, bias=false) -> 4 * dl(12) -> transition(keep=1) -> 4 * dl(12) -> batch_norm"
        " -> relu -> global_avg_pool -> linear(classes)",
        blocks=DENSE,
    ),
    "mobileone": _sound(
        IMAGE,
        CLASSES,
        "conv_bn_act(16) -> mo(32, stride=2) -> 2 * mo(32) -> global_avg_pool -> linear(classes)",
        blocks=MOBILE_ONE,
    ),
    "without norm, branches from nothing": _sound(
        IMAGE,
        CLASSES,
        "conv(32, 3, stride=2) -> relu -> 4 * residual(conv(16, 1) -> gelu -> conv(16, 3) -> gelu"
        " -> conv(32, 1) -> layer_scale(0)) -> global_avg_pool -> linear(classes)",
    ),
    "vgg with batch norm": _sound(
        IMAGE,
        CLASSES,
        "2 * conv_bn_act(16) -> max_pool(2) -> 2 * conv_bn_act(32) -> max_pool(2) -> flatten"
        " -> linear(classes)",
    ),
    "dncnn": _sound(
        IMAGE,
        "regress(3, per=pixel)",
        "residual(conv(16, 3) -> relu -> 6 * (conv(16, 3, bias=false) -> batch_norm -> relu)"
        " -> conv(3, 3))",
    ),
    "srcnn": _sound(
        "image(1, 33, 33)",
        "regress(1, per=pixel)",
        "conv(32, 9) -> relu -> conv(16, 1) -> relu -> conv(1, 5)",
    ),
    "u-net": _sound(
        "image(1, 32, 32)",
        "classify(2, per=pixel)",
        "{ let a = unet_double_conv(16)\n  let b = a -> unet_down(32)\n"
        "  let c = b -> unet_down(64)\n"
        "  return c -> unet_up(b, 32) -> unet_up(a, 16) -> conv(classes, 1) }",
    ),
    "cct": _sound(
        IMAGE,
        CLASSES,
        "conv(32, 3, bias=false) -> relu -> max_pool(3, stride=2) -> to_sequence"
        " -> position_embedding -> 2 * vit_block(4, hidden=64, path=0.1) -> layer_norm -> mean_over"
        " -> linear(classes)",
    ),
    "vit with a class token": _sound(
        IMAGE,
        CLASSES,
        "conv(32, 4, stride=4) -> to_sequence -> class_token -> position_embedding"
        " -> 2 * vit_block(4) -> layer_norm -> first -> linear(classes)",
    ),
    "bert, post-norm": _sound(
        TEXT,
        "classify(2)",
        "embedding(32) -> position_embedding -> layer_norm"
        " -> 4 * transformer_encoder(4, norm_first=false) -> first -> linear(32) -> tanh"
        " -> dropout(0.1) -> linear(classes)",
    ),
    "nanogpt": _sound(
        TEXT,
        "next_token()",
        "embedding(32) -> position_embedding -> 2 * gpt_block(4, drop=0.2) -> layer_norm"
        " -> linear(vocab, bias=false)",
        quick=True,
    ),
    "llama": _sound(
        TEXT,
        "next_token()",
        "embedding(32) -> 2 * llama_block(4, hidden=64) -> rms_norm -> linear(vocab, bias=false)",
    ),
    "fasttext": _sound(TEXT, CLASSES, "embedding(10) -> mean_over -> linear(classes)", quick=True),
    "convolutions over text": _sound(
        "tokens(100, vocab=200)",
        "classify(2)",
        "embedding(32) -> dropout(0.5) -> conv(64, 7, stride=3, padding=0) -> relu -> max_over"
        " -> linear(32) -> relu -> dropout(0.5) -> linear(classes)",
    ),
    "ft-transformer": _sound(
        "table(8)",
        "regress(1)",
        "reshape(1, length=8) -> linear(32) -> position_embedding -> class_token"
        " -> 2 * transformer_encoder(4, hidden=64) -> first -> layer_norm -> relu"
        " -> linear(targets)",
    ),
    "deepar": _sound(
        "series(48, 5)",
        "regress(2, per=token)",
        "lstm(40, layers=3, dropout=0.1) -> linear(targets)",
    ),
    "lstm of 100 words": _sound(
        "tokens(100, vocab=50)", CLASSES, "embedding(16) -> lstm(32) -> last -> linear(classes)"
    ),
    "inceptiontime": _sound(
        "series(60, 1)",
        "classify(2)",
        "2 * (sk(3) -> relu) -> global_avg_pool -> linear(classes)",
        blocks=INCEPTION,
    ),
    "gat": _sound(
        NODES,
        CLASSES,
        "dropout(0.6) -> gat(8, heads=4, dropout=0.6) -> elu -> dropout(0.6)"
        " -> gat(classes, heads=1, dropout=0.6)",
    ),
    "gin with jumping knowledge": _sound(
        "graph(7, nodes=18, edges=40, graphs=188)",
        "classify(2, per=graph)",
        "{ let h1 = gin(32, hidden=32) -> batch_norm -> relu\n"
        "  let h2 = h1 -> gin(32, hidden=32) -> batch_norm -> relu\n"
        "  return add(h1 -> graph_pool(sum) -> linear(classes),\n"
        "             h2 -> graph_pool(sum) -> linear(classes)) }",
    ),
    "graphsage": _sound(NODES, CLASSES, "2 * (sage(32) -> relu -> dropout(0.5)) -> sage(classes)"),
}


def _unsound(codes: str, *spec: str, quick: bool = False, **more: str) -> Case:
    return Case(_arch(*spec, **more), frozenset(codes.split()), quick)


ONE_LAYER = "linear(32) -> relu -> linear(classes)"

UNSOUND = {
    "30 sigmoid layers": _unsound(
        "V201", ROWS, CLASSES, "30 * (linear(32) -> sigmoid) -> linear(classes)"
    ),
    "40 sigmoid gates": _unsound(
        "V201", ROWS, CLASSES, "40 * mul(identity, linear(32) -> sigmoid) -> linear(classes)"
    ),
    "branches from nothing without a skip": _unsound(
        "V201 V304",
        ROWS,
        CLASSES,
        "6 * (linear(32) -> relu -> layer_scale(0)) -> linear(classes)",
    ),
    "48 graph convolutions": _unsound(
        "V201", NODES, CLASSES, "48 * (gcn(16) -> relu) -> gcn(classes)"
    ),
    "100 sums without a norm": _unsound(
        "V202", ROWS, CLASSES, "100 * residual(linear(32) -> relu) -> linear(classes)"
    ),
    "multiplied by zero": _unsound(
        "V203 V304", ROWS, CLASSES, "mul(linear(32), linear(32) -> zero) -> linear(classes)"
    ),
    "backward half read last": _unsound(
        "V203", SERIES, CLASSES, "lstm(16, bidirectional=true) -> last -> linear(classes)"
    ),
    "lstm of 1,000 steps": _unsound(
        "V204", "series(1000, 3)", CLASSES, "lstm(8) -> last -> linear(classes)"
    ),
    "rnn of 600 steps": _unsound(
        "V204", "series(600, 3)", "regress(1)", "rnn(8) -> last -> linear(targets)"
    ),
    "squares of squares": _unsound(
        "V301", ROWS, CLASSES, "12 * mul(identity, identity) -> linear(classes)", quick=True
    ),
    "language model that sees all": _unsound(
        "V302",
        TEXT,
        "next_token()",
        "embedding(32) -> position_embedding -> 2 * transformer_encoder(4) -> layer_norm"
        " -> linear(vocab)",
        quick=True,
    ),
    "language model, symmetric convolution": _unsound(
        "V302",
        TEXT,
        "next_token()",
        "embedding(32) -> 2 * residual(layer_norm -> conv(32, 5) -> gelu) -> linear(vocab)",
    ),
    "language model, both ways": _unsound(
        "V302",
        TEXT,
        "next_token()",
        "embedding(32) -> lstm(16, bidirectional=true) -> linear(vocab)",
    ),
    "language model, batch norm": _unsound(
        "V302", TEXT, "next_token()", "embedding(32) -> gpt_block(4) -> batch_norm -> linear(vocab)"
    ),
    "text without positions": _unsound(
        "V303",
        TEXT,
        CLASSES,
        "embedding(32) -> 2 * transformer_encoder(4) -> mean_over -> linear(classes)",
    ),
    "vit without positions": _unsound(
        "V303",
        IMAGE,
        CLASSES,
        "conv(32, 4, stride=4) -> to_sequence -> 2 * vit_block(4) -> layer_norm -> mean_over"
        " -> linear(classes)",
    ),
    "half a table": _unsound(
        "V304", ROWS, CLASSES, "slice(16) -> linear(32) -> relu -> linear(classes)", quick=True
    ),
    "first of a causal stack": _unsound(
        "V304",
        TEXT,
        CLASSES,
        "embedding(32) -> position_embedding -> gpt_block(4) -> first -> linear(classes)",
    ),
    "last of a convolution": _unsound(
        "V304", SERIES, CLASSES, "conv(64, 3) -> relu -> last -> linear(classes)"
    ),
    "batch norm over one image": _unsound(
        "V306",
        IMAGE,
        CLASSES,
        "conv(16, 3, stride=2) -> batch_norm -> relu -> conv(32, 3, stride=2) -> batch_norm -> relu"
        " -> global_avg_pool -> linear(classes)",
        "adam(batch=1)",
    ),
    "batch norm over one row": _unsound(
        "V306",
        ROWS,
        CLASSES,
        "linear(32) -> batch_norm -> relu -> linear(classes)",
        "adam(batch=1)",
        quick=True,
    ),
    "batch norm over two rows": _unsound(
        "V306",
        ROWS,
        CLASSES,
        "linear(32) -> batch_norm -> relu -> linear(classes)",
        "adam(batch=2)",
    ),
    "linear, four layers": _unsound(
        "V307", ROWS, CLASSES, "3 * linear(32) -> linear(classes)", quick=True
    ),
    "linear convolutions": _unsound(
        "V307",
        IMAGE,
        CLASSES,
        "3 * (conv(16, 3) -> batch_norm) -> global_avg_pool -> linear(classes)",
    ),
    "graph without edges": _unsound(
        "V308", "graph(16, nodes=30, edges=0)", CLASSES, "gcn(32) -> relu -> gcn(classes)"
    ),
    "pixels from an average": _unsound(
        "V309 V401",
        IMAGE,
        "classify(4, per=pixel)",
        "conv(16, 3) -> relu -> global_avg_pool -> reshape(16, 1, 1) -> upsample(16)"
        " -> conv(classes, 1)",
    ),
    "softmax on logits": _unsound("V401", ROWS, CLASSES, f"{ONE_LAYER} -> softmax", quick=True),
    "sigmoid on logits": _unsound("V401", ROWS, CLASSES, f"{ONE_LAYER} -> sigmoid"),
    "relu on targets": _unsound(
        "V401", ROWS, "regress(2)", "linear(32) -> relu -> linear(targets) -> relu"
    ),
    "relu on one of two results": _unsound(
        "V401",
        ROWS,
        "",
        "outputs(linear(16) -> relu -> linear(2), linear(16) -> relu -> linear(2) -> relu)",
    ),
    "adam at 10": _unsound(
        "V402", ROWS, CLASSES, ONE_LAYER, "adamw(lr=10, weight_decay=5)", quick=True
    ),
    "sgd at 1,000": _unsound(
        "V402", ROWS, "regress(4)", "linear(32) -> relu -> linear(targets)", "sgd(lr=1000)"
    ),
}

BEYOND_PROBES = {
    "dropout 0.99": _sound(ROWS, CLASSES, "linear(64) -> relu -> dropout(0.99) -> linear(classes)"),
    "channels that never mix": _sound(
        IMAGE,
        CLASSES,
        "conv_bn_act(32) -> 4 * (conv(32, 3, groups=32, bias=false) -> batch_norm -> relu)"
        " -> global_avg_pool -> linear(classes)",
    ),
    "heads of one feature": _sound(
        TEXT,
        CLASSES,
        "embedding(16) -> position_embedding -> 2 * transformer_encoder(16) -> mean_over"
        " -> linear(classes)",
    ),
    "activation on activation": _sound(
        ROWS,
        CLASSES,
        "linear(64) -> sigmoid -> tanh -> relu -> linear(64) -> relu -> relu -> linear(classes)",
    ),
    "softmax between layers": _sound(
        ROWS, CLASSES, "linear(64) -> softmax -> linear(64) -> linear(classes)"
    ),
    "a batch larger than the data": _sound(
        "table(32, samples=100)", CLASSES, ONE_LAYER, "adamw(batch=10_000)"
    ),
    "no norm at the end": _sound(
        TEXT,
        "next_token()",
        "embedding(32) -> position_embedding -> 4 * gpt_block(4) -> linear(vocab)",
    ),
    "regularised in name only": _sound(
        "table(32, samples=100)",
        CLASSES,
        "linear(512) -> relu -> dropout(0.0001) -> linear(512) -> relu -> linear(classes)",
        "adam()",
    ),
}
