/** A carrier on this machine, without root and without SSH: in a scratch directory, under a shell of choice. */
import process from 'node:process';
import {execFileSync, spawn} from 'node:child_process';
import {
	mkdirSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {Carrier} from '../../source/server/carrier.js';
import {carrierProgram} from '../../source/server/program.js';

/** `sh` as it is on servers: dash, and bash in the two ways it stands in for sh. */
export const shells = ['dash', 'bash', 'bash-as-sh'] as const;
export type Shell = typeof shells[number];

const where = (name: string): string => {
	try {
		return execFileSync('which', [name], {encoding: 'utf8'}).trim();
	} catch {
		throw new Error(`These tests need ${name}, which is not installed here`);
	}
};

export type Place = {root: string; bin: string; env: Record<string, string>; sh: string; boot: (id: string) => void; remove: () => void};

/** A scratch directory with the server's folders, and `sh` being the shell that is tried. */
export const makePlace = (shell: Shell): Place => {
	const root = mkdtempSync(path.join(tmpdir(), 'dropwise-'));
	const bin = path.join(root, 'bin');
	for (const folder of ['bin', 'run', 'var/lib', 'etc/init', 'etc/systemd/system', 'proc/sys/kernel/random', 'files']) {
		mkdirSync(path.join(root, folder), {recursive: true});
	}

	const sh = path.join(bin, 'sh');
	if (shell === 'bash-as-sh') {
		symlinkSync(where('bash'), sh);
	} else if (shell === 'bash') {
		writeFileSync(sh, `#!/bin/sh\nexec ${where('bash')} --posix "$@"\n`, {mode: 0o755});
	} else {
		symlinkSync(where('dash'), sh);
	}

	symlinkSync('/proc/uptime', path.join(root, 'proc/uptime'));
	const boot = (id: string): void => {
		writeFileSync(path.join(root, 'proc/sys/kernel/random/boot_id'), id + '\n');
	};

	boot('boot-1');
	writeFileSync(path.join(root, 'proc/sys/kernel/random/uuid'), '4f3c1f0e-0000-4000-8000-000000000001\n');
	return {
		root, bin, sh, boot,
		env: {DROPWISE_ROOT: root, DROPWISE_PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`},
		remove() {
			rmSync(root, {recursive: true, force: true});
		},
	};
};

export type Local = {carrier: Carrier; cut: () => void; ended: Promise<unknown>};

/** Starts a carrier there. `cut` is the end of the connection. */
export const startCarrier = (place: Place): Local => {
	const child = spawn(place.sh, ['-c', 'program=$PROGRAM; unset PROGRAM; eval "$program"'], {
		env: {
			...process.env, ...place.env, LC_ALL: 'C', PROGRAM: carrierProgram(),
		},
	});
	return {
		carrier: new Carrier(child.stdin, child.stdout, child.stderr),
		cut() {
			child.stdin.end();
		},
		ended: new Promise(resolve => {
			child.once('exit', resolve);
		}),
	};
};
