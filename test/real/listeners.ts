/** Programs that listen on a droplet besides sshd, as on the practice droplet: one that everybody could reach, one for the server itself alone. */
import type {Droplet} from '../lab/lab.js';

/** Accepts on each address and closes at once; without accepting, a few calls would fill the queue and look like silence. */
const program = `use IO::Socket::IP;
my ($port, @addresses) = @ARGV;
for my $address (@addresses) {
	next if fork;
	my $socket = IO::Socket::IP->new(LocalHost => $address, LocalPort => $port, Listen => 64, ReuseAddr => 1, V6Only => 1, Proto => 'tcp') or die "$address: $@";
	while (my $caller = $socket->accept) { close $caller }
	exit 1;
}
wait for @addresses;
`;

const listen = async (droplet: Droplet, name: string, port: number, addresses: readonly string[]): Promise<void> => {
	const folder = `/opt/${name}`;
	await droplet.write(`${folder}/program`, program);
	// ss names a program by its file.
	await droplet.must(['cp', '/usr/bin/perl', `${folder}/${name}`]);
	await droplet.write(`/etc/systemd/system/${name}.service`, `[Service]\nExecStart=${folder}/${name} ${folder}/program ${port} ${addresses.join(' ')}\n[Install]\nWantedBy=multi-user.target\n`);
	await droplet.must(['systemctl', 'enable', '--now', `${name}.service`]);
};

/** Everybody could reach this port, were there no firewall. */
export const listensForAll = async (droplet: Droplet, name: string, port: number): Promise<void> => listen(droplet, name, port, ['0.0.0.0', '::']);
export const listensForItself = async (droplet: Droplet, name: string, port: number): Promise<void> => listen(droplet, name, port, ['127.0.0.1']);
