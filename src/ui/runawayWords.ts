// What was seen of a session that may be going in circles, as one sentence. It never has a word of what was said.
import * as vscode from 'vscode';
import { formatCompact, formatCount } from '../format';
import { type RunawaySighting } from '../ledger/recentRunaways';
import { locale } from './locale';
import { agentLabel, lastPart } from './meterWords';

/** `cell` makes names from logs harmless where the sentence is Markdown. */
export function runawayWords(sighting: RunawaySighting, cell: (text: string) => string = (text) => text): string {
  const { t } = vscode.l10n;
  const who = cell(agentLabel(sighting.agent));
  const where = cell(lastPart(sighting.project));
  const tool = cell(sighting.tool ?? '');
  const times = formatCount(sighting.times, locale());
  const among = formatCount(sighting.among, locale());
  switch (sighting.kind) {
    case 'same-call':
      return t(
        '{0} may be going in circles in {1}: {2}, {3} times of the last {4} tool uses with the same arguments, and no file changed.',
        who,
        where,
        tool,
        times,
        among,
      );
    case 'same-error':
      return t(
        '{0} may be going in circles in {1}: {2} gave the same error {3} times in the last {4} tool uses.',
        who,
        where,
        tool,
        times,
        among,
      );
    case 'repeated-reads':
      return t(
        '{0} may be going in circles in {1}: {3} of the last {4} tool uses read again what had just been read ({2}), and no file changed.',
        who,
        where,
        tool,
        times,
        among,
      );
    case 'compactions':
      return t(
        '{0} may be going in circles in {1}: its context was compacted {2} times within {3} calls.',
        who,
        where,
        times,
        among,
      );
    case 'speed':
      return t(
        '{0} is using tokens {2} times as fast in {1} as you are used to.',
        who,
        where,
        formatCompact(sighting.times, locale()),
      );
  }
}
