// The store's tables, and how an older store becomes a newer one. Small integers stand for texts that repeat; no table
// has a place for a message's text.

/** Statements from version n to n + 1; the store's version is `PRAGMA user_version`. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);

  -- The mark of a log file. version grows with every write of the mark: a writer that read an older one has lost.
  CREATE TABLE files (
    id INTEGER PRIMARY KEY, agent INTEGER NOT NULL, source TEXT NOT NULL, path TEXT NOT NULL, identity TEXT NOT NULL,
    size INTEGER NOT NULL, modified_ms REAL NOT NULL, born_ms INTEGER NOT NULL, offset INTEGER NOT NULL,
    tail TEXT NOT NULL, carry TEXT, records INTEGER NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL,
    UNIQUE (agent, source, path)
  );
  CREATE TABLE skips (
    file INTEGER NOT NULL, reason TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (file, reason)
  ) WITHOUT ROWID;

  CREATE TABLE sessions (
    id INTEGER PRIMARY KEY, agent INTEGER NOT NULL, name TEXT NOT NULL, parent TEXT, relation TEXT, cwd INTEGER,
    branch INTEGER, repository INTEGER, title_file INTEGER, title_place BLOB, version TEXT, surface TEXT,
    needs_choice INTEGER NOT NULL DEFAULT 0,
    UNIQUE (agent, name)
  );
  CREATE INDEX sessions_parent ON sessions (parent) WHERE parent IS NOT NULL;

  CREATE TABLE calls (
    id INTEGER PRIMARY KEY, agent INTEGER NOT NULL, key TEXT NOT NULL, session INTEGER NOT NULL, at_ms INTEGER NOT NULL,
    model INTEGER NOT NULL, provider INTEGER, input INTEGER NOT NULL, cache_read INTEGER NOT NULL,
    write_5m INTEGER NOT NULL, write_1h INTEGER NOT NULL, output INTEGER NOT NULL, reasoning INTEGER NOT NULL,
    searches INTEGER, tier INTEGER, speed INTEGER, region INTEGER, quality INTEGER NOT NULL, unrecorded INTEGER,
    is_cut INTEGER, reported_usd REAL, reported_credits REAL, prompt INTEGER, is_subagent INTEGER, agent_name INTEGER,
    cwd INTEGER, branch INTEGER, role INTEGER, precedence INTEGER, fingerprint TEXT, file INTEGER NOT NULL, place BLOB,
    born_ms INTEGER NOT NULL, owner_born_ms INTEGER NOT NULL, counts INTEGER NOT NULL DEFAULT 1,
    UNIQUE (agent, key)
  );
  CREATE INDEX calls_session ON calls (session, at_ms);

  CREATE TABLE prompts (
    id INTEGER PRIMARY KEY, agent INTEGER NOT NULL, key TEXT NOT NULL, session INTEGER, at_ms INTEGER, turn INTEGER,
    file INTEGER, place BLOB, characters INTEGER, is_plan INTEGER, is_interrupted INTEGER,
    UNIQUE (agent, key)
  );
  CREATE INDEX prompts_session ON prompts (session, at_ms);

  CREATE TABLE tools (
    agent INTEGER NOT NULL, key TEXT NOT NULL, session INTEGER NOT NULL, at_ms INTEGER NOT NULL, prompt INTEGER,
    name INTEGER NOT NULL, arguments TEXT NOT NULL, is_error INTEGER, error TEXT, result INTEGER, changed INTEGER,
    added INTEGER, removed INTEGER,
    PRIMARY KEY (agent, key)
  ) WITHOUT ROWID;
  CREATE INDEX tools_session ON tools (session, at_ms);

  CREATE TABLE compactions (
    agent INTEGER NOT NULL, key TEXT NOT NULL, session INTEGER NOT NULL, at_ms INTEGER NOT NULL, before INTEGER,
    after INTEGER, PRIMARY KEY (agent, key)
  ) WITHOUT ROWID;
  CREATE TABLE running_totals (
    session INTEGER NOT NULL, model INTEGER NOT NULL, at_ms INTEGER NOT NULL, input INTEGER NOT NULL,
    cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL, output INTEGER NOT NULL, reported_usd REAL,
    PRIMARY KEY (session, model)
  ) WITHOUT ROWID;
  CREATE TABLE plan_windows (
    agent INTEGER NOT NULL, name TEXT NOT NULL, minutes INTEGER NOT NULL, at_ms INTEGER NOT NULL, used REAL NOT NULL,
    resets_ms INTEGER, plan TEXT, PRIMARY KEY (agent, name, minutes)
  ) WITHOUT ROWID;

  -- A working folder's project, remembered because folders vanish.
  CREATE TABLE projects (cwd INTEGER PRIMARY KEY, project INTEGER NOT NULL);

  -- Sums of calls that agree in all that totals are asked by, a quarter hour each; dollars at the prices of price_version.
  CREATE TABLE sums (
    session INTEGER NOT NULL, quarter INTEGER NOT NULL, model INTEGER NOT NULL, project INTEGER NOT NULL,
    branch INTEGER NOT NULL, agent_name INTEGER NOT NULL, calls INTEGER NOT NULL, input INTEGER NOT NULL,
    write_5m INTEGER NOT NULL, write_1h INTEGER NOT NULL, cache_read INTEGER NOT NULL, output INTEGER NOT NULL,
    reasoning INTEGER NOT NULL, priced INTEGER NOT NULL, usd REAL NOT NULL, estimated_usd REAL NOT NULL,
    unpriced INTEGER NOT NULL, estimated INTEGER NOT NULL, unrecorded_calls INTEGER NOT NULL,
    unrecorded INTEGER NOT NULL, reported_usd REAL, reported_credits REAL,
    PRIMARY KEY (session, quarter, model, project, branch, agent_name)
  ) WITHOUT ROWID;
  CREATE INDEX sums_quarter ON sums (quarter);
  -- Sessions whose sums are out of date, from that quarter hour on.
  CREATE TABLE stale (session INTEGER PRIMARY KEY, quarter INTEGER NOT NULL);

  CREATE TABLE lease (name TEXT PRIMARY KEY, holder TEXT NOT NULL, process INTEGER NOT NULL, expires_ms INTEGER NOT NULL)
    WITHOUT ROWID;
  CREATE TABLE facts (name TEXT PRIMARY KEY, value BLOB) WITHOUT ROWID;
  `,
  // For the report over long histories (rollUps.ts): all of it can be made again from the calls.
  `
  -- Sums by day of the zone in the fact "day zone"; a day is its number since 1970 in that zone's calendar.
  CREATE TABLE days (
    day INTEGER NOT NULL, agent INTEGER NOT NULL, model INTEGER NOT NULL, project INTEGER NOT NULL,
    branch INTEGER NOT NULL, agent_name INTEGER NOT NULL, calls INTEGER NOT NULL, input INTEGER NOT NULL,
    write_5m INTEGER NOT NULL, write_1h INTEGER NOT NULL, cache_read INTEGER NOT NULL, output INTEGER NOT NULL,
    reasoning INTEGER NOT NULL, priced INTEGER NOT NULL, usd REAL NOT NULL, estimated_usd REAL NOT NULL,
    unpriced INTEGER NOT NULL, estimated INTEGER NOT NULL, unrecorded_calls INTEGER NOT NULL,
    unrecorded INTEGER NOT NULL, reported_usd REAL, reported_credits REAL,
    PRIMARY KEY (day, agent, model, project, branch, agent_name)
  ) WITHOUT ROWID;
  CREATE TABLE day_models (
    day INTEGER NOT NULL, agent INTEGER NOT NULL, model INTEGER NOT NULL,
    calls INTEGER NOT NULL, input INTEGER NOT NULL, write_5m INTEGER NOT NULL, write_1h INTEGER NOT NULL,
    cache_read INTEGER NOT NULL, output INTEGER NOT NULL, reasoning INTEGER NOT NULL, priced INTEGER NOT NULL,
    usd REAL NOT NULL, estimated_usd REAL NOT NULL, unpriced INTEGER NOT NULL, estimated INTEGER NOT NULL,
    unrecorded_calls INTEGER NOT NULL, unrecorded INTEGER NOT NULL, reported_usd REAL, reported_credits REAL,
    PRIMARY KEY (day, agent, model)
  ) WITHOUT ROWID;
  CREATE TABLE day_branches (
    project INTEGER NOT NULL, branch INTEGER NOT NULL, day INTEGER NOT NULL,
    calls INTEGER NOT NULL, input INTEGER NOT NULL, write_5m INTEGER NOT NULL, write_1h INTEGER NOT NULL,
    cache_read INTEGER NOT NULL, output INTEGER NOT NULL, reasoning INTEGER NOT NULL, priced INTEGER NOT NULL,
    usd REAL NOT NULL, estimated_usd REAL NOT NULL, unpriced INTEGER NOT NULL, estimated INTEGER NOT NULL,
    unrecorded_calls INTEGER NOT NULL, unrecorded INTEGER NOT NULL, reported_usd REAL, reported_credits REAL,
    PRIMARY KEY (project, branch, day)
  ) WITHOUT ROWID;
  CREATE TABLE day_subagents (
    agent_name INTEGER NOT NULL, day INTEGER NOT NULL,
    calls INTEGER NOT NULL, input INTEGER NOT NULL, write_5m INTEGER NOT NULL, write_1h INTEGER NOT NULL,
    cache_read INTEGER NOT NULL, output INTEGER NOT NULL, reasoning INTEGER NOT NULL, priced INTEGER NOT NULL,
    usd REAL NOT NULL, estimated_usd REAL NOT NULL, unpriced INTEGER NOT NULL, estimated INTEGER NOT NULL,
    unrecorded_calls INTEGER NOT NULL, unrecorded INTEGER NOT NULL, reported_usd REAL, reported_credits REAL,
    PRIMARY KEY (agent_name, day)
  ) WITHOUT ROWID;
  CREATE TABLE stale_days (day INTEGER PRIMARY KEY);
  -- The context of each session's first call.
  CREATE TABLE starts (session INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, tokens INTEGER NOT NULL, project INTEGER);
  -- Calls that paid anew for a context that was there before; paid_as: 0 input, 1 five-minute, 2 one-hour cache write.
  CREATE TABLE cache_losses (
    session INTEGER NOT NULL, at_ms INTEGER NOT NULL, call INTEGER NOT NULL, model INTEGER NOT NULL,
    paid_as INTEGER NOT NULL, tokens INTEGER NOT NULL, PRIMARY KEY (session, at_ms, call)
  ) WITHOUT ROWID;
  CREATE TABLE prompt_sums (
    session INTEGER NOT NULL, prompt INTEGER NOT NULL, quarter INTEGER NOT NULL, model INTEGER NOT NULL,
    usd REAL NOT NULL, PRIMARY KEY (session, prompt, quarter, model)
  ) WITHOUT ROWID;
  CREATE INDEX calls_left_out ON calls (at_ms) WHERE counts = 0;
  `,
  // Tools are read after calls.
  `
  ALTER TABLE files ADD COLUMN later_offset INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE files ADD COLUMN later_carry TEXT;
  `,
];
