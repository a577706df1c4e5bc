import { describe, expect, it } from 'vitest';
import { readTemplateFiles } from '../../lib/local/template-files.ts';

describe('readTemplateFiles', () => {
  it('reads the templates of the sample journeys, each with a channel and a subject', async () => {
    const templates = await readTemplateFiles('templates');
    expect(templates.map(({ id }) => id)).toEqual([
      'cart-coupon',
      'cart-free-shipping',
      'cart-reminder',
      'last-offer',
      'we-miss-you',
      'welcome-reminder',
      'welcome',
    ]);
    for (const { channel, subject } of templates) {
      expect(channel).toBe('email');
      expect(subject).not.toBe('');
    }
  });
});
