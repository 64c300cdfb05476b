# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=sh
# Settings of the kernel that tests may change: read before, compared and written
# back afterwards. Sourced under busybox sh.
#
# settings_save          to $settings
# settings_restore       says what had changed; fails if something does not change
#                        back

settings=/kit/settings

setting_files() {
	for file in /proc/sys/vm/* /proc/sys/kernel/printk /sys/kernel/rcu_* \
		/sys/kernel/mm/transparent_hugepage/* /sys/kernel/mm/transparent_hugepage/khugepaged/* \
		/sys/kernel/mm/hugepages/*/nr_*hugepages /sys/kernel/mm/ksm/* \
		/sys/kernel/mm/lru_gen/enabled /sys/kernel/mm/swap/*; do
		[ -f "$file" ] || continue
		# Those that are actions, not values.
		case $file in */drop_caches | */compact_memory | */stat_refresh | */nr_hugepages_mempolicy) continue ;; esac
		case $(stat -c %a "$file") in *6[0-7][0-7]) echo "$file" ;; esac
	done
}

# value FILE: of several words the chosen one, where there is a choice.
value() {
	sed -n '1s/.*\[\(.*\)\].*/\1/; 1p' "$1" 2>/dev/null
}

settings_save() {
	setting_files | while read -r file; do
		printf '%s\t%s\n' "$file" "$(value "$file")"
	done >$settings
}

settings_restore() {
	tab=$(printf '\t')
	settings_status=0
	while IFS=$tab read -r file was; do
		now=$(value "$file")
		[ "$now" != "$was" ] || continue
		echo "$was" >"$file"
		echo "# $file: $now, and again $was"
		[ "$(value "$file")" = "$was" ] || settings_status=1
	done <$settings
	return $settings_status
}
