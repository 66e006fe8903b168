/** The steps there are: every file in `steps/`, in the order of their numbers. Adding a step is adding a file. */
import {readdir} from 'node:fs/promises';
import type {Step} from '../step.js';

const folder = new URL('../../steps/', import.meta.url);

/** Loads all steps. Throws where a step names one that does not come before it. */
export const loadSteps = async (): Promise<readonly Step[]> => {
	const names = (await readdir(folder)).filter(name => /^\d\d-[a-z-]+\.js$/.test(name)).toSorted();
	const modules = await Promise.all(names.map(async name => import(new URL(name, folder).href) as Promise<{default: Step}>));
	const steps = modules.map(module => module.default);
	for (const [index, step] of steps.entries()) {
		const unknown = [...step.after ?? [], ...step.needs ?? []].find(id => !steps.slice(0, index).some(one => one.id === id));
		if (unknown) {
			throw new Error(`${names[index]!} names ${unknown}, which does not come before it`);
		}
	}

	return steps;
};
