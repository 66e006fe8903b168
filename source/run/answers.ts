import {readFile} from 'node:fs/promises';
import type {
	AllAnswers,
	Ask,
	ServerInfo,
	Step,
} from '../step.js';
import {expectedBy} from '../ui/read-answer.js';
import {meant} from '../did-you-mean.js';
import {UsageError} from '../usage-error.js';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const asksOf = ({asks = {}}: Step): Readonly<Record<string, Ask<unknown>>> => asks as Record<string, Ask<unknown>>;

/** One answer of those there are. */
const exampleOf = (steps: readonly Step[]): string => {
	for (const step of steps) {
		for (const [field, {example}] of Object.entries(asksOf(step))) {
			if (example !== undefined) {
				return `for example ${JSON.stringify({[step.id]: {[field]: example}}).replaceAll(':', ': ')}`;
			}
		}
	}

	return 'for example {}';
};

/** Checks answers, however they came. `where` names their source in each sentence. */
export const checkAnswers = (given: unknown, steps: readonly Step[], where: string): AllAnswers => {
	const example = exampleOf(steps);
	if (!isObject(given)) {
		throw new UsageError(`${where} is to hold one object with a field for each step, ${example}.`);
	}

	for (const [id, fields] of Object.entries(given)) {
		const step = steps.find(one => one.id === id);
		if (!step) {
			throw new UsageError(`${where} answers for a step ${JSON.stringify(id)}, which does not exist.${meant(id, steps.map(one => one.id))} The steps are ${steps.map(one => one.id).join(', ')}.`);
		}

		if (!isObject(fields)) {
			throw new UsageError(`${where}: ${id} is to be an object, ${example}.`);
		}

		const asks = asksOf(step);
		for (const [field, value] of Object.entries(fields)) {
			const ask = Object.hasOwn(asks, field) ? asks[field] : undefined;
			if (!ask) {
				const names = Object.keys(asks);
				throw new UsageError(`${where}: ${id} has no field ${JSON.stringify(field)}.${meant(field, names)} ${names.length === 0 ? 'It asks nothing.' : `It has ${names.join(', ')}.`}`);
			}

			const result = ask.schema.safeParse(value);
			if (!result.success) {
				const at = result.error.issues[0]?.path.map(part => `[${String(part)}]`).join('') ?? '';
				throw new UsageError(`${where}: ${id}.${field}${at} cannot be ${JSON.stringify(value)}: expected ${expectedBy(result.error)}.`);
			}
		}
	}

	return given as AllAnswers;
};

/** Reads the file of `--answers`. */
export const readAnswers = async (file: string | undefined, steps: readonly Step[]): Promise<AllAnswers> => {
	if (file === undefined) {
		return {};
	}

	const example = exampleOf(steps);
	let text: string;
	try {
		text = await readFile(file, 'utf8');
	} catch (error) {
		throw new UsageError(`The answers file ${JSON.stringify(file)} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}): expected a JSON file, ${example}.`);
	}

	let given: unknown;
	try {
		given = JSON.parse(text);
	} catch (error) {
		throw new UsageError(`The answers file ${JSON.stringify(file)} is not JSON (${(error as Error).message}): expected ${example.slice(12)} or the like.`);
	}

	return checkAnswers(given, steps, file);
};

/** Given answers first, then the record's where they still fit, then the steps' defaults. `missing` names what has none. */
export const fillIn = (given: AllAnswers, recorded: AllAnswers, steps: readonly Step[], me: ServerInfo['me']): {readonly answers: AllAnswers; readonly missing: readonly string[]} => {
	const missing: string[] = [];
	const answers = Object.fromEntries(steps.map(step => [step.id, Object.fromEntries(Object.entries(asksOf(step)).flatMap(([field, ask]) => {
		const candidates = [given[step.id]?.[field], recorded[step.id]?.[field], ask.default?.({me})];
		const fitting = candidates.find(value => value !== undefined && ask.schema.safeParse(value).success);
		if (fitting === undefined) {
			missing.push(`${step.id}.${field}`);
			return [];
		}

		return [[field, ask.schema.parse(fitting)]];
	}))]));
	return {answers, missing};
};

/** The steps to take: all, or those of `--steps`, in their own order. */
export const chooseSteps = (all: readonly Step[], wanted: readonly string[] | undefined): readonly Step[] => {
	const ids = all.map(({id}) => id);
	for (const id of wanted ?? []) {
		if (!ids.includes(id)) {
			throw new UsageError(`There is no step ${JSON.stringify(id)}.${meant(id, ids)} The steps are ${ids.join(', ')}.`);
		}
	}

	return wanted === undefined ? all : all.filter(({id}) => wanted.includes(id));
};
