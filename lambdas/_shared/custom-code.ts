/** For functions that run, or check, the JavaScript of journeys. */
import { quickjsCodeRunner } from '../../lib/adapters/quickjs/code-runner.ts';
import type { Part } from './engine.ts';
import { findSetting } from './read-setting.ts';

export const customCode: Part = ({ clock }) =>
  findSetting('customCode') === 'off' ? {} : { code: quickjsCodeRunner({ clock }) };
