import type {Fact} from '../step.js';
import {Unreadable} from './files.js';

/** Whether a package of the distribution is installed. */
export const installed = (name: string): Fact<boolean> => ({
	argv: ['dpkg-query', '-W', '-f', '${Status}', name],
	parse({outcome, code, out}) {
		if (outcome !== 'ran') {
			throw new Unreadable(`whether ${name} is installed could not be asked: ${outcome}`);
		}

		return code === 0 && out.endsWith(' installed');
	},
});
