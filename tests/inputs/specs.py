"""Specs with several inputs, as people build them."""

SPECS = {
    "image_and_table": """
arch Houses {
  data  picture = image(3, 32, 32, samples=50_000)
  data  facts = table(12)
  task  classify(10)
  model {
    let seen = picture -> conv(16, 3) -> relu -> global_avg_pool
    let known = facts -> linear(16) -> relu
    return concat(seen, known) -> linear(classes)
  }
}
""",
    "siamese": """
block tower() = conv(8, 3, stride=2) -> relu -> conv(16, 3, stride=2) -> relu -> flatten

arch Pairs {
  data  left = image(1, 28, 28, samples=60_000)
  data  right = image(1, 28, 28)
  task  classify(2)
  model = mul(left -> tower(), right -> tower()) -> linear(classes)
}
""",
    "encoder_decoder": """
block decoder(memory) {
  let own = add(x, layer_norm -> attention(4, causal=true))
  let read = own -> add(identity, layer_norm -> attention(4, memory=memory))
  return read -> add(identity, layer_norm -> linear(4 * x.features) -> gelu -> linear(x.features))
}

arch Translator {
  data  source = tokens(24, vocab=500, samples=100_000)
  data  target = tokens(16, vocab=700)
  task  next_token(of=target)
  model {
    let memory = source -> embedding(64) -> position_embedding -> 2 * transformer_encoder(4)
    return target -> embedding(64) -> position_embedding -> 2 * decoder(memory) -> layer_norm
           -> linear(target.vocab)
  }
}
""",
    "wide_and_deep": """
arch WideDeep {
  data  facts = table(13, samples=1_000_000)
  data  shop = category(vocab=1_000)
  data  item = category(vocab=5_000)
  data  country = category(vocab=200)
  task  classify(2)
  model {
    let wide = add(facts -> linear(classes), shop -> embedding(classes), item -> embedding(classes))
    let deep = concat(facts, shop -> embedding(16), item -> embedding(32), country -> embedding(8))
               -> linear(128) -> relu -> linear(64) -> relu -> linear(classes)
    return add(wide, deep)
  }
}
""",
    "molecule_and_facts": """
arch Molecule {
  data  facts = table(6)
  data  assay = category(vocab=12)
  data  molecule = graph(16, nodes=20, edges=44, graphs=50_000, edge_features=4)
  task  regress(1, per=graph)
  model {
    let seen = molecule -> 2 * (gine(32) -> batch_norm -> relu) -> graph_pool(mean)
    let known = concat(facts, assay -> embedding(4)) -> linear(16) -> relu
    return concat(seen, known) -> linear(32) -> relu -> linear(targets)
  }
}
""",
    "generator": """
arch Generator {
  data  seed = noise(100)
  data  digit = category(vocab=10)
  model = concat(seed, digit -> embedding(10)) -> linear(7 * 7 * 32) -> reshape(32, 7, 7) -> relu
          -> conv_transpose(16, 4, stride=2) -> relu -> conv_transpose(1, 4, stride=2) -> tanh
}
""",
    "transformer": """
block encoder_layer(heads, hidden) {
  let attended = add(x, attention(heads)) -> layer_norm
  return attended -> add(identity, linear(hidden) -> relu -> linear(x.features)) -> layer_norm
}

block decoder_layer(heads, hidden, memory) {
  let own = add(x, attention(heads, causal=true)) -> layer_norm
  let read = own -> add(identity, attention(heads, memory=memory)) -> layer_norm
  return read -> add(identity, linear(hidden) -> relu -> linear(x.features)) -> layer_norm
}

arch Transformer {
  data  source = series(64, 512)
  data  target = series(64, 512)
  model {
    let memory = source -> 6 * encoder_layer(8, 2048) -> layer_norm
    return target -> 6 * decoder_layer(8, 2048, memory) -> layer_norm
  }
}
""",
}
