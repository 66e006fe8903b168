/**
The two constant programs that run on the server, and the one line that starts the carrier. Nothing a person types is ever part of them.
*/
import {readFileSync} from 'node:fs';
import {gzipSync} from 'node:zlib';

/** The shell files stay in `source/server/`; the build runs from `dist/source/server/`. */
const readPart = (name: string): string => readFileSync(new URL(`../../../source/server/${name}.sh`, import.meta.url), 'utf8');

/** Leaves out comments, blank lines and indentation: a third of the bytes. */
const shorten = (text: string): string => text
	.split('\n')
	.map(line => line.replace(/^\t+/, ''))
	.filter(line => line !== '' && !line.startsWith('#'))
	.join('\n') + '\n';

const assemble = (parts: readonly string[]): string => parts.map(part => shorten(readPart(part))).join('');

const once = (make: () => string): (() => string) => {
	let made: string | undefined;
	return () => {
		made ??= make();
		return made;
	};
};

/** Runs facts and orders, writes files. Served by a connection, or called as `sh carrier run ID`. */
export const carrierProgram = once(() => assemble(['common', 'files', 'look', 'lease', 'orders', 'runner', 'follow', 'hook', 'firewall-rules', 'running', 'arm-guard', 'carrier', 'start']));

/** Puts back what was done under a guard: `sh revert timer`, `sh revert boot`, `sh revert now WHY`. */
export const revertProgram = once(() => assemble(['common', 'files', 'hook', 'firewall-rules', 'running', 'revert']));

/** The carrier as the single line that the bootstrap waits for. */
export const packedCarrier = once(() => gzipSync(carrierProgram(), {level: 9}).toString('base64') + '\n');

/**
Says who it is (user number, host keys), then waits for one line with the program. Without a backslash or an exclamation mark, so that every log-in shell hands it on as it is. `read` takes byte by byte and leaves what comes behind the line to the program.
*/
const bootstrap = [
	'export SSH_CONNECTION="$1"',
	'set --',
	'echo',
	'echo "dropwise-carrier 1 $(id -u)"',
	'cat /etc/ssh/ssh_host_*_key.pub 2>/dev/null',
	'echo dropwise-ready',
	'IFS= read -r line',
	'program=$(printf %s "$line" | base64 -d | gzip -dc)',
	'eval "$program"',
].join('; ');

/** The command for an SSH channel; `become` is nothing, or sudo with its options. */
export const bootstrapCommand = (become: string): string => `${become}env LC_ALL=C sh -c '${bootstrap}' dropwise "$SSH_CONNECTION"`;
