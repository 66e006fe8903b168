/*
sshd's settings on a fresh server: the keywords that trixie's and 14.04's packages set, in their order, in our own words, and what a provider makes of them: root gets in with the password it mailed.
*/

export const sshdConfigTrixie = `# How sshd lets people in (practice). The first word on a matter counts.
Include /etc/ssh/sshd_config.d/*.conf

PermitRootLogin yes
KbdInteractiveAuthentication no
UsePAM yes

X11Forwarding yes
PrintMotd no
AcceptEnv LANG LC_* COLORTERM NO_COLOR
Subsystem	sftp	/usr/lib/openssh/sftp-server
`;

export const sshdConfigTrusty = `# How sshd lets people in (practice). The first word on a matter counts.
Port 22
Protocol 2
HostKey /etc/ssh/ssh_host_rsa_key
HostKey /etc/ssh/ssh_host_dsa_key
HostKey /etc/ssh/ssh_host_ecdsa_key
HostKey /etc/ssh/ssh_host_ed25519_key
UsePrivilegeSeparation yes
KeyRegenerationInterval 3600
ServerKeyBits 1024

SyslogFacility AUTH
LogLevel INFO

LoginGraceTime 120
PermitRootLogin yes
StrictModes yes
RSAAuthentication yes
PubkeyAuthentication yes
IgnoreRhosts yes
RhostsRSAAuthentication no
HostbasedAuthentication no
PermitEmptyPasswords no
ChallengeResponseAuthentication no

X11Forwarding yes
X11DisplayOffset 10
PrintMotd no
PrintLastLog yes
TCPKeepAlive yes
AcceptEnv LANG LC_*
Subsystem sftp /usr/lib/openssh/sftp-server
UsePAM yes
`;

/** What cloud-init leaves on a server that was made with a password. */
export const cloudInitSshd = 'PasswordAuthentication yes\n';
