#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# scripts/stress: nothing is lost, and it repeats itself by its seed.
#
# parallel
# vm: --cma 128 --mem 896 --file scripts/stress:/stress --timeout 400
set -u
. /tests/guest/lib.sh

# place SEED: of the generator, after some steps.
place() {
	sh /stress --seconds 60 --steps "$steps" --seed "$1" | sed -n 's/.*generator at //p'
}

plan 5
seconds=$(often 20) steps=$(often 40)
sh /stress --seconds "$seconds" --seed 7 >/tmp/stress.out 2>&1
same "$seconds s lose nothing" "$?" 0
tail -n 5 /tmp/stress.out | while IFS= read -r line; do diag "$line"; done
first=$(place 3)
same "a seed repeats itself" "$(place 3)" "$first"
check "after all of the steps" [ "${first##* after }" = "$steps steps" ]
sh /stress --seconds 1 --region nonsense >/dev/null 2>&1
same "no such region" "$?" 2
same "the modules are gone" "$(grep -c cma_bulk /proc/modules)" 0
finish
