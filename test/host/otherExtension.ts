// Another extension beside the one under test: a few lines of script that stand among a machine's installed extensions,
// for what a person may have as well, or as the measure of what VS Code itself takes.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Machine } from './machine';

export interface OtherExtension {
  /** In lower case; the publisher is called the same. */
  readonly name: string;
  /** Commands of the palette by id: their titles. */
  readonly commands?: Readonly<Record<string, string>>;
  /** The body of `activate(context)`, with `vscode` at hand. It runs when a window has started. */
  readonly activate: string;
}

/** For windows that are opened afterwards. */
export function addExtension({ host: { extensionsFolder } }: Machine, extension: OtherExtension): void {
  const { name, commands = {}, activate } = extension;
  const version = '1.0.0';
  const folder = path.join(extensionsFolder, `${name}.${name}-${version}`);
  fs.mkdirSync(folder);
  const manifest = {
    name,
    publisher: name,
    version,
    engines: { vscode: '^1.90.0' },
    main: './main.js',
    activationEvents: ['onStartupFinished'],
    contributes: { commands: Object.entries(commands).map(([command, title]) => ({ command, title })) },
  };
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  const script = `const vscode = require('vscode');\nexports.activate = (context) => {\n${activate}\n};\n`;
  fs.writeFileSync(path.join(folder, 'main.js'), script);
  // Listed as VS Code lists what it installed: what stands in the folder and in no list may be taken away.
  const listFile = path.join(extensionsFolder, 'extensions.json');
  const list = JSON.parse(fs.readFileSync(listFile, 'utf8')) as unknown[];
  const location = { $mid: 1, path: pathToFileURL(folder).pathname, scheme: 'file' };
  const relativeLocation = path.basename(folder);
  list.push({ identifier: { id: `${name}.${name}` }, version, location, relativeLocation });
  fs.writeFileSync(listFile, JSON.stringify(list));
}
