// A window of VS Code as far as an extension that starts needs one: node window.js EXTENSION SETTINGS. Prints what the
// person is shown, and `started` or what went wrong.
"use strict";

const Module = require("module");
const [extension, given] = process.argv.slice(2);
const settings = JSON.parse(given);

/** Whatever is asked of it: a function, a class and an object whose members are the same. */
function anything() {
  const members = {};
  return new Proxy(class {}, {
    get: (target, key) => {
      if (key === "prototype") return target.prototype;
      if (typeof key === "symbol" || key === "then" || key === "toJSON") return undefined;
      if (!(key in members)) members[key] = anything();
      return members[key];
    },
    set: (target, key, value) => ((members[key] = value), true),
    apply: () => anything(),
  });
}

class EventEmitter {
  listeners = [];
  event = (listener) => (this.listeners.push(listener), { dispose() {} });
  fire(value) {
    for (const listener of this.listeners) listener(value);
  }
  dispose() {}
}

class Disposable {
  static from = () => new Disposable();
  dispose() {}
}

const vscode = anything();
Object.assign(vscode, { EventEmitter, Disposable, version: "1.91.0" });
Object.assign(vscode.env, { appName: "window", language: "en" });
vscode.workspace.workspaceFolders = undefined;
vscode.workspace.textDocuments = [];
vscode.workspace.notebookDocuments = [];
vscode.window.visibleTextEditors = [];
vscode.window.tabGroups.all = [];
vscode.workspace.getConfiguration = () => ({ get: (key, otherwise) => settings[key] ?? otherwise });
vscode.window.showErrorMessage = async (...words) => console.log("shown:", ...words);

const load = Module._load;
Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));

const { activate, deactivate } = require(extension);
activate({ subscriptions: [] })
  .then(() => console.log("started"))
  .then(deactivate)
  .catch((error) => console.log("went wrong:", error))
  .finally(() => process.exit());
