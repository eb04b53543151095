// Reads a JSON list of texts, and prints for each what every coloured word is by the TextMate grammar: [start, scope].
"use strict";

const fs = require("fs");
const path = require("path");
const { Registry, INITIAL } = require("vscode-textmate");
const oniguruma = require("vscode-oniguruma");

async function main([grammarFile, textsFile]) {
  const wasm = path.join(path.dirname(require.resolve("vscode-oniguruma")), "onig.wasm");
  await oniguruma.loadWASM(fs.readFileSync(wasm).buffer);
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => JSON.parse(fs.readFileSync(grammarFile, "utf8")),
  });
  const grammar = await registry.loadGrammar("source.arch");
  const texts = JSON.parse(fs.readFileSync(textsFile, "utf8"));
  console.log(JSON.stringify(texts.map((text) => scopes(grammar, text))));
}

function scopes(grammar, text) {
  const found = [];
  let state = INITIAL;
  let offset = 0;
  for (const line of text.split("\n")) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    for (const token of tokens) {
      const scope = token.scopes[token.scopes.length - 1];
      if (scope !== "source.arch") found.push([offset + token.startIndex, scope]);
    }
    state = ruleStack;
    offset += line.length + 1;
  }
  return found;
}

main(process.argv.slice(2));
