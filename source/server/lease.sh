# The lease: who may change this server. Three lines: a token known to the holder alone, the second since boot it ends, the holder in words. It lies in memory, so a restart ends it.

# Sets $token, $until and $holder; fails where there is none.
read_lease() {
	token='' until=0 holder=''
	[ -f "$run/lease" ] || return
	{
		read -r token
		read -r until
		read -r holder
	} <"$run/lease"
	[ -n "$token" ]
}

write_lease() {
	tell_time
	printf '%s\n%s\n%s\n' "$1" "$((now + 30))" "$2" >"$run/lease.new" && mv -f "$run/lease.new" "$run/lease"
}

# Takes it for the token $1 and the holder $2, unless another holds it.
take_lease() {
	tell_time
	if read_lease && [ "$token" != "$1" ] && [ "$until" -gt "$now" ]; then
		return 1
	fi
	write_lease "$1" "$2"
}

# Makes it last anew, if nobody else took it since: ours lapses for others alone.
renew_lease() {
	read_lease && [ "$token" = "$1" ] && write_lease "$1" "$holder"
}

drop_lease() {
	read_lease && [ "$token" = "$1" ] && rm -f "$run/lease"
}
