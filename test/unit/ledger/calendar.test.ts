import assert from 'node:assert/strict';
import { addDays, dayOf, firstOfMonth, isDay, isTimeZone, mondayOf, startOfDay } from '../../../src/ledger/calendar';

const at = (text: string) => Date.parse(text);

describe('calendar', () => {
  it('knows the day in zones east and west, and at half and quarter hours', () => {
    const moment = at('2026-11-02T23:50:00Z');
    assert.equal(dayOf(moment, 'UTC'), '2026-11-02');
    assert.equal(dayOf(moment, 'Europe/Berlin'), '2026-11-03');
    assert.equal(dayOf(moment, 'America/Los_Angeles'), '2026-11-02');
    assert.equal(dayOf(at('2026-11-02T18:20:00Z'), 'Asia/Kathmandu'), '2026-11-03');
    assert.equal(dayOf(at('2026-11-02T18:10:00Z'), 'Asia/Kathmandu'), '2026-11-02');
    assert.equal(dayOf(at('2026-11-02T13:20:00Z'), 'Pacific/Chatham'), '2026-11-03');
  });

  it('gives the days of daylight saving 23 and 25 hours', () => {
    const hours = (day: string, zone: string) =>
      (startOfDay(addDays(day, 1), zone) - startOfDay(day, zone)) / 3_600_000;
    assert.equal(hours('2026-03-29', 'Europe/Berlin'), 23);
    assert.equal(hours('2026-10-25', 'Europe/Berlin'), 25);
    assert.equal(hours('2026-11-01', 'America/New_York'), 25);
    assert.equal(hours('2026-04-05', 'Australia/Lord_Howe'), 24.5);
    assert.equal(hours('2026-06-01', 'Europe/Berlin'), 24);
  });

  it('begins a day where its clocks do, midnight or not', () => {
    assert.equal(startOfDay('2026-11-02', 'UTC'), at('2026-11-02T00:00:00Z'));
    assert.equal(startOfDay('2026-03-29', 'Europe/Berlin'), at('2026-03-28T23:00:00Z'));
    // Midnight does not exist there on that day: the clocks go from 23:59:59 to 01:00.
    assert.equal(startOfDay('2026-04-24', 'Africa/Cairo'), at('2026-04-23T22:00:00Z'));
  });

  it('agrees with itself at every quarter hour of a year', () => {
    for (const zone of ['Europe/Berlin', 'America/St_Johns', 'Pacific/Apia']) {
      let day = dayOf(at('2026-01-01T00:00:00Z'), zone);
      for (let moment = at('2026-01-01T00:00:00Z'); moment < at('2027-01-01T00:00:00Z'); moment += 900_000) {
        const next = dayOf(moment, zone);
        if (next === day) continue;
        assert.equal(next, addDays(day, 1));
        assert.equal(startOfDay(next, zone), moment, `${next} in ${zone}`);
        day = next;
      }
    }
  });

  it('names weeks by their Monday and months by their first', () => {
    assert.equal(mondayOf('2026-11-24'), '2026-11-23');
    assert.equal(mondayOf('2026-11-23'), '2026-11-23');
    assert.equal(mondayOf('2027-01-03'), '2026-12-28');
    assert.equal(firstOfMonth('2026-11-24'), '2026-11-01');
  });

  it('tells days and zones from other texts', () => {
    assert.ok(isDay('2026-02-28') && !isDay('2026-02-30') && !isDay('26-1-1') && !isDay('today'));
    assert.ok(isTimeZone('Europe/Berlin') && !isTimeZone('Mars/Olympus'));
  });
});
