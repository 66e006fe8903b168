/**
Watches the processes of a machine for secrets: argument lists and environments.

Two eyes. One reads /proc over and over and sees what a process shows at that moment; the other has the kernel report every program that is started, however short it lives.
*/
import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readFile, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {must} from '../lab/command.js';
import type {Droplet} from '../lab/lab.js';
import {until} from '../lab/processes.js';
import {readState} from '../lab/record.js';
import type {Needle} from './needles.js';

/** Its first lines are needles; it goes on until the file named by its argument is there. It never holds a needle in its own argument list. */
const sampler = String.raw`
my ($stop) = @ARGV;
my @needles;
while (my $line = <STDIN>) { chomp $line; last if $line eq '.'; push @needles, pack('H*', $line) }
my ($passes, %seen, %found) = (0);
until (-e $stop) {
	opendir(my $proc, '/proc');
	for my $pid (grep { /^\d+$/ && $_ != $$ } readdir $proc) {
		for my $what ('cmdline', 'environ') {
			open(my $file, '<', "/proc/$pid/$what") or next;
			local $/;
			my $text = <$file> // '';
			$seen{"$what $text"} = 1 if $what eq 'cmdline';
			for my $index (0 .. $#needles) {
				next if index($text, $needles[$index]) < 0;
				# the words of one argument list stand apart by zero bytes
				(my $shown = $text) =~ tr/\0/ /;
				$found{"$index $what"} //= substr($shown, 0, 200);
			}
		}
	}
	$passes++;
	# leaves the machine something to do its work with
	select(undef, undef, undef, 0.003);
}
print "passes $passes\nprocesses ", scalar(keys %seen), "\n";
print "found $_ $found{$_}\n" for sort keys %found;
`;

export type Watched = {
	/** What was seen, a line each: which needle, where, in which process. */
	readonly found: readonly string[];
	/** How often /proc was read, and how many argument lists were seen. */
	readonly passes: number;
	readonly processes: number;
};

const hex = (text: string): string => Buffer.from(text).toString('hex');
const named = ({secret, spelling}: Needle): string => `${secret} (${spelling})`;

const readSampler = (out: string, needles: readonly Needle[]): Watched => {
	const number = (name: string): number => Number(new RegExp(String.raw`^${name} (\d+)$`, 'mv').exec(out)?.[1] ?? 0);
	const found = [...out.matchAll(/^found (\d+) (\w+) (.*)$/gmv)].map(([, index, what, text]) => `${named(needles[Number(index)]!)} in ${what}: ${text}`);
	return {found, passes: number('passes'), processes: number('processes')};
};

const inputOf = (needles: readonly Needle[]): string => needles.map(({text}) => `${hex(text)}\n`).join('') + '.\n';

/** Reads /proc of a droplet, as root there, until told to stop. */
export const watchDroplet = async (droplet: Droplet, needles: readonly Needle[]): Promise<{stop: () => Promise<Watched>}> => {
	const stop = '/run/stop-watching';
	await droplet.must(['rm', '-f', stop]);
	const watching = droplet.must(['perl', '-e', sampler, stop], {input: inputOf(needles), seconds: 600});
	watching.catch(() => undefined);
	return {
		async stop() {
			await droplet.must(['touch', stop]);
			return readSampler(await watching, needles);
		},
	};
};

/** Reads /proc of this machine, which shows the droplets' processes too. */
export const watchHere = async (needles: readonly Needle[]): Promise<{stop: () => Promise<Watched>}> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'dropwise-watch-'));
	const stop = path.join(folder, 'stop');
	const watching = must(['perl', '-e', sampler, stop], {input: inputOf(needles), seconds: 600});
	watching.catch(() => undefined);
	return {
		async stop() {
			await must(['touch', stop]);
			const out = await watching;
			await rm(folder, {recursive: true, force: true});
			return readSampler(out, needles);
		},
	};
};

/** Every program started on a droplet from now on, with all its arguments and its whole environment, as the kernel reports it. */
export const watchStarts = async (droplet: Droplet, needles: readonly Needle[]): Promise<{stop: () => Promise<{found: readonly string[]; starts: number}>}> => {
	const folder = await mkdtemp(path.join(tmpdir(), 'dropwise-starts-'));
	const log = path.join(folder, 'log');
	const {init} = await readState(droplet.name) ?? {};
	// What systemd and sshd start are their children, and followed; nobody else starts anything there.
	const parents = [init!.pid, ...(await must(['pgrep', '--ns', String(init!.pid), '--nslist', 'pid', '-x', 'sshd'])).trim().split('\n')];
	const tracer: ChildProcess = spawn('strace', ['-f', '-qq', '-xx', '-v', '-s', '1000000', '-e', 'trace=execve,execveat', '-e', 'signal=none', '-o', log, ...parents.flatMap(pid => ['-p', String(pid)])], {stdio: 'ignore'});
	await until(async () => readFile(`/proc/${init!.pid}/status`, 'utf8').then(text => /^TracerPid:\s+[1-9]/mv.test(text)), 10, 'strace to watch');
	return {
		async stop() {
			await sleep(300);
			tracer.kill('SIGINT');
			await once(tracer, 'close');
			const text = await readFile(log, 'latin1');
			await rm(folder, {recursive: true, force: true});
			return {
				found: needles.filter(({text: one}) => text.includes(hex(one).replaceAll(/../gv, String.raw`\x$&`))).map(needle => named(needle)),
				starts: text.split('\n').filter(line => /\bexecve(?:at)?\(.*= 0$/v.test(line)).length,
			};
		},
	};
};
