// Turns what a script wants done into a use of a tool that the agent offers, in the shape of that tool's own schema.
// Knows the agents' tools by name only; an argument it does not know is left out.
import { type WantedUse } from './scripts';
import { type Schema, type Tool, type Use } from './wire';

const namesFor: Readonly<Record<WantedUse['tool'], readonly string[]>> = {
  shell: [
    'Bash',
    'bash',
    'exec_command',
    'shell_command',
    'run_shell_command',
    'run_commands',
    'execute_command',
    'shell',
    'exec',
  ],
  read: ['Read', 'read_file', 'read', 'view', 'read_files'],
  agent: ['Agent', 'Task', 'task', 'spawn_agent', 'invoke_agent', 'agent', 'subagent'],
};

/** The arguments of all those tools, whatever each calls them. */
function valueOf(argument: string, schema: Schema, value: string, agentType: string): unknown {
  switch (argument) {
    case 'command':
      return schema.type === 'array' ? ['bash', '-c', value] : value;
    case 'cmd':
    case 'path':
    case 'file_path':
    case 'filePath':
    case 'absolute_path':
    case 'prompt':
    case 'message':
    case 'task':
    case 'objective':
      return value;
    case 'commands':
      return [value];
    case 'files':
      return [{ path: value }];
    case 'description':
    case 'riskLevelReason':
      return 'a step of the lab';
    case 'name':
    case 'task_name':
      return 'lab_child';
    case 'subagent_type':
    case 'agent_type':
    case 'agent_name':
      return agentType;
    case 'systemPrompt':
      return 'You do your part.';
    case 'riskLevel':
      return 'low';
    case 'mode':
      return 'sync';
    case 'timeout':
      return 20000;
    case 'is_background':
    case 'run_in_background':
      return false;
    default:
      return undefined;
  }
}

/** The program for a tool that takes one: runs a command in the agent's own shell tool. */
function programFor(command: string): string {
  return `const done = await tools.exec_command({ cmd: ${JSON.stringify(command)} }); text(JSON.stringify(done));`;
}

/** `undefined` where no offered tool can do it. `agentType` is what the agent calls its general subagent. */
export function useFor(wanted: WantedUse, tools: readonly Tool[], agentType: string): Use | undefined {
  const value = wanted.tool === 'shell' ? wanted.command : wanted.tool === 'read' ? wanted.file : wanted.prompt;
  const tool = namesFor[wanted.tool]
    .map((name) => tools.find((offered) => offered.name === name))
    .find((found) => found);
  if (!tool)
    return wanted.tool === 'read'
      ? useFor({ tool: 'shell', command: `cat '${wanted.file}'` }, tools, agentType)
      : undefined;
  const { name, namespace } = tool;
  if (tool.isFreeform)
    return { name, namespace, input: {}, program: programFor(wanted.tool === 'read' ? `cat '${value}'` : value) };
  const input: Record<string, unknown> = {};
  for (const [argument, schema] of Object.entries(tool.parameters)) {
    const given = valueOf(argument, schema, value, agentType);
    if (given !== undefined) input[argument] = given;
  }
  return { name, namespace, input };
}

/** Some value that a JSON schema allows, for requests that want their answer in one. */
export function exampleOf(schema: Schema): unknown {
  if (schema.enum) return schema.enum[0];
  const type = String(Array.isArray(schema.type) ? schema.type[0] : (schema.type ?? 'object')).toLowerCase();
  switch (type) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, part]) => [name, exampleOf(part)]));
    case 'array':
      return [];
    case 'number':
    case 'integer':
      return 1;
    case 'boolean':
      return true;
    default:
      return 'lab';
  }
}
