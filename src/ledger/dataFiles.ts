// The names of what this program writes into its data folder; those who write know what stands in them.
export const storeFile = 'ledger.db';
export const refreshedPricesFile = 'refreshed-prices.json';
/** Which hard caps are reached, for a hook in an agent to read. */
export const stateFile = 'hard-caps.tsv';
/** The hook's script. */
export const scriptFile = 'hard-cap.sh';
