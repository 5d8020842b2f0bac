// The language that figures are written in.
import * as vscode from 'vscode';

/** A BCP 47 tag. */
export function locale(): string {
  return vscode.env.language;
}
