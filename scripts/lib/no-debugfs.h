/* SPDX-License-Identifier: GPL-2.0-only */
/* For scripts/check: a kernel without CONFIG_DEBUG_FS, as far as its headers go. */
#undef CONFIG_DEBUG_FS
