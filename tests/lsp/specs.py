"""Small specs."""

GOOD = """arch Digits {
  data  image(1, 28, 28, samples=60_000)
  task  classify(10)

  model {
    let stem = conv(8, 5, stride=2) -> relu
    let body = stem -> max_pool(2) -> conv(16, 3) -> relu
    return body -> global_avg_pool -> linear(classes)
  }
}
"""

WRONG = GOOD.replace("conv(16, 3)", "cnv(16, 3)")

SPACE = """block mixed(width) = conv(width, 3 | 5) -> relu

arch Space {
  data  image(3, 32, 32, samples=50_000)
  task  classify(10)
  let depth = 1 to 3

  model {
    let stem = conv(16, 7, stride=2) -> max_pool(3, stride=2)
    let body = stem -> depth * mixed(16)
    return body -> global_avg_pool -> linear(classes)
  }
}
"""
