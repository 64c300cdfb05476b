#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Which form of an interface has this kernel? Called by kbuild.
#
#   probe.sh SOURCE RESULT COMPILER [FLAG…]
#
# SOURCE has a part "#ifdef FORM_NAME" for each known form. The first form that
# compiles is the kernel's: RESULT defines CMA_BULK_HAVE_NAME. If none does, one
# sentence tells which interface it is, and the build ends.
source=$1 result=$2
shift 2
log=$result.log

rm -f "$result"
: >"$log"
forms=$(sed -n 's/^#ifdef FORM_//p' "$source")
for form in $forms; do
	echo "FORM_$form:" >>"$log"
	# The flags are for code of the product: only what is an error counts.
	if "$@" -Wno-error -Werror=implicit-function-declaration \
		-Werror=incompatible-pointer-types -Werror=int-conversion \
		"-DFORM_$form" -fsyntax-only "$source" >"$log.form" 2>&1; then
		echo "#define CMA_BULK_HAVE_$form 1" >"$result"
		rm -f "$log.form"
		exit 0
	fi
	cat "$log.form" >>"$log"
	# A compiler that was killed says nothing about the source.
	grep -qF "$source" "$log.form" || {
		cat "$log.form" >&2
		echo "cma_bulk: the compiler failed on $source" >&2
		exit 1
	}
done
rm -f "$log.form"
interface=$(sed -n 's/^ \* Interface: //p' "$source")
echo "cma_bulk: $interface has a form that this version does not know (see $log)" >&2
exit 1
