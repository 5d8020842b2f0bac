// A life of the package on one machine: installed over the store of the first version, its commands, a store that was
// damaged, a store that is deleted, and what is left once it has been uninstalled.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { dataFolder } from '../host/environment';
import { eventually } from '../host/eventually';
import { writeFirstStore } from '../host/firstStore';
import { checkoutFolder } from '../host/folders';
import { runServerCommand, vsixUnderTest } from '../host/installedExtension';
import { startMachine, type Machine } from '../host/machine';
import { installRelease, newestRelease, type InstalledRelease } from '../host/webRelease';
import { type Workbench } from '../host/workbench';
import { claudeCall, newSessionFile } from './claudeCalls';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly enablement?: string }[];
    readonly menus: { readonly commandPalette: readonly { readonly command: string; readonly when: string }[] };
  };
}

const readJson = (name: string): unknown => JSON.parse(fs.readFileSync(path.join(checkoutFolder, name), 'utf8'));
const extensionId = 'tokenometer.tokenometer';

describe('The package, once installed', () => {
  let release: InstalledRelease;
  let machine: Machine;
  let window: Workbench;
  let atFirst: readonly string[];

  const server = (...args: readonly string[]): Promise<string> =>
    runServerCommand(release, machine.host.dataFolder, machine.host.extensionsFolder, args);

  before(async () => {
    release = await installRelease(newestRelease);
    const [vsix, started] = await Promise.all([
      vsixUnderTest(release),
      startMachine({
        home: 'empty',
        extension: 'none',
        builtIn: 'all',
        prepare: (home) => writeFirstStore(dataFolder(home), Date.now()),
      }),
    ]);
    machine = started;
    atFirst = filesBelow(machine.home);
    await server('--install-extension', vsix);
    window = await machine.openWindow();
  });
  after(() => machine.stop());

  it('shows what the store of the first version held', async () => {
    assert.match(await window.waitForStatusText('tokenometer.meter', /\$/), /\$2\.00/);
  });

  it('opens nothing and says nothing by itself', async () => {
    assert.deepEqual(await window.tabs(), []);
    assert.deepEqual(await window.notifications(), []);
  });

  it('names every command in the palette that can be run now', async () => {
    const { commands, menus } = (readJson('package.json') as Manifest).contributes;
    const titles = readJson('package.nls.json') as Readonly<Record<string, string>>;
    // What depends on a document, a setting or a task under way is not offered in this window.
    const isOffered = ({ command, enablement }: Manifest['contributes']['commands'][number]): boolean => {
      const when = menus.commandPalette.find((entry) => entry.command === command)?.when ?? 'true';
      return enablement === undefined && /^(true|tokenometer\.onMachine)$/.test(when);
    };
    const wanted = commands.filter(isOffered).map(({ title }) => `Tokenometer: ${titles[title.slice(1, -1)]}`);
    const offered = await eventually(async () => {
      const found = await window.commandTitles('Tokenometer:');
      assert.ok(found.length >= 8, found.join(', '));
      return found;
    });
    for (const title of wanted)
      if (!offered.includes(title)) assert.ok((await window.commandTitles(title)).includes(title), title);
  });

  it('deletes its store when told to, and begins anew only when told to', async () => {
    await window.runCommand('Tokenometer: Delete the Store…');
    await window.answerDialog('Delete Tokenometer’s store?', 'Delete');
    await window.waitForStatusText('tokenometer.meter', /no figures/);
    assert.equal(fs.existsSync(dataFolder(machine.home)), false);
    await window.takePicture('store deleted');
    await window.clickNotificationButton('Read the Logs Again');
    await window.waitForStatusText('tokenometer.meter', /no agent logs yet/);
    await window.takePicture('no logs');
    assert.ok(fs.existsSync(path.join(dataFolder(machine.home), 'ledger.db')));
  });

  it('replaces a damaged store, keeps the old one and says so', async () => {
    const store = path.join(dataFolder(machine.home), 'ledger.db');
    for (const suffix of ['-wal', '-shm']) fs.rmSync(store + suffix, { force: true });
    fs.writeFileSync(store, 'This is no database. '.repeat(500));
    await window.page.reload();
    await window.waitForExtension();
    await eventually(async () => assert.match((await window.notifications()).join(), /store was damaged/), 60_000);
    await window.takePicture('store damaged');
    await window.waitForStatusText('tokenometer.meter', /no agent logs yet/);
    assert.ok(fs.readFileSync(`${store}.damaged`, 'utf8').startsWith('This is no database.'));
  });

  it('shows the first spend of a machine without logs as soon as there is some', async () => {
    const file = newSessionFile(machine.home, 'blank');
    fs.writeFileSync(file, claudeCall('first-ever', 50_000, machine.folder));
    await window.waitForStatusText('tokenometer.meter', /\$1\.00/, 60_000);
    fs.rmSync(path.join(machine.home, '.claude'), { recursive: true });
  });

  it('leaves nothing but its store when it is uninstalled', async () => {
    await window.close();
    assert.match(await server('--uninstall-extension', extensionId), /successfully uninstalled/);
    assert.doesNotMatch(await server('--list-extensions'), /tokenometer/);
    const own = path.relative(machine.home, dataFolder(machine.home));
    const left = filesBelow(machine.home).filter((file) => !atFirst.includes(file) && !file.startsWith(own));
    assert.deepEqual(left, []);
    const kept = filesBelow(path.join(machine.host.dataFolder, 'data')).filter((file) => /tokenometer/i.test(file));
    assert.deepEqual(
      kept.filter((file) => !file.includes(`${path.sep}logs${path.sep}`) && !file.startsWith('logs')),
      [],
    );
  });
});

function filesBelow(folder: string): readonly string[] {
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}
