import { describe, expect, test } from 'vitest';
import {
  defaultSettings,
  drawSettings,
  parseJourneySettings,
} from '../../lib/journey/journey-settings.ts';

describe('settings of a journey', () => {
  test('have defaults, also for what is given as undefined', () => {
    expect(parseJourneySettings({})).toEqual({ settings: defaultSettings });
    expect(parseJourneySettings({ reentry: undefined })).toEqual({
      settings: { frequencyCaps: [], reentry: { kind: 'after_completion' }, entryCap: 'none' },
    });
  });

  test.each([
    ['never', { kind: 'never' }],
    ['after_completion', { kind: 'after_completion' }],
    [{ after: '7d' }, { kind: 'cool_down', ms: 604_800_000 }],
  ])('read the rule for coming back %j', (reentry, read) => {
    expect(parseJourneySettings({ reentry })).toMatchObject({ settings: { reentry: read } });
  });

  test.each(['none', 'requests', 'all'])('read the entry cap %s', (entry_cap) => {
    expect(parseJourneySettings({ entry_cap })).toMatchObject({
      settings: { entryCap: entry_cap },
    });
  });

  test('are refused with all that is wrong with them', () => {
    const drawn = { frequency_caps: 1, reentry: { after: 7 }, entry_cap: true, other: 1 };
    expect(parseJourneySettings(drawn)).toMatchObject({
      problems: [
        { code: 'journey.setting', path: 'frequency_caps' },
        { path: 'reentry.after' },
        { path: 'entry_cap' },
        { message: 'it has the unknown key "other"' },
      ],
    });
  });

  test.each([
    { frequency_caps: [], reentry: 'never', entry_cap: 'all' },
    {
      frequency_caps: [{ channel: 'sms', max: 1, window: '1d' }],
      reentry: { after: '36h' },
      entry_cap: 'none',
    },
  ])('read as they are written: %j', (drawn) => {
    const parsed = parseJourneySettings(drawn);
    expect('settings' in parsed && drawSettings(parsed.settings)).toEqual(drawn);
  });
});
