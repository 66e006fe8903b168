# The boot hook: after a power loss the revert runs before sshd. Neither kind holds sshd up for long, nor when it fails.

unit=$root/etc/systemd/system/dropwise-guard.service
wanted=$root/etc/systemd/system/multi-user.target.wants/dropwise-guard.service
job=$root/etc/init/dropwise-guard.conf

# systemd reads it at boot; now nothing needs to know of it.
hook() {
	if [ -d "$root/run/systemd/system" ]; then
		mkdir -p "${wanted%/*}"
		printf '%s\n' \
			'[Unit]' \
			'Description=dropwise: puts back what was not confirmed' \
			'DefaultDependencies=no' \
			'RequiresMountsFor=/var/lib/dropwise' \
			'After=local-fs.target systemd-remount-fs.service ufw.service' \
			'Before=ssh.service ssh.socket sshd.service sshd.socket shutdown.target' \
			'Conflicts=shutdown.target' \
			'' \
			'[Service]' \
			'Type=oneshot' \
			"ExecStart=/bin/sh $guard/revert boot" \
			'TimeoutStartSec=60' | store "$unit" || return
		chmod 644 "$unit"
		ln -sf "$unit" "$wanted" && to_disk "${wanted%/*}"
	elif [ -d "${job%/*}" ]; then
		printf '%s\n' \
			'description "dropwise: puts back what was not confirmed"' \
			'start on starting ssh' \
			'task' \
			"exec timeout -k 5 60 /bin/sh $guard/revert boot" | store "$job" && chmod 644 "$job"
	else
		echo 'This server starts by neither systemd nor upstart: nothing could put things back after a power loss.'
		return 1
	fi
}

unhook() {
	rm -f "$wanted" "$unit" "$job"
}
