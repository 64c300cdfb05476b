// SPDX-License-Identifier: GPL-2.0-only
/* See pinner_probe.h. */
#include "pinner_probe.h"
