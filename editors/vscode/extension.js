// Starts the language server, `archdsl lsp`, for the .arch files of a window.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");
const { serverCommand, settings } = require("./server");

const INSTALL = "pip install 'archdsl[lsp]'";
let client;

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("archdsl.restart", restart),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("archdsl.command")) return restart();
    }),
  );
  await start();
}

async function deactivate() {
  const stopped = client;
  client = undefined;
  if (stopped?.needsStop()) await stopped.stop();
}

async function restart() {
  await deactivate();
  await start();
}

async function start() {
  const configured = vscode.workspace.getConfiguration("archdsl");
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  const server = serverCommand(configured.get("command"), folder);
  client = new LanguageClient("archdsl", "archdsl", server, {
    documentSelector: [{ scheme: "file", language: "arch" }, { scheme: "untitled", language: "arch" }],
    initializationOptions: settings(configured),
    synchronize: {
      configurationSection: "archdsl",
      fileEvents: vscode.workspace.createFileSystemWatcher("**/*.arch"),
    },
  });
  try {
    await client.start();
  } catch (error) {
    await explain(server.command, error);
  }
}

async function explain(command, error) {
  const told = `archdsl: the language server \`${command}\` did not start: ${error.message ?? error}`;
  const copy = "Copy the command that installs it";
  const open = "Open the setting";
  const chosen = await vscode.window.showErrorMessage(told, copy, open);
  if (chosen === copy) await vscode.env.clipboard.writeText(INSTALL);
  if (chosen === open) await vscode.commands.executeCommand("workbench.action.openSettings", "archdsl.command");
}

module.exports = { activate, deactivate };
