/**
 * The line that says what is going on, on a terminal only: in a log it would be noise.
 *
 * @module
 */

const BAR_CELLS = 24;

/** @param {{ isTTY?: boolean, columns?: number, write: (text: string) => unknown }} stream */
export function createProgressLine(stream) {
  const visible = stream.isTTY === true;
  return {
    /**
     * @param {number} fraction of all the work, 0 to 1
     * @param {string} text what is being measured
     */
    show: (fraction, text) => {
      if (!visible) return;
      const full = Math.round(fraction * BAR_CELLS);
      const bar = '█'.repeat(full) + '░'.repeat(BAR_CELLS - full);
      const line = `${bar} ${String(Math.round(fraction * 100)).padStart(3)} %  ${text}`;
      stream.write(`\r\u001b[2K${line.slice(0, (stream.columns ?? 80) - 1)}`);
    },
    clear: () => {
      if (visible) stream.write('\r\u001b[2K');
    },
  };
}
