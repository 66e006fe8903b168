import type {Droplet} from '../lab/lab.js';
import {listensForAll, listensForItself} from './listeners.js';

/** Makes of the lab's droplet what the practice droplet models: a provider's image, before anybody installed anything, and what somebody left running. */
export const likePractice = async (droplet: Droplet): Promise<void> => {
	await droplet.must(['dpkg', '--purge', '--force-depends', 'iptables']);
	await droplet.write('/etc/ssh/sshd_config.d/50-cloud-init.conf', 'PasswordAuthentication yes\n', '0600');
	await listensForAll(droplet, 'python3', 8080);
	await listensForItself(droplet, 'redis-server', 6379);
};
