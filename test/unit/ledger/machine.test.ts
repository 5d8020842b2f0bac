// This machine by the rules of each system: home, store, and where each agent's logs are looked for.
import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import { type AgentEnvironment } from '../../../src/agents/agent';
import { agents } from '../../../src/agents/agents';
import { editorUserFolders } from '../../../src/agents/editorFolders';
import { dataFolderOf, homeOf, platformOf } from '../../../src/ledger/machine';
import { projectOf } from '../../../src/ledger/projects';

type Platform = AgentEnvironment['platform'];
const homes: Readonly<Record<Platform, string>> = { linux: '/home/ann', darwin: '/Users/ann', win32: 'C:\\Users\\ann' };

/** All folders that an agent's logs are looked for in. */
function foldersOf(id: string, platform: Platform, variables: Readonly<Record<string, string>> = {}): string[] {
  const home = homes[platform];
  const editors = editorUserFolders(home, platform, variables);
  const environment = { home, platform, variables, editorUserFolders: editors };
  const agent = agents.find((candidate) => candidate.id === id)!;
  return agent.sources.flatMap((source) => [...source.folders(environment)]);
}

describe('the machine', () => {
  it('is read by Linux’s rules where it is an unknown system', () => {
    assert.deepEqual((['darwin', 'win32', 'linux', 'freebsd', 'aix'] as const).map(platformOf), [
      'darwin',
      'win32',
      'linux',
      'linux',
      'linux',
    ]);
  });

  it('has its home where the agents have theirs', () => {
    const both = { HOME: 'H:\\', USERPROFILE: 'C:\\Users\\ann' };
    assert.equal(homeOf(both, 'win32'), 'C:\\Users\\ann');
    assert.equal(homeOf({ HOME: '/home/ann', USERPROFILE: '/mnt/c/Users/ann' }, 'linux'), '/home/ann');
    assert.equal(homeOf({ HOME: 'H:\\' }, 'win32'), 'H:\\');
    assert.notEqual(homeOf({ HOME: '' }, 'darwin'), '');
  });

  it('keeps the store where each system keeps applications’ data', () => {
    const store = (platform: Platform, variables = {}) => dataFolderOf(platform, homes[platform], variables);
    assert.equal(store('linux'), '/home/ann/.local/share/tokenometer');
    assert.equal(store('linux', { XDG_DATA_HOME: '/data' }), '/data/tokenometer');
    assert.equal(store('darwin'), '/Users/ann/Library/Application Support/tokenometer');
    assert.equal(store('win32'), 'C:\\Users\\ann\\AppData\\Local\\tokenometer');
    assert.equal(store('win32', { LOCALAPPDATA: 'D:\\Local' }), 'D:\\Local\\tokenometer');
    assert.equal(store('win32', { TOKENOMETER_DATA_DIR: 'E:\\own' }), 'E:\\own');
  });

  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    const path = platform === 'win32' ? win32 : posix;

    it(`names absolute folders in its own spelling for every agent: ${platform}`, () => {
      for (const { id } of agents)
        for (const folder of foldersOf(id, platform)) {
          assert.ok(path.isAbsolute(folder), `${id}: ${folder}`);
          assert.equal(path.normalize(folder), folder, id);
          if (platform === 'win32') assert.ok(!folder.includes('/'), `${id}: ${folder}`);
        }
    });

    it(`finds Claude Code, Codex and Copilot Chat where they write: ${platform}`, () => {
      const home = homes[platform];
      assert.ok(foldersOf('claude-code', platform).includes(path.join(home, '.claude', 'projects')));
      assert.ok(foldersOf('codex', platform).includes(path.join(home, '.codex', 'sessions')));
      const code = {
        linux: path.join(home, '.config', 'Code', 'User'),
        darwin: path.join(home, 'Library', 'Application Support', 'Code', 'User'),
        win32: path.join(home, 'AppData', 'Roaming', 'Code', 'User'),
      }[platform];
      assert.ok(foldersOf('copilot-chat', platform).some((folder) => folder.startsWith(code)));
    });
  }

  it('takes a project’s path from another system as it is logged', () => {
    const far = 'C:\\Users\\ann\\no such folder\\harbor';
    assert.deepEqual(projectOf(far), { project: far, isCertain: false });
    assert.deepEqual(projectOf(`${far}\\`), { project: far, isCertain: false });
    assert.deepEqual(projectOf(`${far}\\.claude\\worktrees\\quay-1`), { project: far, isCertain: false });
    assert.deepEqual(projectOf('C:\\'), { project: 'C:\\', isCertain: false });
    assert.deepEqual(projectOf('\\\\server\\share\\harbor'), {
      project: '\\\\server\\share\\harbor',
      isCertain: false,
    });
  });
});
