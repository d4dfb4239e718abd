/**
 * Figures as people read them.
 *
 * @module
 */

const TIME_UNITS = [
  { ns: 1e9, name: 's' },
  { ns: 1e6, name: 'ms' },
  { ns: 1e3, name: 'µs' },
  { ns: 1, name: 'ns' },
];

/**
 * A duration with three significant digits: `46.1 µs`.
 *
 * @param {number} nanoseconds
 */
export function formatTime(nanoseconds) {
  const unit = TIME_UNITS.find(({ ns }) => nanoseconds >= ns) ?? { ns: 1, name: 'ns' };
  return `${formatNumber(nanoseconds / unit.ns)} ${unit.name}`;
}

/**
 * A ratio with two significant digits: `2.1×`, `0.75×`, `45×`.
 *
 * @param {number} ratio
 */
export function formatRatio(ratio) {
  if (ratio >= 10) return `${Math.round(ratio).toLocaleString('en')}×`;
  return `${ratio.toFixed(ratio < 1 ? 2 : 1)}×`;
}

/**
 * The middle half of the ratios: `2.0–2.2`.
 *
 * @param {import('../types.js').Spread} ratio
 */
export function formatRatioRange(ratio) {
  const digits = ratio.median >= 10 ? 0 : ratio.median < 1 ? 2 : 1;
  return `${ratio.low.toFixed(digits)}–${ratio.high.toFixed(digits)}`;
}

/**
 * Half the width of the middle half, as a share of the median: `±4%`.
 *
 * @param {import('../types.js').Spread} spread
 */
export function formatHalfWidth({ median, low, high }) {
  return `±${Math.round(((high - low) / 2 / median) * 100)}%`;
}

/**
 * A share of a whole: `0.4%`, `12%`.
 *
 * @param {number} share from 0 to 1
 */
export function formatShare(share) {
  const percent = share * 100;
  return `${percent.toFixed(percent < 10 ? 1 : 0)}%`;
}

/**
 * A size: `26.4 KiB`.
 *
 * @param {number} bytes
 */
export function formatBytes(bytes) {
  const magnitude = Math.abs(bytes);
  if (magnitude >= 1_048_576) return `${formatNumber(bytes / 1_048_576)} MiB`;
  if (magnitude >= 1_024) return `${formatNumber(bytes / 1_024)} KiB`;
  return `${Math.round(bytes)} B`;
}

/**
 * Three significant digits, without an exponent.
 *
 * @param {number} value
 */
function formatNumber(value) {
  const magnitude = Math.abs(value);
  if (magnitude >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(magnitude >= 10 ? 1 : 2);
}
