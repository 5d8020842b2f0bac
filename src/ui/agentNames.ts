// The agents' names as their makers write them; names are not translated.
import { type PromptAgent } from '../prompts/promptFiles';

const names: Readonly<Record<PromptAgent, string>> = {
  'claude-code': 'Claude Code',
  codex: 'Codex',
  'copilot-chat': 'Copilot',
  'copilot-cli': 'Copilot CLI',
  'gemini-cli': 'Gemini CLI',
  'qwen-code': 'Qwen Code',
  opencode: 'OpenCode',
  cline: 'Cline',
  'roo-code': 'Roo Code',
  'kilo-code': 'Kilo Code',
  cursor: 'Cursor',
  windsurf: 'Windsurf',
  continue: 'Continue',
  goose: 'Goose',
  crush: 'Crush',
  zed: 'Zed',
  amp: 'Amp',
  pi: 'pi',
  droid: 'Droid',
};

export function agentName(agent: PromptAgent): string {
  return names[agent];
}

/** Up to `most` names, then a count: `Claude Code, Copilot +3`. */
export function agentList(agents: readonly PromptAgent[], most = 3): string {
  const shown = agents.slice(0, most).map(agentName).join(', ');
  return agents.length > most ? `${shown} +${agents.length - most}` : shown;
}
