import type {Description} from './dialect.js';

/** OpenSSH 10.0 as trixie builds it: keywords and order from its own `sshd -T` of an empty file. */
export const openssh10: Description = {
	release: '10.0',
	keywords: `
port port - 22
addressfamily family - any
listenaddress listen - -
usepam flag - no
pamservicename text - sshd
logingracetime time m 120
x11displayoffset number m 10
maxauthtries number m 6
maxsessions number m 10
clientaliveinterval time m 0
clientalivecountmax number m 3
requiredrsasize number - 1024
streamlocalbindmask text m 0177
unusedconnectiontimeout text m none
permitrootlogin root m without-password
ignorerhosts rhosts m yes
ignoreuserknownhosts flag - no
hostbasedauthentication flag m no
hostbasedusesnamefrompacketonly flag m no
pubkeyauthentication flag m yes
kerberosauthentication flag m no
kerberosorlocalpasswd flag - yes
kerberosticketcleanup flag - yes
gssapiauthentication flag m no
gssapicleanupcredentials flag - yes
gssapikeyexchange flag - no
gssapistrictacceptorcheck flag - yes
gssapistorecredentialsonrekey flag - no
gssapikexalgorithms text - gss-group14-sha256-,gss-group16-sha512-,gss-nistp256-sha256-,gss-curve25519-sha256-,gss-group14-sha1-,gss-gex-sha1-
passwordauthentication flag m yes
kbdinteractiveauthentication flag m yes
printmotd flag - yes
printlastlog flag - yes
x11forwarding flag m no
x11uselocalhost flag m yes
permittty flag m yes
permituserrc flag m yes
strictmodes flag - yes
tcpkeepalive flag - yes
permitemptypasswords flag m no
compression compression - yes
gatewayports gateway m no
usedns flag - no
allowtcpforwarding forwarding m yes
allowagentforwarding flag m yes
disableforwarding flag m no
allowstreamlocalforwarding forwarding m yes
streamlocalbindunlink flag m no
fingerprinthash text - SHA256
exposeauthinfo flag m no
refuseconnection flag m no
debianbanner flag - yes
pidfile text - /run/sshd.pid
modulifile text - /etc/ssh/moduli
xauthlocation text - /usr/bin/xauth
ciphers algorithms - chacha20-poly1305@openssh.com,aes128-gcm@openssh.com,aes256-gcm@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr
macs algorithms - umac-64-etm@openssh.com,umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,hmac-sha1-etm@openssh.com,umac-64@openssh.com,umac-128@openssh.com,hmac-sha2-256,hmac-sha2-512,hmac-sha1
banner text m none
forcecommand rest m none
chrootdirectory text m none
trustedusercakeys text m none
revokedkeys text m none
securitykeyprovider text - internal
authorizedprincipalsfile text m none
versionaddendum rest - none
authorizedkeyscommand text m none
authorizedkeyscommanduser text m none
authorizedprincipalscommand text m none
authorizedprincipalscommanduser text m none
hostkeyagent text - none
kexalgorithms algorithms - mlkem768x25519-sha256,sntrup761x25519-sha512,sntrup761x25519-sha512@openssh.com,curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521
casignaturealgorithms algorithms m ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256
hostbasedacceptedalgorithms algorithms m ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,sk-ssh-ed25519-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256
hostkeyalgorithms algorithms - ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,sk-ssh-ed25519-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256
pubkeyacceptedalgorithms algorithms m ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256-cert-v01@openssh.com,ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,sk-ssh-ed25519-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256
sshdsessionpath text - /usr/lib/openssh/sshd-session
sshdauthpath text - /usr/lib/openssh/sshd-auth
persourcepenaltyexemptlist text - none
loglevel loglevel m INFO
syslogfacility upper - AUTH
authorizedkeysfile list m .ssh/authorized_keys .ssh/authorized_keys2
hostkey hostkey - /etc/ssh/ssh_host_rsa_key
hostcertificate many - -
allowusers many m -
denyusers many m -
allowgroups many m -
denygroups many m -
acceptenv many m -
setenv many m -
authenticationmethods methods m any
channeltimeout list m none
subsystem subsystem - -
maxstartups startups - 10:30:100
persourcemaxstartups text - none
persourcenetblocksize text - 32:128
permittunnel tunnel m no
ipqos list m ef cs1
rekeylimit rekey m 0 0
permitopen list m any
permitlisten list m any
permituserenvironment flag - no
pubkeyauthoptions text m none
persourcepenalties list - crash:90 authfail:5 noauth:1 grace-exceeded:10 refuseconnection:10 max:600 min:15 max-sources4:65536 max-sources6:65536 overflow:permissive overflow6:permissive
`,
	aliases: {
		challengeresponseauthentication: 'kbdinteractiveauthentication', skeyauthentication: 'kbdinteractiveauthentication', pubkeyacceptedkeytypes: 'pubkeyacceptedalgorithms', hostbasedacceptedkeytypes: 'hostbasedacceptedalgorithms', keepalive: 'tcpkeepalive', dsaauthentication: 'pubkeyauthentication',
	},
	warns: 'useprivilegeseparation keyregenerationinterval serverkeybits rsaauthentication rhostsrsaauthentication uselogin',
	ignores: 'protocol',
	alsoKnows: {
		ciphers: 'aes128-cbc aes192-cbc aes256-cbc 3des-cbc',
		macs: 'hmac-md5 hmac-md5-96 hmac-sha1-96 hmac-md5-etm@openssh.com hmac-md5-96-etm@openssh.com hmac-sha1-96-etm@openssh.com',
		kexalgorithms: 'diffie-hellman-group1-sha1 diffie-hellman-group14-sha1 diffie-hellman-group14-sha256 diffie-hellman-group16-sha512 diffie-hellman-group18-sha512 diffie-hellman-group-exchange-sha1 diffie-hellman-group-exchange-sha256',
		hostkeyalgorithms: 'ssh-rsa ssh-rsa-cert-v01@openssh.com',
		pubkeyacceptedalgorithms: 'ssh-rsa ssh-rsa-cert-v01@openssh.com',
		hostbasedacceptedalgorithms: 'ssh-rsa ssh-rsa-cert-v01@openssh.com',
		casignaturealgorithms: 'ssh-rsa',
	},
	hasInclude: true,
	attributes: 'user group host address localaddress localport rdomain version sessiontype invalid-user all',
};
