import type {z} from 'zod';

/** Readings of a typed line, the plainest first. */
const readings = (text: string): readonly unknown[] => {
	const none = /^(?:none|no|nothing|-)?$/i.test(text);
	const words = text.split(/[\s,]+/).filter(Boolean);
	const numbers = words.every(word => /^\d+$/.test(word)) ? words.map(Number) : undefined;
	return [
		...(none ? [[]] : []),
		text,
		...(numbers?.length === 1 ? [numbers[0]] : []),
		...(numbers ? [numbers] : []),
		words,
		...(/^(?:y|yes|n|no)$/i.test(text) ? [/^y/i.test(text)] : []),
	];
};

/** What a value should have been, in words. The steps word their own; zod's are rough. */
export const expectedBy = (error: z.ZodError): string => {
	const message = error.issues[0]?.message ?? 'something else';
	const rough = /^Invalid input: expected (\w+)/.exec(message)?.[1];
	return rough === undefined
		? message
		: ({
			array: 'a list', string: 'text in quotation marks', number: 'a number', boolean: 'true or false',
		}[rough] ?? rough);
};

/** Turns a typed line into the value that a question expects. */
export const readTyped = <T>(text: string, schema: z.ZodType<T>): {readonly value: T} | {readonly wrong: string} => {
	let closest: z.ZodError | undefined;
	for (const reading of readings(text)) {
		const result = schema.safeParse(reading);
		if (result.success) {
			return {value: result.data};
		}

		// The reading that fits best fails deepest inside.
		const depth = (error: z.ZodError): number => error.issues[0]?.path.length ?? 0;
		closest = closest && depth(closest) >= depth(result.error) ? closest : result.error;
	}

	return {wrong: `${JSON.stringify(text)} cannot be used: expected ${closest ? expectedBy(closest) : 'something else'}.`};
};

/** A value as a person would type it. */
export const spelled = (value: unknown): string => {
	if (Array.isArray(value)) {
		return value.length === 0 ? 'none' : value.join(', ');
	}

	return String(value);
};
