// Deletes what this program has written into its data folder, and the folder where nothing else is in it. Other people's
// files stay; so does the script that a hook in an agent's settings may still call.
import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { refreshedPricesFile, scriptFile, stateFile, storeFile } from './dataFiles';

/** Companions (log, backup, a copy set aside, a draft) have the same name and an ending more. */
const ours = [storeFile, refreshedPricesFile, stateFile];

/**
 * Close every ledger of this process first. Answers whether a hook's script stays. Throws where a file cannot be deleted,
 * as on Windows while another program has it open.
 */
export function deleteStore(dataFolder: string): { readonly keepsHookScript: boolean } {
  const names = namesIn(dataFolder);
  for (const name of names)
    if (ours.some((own) => name === own || name.startsWith(`${own}.`) || name.startsWith(`${own}-`)))
      rmSync(join(dataFolder, name), { force: true });
  const left = namesIn(dataFolder);
  if (names.length > 0 && left.length === 0) rmdirSync(dataFolder);
  return { keepsHookScript: left.includes(scriptFile) };
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}
