/** What a start of the server has not done yet, or asks to be done again. */
import type {Fact, FileFact} from '../step.js';
import {Unreadable, file} from './files.js';

/** The id of this start: another one proves a restart. */
export const bootId: Fact<string> = {
	argv: ['cat', '/proc/sys/kernel/random/boot_id'],
	parse({outcome, code, out}) {
		if (outcome !== 'ran' || code !== 0) {
			throw new Unreadable('the boot\'s id could not be read');
		}

		return out.trim();
	},
};

/** Why a restart is due; empty where none is. */
export const restartReasons = (required: FileFact, packages: FileFact, kernels: readonly string[]): readonly string[] => [
	...(required.content === undefined ? [] : [`the system asks for it${packages.content === undefined ? '' : `: ${[...new Set(packages.content.split('\n').filter(Boolean))].join(', ')}`}`]),
	...kernels.map(kernel => `the kernel ${kernel.replace(/^vmlinuz-/, '')} was installed after the last start`),
];

/** What Debian and Ubuntu write where an upgrade asks for a restart; gone with the next start. */
export const restartRequired = file('/run/reboot-required');
export const restartPackages = file('/run/reboot-required.pkgs');

/** Kernels that were installed after this start. Proc is mounted by each start, so its time is the start's; a kernel's number says less, for the same may be built anew. */
export const newKernels: Fact<readonly string[]> = {
	argv: ['find', '/boot', '-maxdepth', '1', '-name', 'vmlinuz-*', '-cnewer', '/proc', '-printf', String.raw`%f\n`],
	parse({outcome, code, out, err}) {
		if (outcome !== 'ran' || (code !== 0 && !err.includes('No such file or directory'))) {
			throw new Unreadable(`the kernels in /boot could not be listed: ${err.trim() || outcome}`);
		}

		return out.split('\n').filter(Boolean).toSorted();
	},
};

/** cloud-init's notes: that it began, and that it ended. Both are gone with each start. */
export const cloudInitBegan = file('/run/cloud-init/status.json');
export const cloudInitEnded = file('/run/cloud-init/result.json');
