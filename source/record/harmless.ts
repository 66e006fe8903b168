/** What is read later in a terminal must do it no more harm than what is shown at once: what servers say ends up in records too. Pure. */

const risky = /[\p{Control}\p{Format}\u{2028}\u{2029}]/gv;

const spelt = (found: string): string => Array.from({length: found.length}, (_, index) => String.raw`\u` + found.charCodeAt(index).toString(16).padStart(4, '0')).join(''); // eslint-disable-line unicorn/prefer-code-point

/** Text in which what a terminal would obey is spelt out as `\u001b`. Lines stay lines, and JSON the same JSON. */
export const harmless = (text: string): string => text.replaceAll(risky, found => found === '\n' || found === '\t' ? found : spelt(found));
