// The list of agents: the only place that knows them all. A new agent is one file here beside and one line below.
import { type Agent } from './agent';
import { claudeCode } from './claudeCode';
import { codex } from './codex';
import { copilotChat } from './copilotChat';
import { copilotCli } from './copilotCli';
import { geminiCli } from './geminiCli';
import { pi } from './pi';
import { qwenCode } from './qwenCode';
import { openCode } from './openCode';
import { kiloCode } from './kiloCode';
import { cline } from './cline';
import { rooCode } from './rooCode';

export const agents: readonly Agent[] = [
  claudeCode,
  geminiCli,
  codex,
  pi,
  qwenCode,
  openCode,
  kiloCode,
  cline,
  rooCode,
  copilotCli,
  copilotChat,
];
