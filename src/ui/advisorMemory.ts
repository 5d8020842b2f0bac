// What the advisor remembers between windows: what became of its hints, and what the person's own log said of them.
// Numbers, ids and names of features; never a word of a prompt.
import type * as vscode from 'vscode';
import { freshLearning, type LearningState } from '../advisor/learning';
import { modelWith, type OwnStudy } from '../advisor/ownStudy';
import { bundledTaskModel } from '../advisor/simpleTask';
import { type TaskModel } from '../advisor/taskModel';

const learningKey = 'advisor.learning';
const studyKey = 'advisor.study';

export class AdvisorMemory {
  /** `memory`: the person's, not the workspace's. */
  constructor(private readonly memory: vscode.Memento) {}

  get learning(): LearningState {
    return this.memory.get<LearningState>(learningKey, freshLearning);
  }

  async learn(change: (state: LearningState) => LearningState): Promise<void> {
    const before = this.learning;
    const after = change(before);
    if (after !== before) await this.memory.update(learningKey, after);
  }

  get study(): OwnStudy | undefined {
    return this.memory.get<OwnStudy>(studyKey);
  }

  async keepStudy(study: OwnStudy): Promise<void> {
    await this.memory.update(studyKey, study);
  }

  /** The weights to judge by. */
  get model(): TaskModel {
    return modelWith(this.study?.weights, bundledTaskModel);
  }
}
