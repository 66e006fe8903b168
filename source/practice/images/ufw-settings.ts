/*
ufw's settings and first lists as its package leaves them: what ufw and the steps read, in our own words.
*/
export const userRules = `*filter
:ufw-user-input - [0:0]
:ufw-user-output - [0:0]
:ufw-user-forward - [0:0]
:ufw-user-limit - [0:0]
:ufw-user-limit-accept - [0:0]
### RULES ###
-A ufw-user-limit -m limit --limit 3/minute -j LOG --log-prefix "[UFW LIMIT BLOCK] "
-A ufw-user-limit -j REJECT
-A ufw-user-limit-accept -j ACCEPT
COMMIT
`;

export const user6Rules = `*filter
:ufw6-user-input - [0:0]
:ufw6-user-output - [0:0]
:ufw6-user-forward - [0:0]
### RULES ###
COMMIT
`;

export const ufwConf = `# Whether the firewall starts with the server, and how much it writes down (practice)
ENABLED=no
LOGLEVEL=low
`;

/** What ufw tells the kernel whenever it starts. */
export const sysctlConf = `# What ufw tells the kernel at each start (practice)
net/ipv4/conf/all/accept_redirects=0
net/ipv4/conf/default/accept_redirects=0
net/ipv6/conf/all/accept_redirects=0
net/ipv6/conf/default/accept_redirects=0
net/ipv4/icmp_echo_ignore_broadcasts=1
net/ipv4/icmp_ignore_bogus_error_responses=1
net/ipv4/icmp_echo_ignore_all=0
net/ipv4/conf/all/log_martians=0
net/ipv4/conf/default/log_martians=0
`;

/** /etc/default/ufw. 0.34 loads helpers that later versions leave out. */
export const defaultUfw = (old: boolean): string => `# What the firewall does with what no rule names (practice)
IPV6=yes
DEFAULT_INPUT_POLICY="DROP"
DEFAULT_OUTPUT_POLICY="ACCEPT"
DEFAULT_FORWARD_POLICY="DROP"
DEFAULT_APPLICATION_POLICY="SKIP"
MANAGE_BUILTINS=no
IPT_SYSCTL=/etc/ufw/sysctl.conf
IPT_MODULES="${old ? 'nf_conntrack_ftp nf_nat_ftp nf_conntrack_netbios_ns' : ''}"
`;

/** A name for a port, as packages bring them. */
export const openSshProfile = `[OpenSSH]
title=SSH
description=The door one logs in by
ports=22/tcp
`;

/** Where own commands can be put that run when the firewall starts and stops. Not executable, and so not run. */
export const hook = '#!/bin/sh\n# Own commands for start and stop; run only once this file is executable (practice).\nexit 0\n';
