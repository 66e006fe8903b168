import type {Description} from './dialect.js';

/** OpenSSH 6.6 as a real 14.04 printed it (see snapshots/servers/ubuntu-14.04), with upstream's values where Ubuntu's file sets others. */
export const openssh66: Description = {
	release: '6.6',
	keywords: `
port port - 22
protocol text - 2
addressfamily family - any
listenaddress listen - -
usepam bit - 0
serverkeybits number - 1024
logingracetime time - 120
keyregenerationinterval time - 3600
x11displayoffset number m 10
maxauthtries number m 6
maxsessions number m 10
clientaliveinterval time - 0
clientalivecountmax number - 3
permitrootlogin root m yes
ignorerhosts flag - yes
ignoreuserknownhosts flag - no
rhostsrsaauthentication flag m no
hostbasedauthentication flag m no
hostbasedusesnamefrompacketonly flag m no
rsaauthentication flag m yes
pubkeyauthentication flag m yes
passwordauthentication flag m yes
kbdinteractiveauthentication flag m no
challengeresponseauthentication flag - yes
printmotd flag - yes
printlastlog flag - yes
x11forwarding flag m no
x11uselocalhost flag m yes
permittty flag m yes
strictmodes flag - yes
tcpkeepalive flag - yes
permitemptypasswords flag m no
permituserenvironment flag - no
uselogin flag - no
compression compression66 - delayed
gatewayports gateway m no
usedns flag - yes
allowtcpforwarding forwarding m yes
allowagentforwarding ~flag m -
useprivilegeseparation privsep - yes
pidfile text - /var/run/sshd.pid
xauthlocation text - /usr/bin/xauth
ciphers algorithms - 3des-cbc,blowfish-cbc,cast128-cbc,arcfour,arcfour128,arcfour256,aes128-cbc,aes192-cbc,aes256-cbc,rijndael-cbc@lysator.liu.se,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com,chacha20-poly1305@openssh.com
macs algorithms - hmac-sha1,hmac-sha1-96,hmac-sha2-256,hmac-sha2-512,hmac-md5,hmac-md5-96,hmac-ripemd160,hmac-ripemd160@openssh.com,umac-64@openssh.com,umac-128@openssh.com,hmac-sha1-etm@openssh.com,hmac-sha1-96-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-md5-etm@openssh.com,hmac-md5-96-etm@openssh.com,hmac-ripemd160-etm@openssh.com,umac-64-etm@openssh.com,umac-128-etm@openssh.com
banner text m -
forcecommand rest m -
chrootdirectory text m -
trustedusercakeys text - -
revokedkeys text - -
authorizedprincipalsfile text m -
versionaddendum rest - ""
authorizedkeyscommand text m -
authorizedkeyscommanduser text m -
hostkeyagent text - -
kexalgorithms algorithms - diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1,diffie-hellman-group-exchange-sha256,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,diffie-hellman-group1-sha1,curve25519-sha256@libssh.org
loglevel loglevel - INFO
syslogfacility upper - AUTH
authorizedkeysfile list m .ssh/authorized_keys .ssh/authorized_keys2
hostkey hostkey - /etc/ssh/ssh_host_rsa_key
hostcertificate many - -
allowusers many m -
denyusers many m -
allowgroups many m -
denygroups many m -
acceptenv many m -
authenticationmethods methods66 m ""
subsystem subsystem - -
maxstartups startups - 10:30:100
permittunnel tunnel m no
ipqos list m lowdelay throughput
rekeylimit rekey m 0 0
permitopen list m any
`,
	aliases: {skeyauthentication: 'challengeresponseauthentication', dsaauthentication: 'pubkeyauthentication', keepalive: 'tcpkeepalive'},
	warns: 'authorizedkeysfile2',
	// Known to Debian's builds of 6.6, though not to the rebuild that session.txt was taken from.
	ignores: 'gssapiauthentication gssapicleanupcredentials gssapikeyexchange kerberosauthentication kerberosgetafstoken kerberosorlocalpasswd kerberosticketcleanup debianbanner',
	alsoKnows: {
		ciphers: '',
		macs: '',
		kexalgorithms: 'diffie-hellman-group-exchange-sha256',
	},
	hasInclude: false,
	attributes: 'user group host address localaddress localport all',
};
