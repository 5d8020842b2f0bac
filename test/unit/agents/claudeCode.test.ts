// Where Claude Code's logs are looked for.
import assert from 'node:assert/strict';
import { type AgentEnvironment } from '../../../src/agents/agent';
import { claudeCode } from '../../../src/agents/claudeCode';

describe('claude code', () => {
  it('is looked for in both of its folders, or where CLAUDE_CONFIG_DIR says, which may name several', () => {
    const folders = (variables: AgentEnvironment['variables']) =>
      claudeCode.sources[0]!.folders({ home: '/home/ann', platform: 'linux', variables, editorUserFolders: [] });
    assert.deepEqual(folders({}), ['/home/ann/.claude/projects', '/home/ann/.config/claude/projects']);
    assert.deepEqual(folders({ XDG_CONFIG_HOME: '/x' }), ['/home/ann/.claude/projects', '/x/claude/projects']);
    assert.deepEqual(folders({ CLAUDE_CONFIG_DIR: '/a, ~/b' }), ['/a/projects', '/home/ann/b/projects']);
  });
});
