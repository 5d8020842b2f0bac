// Which machine's logs are counted, in words: extensions run where the agents do, which may not be where one sits.
import * as vscode from 'vscode';

/** "this machine", or "the remote machine (ssh-remote)"; of a server in a browser its name, without the port. */
export function machineWords(): string {
  const remote = vscode.env.remoteName?.replace(/:\d+$/, '');
  return remote ? vscode.l10n.t('the remote machine ({0})', remote) : vscode.l10n.t('this machine');
}
