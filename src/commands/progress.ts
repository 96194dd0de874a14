import process from 'node:process';

const WIDTH = 30;
const LINE_EVERY_MS = 5000;

/** Shows how many of all are done: a bar on a terminal, a line now and then elsewhere. Called again and again. */
export function showProgress(all: number): (done: number, isEnd: boolean) => void {
  const { stdout } = process;
  let saidAt = 0;
  return (done, isEnd) => {
    if (all === 0) return;
    const count = `${done}/${all} 天 · days`;
    if (stdout.isTTY) {
      const full = Math.round((WIDTH * done) / all);
      stdout.write(`\r[${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}] ${count}${isEnd ? '\n' : ''}`);
    } else if (isEnd || Date.now() - saidAt >= LINE_EVERY_MS) {
      saidAt = Date.now();
      stdout.write(`${count}\n`);
    }
  };
}
