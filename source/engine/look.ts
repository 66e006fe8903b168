/** Looking: all facts of all steps in two round trips, whatever their number. */
import type {
	Context,
	Fact,
	Lookup,
	Question,
	Reading,
	Step,
} from '../step.js';
import type {Server} from '../server/server.js';

/** What a step found out, or why it could not. */
export type Facts = {readonly found: Readonly<Record<string, unknown>>} | {readonly unreadable: string};
export type AllFacts = ReadonlyMap<string, Facts>;

const bare = (fact: Fact<unknown>): Question => ('file' in fact
	? {file: fact.file}
	: {argv: fact.argv, ...(fact.seconds === undefined ? {} : {seconds: fact.seconds}), ...(fact.stdin === undefined ? {} : {stdin: fact.stdin})});
const keyOf = (fact: Fact<unknown>): string => JSON.stringify(bare(fact));

const isList = (value: unknown): value is ReadonlyArray<Fact<unknown>> => Array.isArray(value);
const listOf = (lookup: Lookup): ReadonlyArray<Fact<unknown>> => Object.values(lookup).flatMap(one => (isList(one) ? [...one] : [one as Fact<unknown>]));

/** Asks every distinct question of several lookups once, and returns the readings by question. */
export const ask = async (server: Pick<Server, 'look'>, lookups: readonly Lookup[]): Promise<ReadonlyMap<string, Reading>> => {
	const questions = new Map(lookups.flatMap(lookup => listOf(lookup)).map(fact => [keyOf(fact), bare(fact)]));
	if (questions.size === 0) {
		return new Map();
	}

	const readings = await server.look([...questions.values()]);
	return new Map([...questions.keys()].map((key, index) => [key, readings[index]!]));
};

/** Reads a lookup's values out of the answers. Throws what a parser throws. */
export const read = (lookup: Lookup, readings: ReadonlyMap<string, Reading>): Record<string, unknown> => {
	const value = (fact: Fact<unknown>): unknown => fact.parse(readings.get(keyOf(fact))!);
	return Object.fromEntries(Object.entries(lookup).map(([name, one]) => [name, isList(one) ? one.map(fact => value(fact)) : value(one as Fact<unknown>)]));
};

const attempt = (make: () => Record<string, unknown>): Facts => {
	try {
		return {found: make()};
	} catch (error) {
		return {unreadable: (error as Error).message};
	}
};

/** Looks at everything the steps ask for: one round trip for `look`, one for `deeper` where any step has one. */
export const look = async (server: Pick<Server, 'look'>, steps: readonly Step[], contextOf: (step: Step) => Context, prefetched?: ReadonlyMap<string, Reading>): Promise<AllFacts> => {
	const lookups = new Map(steps.map(step => [step, step.look(contextOf(step)) as Lookup]));
	const first = prefetched ?? await ask(server, [...lookups.values()]);
	const shallow = new Map(steps.map(step => [step, attempt(() => read(lookups.get(step)!, first))]));
	const deeper = new Map(steps.flatMap(step => {
		const facts = shallow.get(step)!;
		return step.deeper && 'found' in facts ? [[step, step.deeper(facts.found as never, contextOf(step)) as Lookup] as const] : [];
	}));
	const second = await ask(server, [...deeper.values()]);
	return new Map(steps.map(step => {
		const facts = shallow.get(step)!;
		const more = deeper.get(step);
		return [step.id, more && 'found' in facts ? attempt(() => ({...facts.found, ...read(more, second)})) : facts];
	}));
};
