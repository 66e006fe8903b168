# Files: keeping them as they are, and putting content in their place.

# Writes the files named, or folders, to the disk. Old ones write everything instead.
to_disk() {
	sync "$@" 2>/dev/null || sync
}

# Writes what comes in to the file $1, whole or not at all, and to the disk before it returns.
store() {
	cat >"$1.new.$$" && to_disk "$1.new.$$" && mv -f "$1.new.$$" "$1" && to_disk "${1%/*}"
}

# Sets $target to where the path $1 leads, and $what to file, absent, or what stands in the way.
resolve() {
	target=$(readlink -f -- "$1") || target=$1
	if [ -f "$target" ]; then
		what='file'
	elif [ -d "$target" ]; then
		what='a directory'
	elif [ -e "$target" ]; then
		what='not a regular file'
	else
		what=absent
	fi
}

# Sets $hash to the sha256 of the file $1.
hash_of() {
	hash=$(sha256sum <"$1") && hash=${hash%% *} && [ "${#hash}" = 64 ]
}

# Keeps the file that the path $1 leads to. Sets $hash, $mode, $names (user:group) and $numbers (uid:gid); $hash is absent where there is none.
keep() {
	resolve "$1"
	hash=absent mode=- names=- numbers=-
	case $what in
		absent) return ;;
		file) ;;
		*) return 1 ;;
	esac
	mode=$(stat -c '%a %U:%G %u:%g' -- "$target") || return
	numbers=${mode##* }
	names=${mode#* }
	names=${names% *}
	mode=${mode%% *}
	case $names in *UNKNOWN*) names=$numbers ;; esac
	mkdir -p "$state/kept" || return
	copy=$state/kept/.new.$$
	cat "$target" >"$copy" && hash_of "$copy" && to_disk "$copy" && mv -f "$copy" "$state/kept/$hash" && to_disk "$state/kept"
}

# Puts the content of the file $1 in the place of $2, with mode $3 and owner $4: at once, or not at all.
place() {
	fresh=$(mktemp "${2%/*}/.dropwise.XXXXXX") || return
	if chown "$4" "$fresh" && chmod "$3" "$fresh" && cat "$1" >"$fresh" && to_disk "$fresh" && mv -f "$fresh" "$2"; then
		to_disk "${2%/*}"
	else
		rm -f "$fresh"
		return 1
	fi
}

# Makes the path $1 what it was: the kept content $2 with mode $3 and owner $4, or nothing where $2 is absent.
put_back() {
	resolve "$1"
	case $what in
		absent) [ "$2" != absent ] || return 0 ;;
		file) ;;
		*) return 1 ;;
	esac
	if [ "$2" = absent ]; then
		rm -f "$target" && to_disk "${target%/*}"
	elif hash_of "$state/kept/$2" && [ "$hash" = "$2" ]; then
		place "$state/kept/$2" "$target" "$3" "$4"
	else
		return 1
	fi
}
