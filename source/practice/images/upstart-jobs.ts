/** What upstart goes by on 14.04: when a job starts and stops, in our own words. */
export const sshJob = `# Lets people in over SSH (practice)
description "sshd"
start on runlevel [2345]
stop on runlevel [!2345]
respawn
exec /usr/sbin/sshd -D
`;

export const ufwJob = `# Puts the firewall's rules in before any network is there (practice)
description "ufw"
start on (starting network-interface
          or starting network-manager
          or starting networking)
stop on runlevel [!023456]
pre-start exec /lib/ufw/ufw-init start quiet
post-stop exec /lib/ufw/ufw-init stop
`;
