// The list of agents: the only place that knows them all. A new agent is one file here beside and one line below.
import { type Agent } from './agent';
import { aider } from './aider';
import { amp } from './amp';
import { claudeCode } from './claudeCode';
import { codex } from './codex';
import { continueDev } from './continue';
import { copilotChat } from './copilotChat';
import { copilotCli } from './copilotCli';
import { crush } from './crush';
import { cursor } from './cursor';
import { droid } from './droid';
import { geminiCli } from './geminiCli';
import { goose } from './goose';
import { kimi } from './kimi';
import { pi } from './pi';
import { qwenCode } from './qwenCode';
import { openCode } from './openCode';
import { kiloCode } from './kiloCode';
import { cline } from './cline';
import { rooCode } from './rooCode';
import { zed } from './zed';

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
  cursor,
  amp,
  droid,
  goose,
  kimi,
  crush,
  continueDev,
  aider,
  zed,
];
