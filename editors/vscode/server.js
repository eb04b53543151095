// What the language server is started with, by the settings of a window.
"use strict";

const DEFAULT = ["archdsl", "lsp"];

/** The server's executable and arguments, in which ${workspaceFolder} stands for a folder. */
function serverCommand(command, folder) {
  const words = Array.isArray(command) && command.length ? command : DEFAULT;
  const [executable, ...args] = words.map((word) => word.replaceAll("${workspaceFolder}", folder ?? "."));
  return { command: executable, args, options: folder ? { cwd: folder } : {} };
}

/** The settings that the server reads. */
function settings(configured) {
  return { inlayHints: configured.get("inlayHints"), codeLens: configured.get("codeLens") };
}

module.exports = { serverCommand, settings };
