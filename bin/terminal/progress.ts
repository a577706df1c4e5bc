/** Progress of long work: a bar where there is a terminal, a line every tenth elsewhere. */
import { progress as bar } from '@clack/prompts';

export interface Progress {
  /** @param done of the total */
  to(done: number, message: string): void;
  end(message: string): void;
}

export function startProgress(total: number, message: string): Progress {
  return process.stdout.isTTY ? withBar(total, message) : withLines(total, message);
}

function withBar(total: number, message: string): Progress {
  const shown = bar({ max: total, style: 'heavy' });
  let at = 0;
  shown.start(message);
  return {
    to: (done, text) => {
      shown.advance(done - at, text);
      at = done;
    },
    end: (text) => shown.stop(text),
  };
}

const tenths = 10;

function withLines(total: number, message: string): Progress {
  let tenth = 0;
  process.stdout.write(`${message}\n`);
  return {
    to: (done, text) => {
      const now = Math.floor((done / total) * tenths);
      if (now <= tenth) return;
      tenth = now;
      process.stdout.write(`  ${String(tenth * 10).padStart(3)} %  ${text}\n`);
    },
    end: (text) => void process.stdout.write(`${text}\n`),
  };
}
