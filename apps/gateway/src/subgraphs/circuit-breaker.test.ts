import { CircuitBreaker } from './circuit-breaker';

describe('the circuit breaker', () => {
  let nowMs = 0;
  const rules = { window: 10, minCalls: 4, failureRatio: 0.5, openMs: 100 };
  const failing = (count: number): CircuitBreaker => {
    nowMs = 0;
    const breaker = new CircuitBreaker(() => nowMs, rules);
    for (let call = 0; call < count; call += 1) breaker.record(false);
    return breaker;
  };

  it('stays closed while calls mostly succeed, or are too few to tell', () => {
    expect(failing(3).allows()).toBe(true);
    const breaker = failing(0);
    for (let call = 0; call < 30; call += 1) breaker.record(call % 3 !== 0);
    expect(breaker.allows()).toBe(true);
  });

  it('opens, lets one probe through after a while, and closes when that succeeds', () => {
    const breaker = failing(4);
    expect(breaker.allows()).toBe(false);
    nowMs = 100;
    expect(breaker.allows()).toBe(true);
    expect(breaker.allows()).toBe(false);
    breaker.record(true);
    expect(breaker.allows()).toBe(true);
  });

  it('opens again when the probe fails, and tries another when it told nothing', () => {
    const breaker = failing(4);
    nowMs = 100;
    expect(breaker.allows()).toBe(true);
    breaker.record(false);
    expect(breaker.allows()).toBe(false);
    nowMs = 200;
    expect(breaker.allows()).toBe(true);
    breaker.release();
    expect(breaker.allows()).toBe(true);
  });
});
