/** Every format code of dates. */
import { describe, expect, test } from 'vitest';
import { strftime } from '../../../lib/nodes/templates/strftime.ts';

const instant = Date.parse('2026-03-05T14:07:09.042Z');
const berlin = { name: 'Europe/Berlin', offsetAt: () => 60 };

describe('strftime', () => {
  test.each([
    ['%a %A', 'Thu Thursday'],
    ['%b %h %B', 'Mar Mar March'],
    ['%c', 'Thu Mar  5 14:07:09 2026'],
    ['%C %y %Y', '20 26 2026'],
    ['%d %e %-d %_d', '05  5 5  5'],
    ['%D %x', '03/05/26 03/05/26'],
    ['%F', '2026-03-05'],
    ['%H %I %k %l %-l', '14 02 14  2 2'],
    ['%j %-j %5j', '064 64 00064'],
    ['%L', '042'],
    ['%m %-m %M %S %-S', '03 3 07 09 9'],
    ['%p %P', 'PM pm'],
    ['%q', 'th'],
    ['%r', '02:07:09 PM'],
    ['%R %T %X', '14:07 14:07:09 14:07:09'],
    ['%s', '1772719629'],
    ['%u %w', '4 4'],
    ['%U %W', '09 09'],
    ['%z %:z %Z', '+0000 +00:00 UTC'],
    ['100%% %Q %', '100% %Q %'],
    ['%^a %^B %#p %#B %^c', 'THU MARCH pm MARCH THU MAR  5 14:07:09 2026'],
    ['%n|%t|', '\n|\t|'],
    ['%10A|%010A', '  Thursday|00Thursday'],
    ['%constructor', 'Thu Mar  5 14:07:09 2026onstructor'],
  ])('writes %j as %j', (format, text) => {
    expect(strftime(instant, format)).toBe(text);
  });

  test('shows the time of the zone', () => {
    expect(strftime(instant, '%R %z %:z %Z', berlin)).toBe('15:07 +0100 +01:00 Europe/Berlin');
    const newfoundland = { name: '', offsetAt: () => -210 };
    expect(strftime(instant, '%R %z', newfoundland)).toBe('10:37 -0330');
  });

  test.each([
    ['2026-01-01', '001 00 00 4 4 st'],
    ['2026-01-04', '004 01 00 7 0 th'],
    ['2026-01-05', '005 01 01 1 1 th'],
    ['2026-01-11', '011 02 01 7 0 th'],
    ['2026-02-22', '053 08 07 7 0 nd'],
    ['2026-02-23', '054 08 08 1 1 rd'],
    ['2026-12-31', '365 52 52 4 4 st'],
    ['2024-12-31', '366 52 53 2 2 st'],
  ])('counts the days and weeks up to %s', (day, text) => {
    expect(strftime(Date.parse(`${day}T12:00:00Z`), '%j %U %W %u %w %q')).toBe(text);
  });

  test('writes midnight and noon as twelve', () => {
    expect(strftime(Date.parse('2026-01-01T00:00:00Z'), '%l %p')).toBe('12 AM');
    expect(strftime(Date.parse('2026-01-01T12:00:00Z'), '%I %P')).toBe('12 pm');
  });
});
