// The entry of the extension.
import * as vscode from 'vscode'
import { start } from './client.js'

let running
export async function activate(context) {
  const { command, logs } = settings()
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath
  // A folder that is not trusted may name a program of its own.
  if (!vscode.workspace.isTrusted) return
  running = await start(vscode, { command, logs, folder })
  context.subscriptions.push(...running.subscriptions)
  const terminal = (words) => {
    const shown = vscode.window.createTerminal({ name: 'Assay', shellPath: command[0], shellArgs: [...command.slice(1), ...words], cwd: folder })
    shown.show()
  }
  context.subscriptions.push(
    vscode.commands.registerCommand('assay.run', (file) => terminal(['run', file ?? activeFile(), ...settings().logs])),
    vscode.commands.registerCommand('assay.test', (path, title) =>
      terminal(['test', path ?? activeFile(), ...(title === undefined ? [] : ['--filter', title])]),
    ),
  )
}

export const deactivate = () => running?.stop()

const activeFile = () => vscode.window.activeTextEditor?.document.uri.fsPath ?? '.'
function settings() {
  const found = vscode.workspace.getConfiguration('assay')
  return { command: found.get('command', ['npx', 'assay']), logs: found.get('logs', []) }
}
