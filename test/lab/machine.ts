import {container} from './container.js';
import {namespace} from './network-namespace.js';
import {type DropletRecord} from './record.js';
import {virtualMachine} from './virtual-machine.js';

/** What a keeper has to know to run one kind of droplet. */
export type Machine = {
	/** Makes its disk; once. */
	prepare: () => Promise<void>;
	/** One boot: runs until the power is off. */
	argv: readonly string[];
	environment: Record<string, string>;
	/** The process whose namespaces are the droplet's, given the process started by `argv`. */
	init: (pid: number) => Promise<number | undefined>;
	/** Called when `init` is there. */
	booted?: (init: number) => Promise<void>;
	/** The exit code that asks for another boot. */
	rebootsWith?: number;
};

export const machineFor = async (record: DropletRecord): Promise<Machine> => {
	switch (record.kind) {
		case 'container': {
			return container(record);
		}

		case 'neighbour': {
			return namespace(record);
		}

		case 'vm': {
			return virtualMachine(record);
		}
	}
};
