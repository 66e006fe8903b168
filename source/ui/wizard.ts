/** From a server we are logged in to, to a server that is set up: survey, chart, step by step, finish. */
import type {Step} from '../step.js';
import type {Berth} from './berth.js';
import {finishLines} from './finish.js';
import {
	allClaims,
	brokenLines,
	brokenSteps,
	charted,
	surveyed,
} from './opening.js';
import {takeStep, type Left, type Walk} from './one-step.js';
import {isOpen} from './progress.js';
import {Back, type Choice} from './questions.js';
import {summary} from './step-lines.js';
import type {Table} from './table.js';
import {count, indent} from './words.js';

type Course = 'another' | 'claims' | 'finish' | 'stop' | {readonly take: Step};

const openSteps = ({steps}: Berth, {progress, skipped}: Walk): readonly Step[] =>
	steps.filter(({id}) => !skipped.has(id) && progress.steps.some(one => one.step === id && isOpen(one)));

const about = (minutes: number): string => `about ${count(minutes, 'minute')}`;
const explained = ({why, lesson}: Step): string => `${why}\n\n${lesson}`;

const coursesOf = (berth: Berth, walk: Walk): ReadonlyArray<Choice<Course>> => {
	const broken = brokenSteps(berth.steps, walk.progress, berth.before).filter(({id}) => !walk.skipped.has(id));
	const open = openSteps(berth, walk);
	const fresh = open.filter(step => !broken.includes(step));
	const [first] = fresh;
	return [
		...broken.map(step => ({label: `Mend "${step.title}"`, note: about(step.minutes), explains: explained(step), value: {take: step}})),
		...(first ? [{label: `Go on with "${first.title}"`, note: `${count(fresh.length, 'step')} to do, ${about(fresh.reduce((sum, {minutes}) => sum + minutes, 0))}`, explains: explained(first), value: {take: first}}] : []),
		...(open.length === 0 ? [{label: 'Finish', note: 'looks at everything once more', value: 'finish'} as const] : []),
		{label: 'Take another step', note: 'you choose which', value: 'another'},
		{label: 'Show what was found, claim by claim', value: 'claims'},
		...(open.length === 0 ? [] : [{label: 'Stop', note: walk.acted || berth.before.size > 0 ? 'nothing more is done' : 'nothing was changed', value: 'stop'} as const]),
	];
};

const chooseCourse = async (berth: Berth, walk: Walk, table: Table): Promise<Course> => table.questions.choose({
	...(openSteps(berth, walk).length === 0 && walk.skipped.size === 0 && {says: 'All of it holds.'}),
	shows: () => charted(berth.steps, walk.progress, berth.before, walk.skipped, table.look),
	choices: coursesOf(berth, walk),
	default: 1,
});

/** The chart, and the steps behind it. Throws `Back` where the person leaves the chart that way. */
const chooseFrom = async (berth: Berth, walk: Walk, table: Table): Promise<Exclude<Course, 'another'>> => {
	for (;;) {
		const course = await chooseCourse(berth, walk, table);
		if (course !== 'another') {
			return course;
		}

		try {
			return {take: await chooseStep(berth, walk, table)};
		} catch (error) {
			if (!(error instanceof Back)) {
				throw error;
			}
		}
	}
};

const chooseStep = async (berth: Berth, walk: Walk, {questions}: Table): Promise<Step> => questions.choose({
	says: 'Which one?',
	choices: berth.steps.filter(({id}) => walk.progress.steps.some(one => one.step === id && one.ended !== 'unavailable')).map(step => ({
		label: step.title, note: about(step.minutes), explains: explained(step), value: step,
	})),
	default: 1,
});

/** Takes one step after another, in their order, until the person wants the chart or none is left. */
const walkFrom = async (berth: Berth, first: Step, walk: Walk, table: Table): Promise<Left> => {
	walk.skipped.delete(first.id);
	let step: Step | undefined = first;
	while (step) {
		const left = await takeStep(berth, step, walk, table);
		if (left !== 'on') {
			return left;
		}

		const open = openSteps(berth, walk);
		const at = berth.steps.indexOf(step);
		const broken = brokenSteps(berth.steps, walk.progress, berth.before).find(one => open.includes(one));
		step = broken ?? open.find(one => berth.steps.indexOf(one) > at);
	}

	return 'on';
};

const finish = async (berth: Berth, walk: Walk, table: Table): Promise<number | undefined> => {
	const {code, progress} = await berth.check(walk.answers, berth.steps);
	if (progress.steps.length === 0 || code > 1) {
		return code;
	}

	walk.progress = {...progress, actions: walk.progress.actions};
	await berth.stand(progress);
	if (openSteps(berth, walk).length > 0) {
		return undefined;
	}

	const lines = [
		'',
		...indent(summary({...walk.progress, steps: progress.steps.map(step => walk.skipped.has(step.step) && step.planned > 0 ? {...step, ended: 'skipped' as const} : step)}, 'apply'), table.look.columns, ' '),
		...finishLines(progress, berth.ending(progress), table.look),
	];
	for (const line of lines) {
		table.say(line);
	}

	return code;
};

/** Returns the exit code. Throws `Back` where the person leaves the chart that way, which `mayGoBack` allows and nothing was done. */
export const goThrough = async (berth: Berth, table: Table, mayGoBack: boolean): Promise<number> => {
	const {say, look} = table;
	const print = (lines: readonly string[]): void => {
		for (const line of lines) {
			say(line);
		}
	};

	print(['', ...indent(berth.practice ? 'This is the practice droplet: a model of a fresh server, where all may be tried.' : `Logged in to ${berth.name} as ${berth.me.user}.`, look.columns, ' ')]);
	const earlier = await berth.earlier();
	if (earlier) {
		table.recall(earlier);
	}

	const first = await berth.check(berth.known, berth.steps);
	// Nothing was looked at: the reason was told.
	if (first.progress.steps.length === 0 || first.code > 1) {
		return first.code;
	}

	await berth.stand(first.progress);
	const walk: Walk = {
		answers: berth.known, progress: first.progress, hasKey: false, acted: false, skipped: new Set(),
	};
	print(surveyed(berth.name, first.progress, new Date(), look));
	print(brokenLines(brokenSteps(berth.steps, first.progress, berth.before), first.progress, berth.heldAt, new Date(), look));
	for (;;) {
		let course: Exclude<Course, 'another'>;
		try {
			course = await chooseFrom(berth, walk, table);
		} catch (error) {
			// What was done is never left behind without a word.
			if (error instanceof Back && (walk.acted || !mayGoBack)) {
				continue;
			}

			throw error;
		}

		if (course === 'claims') {
			await table.read(allClaims(walk.progress, look));
		} else if (course === 'stop') {
			say(walk.acted ? ' Stopped. Nothing more was done.' : ' Stopped. Nothing was changed.');
			return 0;
		} else {
			const left = typeof course === 'object' ? await walkFrom(berth, course.take, walk, table) : 'on';
			if (typeof left === 'object') {
				return left.code;
			}

			const code = left === 'on' && openSteps(berth, walk).length === 0 ? await finish(berth, walk, table) : undefined;
			if (code !== undefined) {
				return code;
			}
		}
	}
};
