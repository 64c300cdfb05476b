// SPDX-License-Identifier: GPL-2.0-only
/* See apitest_probe.h. */
#include "apitest_probe.h"
