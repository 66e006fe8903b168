/** Programs that listen on a droplet besides sshd, as on the practice droplet: one that everybody could reach, one for the server itself alone. */
import type {Droplet} from '../lab/lab.js';

/** Accepts on each address and closes at once; without accepting, a few calls would fill the queue and look like silence. What started it goes on only once it listens on all of them: then the one that was started ends, and leaves the work to its child. */
const program = `use IO::Select;
use IO::Socket::IP;
my ($port, @addresses) = @ARGV;
my @sockets = map {
	IO::Socket::IP->new(LocalHost => $_, LocalPort => $port, Listen => 64, ReuseAddr => 1, V6Only => 1, Proto => 'tcp') or die "$_: $@"
} @addresses;
exit 0 if fork;
my $listening = IO::Select->new(@sockets);
while (my @ready = $listening->can_read) {
	for my $socket (@ready) {
		my $caller = $socket->accept or next;
		close $caller;
	}
}
`;

const listen = async (droplet: Droplet, name: string, port: number, addresses: readonly string[]): Promise<void> => {
	const folder = `/opt/${name}`;
	await droplet.write(`${folder}/program`, program);
	// ss names a program by its file.
	await droplet.must(['cp', '/usr/bin/perl', `${folder}/${name}`]);
	await droplet.write(`/etc/systemd/system/${name}.service`, `[Service]\nType=forking\nExecStart=${folder}/${name} ${folder}/program ${port} ${addresses.join(' ')}\n[Install]\nWantedBy=multi-user.target\n`);
	await droplet.must(['systemctl', 'enable', '--now', `${name}.service`]);
};

/** Everybody could reach this port, were there no firewall. */
export const listensForAll = async (droplet: Droplet, name: string, port: number): Promise<void> => listen(droplet, name, port, ['0.0.0.0', '::']);
export const listensForItself = async (droplet: Droplet, name: string, port: number): Promise<void> => listen(droplet, name, port, ['127.0.0.1']);
