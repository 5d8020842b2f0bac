// What one types to change the model or its effort, by agent. A text to copy: nothing here is ever run.
// Sources: code.claude.com/docs/en/model-config, developers.openai.com/codex/cli, geminicli.com/docs/cli/model,
// opencode.ai/docs/cli. Commands that merely open a list are not named: the model's id is copied instead.
import { type ModelOffer, type Tier } from './modelOffer.js';

export interface AgentCommand {
  readonly text: string;
  /** `chat`: typed to the agent. `shell`: starts the agent anew. `model`: the id alone, to be chosen in the agent's list. */
  readonly where: 'chat' | 'shell' | 'model';
}

/** `offers`: what else there is. Claude Code's short names mean the newest of a family. */
export function switchCommand(agent: string, to: ModelOffer, offers: readonly ModelOffer[]): AgentCommand {
  switch (agent) {
    case 'claude-code': {
      const isShort = ['haiku', 'sonnet', 'opus'].includes(to.family);
      const isNewest = !offers.some((one) => one.family === to.family && (one.generation ?? 0) > (to.generation ?? 0));
      return { text: `/model ${isShort && isNewest ? to.family : to.id}`, where: 'chat' };
    }
    case 'codex':
      return { text: `codex --model ${to.id}`, where: 'shell' };
    case 'gemini-cli':
      return { text: `gemini --model ${to.id}`, where: 'shell' };
    case 'qwen-code':
      return { text: `qwen --model ${to.id}`, where: 'shell' };
    default:
      return { text: to.id, where: 'model' };
  }
}

/**
 * The second lever: the same model with less thinking. Only worth naming where a session starts, for changing it in the
 * middle makes the provider read the context again, as a change of the model does. `undefined` where the agent has none.
 */
export function effortCommand(agent: string, tier: Tier): AgentCommand | undefined {
  if (tier === 'small') return undefined;
  switch (agent) {
    case 'claude-code':
      return { text: '/effort low', where: 'chat' };
    case 'codex':
      return { text: 'codex --config model_reasoning_effort=low', where: 'shell' };
    default:
      return undefined;
  }
}
