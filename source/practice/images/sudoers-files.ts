/*
Who may become root on a fresh server: the rules that trixie's and 14.04's packages set, in their order, in our own words.
*/
const path = 'Defaults	secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"';

export const sudoersTrixie = `# Who may become root (practice). Change it with visudo, or put files into /etc/sudoers.d.
Defaults	env_reset
Defaults	mail_badpass
${path}
Defaults	use_pty
root	ALL=(ALL:ALL) ALL
%sudo	ALL=(ALL:ALL) ALL
@includedir /etc/sudoers.d
`;

export const sudoersTrusty = `# Who may become root (practice). Change it with visudo, or put files into /etc/sudoers.d.
Defaults	env_reset
Defaults	mail_badpass
${path}
root	ALL=(ALL:ALL) ALL
%admin ALL=(ALL) ALL
%sudo	ALL=(ALL:ALL) ALL
#includedir /etc/sudoers.d
`;

/** /etc/sudoers.d/README */
export const sudoersReadme = '# sudo reads the files here, but for those with a dot or a ~ at the end of their names (practice).\n';
