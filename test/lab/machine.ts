import {container} from './machine-container.js';
import {neighbourMachine} from './machine-neighbour.js';
import {type Record} from './record.js';

/** What a keeper has to know to run one kind of droplet. */
export type Machine = {
	/** Makes its disk; once. */
	prepare: () => Promise<void>;
	/** One boot: runs until the power is off. */
	argv: readonly string[];
	environment: {[name: string]: string};
	/** The process whose namespaces are the droplet's, given the process started by `argv`. */
	init: (pid: number) => Promise<number | undefined>;
	/** Called when `init` is there. */
	booted?: (init: number) => Promise<void>;
	/** The exit code that asks for another boot. */
	rebootsWith?: number;
};

export const machineFor = (record: Record): Machine => {
	switch (record.kind) {
		case 'container': {
			return container(record);
		}

		case 'neighbour': {
			return neighbourMachine(record);
		}

		case 'vm': {
			throw new Error('not yet');
		}
	}
};
