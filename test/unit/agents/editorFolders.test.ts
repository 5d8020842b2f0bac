// User-data folders of the VS Code family: by system, by variable, and from an extension's own storage.
import assert from 'node:assert/strict';
import { editorUserFolders, userFolderOf } from '../../../src/agents/editorFolders';

describe('editor folders', () => {
  it('are where each system puts them', () => {
    const linux = editorUserFolders('/h', 'linux', {});
    for (const folder of [
      '/h/.config/Code/User',
      '/h/.config/Code - Insiders/User',
      '/h/.config/VSCodium/User',
      '/h/.config/Cursor/User',
      '/h/.config/Windsurf/User',
      '/h/.vscode-server/data/User',
      '/h/.vscode-server-insiders/data/User',
      '/h/.cursor-server/data/User',
      '/h/.var/app/com.visualstudio.code/config/Code/User',
    ])
      assert.ok(linux.includes(folder), folder);
    const mac = editorUserFolders('/Users/a', 'darwin', {});
    assert.ok(mac.includes('/Users/a/Library/Application Support/Code/User'));
    assert.ok(!mac.some((folder) => folder.includes('.var')));
    const windows = editorUserFolders('C:\\u', 'win32', {});
    assert.ok(windows.includes('C:\\u\\AppData\\Roaming\\Code\\User'));
  });

  it('follow the variables', () => {
    const linux = editorUserFolders('/h', 'linux', {
      XDG_CONFIG_HOME: '/x',
      VSCODE_PORTABLE: '/p',
      VSCODE_AGENT_FOLDER: '/s',
    });
    for (const folder of ['/x/Code/User', '/p/user-data/User', '/s/data/User']) assert.ok(linux.includes(folder));
    assert.ok(!linux.includes('/h/.config/Code/User'));
    const windows = editorUserFolders('C:\\u', 'win32', { APPDATA: 'D:\\r' });
    assert.ok(windows.includes('D:\\r\\Code\\User'));
  });

  it('begin with the folder of the editor that runs us, once', () => {
    const elsewhere = editorUserFolders('/h', 'linux', {}, '/data/User/globalStorage/a.b');
    assert.equal(elsewhere[0], '/data/User');
    const usual = editorUserFolders('/h', 'linux', {}, '/h/.config/Code/User/globalStorage/a.b');
    assert.equal(usual.filter((folder) => folder === '/h/.config/Code/User').length, 1);
  });

  it('are found from storage in a profile and on Windows, and not from anything else', () => {
    assert.equal(userFolderOf('/c/Code/User/profiles/1a2b/globalStorage/a.b'), '/c/Code/User');
    assert.equal(userFolderOf('C:\\r\\Code\\User\\globalStorage\\a.b'), 'C:\\r\\Code\\User');
    assert.equal(userFolderOf('/c/Code/User'), undefined);
  });
});
