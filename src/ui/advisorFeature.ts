// The advisor in the editor: one memory, the hint above prompt files, its actions, and the study of the person's own log.
import * as vscode from 'vscode';
import { type LiveSession } from '../ledger/liveSession';
import { Advisor, type AdvisorLedger } from './advisor';
import { AdvisorActions } from './advisorActions';
import { AdvisorLenses } from './advisorLenses';
import { AdvisorMemory } from './advisorMemory';
import { AdvisorOffers } from './advisorOffers';
import { AdvisorStudy } from './advisorStudy';
import { switchWarningWords } from './advisorWords';
import { type Guard } from './guard';

export interface AdvisorDeps {
  readonly ledger: AdvisorLedger;
  readonly models: { readonly onDidChange: vscode.Event<void> };
  readonly home: string | undefined;
  readonly guard: Guard;
  /** The person's, not the workspace's. */
  readonly memory: vscode.Memento;
}

export interface AdvisorFeature extends vscode.Disposable {
  /**
   * The logs have been read, and this session was found running with a warm cache, if any: one sentence for the meter's
   * tooltip where changing its model now would cost more than staying.
   */
  readonly switchLine: (session: LiveSession | undefined) => Promise<string | undefined>;
}

export function registerAdvisor({ ledger, models, home, guard, memory: memento }: AdvisorDeps): AdvisorFeature {
  const memory = new AdvisorMemory(memento);
  const advisor = new Advisor(ledger, new AdvisorOffers(ledger), memory);
  const lenses = new AdvisorLenses({ advisor, memory, guard, home });
  const actions = new AdvisorActions({ advisor, memory, lenses });
  const study = new AdvisorStudy({
    ledger,
    memory,
    guard,
    onStudied: () => guard('tell of hints turned off', () => actions.tellIfOff()),
  });
  const subscription = vscode.Disposable.from(
    lenses,
    actions,
    study,
    models.onDidChange(() => {
      advisor.forget();
      lenses.refresh();
    }),
  );
  return {
    dispose: () => void subscription.dispose(),
    switchLine: async (session) => {
      advisor.forgetRecent();
      lenses.lookAgain();
      if (session?.cache === undefined || session.cache.warmUntilMs <= Date.now()) return undefined;
      const { agent, model, contextTokens, cache } = session;
      const cacheTtl = cache.lifetimeMs >= 60 * 60 * 1000 ? '1h' : '5m';
      const warning = await advisor.warningFor({ agent, model, contextTokens, cacheTtl });
      return warning && switchWarningWords(warning, agent);
    },
  };
}
