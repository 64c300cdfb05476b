#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# scripts/stress: nothing is lost, and it repeats itself by its seed.
#
# vm: --cma 256 --mem 1024 --file scripts/stress:/stress --timeout 400
set -u
. /tests/guest/lib.sh

# place SEED: of the generator, after some steps.
place() {
	sh /stress --seconds 60 --steps 40 --seed "$1" | sed -n 's/.*generator at //p'
}

plan 5
sh /stress --seconds 20 --seed 7 >/tmp/stress.out 2>&1
same "20 s lose nothing" "$?" 0
tail -n 5 /tmp/stress.out | while IFS= read -r line; do diag "$line"; done
first=$(place 3)
same "a seed repeats itself" "$(place 3)" "$first"
check "after all of the steps" [ "${first##* after }" = "40 steps" ]
sh /stress --seconds 1 --region nonsense >/dev/null 2>&1
same "no such region" "$?" 2
same "the modules are gone" "$(grep -c cma_bulk /proc/modules)" 0
finish
