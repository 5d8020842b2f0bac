// OpenCode's stores of files: one JSON document a message and a session below `storage/`, before there was a database, and
// what `export` writes. Knows their layout; what a record means is openCodeRecords.ts's.
import { type DocumentSource, type LogEvent, type Parsed, type PromptEvent, type SkipReason } from './agent';
import { isObject, type JsonObject, objectOf, parseObject } from './logValues';
import { parsed, readAssistant, sessionOf, toolOf } from './openCodeRecords';
import { listOf, textOf, timeOf } from './record';

function promptOf(
  message: JsonObject,
  turn: number | undefined,
  place: string,
  characters: number,
): PromptEvent | undefined {
  const [key, sessionId] = [textOf(message.id), textOf(message.sessionID)];
  const atMs = timeOf(objectOf(message.time).created);
  if (key === undefined || sessionId === undefined || atMs === undefined) return undefined;
  const planMode = message.agent === 'plan' || message.mode === 'plan';
  return {
    kind: 'prompt',
    key,
    atMs,
    sessionId,
    ...(turn !== undefined && { turn }),
    place,
    characters,
    ...(planMode && { planMode }),
  };
}

/** Its text stands in another file; this one may hold a title for it. */
function treePrompt(message: JsonObject): PromptEvent | undefined {
  const prompt = promptOf(message, undefined, '/summary/title', 0);
  return prompt && { ...prompt, isSecondHand: true };
}

/** `storage/message/<session>/<message>.json` and `storage/session/<project>/<session>.json`. */
export function treeSource(folders: DocumentSource['folders']): DocumentSource {
  return {
    id: 'tree',
    kind: 'document',
    folders,
    owns: (path) => /(^|\/)(msg|ses)_[^/]+\.json$/.test(path),
    parseDocument(text) {
      const document = parseObject(text);
      if (document === undefined) return parsed('broken-json');
      if (document.role === 'assistant') return readAssistant(document, textOf(document.sessionID) ?? '', false);
      if (document.role === 'user') return parsed(treePrompt(document));
      return parsed(sessionOf(document, '/title'));
    },
  };
}

/** What `export` writes: `{info, messages: [{info, parts}]}`. */
export function exportSource(folders: DocumentSource['folders']): DocumentSource {
  return {
    id: 'exports',
    kind: 'document',
    folders,
    owns: (path) => path.endsWith('.json'),
    parseDocument(text) {
      const document = parseObject(text);
      if (document === undefined) return parsed('broken-json');
      if (!Array.isArray(document.messages) || !isObject(document.info)) return parsed('unknown-format');
      return readExport(document.info, document.messages.map(objectOf));
    },
  };
}

function readExport(info: JsonObject, messages: readonly JsonObject[]): Parsed {
  const session = sessionOf(info, '/info/title');
  if (session === undefined) return parsed('unknown-format');
  const events: LogEvent[] = [session];
  let skipped: SkipReason | undefined;
  let turn = 0;
  for (const [index, { info: about, parts }] of messages.entries()) {
    const message = objectOf(about);
    const blocks = listOf(parts).map(objectOf);
    if (message.role === 'assistant') {
      const read = readAssistant(message, session.sessionId, session.parentSessionId !== undefined);
      events.push(...read.events);
      skipped ??= read.skipped;
    } else if (message.role === 'user') {
      const at = blocks.findIndex(
        (block) => block.type === 'text' && block.synthetic !== true && block.ignored !== true,
      );
      const typed = textOf(blocks[at]?.text);
      const prompt =
        typed &&
        promptOf(
          { sessionID: session.sessionId, ...message },
          turn,
          `/messages/${index}/parts/${at}/text`,
          typed.length,
        );
      if (prompt) {
        events.push(prompt);
        turn++;
      }
    }
    for (const block of blocks) {
      const tool = block.type === 'tool' ? toolOf(block, session.sessionId, textOf(message.parentID)) : undefined;
      if (tool !== undefined) events.push(tool);
    }
  }
  return { events, ...(skipped !== undefined && { skipped }) };
}
