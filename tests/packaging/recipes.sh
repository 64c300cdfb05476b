# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
# What can be said of the recipes without the systems that read them. Sourced by
# tests/packaging/run, which sets what is not assigned here.
# shellcheck disable=SC2154

# recipe_parse FILE: the grammar that our recipe of bitbake uses; says which line is
# not of it. Assignments become "VAR OP VALUE" with the line's continuation joined.
recipe_parse() {
	awk '
		function bad(what) { printf "%s:%d: %s: %s\n", FILENAME, FNR, what, $0 | "cat >&2"; status = 1 }
		body { if ($0 == "}") body = 0; else if (!/^(\t.*)?$/) bad("not indented by a tab"); next }
		joined != "" { $0 = joined $0; joined = "" }
		/\\$/ { joined = substr($0, 1, length($0) - 1); next }
		/^(#.*)?$/ { next }
		/^inherit [a-z -]+$/ { print; next }
		/^[a-z_]+(:append|:prepend)?\(\) \{$/ { body = 1; next }
		/^[A-Z_]+(:[a-z]+)? *(\?=|\+=|=) *"[^"]*"$/ {
			name = $1; value = $0
			sub(/^[^"]*"/, "", value); sub(/"$/, "", value)
			print name, $2, value
			next
		}
		{ bad("not understood") }
		END { if (body || joined != "") bad("not ended"); exit status }' "$1"
}

# recipe_body FILE FUNCTION: its shell text.
recipe_body() {
	awk -v name="$2() {" '$0 == "}" { on = 0 } on; $0 == name { on = 1 }' "$1"
}

# recipe_value FILE NAME: with += joined.
recipe_value() { recipe_parse "$1" | awk -v n="$2" '$1 == n { $1 = $2 = ""; printf "%s", $0 }' | sed 's/^ *//'; }

# yocto_recipe: sets recipe.
yocto_recipe() {
	local sum
	recipe=$src/packaging/yocto/cma-bulk_$version.bb
	if recipe_parse "$recipe" >"$work/parsed" 2>"$work/said"; then
		ok "yocto: the recipe can be parsed"
	else
		not_ok "yocto: the recipe can be parsed" "$(cat "$work/said")"
	fi
	check "yocto: its function is shell" sh -n -c "$(recipe_body "$recipe" do_install:append)"
	sum=$(md5sum <"$src/LICENSE")
	same "yocto: the licence is the one that it names" \
		"$(recipe_value "$recipe" LIC_FILES_CHKSUM)" "file://LICENSE;md5=${sum%% *}"
	same "yocto: the class is that of modules" "$(grep '^inherit' "$work/parsed")" "inherit module"
}

# kconfig_parse FILE: that blocks end, and that each line is one of the language.
kconfig_parse() {
	awk '
		function bad(what) { printf "%s:%d: %s: %s\n", FILENAME, FNR, what, $0; status = 1 }
		help && /^(\t  .*)?$/ { next }
		{ help = 0 }
		/^$/ { next }
		/^if [A-Z0-9_]+$/ { depth++; next }
		/^endif$/ { if (--depth < 0) bad("without an if"); next }
		/^config BR2_PACKAGE_[A-Z0-9_]+$/ { entry = 1; next }
		/^comment ".*"$/ { entry = 1; next }
		/^source "[^"]+"$/ { next }
		entry && /^\t(bool ".*"|default [yn]|(depends on|select) !?BR2_[A-Z0-9_]+( # .*)?)$/ { next }
		entry && /^\thelp$/ { help = 1; next }
		{ bad("not understood") }
		END { if (depth) bad("if without an endif"); exit status }' "$1"
}

# buildroot_value NAME: of the package's variables, with what Buildroot defines.
buildroot_value() {
	make -s -f "$here/buildroot-stub.mk" BR2_EXTERNAL_CMA_BULK_PATH="$src/packaging/buildroot" \
		BR2_PACKAGE_CMA_BULK_TOOL=y "print-$1"
}

buildroot_recipe() {
	local f sum folder=$src/packaging/buildroot
	for f in Config.in package/cma-bulk/Config.in; do
		check "buildroot: $f can be parsed" kconfig_parse "$folder/$f"
	done
	same "buildroot: the version is ours" "$(buildroot_value CMA_BULK_VERSION)" "$version"
	same "buildroot: the sources are this tree" "$(buildroot_value CMA_BULK_SITE)" "$src"
	same "buildroot: what it evaluates" "$(buildroot_value evaluated)" "kernel-module generic-package"
	sum=$(sha256sum <"$src/LICENSE")
	same "buildroot: the licence has its hash" \
		"$(grep -v '^#' "$folder/package/cma-bulk/cma-bulk.hash")" "sha256  ${sum%% *}  LICENSE"
	check "buildroot: the command's commands are make's" make -n -s -f "$here/buildroot-stub.mk" \
		BR2_EXTERNAL_CMA_BULK_PATH="$folder" BR2_PACKAGE_CMA_BULK_TOOL=y tool
}
