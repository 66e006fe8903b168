import type {Machine} from './state.js';

const kernels = {'ubuntu-14.04': '3.13.0-170-generic', 'debian-13': '6.12.48+deb13-cloud-amd64'} as const;

export const kernelOf = ({droplet}: Machine): string => kernels[droplet.level];

const meminfo = ({droplet}: Machine): string => {
	const total = droplet.memoryMiB * 1024;
	const line = (name: string, kib: number) => `${`${name}:`.padEnd(16)}${String(kib).padStart(8)} kB\n`;
	const available = droplet.level === 'ubuntu-14.04' ? '' : line('MemAvailable', Math.floor(total * 0.8));
	return line('MemTotal', total) + line('MemFree', Math.floor(total * 0.6)) + available + line('Buffers', 12_000) + line('Cached', 120_000) + line('SwapTotal', 0) + line('SwapFree', 0);
};

/** The files that the kernel makes up when they are read. */
export const virtualFile = (machine: Machine, file: string): string | undefined => {
	const {droplet, now} = machine;
	switch (file) {
		case '/proc/sys/kernel/random/boot_id': {
			return `${droplet.boot.id}\n`;
		}

		case '/proc/uptime': {
			const seconds = (now - droplet.boot.at) / 1000;
			return `${seconds.toFixed(2)} ${(seconds * 0.98).toFixed(2)}\n`;
		}

		case '/proc/meminfo': {
			return meminfo(machine);
		}

		case '/proc/sys/net/ipv4/ip_forward': {
			return droplet.forwarding ? '1\n' : '0\n';
		}

		case '/proc/swaps': {
			return 'Filename\t\t\t\tType\t\tSize\tUsed\tPriority\n';
		}

		default: {
			return undefined;
		}
	}
};
