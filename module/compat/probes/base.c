// SPDX-License-Identifier: GPL-2.0-only
/* See probe.h. */
#include "probe.h"
