# Orders: what is done to the server. Each has a folder in memory, $run/orders/ID, with what it is and what it said, and a note on the disk, $state/orders/ID, so that no restart lets it run twice.

# Reads an order's parts into a folder: lines as they came, except for what a command or a file is given, which is bytes.
take_parts() {
	while :; do
		take
		case $value in
			argv | touches | undo | again | target) take_lines >"$stage/$value" ;;
			input | content) take_block >"$stage/$value" ;;
			end) return ;;
			*) leave ;;
		esac
	done
}

# Carries out order $1 for the holder $2 under the guard $3 (or -). $4 is run, write or restore.
act() {
	stage=$run/stage.$$
	rm -rf "$stage"
	mkdir -p "$stage" "$run/orders" "$state/orders"
	take_parts
	: >"$stage/out"
	: >"$stage/err"
	: >"$stage/kept"
	echo "$4" >"$stage/kind"
	order=$run/orders/$1
	if [ -e "$order" ] || [ -e "$state/orders/$1" ]; then
		rm -rf "$stage"
		follow "$1" &
		follower=$!
		return
	fi
	under=$3
	[ ! -f "$guard/armed" ] || read -r under rest <"$guard/armed"
	[ "$3" = - ] || under=$3
	if ! why=$(locked may_act "$2" "$under"); then
		rm -rf "$stage"
		refuse "$why"
		return
	fi
	# renaming a folder onto one that is there fails: of two with one id, one begins
	if ! mv -T "$stage" "$order" 2>/dev/null; then
		rm -rf "$stage"
	else
		tell_boot
		echo "$boot" | store "$state/orders/$1"
		prepare "$1" "$4" "$under" >>"$order/err" 2>&1 || finish "$order" refused 255
		to_disk "$state/orders"
		[ -e "$order/code" ] || begin "$1" "$2" "$under" "$4"
	fi
	follow "$1" &
	follower=$!
}

# Whether an order may begin now. Says why not.
may_act() {
	if ! renew_lease "$1"; then
		echo 'Another run of dropwise holds this server now. Nothing was changed.'
		return 1
	fi
	keep_guard_waiting "$2"
}

# Keeps what the order will change, and writes down its way back. Says what stands in the way.
prepare() {
	order=$run/orders/$1
	if [ "$2" = run ]; then
		[ ! -f "$order/touches" ] || while read -r path; do
			keep_for "$1" "$path" || return
		done <"$order/touches"
	else
		read_target
		keep_for "$1" "$path" || return
		if [ "$hash" != "$expects" ]; then
			printf '%s is no longer as it was looked at. Nothing was changed.\n' "$target"
			return 1
		fi
		if [ ! -d "${target%/*}/" ]; then
			printf 'There is no folder %s to put the file into. Nothing was changed.\n' "${target%/*}"
			return 1
		fi
	fi
	{
		while read -r line; do
			printf 'kept %s\n' "$line"
		done <"$order/kept"
	} >>"$state/orders/$1"
	[ "$3" = - ] || write_entry "$1" | store "$guard/$(next_entry)"
}

# Keeps the file that the line $2 names and notes it for order $1.
keep_for() {
	decode "$2"
	if ! keep "$value"; then
		printf '%s is %s: it cannot be kept. Nothing was changed.\n' "$value" "$what"
		return 1
	fi
	printf '%s %s %s %s %s\n' "$hash" "$mode" "$names" "$numbers" "$2" >>"$order/kept"
}

# Sets what a write or a restore is about: $path (a line), $expects, and the wanted $source, $bits and $owner (empty: as it is).
read_target() {
	{
		read -r path
		read -r expects
		read -r source
		read -r bits
		read -r owner
	} <"$order/target"
}

# Begins order $1. A command runs in a session of its own; a file is put in place here, unless the guard fired meanwhile.
begin() {
	if ! why=$(locked may_act "$2" "$3"); then
		printf '%s\n' "$why" >>"$order/err"
		finish "$order" refused 255
	elif [ "$4" = run ]; then
		# what runs it is this program, from a file
		# shellcheck disable=SC2154
		printf '%s\n' "$program" >"$run/carrier.$$" && mv -f "$run/carrier.$$" "$run/carrier"
		launch "dropwise-order-$1" sh "$run/carrier" run "$1"
	elif locked put "$1" >>"$order/err" 2>&1; then
		finish "$order" ran 0
	else
		finish "$order" ran 1
	fi
}

# Puts the file of order $1 in its place.
put() {
	order=$run/orders/$1
	read_target
	read -r hash mode names numbers path <"$order/kept"
	decode "$path"
	resolve "$value"
	[ -n "$bits" ] || bits=$mode
	if [ -z "$owner" ]; then
		owner=$numbers
		[ "$hash" != absent ] || owner=0:0
	fi
	case $source in
		absent) rm -f "$target" && to_disk "${target%/*}" ;;
		content) place "$order/content" "$target" "$bits" "$owner" && rm -f "$order/content" ;;
		*) put_back "$value" "$source" "$bits" "$owner" ;;
	esac
}

# Notes that the order in folder $1 ended: outcome $2, exit code $3.
finish() {
	echo "$2 $3" >"$1/code.new"
	echo "ended $2 $3" >>"$state/orders/${1##*/}"
	rm -f "$1/input" "$1/content"
	mv -f "$1/code.new" "$1/code"
}
