// A model's name as people say it, for one line of a hint: "Haiku 5.5". Ids that follow no such pattern stay as they are.

/** `claude-haiku-4-5-20251001` -> `Haiku 4.5`. */
export function modelName(id: string): string {
  const bare = id.slice(id.lastIndexOf('/') + 1);
  const claude = /^claude-([a-z]+)-(\d+)(?:-(\d{1,2}))?(?!\d)/.exec(bare);
  if (claude) return `${capital(claude[1]!)} ${[claude[2], claude[3]].filter(Boolean).join('.')}`;
  const older = /^claude-(\d)(?:-(\d))?-([a-z]+)/.exec(bare);
  if (older) return `${capital(older[3]!)} ${[older[1], older[2]].filter(Boolean).join('.')}`;
  return bare;
}

const capital = (word: string): string => word[0]!.toUpperCase() + word.slice(1);
