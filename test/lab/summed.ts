import {resultsIn} from './results.js';

/** A part of the gate: a command, how it ended, and what it printed. */
export type Part = {readonly name: string; readonly code: number; readonly seconds: number; readonly output: string};

/** Failed tests named at most; with the other lines that makes twenty. */
const most = 12;
const width = 180;

/** What an ordinary command complains of: its first line that speaks of an error, or its last. */
const complaint = (output: string): string => {
	const lines = output.split('\n').map(line => line.trim()).filter(Boolean);
	return lines.find(line => /(?:^|\W)(?:error|err!|✖)(?:\W|$)/iv.test(line)) ?? lines.at(-1) ?? 'it said nothing';
};

/** The last lines of the gate. A part that failed without a failed test counts as one. */
export const summed = (parts: readonly Part[]): {readonly lines: readonly string[]; readonly failed: number} => {
	const results = parts.map(part => ({part, all: resultsIn(part.output)}));
	const passed = results.reduce((sum, {all}) => sum + all.filter(one => one.passed).length, 0);
	const failures = results.flatMap(({part, all}) => {
		const failed = all.filter(one => !one.passed);
		return failed.length === 0 && part.code !== 0
			? [`✘ ${part.name}: ended with ${part.code}: ${complaint(part.output)}`]
			: failed.map(({title, reason}) => `✘ ${part.name}: ${title}${reason === '' ? '' : `: ${reason}`}`);
	});
	const flaky = results.flatMap(({part}) => part.output.split('\n').filter(line => line.startsWith('  ~ flaky: ')).map(line => line.trim()));
	const shown = [...failures, ...flaky];
	return {
		failed: failures.length,
		lines: [
			'',
			`${parts.map(({name, seconds}) => `${name} ${(seconds / 60).toFixed(1)} min`).join(', ')}; ${(parts.reduce((sum, {seconds}) => sum + seconds, 0) / 60).toFixed(1)} min in all`,
			...shown.slice(0, most).map(line => line.slice(0, width)),
			...shown.length > most ? [`… and ${shown.length - most} more, above`] : [],
			`${passed} passed, ${failures.length} failed`,
		],
	};
};
