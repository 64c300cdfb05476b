/* SPDX-License-Identifier: GPL-2.0-only */
/* What files print, and to whom. */
#ifndef CMA_BULK_COMPAT_SEQ_H
#define CMA_BULK_COMPAT_SEQ_H

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "symbols.h"

/**
 * cb_seq_shows_addresses() - may the reader of a file know addresses?
 * @m: the file
 *
 * It is of who opened it, like /proc/PID/pagemap.
 *
 * Context: process context.
 *
 * Return: true if so; false if it cannot be told.
 */
static inline bool cb_seq_shows_addresses(struct seq_file *m)
{
#ifdef CMA_BULK_GKI
	return cb_symbols.file_ns_capable &&
	       cb_symbols.file_ns_capable(m->file, &init_user_ns,
					  CAP_SYS_ADMIN);
#else
	return file_ns_capable(m->file, &init_user_ns, CAP_SYS_ADMIN);
#endif
}

/**
 * cb_seq_escape() - print a string with some of its characters in octal
 * @m: the file
 * @s: the string
 * @esc: the characters
 *
 * Context: as seq_escape(), whose parts trimmed kernels lack.
 */
static inline void cb_seq_escape(struct seq_file *m, const char *s,
				 const char *esc)
{
#ifdef CMA_BULK_GKI
	for (; *s; s++) {
		if (strchr(esc, *s))
			seq_printf(m, "\\%03o", (unsigned char)*s);
		else
			seq_putc(m, *s);
	}
#else
	seq_escape(m, s, esc);
#endif
}

#endif
