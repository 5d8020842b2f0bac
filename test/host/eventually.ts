// Waiting for what a person would wait for: tries until it holds, and fails with what was seen last.

const pauseMs = 50;

/** Calls `attempt` until it neither throws nor rejects; its last failure is thrown once the time is over. */
export async function eventually<Value>(attempt: () => Promise<Value> | Value, timeoutMs = 30_000): Promise<Value> {
  const deadlineMs = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadlineMs) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
